"""Everything that somebody has to be told of today, whether or not they were told before."""

from __future__ import annotations

from bot.digest.notices import Notice
from bot.digest.noticing.absence import before_leave, off_unplanned
from bot.digest.noticing.appointments import of_the_absent
from bot.digest.noticing.back import first_days_back
from bot.digest.noticing.concerns import of_concerns
from bot.digest.noticing.facts import Facts, Found
from bot.digest.noticing.readers import Readers
from bot.digest.noticing.risk import at_addresses
from bot.errors import Problem


def causes(facts: Facts) -> tuple[tuple[Notice, ...], tuple[Problem, ...]]:
    """Every notice that stands today, for each of its readers; and whichever has not the reader it is for."""
    found = Found()
    readers = Readers(facts, found)
    notices = (
        *of_concerns(facts, readers),
        *off_unplanned(facts, readers),
        *of_the_absent(facts, readers),
        *before_leave(facts, readers),
        *first_days_back(facts),
        *at_addresses(facts, readers),
    )
    return notices, tuple(found.problems)
