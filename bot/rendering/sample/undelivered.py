"""An invented mail that reached nobody."""

from __future__ import annotations

from datetime import date

from bot.digest.undelivered import Undelivered


def undelivered() -> tuple[Undelivered, ...]:
    """One is all there is."""
    return (Undelivered("W7", "w7@northdale.example", date(2026, 11, 23)),)
