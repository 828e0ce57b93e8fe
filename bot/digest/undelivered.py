"""What a manager is told of a mail that reached nobody: whose it was and where it went, nothing of what it
said."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Undelivered:
    """A worker who cannot be mailed at the address that workers.csv has."""

    worker_id: str
    address: str
    today: date
