"""What is so about Microsoft 365, as data: each fact is tied to the tests that state it by their marker.

docs/stand-in.md shows the facts with their tests; tests/contract/test_facts.py holds them together.
"""

from facts.clients import CLIENTS, MSAL, O365
from facts.diaries import BATCH, EVENTS, LIMITS
from facts.fact import Area, Fact
from facts.mailboxes import CONTRACT, DELTA, MAIL, PEOPLE, SPEED

AREAS: tuple[Area, ...] = (LIMITS, BATCH, EVENTS, DELTA, PEOPLE, MAIL, SPEED, CONTRACT, O365, MSAL, CLIENTS)
FACTS: dict[str, Fact] = {fact.id: fact for area in AREAS for fact in area.facts}

__all__ = ["AREAS", "FACTS", "Area", "Fact"]
