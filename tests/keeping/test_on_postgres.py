"""With its store on PostgreSQL a run that was stopped is repaired as on SQLite, and another is kept out."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from keepkit.bench import FREE, Bench, settings_file
from keepkit.children import Council
from keepkit.people import Office
from keepkit.postgres import emptied, postgres  # noqa: F401 - a fixture
from keepkit.seams import Stopped

from bot.store.lock import Occupied

pytestmark = pytest.mark.postgres


@pytest.fixture
def one(bench: Callable[[Council], Bench], postgres: str) -> Bench:  # noqa: F811
    made = bench(Council.of(cases=12))
    settings_file(made.folder, made.running, more=f'[store]\nurl = "{emptied(postgres)}"\n{FREE}')
    return made


def test_a_run_stopped_anywhere_is_repaired_by_one_run_and_the_next_writes_nothing(
    one: Bench,
    office: Office,
    postgres: str,  # noqa: F811
) -> None:
    one.mails = ["W1"]
    for stop_at in range(1, 60, 4):
        council = Council.of(cases=12)
        one.end_process()
        emptied(postgres)
        one.begin_again(council)
        one.mails = ["W1"]
        one.seams.begin(stop_at=stop_at)
        try:
            one.run()
        except Stopped:
            pass
        else:
            break
        one.seams.begin()
        one.end_process()
        assert one.run().errors == ()
        assert not office.doubled(council.workers)
        assert len(office.inbox("W1")) == 1
        assert len(office.everywhere(council.workers)) >= 20
        assert one.writes_of_a_run() == 0
    assert stop_at > 30


def test_a_run_beside_another_is_refused(one: Bench) -> None:
    other = one.new_world()

    def beside() -> None:
        with one.seams.aside(), pytest.raises(Occupied, match="`run`, process"):
            one.run(other)

    one.seams.begin(at=8, do=beside)
    assert one.run().errors == ()
    one.run(other)
    other.close()
