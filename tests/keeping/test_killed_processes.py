"""Real processes, really killed: `run` and `undo` at a request that was worked on and never answered.

After each, one run repairs what was left and the next writes nothing.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterator
from datetime import date

import pytest
from keepkit.commands import House, house

MONDAY = date(2026, 11, 23)
RUN = ("run", "--today", MONDAY.isoformat())
UNDO = ("undo", "--yes")
# Which request of the run is its last: an event being made, a mail being drafted or sent, any request at all.
KILLS = (
    *((number, "POST", "/events") for number in (1, 20, 33, 50)),
    *((number, "", "") for number in (2, 5, 25, 45)),
    *((number, "POST", "/masterCategories") for number in (3,)),
    *((number, "POST", "/messages") for number in (1,)),
    *((number, "POST", "/send") for number in (1, 2)),
)
SOME = KILLS[:: int(os.environ.get("KILL_EVERY", "1"))]


@pytest.fixture(scope="module")
def council(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    with house(tmp_path_factory.mktemp("council"), MONDAY, children=64) as one:
        yield one


@pytest.fixture(scope="module")
def good(council: House) -> tuple[object, ...]:
    """How it all looks after a run that nobody disturbed."""
    council.begin_again()
    assert council.command(*RUN).code == 0
    assert len(picture(council)) >= 60
    assert sum(mails(council).values()) >= 2
    return picture(council), mails(council)


def picture(council: House) -> list[tuple[object, ...]]:
    return council.office.picture(council.workers)


def mails(council: House) -> Counter[tuple[str, str]]:
    return Counter((who, subject) for who in council.workers for subject in council.office.inbox(who))


@pytest.mark.parametrize(("number", "verb", "path"), SOME)
def test_a_run_that_was_killed_is_repaired_by_one_run_and_the_next_writes_nothing(
    council: House, good: tuple[object, ...], number: int, verb: str, path: str
) -> None:
    council.begin_again()
    assert council.killed_at(number, verb, path, *RUN), "it ended before it could be killed"
    assert not council.office.doubled(council.workers)
    repaired = council.command(*RUN)
    assert repaired.code == 0, repaired.words
    assert (picture(council), mails(council)) == good
    council.running.tenant.record.reset()
    assert council.command(*RUN).code == 0
    assert council.running.tenant.record.writes == 0


@pytest.mark.parametrize("number", [1, 30])
def test_an_undo_that_was_killed_can_be_asked_again_or_taken_back_by_a_run(
    council: House, good: tuple[object, ...], number: int
) -> None:
    council.begin_again()
    assert council.command(*RUN).code == 0
    assert council.killed_at(number, "DELETE", "/events", *UNDO)
    if number == 1:
        assert council.command(*UNDO).code == 0
        assert not council.office.everywhere(council.workers)
    assert council.command(*RUN).code == 0
    assert (picture(council), mails(council)) == good
