"""How the program behaves towards Microsoft 365: how much it asks at once, and how long it waits.

Microsoft's documents disagree on some of it, and tenants differ; so these are settings, with the defaults
that no document forbids.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

BACKOFF: Final = (1.0, 3.0, 9.0)  # seconds before a try again where the answer names no time


@dataclass(frozen=True, slots=True)
class Manners:
    """``at_once``: requests at work in all of Outlook, items of a batch among them; ``at_once_a_mailbox``: of
    these in one mailbox. ``longest_wait``: seconds that a run waits where it is asked to; what asks for more
    is left to the next run. ``tries_to_reach``: so many requests in a row that get no answer end the asking.
    """

    at_once: int = 4
    at_once_a_mailbox: int = 4
    longest_wait: float = 120.0
    tries_to_reach: int = 3
