"""A day on which everything happens at once: some sixty entries to be made, changed, moved and taken away."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from keepkit.bench import Bench
from keepkit.children import MONDAY, Case, Council
from keepkit.people import Office

BEFORE = MONDAY - timedelta(days=1)


@dataclass
class BusyDay:
    """The morning of the day, to which everything can be put back as often as wanted."""

    bench: Bench
    office: Office
    workers: list[str]
    own: dict[tuple[str, str], str]  # worker and id of a person's own appointment → all of it
    moved: dict[str, datetime]  # id of what a person moved → where to
    deleted: set[str]  # keys
    _mailboxes: dict[str, Any]
    _store: Path

    @classmethod
    def begin(cls, make: Callable[[Council], Bench], office: Office) -> BusyDay:
        council = Council.of(cases=28, today=BEFORE)
        bench = make(council)
        workers = list(council.workers)
        own = _own_appointments(office, workers)
        bench.run()
        moved, deleted = _people_act(office, council)
        _things_change(council)
        bench.set_day(MONDAY)
        bench.mails = ["W1", "W2"]
        store = bench.folder.parent / "morning.db"
        bench.save_store(store)
        prints = {(who, id_): office.print_of(who, id_) for who, id_ in own}
        return cls(bench, office, workers, prints, moved, deleted, office.photograph(), store)

    def morning_again(self) -> None:
        """As if nothing had been done today."""
        self.bench.end_process()
        self.office.put_back(self._mailboxes)
        self.bench.restore_store(self._store)
        self.bench.running.tenant.record.reset()

    def check(self, where: str) -> None:
        """What must hold at every moment of the day."""
        assert not self.office.doubled(self.workers), where
        self.check_own(where)
        standing = {one.id: one for one in self.office.everywhere(self.workers)}
        for id_, starts in self.moved.items():
            assert standing[id_].starts == starts, f"{where}: a person's move was undone"
        assert not self.deleted & {one.key for one in standing.values()}, f"{where}: came back"
        for who in self.workers:
            inbox = self.office.inbox(who)
            assert len(inbox) == len(set(inbox)), f"{where}: a mail came twice"

    def check_own(self, where: str) -> None:
        for (who, id_), was in self.own.items():
            assert self.office.print_of(who, id_) == was, f"{where}: a person's own appointment was touched"

    def evening(self) -> tuple[object, ...]:
        """How it all looks."""
        return self.office.picture(self.workers), [sorted(self.office.inbox(who)) for who in self.workers]


def _own_appointments(office: Office, workers: list[str]) -> list[tuple[str, str]]:
    noon = datetime.combine(MONDAY, datetime.min.time()) + timedelta(days=2, hours=12)
    titles = ("Dentist", "Visit due Fri 27 Nov · J.S. 20001")  # one that reads like ours
    return [(who, office.put_own(who, title, noon, "Visit")) for who in workers for title in titles]


def _people_act(office: Office, council: Council) -> tuple[dict[str, datetime], set[str]]:
    """Before the day: some moved, one deleted, one copied, whose due dates do not change today."""
    still = [case for case in council.cases[16:] if case.due > MONDAY + timedelta(days=2)]
    events = {one.key: one for one in office.everywhere(council.workers)}
    of = [events[key] for case in still for key in sorted(case.keys() & events.keys())]
    to = datetime.combine(MONDAY + timedelta(days=8), datetime.min.time()) + timedelta(hours=15)
    office.move(of[0], to)
    office.move(of[2], to)
    office.delete(of[4])
    office.copy(of[6], to)
    return {of[0].id: to, of[2].id: to}, {str(of[4].key)}


def _things_change(council: Council) -> None:
    today, council.today = council.today, MONDAY
    cases = council.cases
    for case in cases[:5]:
        council.record_visit(case, MONDAY + timedelta(days=10))
    for case in cases[5:9]:
        case.due += timedelta(days=6)
    for case in cases[9:12]:
        case.open = False
    for case in cases[12:16]:
        case.worker = "W2" if case.worker != "W2" else "W3"
    cases += [Case(100 + n, council.workers[n % 3], MONDAY + timedelta(days=4 + n)) for n in range(5)]
    council.today = today
