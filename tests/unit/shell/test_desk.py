"""The demo's desk writes what a case system would export, into the demo's own folder and nowhere else."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from datetime import date, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.caseload import example, plain
from bot.cli.demo_folder import MARK, settings_for
from bot.cli.desk import DemoDesk
from bot.cli.records import BOM, Records
from bot.sandbox.page.desk import DeskRefused, PostponeForm, VisitForm, Worktable

TODAY = date(2026, 11, 23)
NOW = datetime(2026, 11, 23, 9, 15)
Make = Callable[[], DemoDesk]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A demo's folder as `demo` leaves it, without the stand-in."""
    state = tmp_path / "demo"
    (state / "caseload").mkdir(parents=True)
    (state / MARK).touch()
    example.write(state / "caseload", seed=7, children=40, workers=4, today=TODAY)
    (state / "key.secret").write_text("k" * 64)
    (state / "client.secret").write_text("s")
    (state / "ca.pem").write_text("")
    here = "https://localhost/"
    nobody = SimpleNamespace(
        tenant_id="t", client_id="c", graph_url=here, authority=here, ca_file=state / "ca.pem"
    )
    (state / "settings.toml").write_text(settings_for(nobody))
    return state


@pytest.fixture
def desk(folder: Path) -> DemoDesk:
    return DemoDesk(folder, MARK, lambda: NOW)


def busiest(desk: DemoDesk, folder: Path) -> Worktable:
    tables = [desk.table(row["email"]) for row in rows(folder, "workers")]
    return max((one for one in tables if one and not one.away), key=lambda one: len(visits_of(one)))


def visits_of(table: Worktable) -> list[str]:
    """The children whom the worker holds and owes a visit."""
    return [
        one.id
        for one in table.children
        if not one.cover_for and any(owed.kind == "visit" for owed in one.owed)
    ]


def rows(folder: Path, name: str) -> list[dict[str, str]]:
    with (folder / "caseload" / f"{name}.csv").open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def seen(at: datetime = NOW, **more: object) -> VisitForm:
    answers = dict.fromkeys(("seen", "alone", "awake", "observed", "at_home", "bedroom"), True)
    return VisitForm(at=at, took_place=True, **{**answers, "finalised": True, **more})  # type: ignore[arg-type]


def everything(folder: Path) -> dict[str, bytes]:
    return {str(one.relative_to(folder)): one.read_bytes() for one in folder.rglob("*") if one.is_file()}


def test_a_recorded_visit_is_one_row_that_closes_what_was_owed(desk: DemoDesk, folder: Path) -> None:
    table = busiest(desk, folder)
    child = visits_of(table)[0]
    before = rows(folder, "visits")
    told = desk.record_visit(table.mailbox, child, seen())
    after = rows(folder, "visits")
    new = [row for row in after if row not in before]
    assert len(new) == 1
    assert (new[0]["status"], new[0]["at"], new[0]["seen_alone"]) == ("completed", "2026-11-23T09:15", "yes")
    assert child in told.words
    now = desk.table(table.mailbox)
    assert now is not None
    again = next(one for one in now.children if one.id == child)
    assert again.last_seen == TODAY
    assert not any(one.late for one in again.owed if one.kind == "visit")


def test_what_is_written_is_read_without_a_problem(desk: DemoDesk, folder: Path) -> None:
    before = plain.read(folder / "caseload", TODAY).problems
    table = busiest(desk, folder)
    one, two, three = visits_of(table)[:3]
    desk.record_visit(table.mailbox, one, seen(finalised=False))
    desk.record_visit(table.mailbox, two, VisitForm(at=NOW, took_place=False, reason='nobody in,\n"again"'))
    desk.postpone(
        table.mailbox, three, PostponeForm(TODAY, TODAY + timedelta(days=2), "family ill", told=True)
    )
    desk.off_sick(table.mailbox, TODAY, None, table.colleagues[0].mailbox)
    assert plain.read(folder / "caseload", TODAY).problems == before


def test_a_visit_that_was_planned_for_that_day_becomes_the_visit(desk: DemoDesk, folder: Path) -> None:
    table = busiest(desk, folder)
    child = visits_of(table)[0]
    visits = Records(folder / "caseload" / "visits.csv")
    visits.add({"visit_id": "S1", "child_id": child, "at": "2026-11-23T14:00", "status": "scheduled"})
    visits.save()
    count = len(rows(folder, "visits"))
    desk.record_visit(table.mailbox, child, seen())
    assert len(rows(folder, "visits")) == count
    assert next(row for row in rows(folder, "visits") if row["visit_id"] == "S1")["status"] == "completed"


def test_a_record_can_be_finalised_later(desk: DemoDesk, folder: Path) -> None:
    table = busiest(desk, folder)
    child = visits_of(table)[0]
    desk.record_visit(table.mailbox, child, seen(finalised=False))
    desk.finalise(table.mailbox, child)
    waiting = [row for row in rows(folder, "visits") if row["child_id"] == child and not row["finalised_at"]]
    assert not [row for row in waiting if row["status"] == "completed"]
    with pytest.raises(DeskRefused, match="No record"):
        desk.finalise(table.mailbox, child)


