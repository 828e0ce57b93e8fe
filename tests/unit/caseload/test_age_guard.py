"""A caseload that cannot be today's is refused, with the figure, the limit and the way out."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from bot.caseload import model
from bot.caseload.guard import check_age
from bot.errors import Refused


def caseload_of(newest: datetime | None) -> model.Caseload:
    frames = {name: model.empty(name) for name in ("children", "episodes", "visits", "workers")}
    return replace(model.Caseload(**frames), newest=newest, source="exports/night")


@pytest.mark.parametrize("now", [datetime(2026, 11, 23, 8), datetime(2026, 11, 23, 8, tzinfo=UTC)])
def test_a_caseload_within_the_limit_passes(now):
    check_age(caseload_of(datetime(2026, 11, 22, 8)), now, 24)


def test_an_old_caseload_is_refused_with_number_limit_and_way_out():
    with pytest.raises(Refused) as refused:
        check_age(caseload_of(datetime(2026, 11, 21, 6)), datetime(2026, 11, 23, 8), 36)
    said = str(refused.value)
    for words in (
        "50.0 hours old",
        "limit of 36",
        "Sat 21 Nov 2026 06:00",
        "export again",
        "raise the limit",
    ):
        assert words in said
    assert refused.value.problems[0].effect == "run refused"


def test_the_night_the_clocks_change_counts_as_long_as_it_was():
    check_age(caseload_of(datetime(2026, 3, 28, 9)), datetime(2026, 3, 29, 9), 23)
    with pytest.raises(Refused):
        check_age(caseload_of(datetime(2026, 10, 24, 9)), datetime(2026, 10, 25, 9), 24)


def test_a_caseload_of_unknown_age_is_refused():
    with pytest.raises(Refused, match="not known when"):
        check_age(caseload_of(None), datetime(2026, 11, 23, 8), 36)
