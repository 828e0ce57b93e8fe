"""The command line: everything a person or a scheduler can ask of the bot."""

from bot.cli.app import main

__all__ = ["main"]
