"""Pack E, ddscp-home-visits: no timescales, one notice (E.5)."""

from datetime import date

from reckoning.counting import open_episodes
from reckoning.model import Case, Episode, Owed
from reckoning.pack_d import KINDS


def covered(case: Case, today: date) -> list[Episode]:
    return open_episodes(case, today, KINDS)


def dues(case: Case, today: date) -> list[Owed]:
    return []


def is_dangerous_address(case: Case, today: date) -> bool:
    """E.5: a risk to workers stands for the child's household."""
    return any(
        risk.to_workers and risk.recorded_on <= today and not risk.is_over(today) for risk in case.risks
    )
