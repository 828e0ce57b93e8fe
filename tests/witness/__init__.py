"""Holds what passes between the bot and the stand-in against Graph's own description of itself."""