def test_sickness_is_covered_until_the_worker_is_back(desk: DemoDesk, folder: Path) -> None:
    table = busiest(desk, folder)
    buddy = next(one for one in table.colleagues if not one.away)
    desk.off_sick(table.mailbox, TODAY, None, buddy.mailbox)
    covering = desk.table(buddy.mailbox)
    assert covering is not None
    assert {one.id for one in covering.children if one.cover_for == table.name} & set(visits_of(table))
    away = desk.table(table.mailbox)
    assert away is not None
    assert away.away is not None
    assert away.away.covered_by == buddy.name
    with pytest.raises(DeskRefused, match="away already"):
        desk.off_sick(table.mailbox, TODAY, None, None)
    desk.back(table.mailbox, TODAY)
    home = desk.table(table.mailbox)
    assert home is not None
    assert home.away is None


def test_every_mistake_is_told_at_once_and_nothing_is_written(desk: DemoDesk, folder: Path) -> None:
    table = busiest(desk, folder)
    child = visits_of(table)[0]
    before = everything(folder)
    with pytest.raises(DeskRefused) as refused:
        desk.record_visit(table.mailbox, child, seen(NOW + timedelta(days=1), seen=None, reason="x" * 400))
    assert {one.where for one in refused.value.mistakes} == {"day", "seen", "reason"}
    assert all(one.what and one.why and one.mend for one in refused.value.mistakes)
    with pytest.raises(DeskRefused) as refused:
        desk.postpone(table.mailbox, child, PostponeForm(TODAY, TODAY, " "))
    assert {one.where for one in refused.value.mistakes} == {"to", "reason"}
    with pytest.raises(DeskRefused) as refused:
        desk.off_sick(table.mailbox, TODAY, TODAY - timedelta(days=1), table.mailbox)
    assert {one.where for one in refused.value.mistakes} == {"last", "covered_by"}
    assert everything(folder) == before


def test_the_same_visit_is_not_recorded_twice(desk: DemoDesk, folder: Path) -> None:
    table = busiest(desk, folder)
    child = visits_of(table)[0]
    desk.record_visit(table.mailbox, child, seen())
    with pytest.raises(DeskRefused, match="recorded already"):
        desk.record_visit(table.mailbox, child, seen())


def test_nobody_records_visits_to_children_of_others(desk: DemoDesk, folder: Path) -> None:
    table = busiest(desk, folder)
    mine = {one.id for one in table.children}
    other = next(row["child_id"] for row in rows(folder, "children") if row["child_id"] not in mine)
    with pytest.raises(DeskRefused, match="neither holds nor covers"):
        desk.record_visit(table.mailbox, other, seen())
    manager = next(row["email"] for row in rows(folder, "workers") if row["role"] == "manager")
    assert desk.table(manager) is None
    with pytest.raises(DeskRefused, match="visits no children"):
        desk.record_visit(manager, other, seen())


@pytest.mark.parametrize("way", ["the folder is no demo", "the file leads away", "the caseload leads away"])
def test_only_the_demos_own_folder_is_written_into(folder: Path, tmp_path: Path, way: str) -> None:
    desk = DemoDesk(folder, MARK, lambda: NOW)
    table = busiest(desk, folder)
    child = visits_of(table)[0]
    elsewhere = tmp_path / "a council's own"
    if way == "the folder is no demo":
        (folder / MARK).unlink()
    elif way == "the file leads away":
        elsewhere.mkdir()
        (folder / "caseload" / "visits.csv").rename(elsewhere / "visits.csv")
        (folder / "caseload" / "visits.csv").symlink_to(elsewhere / "visits.csv")
    else:
        (folder / "caseload").rename(elsewhere)
        (folder / "caseload").symlink_to(elsewhere, target_is_directory=True)
    before = everything(tmp_path)
    with pytest.raises(DeskRefused, match="not in this demo's own folder"):
        desk.record_visit(table.mailbox, child, seen())
    assert everything(tmp_path) == before


CELL = st.text(st.characters(blacklist_categories=("Cs", "Cc")), max_size=8)


@given(
    header=st.lists(CELL.map(lambda one: f"c{one}"), min_size=1, max_size=5, unique_by=str.strip),
    body=st.lists(st.lists(CELL, min_size=1, max_size=5), max_size=5),
    bom=st.booleans(),
    line_end=st.sampled_from(["\n", "\r\n"]),
)
def test_a_row_added_leaves_every_other_cell_as_it_was(
    tmp_path_factory: pytest.TempPathFactory,
    header: list[str],
    body: list[list[str]],
    bom: bool,
    line_end: str,
) -> None:
    file = tmp_path_factory.mktemp("records") / "visits.csv"
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator=line_end)
    writer.writerow(header)
    writer.writerows([row[: len(header)] for row in body])
    file.write_bytes((BOM if bom else b"") + text.getvalue().encode())
    before = [row for row in csv.reader(io.StringIO(text.getvalue(), newline="")) if row]
    records = Records(file)
    records.add({header[0].strip(): "new", "of its own": "yes"})
    records.save()
    raw = file.read_bytes()
    assert raw.startswith(BOM) == bom
    after = list(csv.reader(io.StringIO(raw.removeprefix(BOM).decode(), newline="")))
    assert after[0] == [*header, "of its own"]
    assert after[1:-1] == before[1:]
    assert (after[-1][0], after[-1][-1]) == ("new", "yes")
    assert (b"\r\n" in raw) == (line_end == "\r\n")
