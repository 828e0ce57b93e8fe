"""What an operator is told by the commands themselves: nothing that is not so, and what to do about it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from keepkit.children import MONDAY, address
from keepkit.commands import House, house

from bot.sandbox.faults.fault import Fault

NEVER_WAS = "W98"
RUN = ("run", "--today", MONDAY.isoformat())


@pytest.fixture(scope="module")
def here(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """A council whose caseload has a worker without a mailbox."""
    with house(tmp_path_factory.mktemp("house"), MONDAY, children=12) as one:
        file = one.folder / "caseload" / "workers.csv"
        head, *rows = file.read_text(encoding="utf-8").splitlines()
        cells = dict.fromkeys(head.lstrip("\ufeff").split(","), "") | {
            "worker_id": NEVER_WAS,
            "name": "Nobody Yet",
            "email": address(NEVER_WAS),
            "role": "social_worker",
        }
        file.write_text("\n".join([head, *rows, ",".join(cells.values())]) + "\n", encoding="utf-8")
        yield one


@pytest.fixture(autouse=True)
def as_new(here: House) -> None:
    here.begin_again()


def strike(here: House, *faults: dict[str, object]) -> None:
    here.running.graph.faults.order([Fault.read(one) for one in faults])


# undo


def test_an_undo_where_nothing_of_the_bots_stands_says_so_and_is_done(here: House) -> None:
    said = here.command("undo", "--yes")
    assert said.code == 0, said.words
    assert "there is nothing to take away" in said.words
    assert f"{NEVER_WAS} · {address(NEVER_WAS)}: there is no such mailbox" in said.words
    said = here.command("undo", "--yes", "--only", NEVER_WAS)
    assert said.code == 0, said.words
    assert "0 entries removed" not in said.words


def test_a_mailbox_in_which_something_stood_or_that_may_not_be_opened_stays_an_error(here: House) -> None:
    assert here.command(*RUN).code == 0
    worker = next(one for one in here.workers if here.office.events(one))
    here.office.close_mailbox(worker)
    said = here.command("undo", "--yes")
    here.office.close_mailbox(worker, closed=False)
    assert said.code == 1
    assert "There is no such mailbox in Microsoft 365" in said.words
    assert here.command("undo", "--yes").code == 0
    strike(here, {"do": "403", "mailbox": worker, "times": None})
    said = here.command("undo", "--yes")
    assert said.code == 1
    assert "The app may not open this mailbox" in said.words
