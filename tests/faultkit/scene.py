"""One council on one bad day: the real bot against a stand-in over HTTP and TLS, told what goes wrong.

A run's own clock is the test's, waiting takes no time and yet the time has passed, and everything that the
bot logged is kept, because nothing in a log may name anybody.
"""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

from structlog.testing import capture_logs

from bot.errors import BotError, Temporary
from bot.run.order import Wishes, run_once
from bot.run.report import Kept, RunReport
from bot.run.world import open_world
from bot.sandbox.faults.fault import Fault
from bot.sandbox.server import Running
from bot.sandbox.tenant import diary
from bot.sandbox.tenant.record import Call, Sought
from bot.settings_file import load
from bot.store.ledger import LedgerRow, rows_by_mailbox
from faultkit.caseload import ANN, BEA, CY, FIRST, NAMES, SENDER, Caseload, first_day, second_day
from faultkit.shown import Shown, shown_of
from faultkit.trouble import Trouble

EARLY = time(6, 30)
Outcome = RunReport | BotError
Good = dict[date, Counter[tuple[Any, ...]]]  # what stands after a day on which nothing went wrong


@dataclass
class Scene:
    """The handle tests hold."""

    running: Running
    config: Path
    trouble: Trouble | None
    caseload: Caseload = field(default_factory=first_day)
    today: date = FIRST
    logged: list[str] = field(default_factory=list)
    struck: int = 0

    def __post_init__(self) -> None:
        self.know(self.caseload)

    # what the council knows

    def know(self, caseload: Caseload) -> None:
        """An export arrives."""
        self.caseload = caseload
        self.today = caseload.day
        self.running.tenant.clock.set_today(caseload.day)
        caseload.write(self.config.parent / "caseload")

    # runs

    def run(self, at: time = EARLY, *, on: date | None = None, **wishes: Any) -> Outcome:
        """One run of the day; what it raises is a message for people, and never anything else."""
        with self.listening():
            try:
                world = open_world(load(self.config))
            except BotError as error:
                return error
            try:
                return run_once(world, datetime.combine(on or self.today, at), Wishes(**wishes))
            except BotError as error:
                return error
            finally:
                world.connection.close()
                world.close()

    def filled(self) -> None:
        """The first day was a good one."""
        report = self.run()
        assert isinstance(report, RunReport), report
        assert report.errors == ()
        assert report.writes == 2 * len(self.caseload.children)

    def second(self) -> None:
        """The second day's export arrives; no run yet."""
        self.know(second_day())

    @contextmanager
    def listening(self) -> Iterator[None]:
        """Keep what is logged meanwhile."""
        handler = _Keeps(self.logged)
        logging.getLogger().addHandler(handler)
        try:
            with capture_logs() as events:
                yield
        finally:
            logging.getLogger().removeHandler(handler)
            self.logged += [repr(event) for event in events]

    # bad days

    def strike(self, **fault: Any) -> None:
        """Let this go wrong; `mailbox` and the rest as docs/stand-in.md has them."""
        self.running.graph.faults.order([Fault.read(fault)])

    def mend(self) -> None:
        """The bad day is over; it must have met somebody."""
        faults = self.running.graph.faults
        self.struck += sum(one["struck"] for one in faults.shown())
        faults.clear()

    def let_pass(self, seconds: float) -> None:
        self.running.tenant.clock.let_pass(seconds)

    # people at their own diaries

    def edit(self, entry: Shown, **props: Any) -> None:
        """The owner changes their entry, in any way that Outlook lets them."""
        tenant = self.running.tenant
        with tenant.lock:
            mailbox = tenant.mailbox(entry.mailbox)
            diary.change(tenant, mailbox, mailbox.find("event", entry.id), props)

    def delete(self, entry: Shown) -> None:
        tenant = self.running.tenant
        with tenant.lock:
            mailbox = tenant.mailbox(entry.mailbox)
            diary.remove(tenant, mailbox, mailbox.find("event", entry.id), self.running.graph.settings)

    def own_entry(self, mailbox: str, subject: str = "Dentist", **props: Any) -> str:
        """An appointment of the owner's; gives its id."""
        tenant = self.running.tenant
        day = f"{self.today.isoformat()}T"
        sent = {
            "subject": subject,
            "start": {"dateTime": f"{day}10:00:00", "timeZone": "Europe/London"},
            "end": {"dateTime": f"{day}11:00:00", "timeZone": "Europe/London"},
        } | props
        with tenant.lock:
            box = tenant.mailbox(mailbox)
            return diary.create(tenant, box, sent, self.running.graph.settings).key

    # what stands

    def shown(self, *mailboxes: str) -> list[Shown]:
        """Every entry, ours or not, by mailbox and time."""
        tenant = self.running.tenant
        found = []
        with tenant.lock:
            for mailbox in mailboxes or (ANN, BEA, CY):
                if any(one.email == mailbox for one in tenant.gone_people()):
                    continue
                for item in tenant.mailbox(mailbox).items("event").values():
                    found.append(shown_of(mailbox, item))
        return sorted(found, key=lambda one: (one.mailbox, one.starts, one.subject, one.id))

    def ours(self, *mailboxes: str) -> list[Shown]:
        return [one for one in self.shown(*mailboxes) if one.key and one.key != "released"]

    def of_child(self, number: int) -> list[Shown]:
        return [one for one in self.shown() if one.child == f"K{number}"]

    def reminder(self, number: int) -> Shown:
        """The one entry of a child that rings, as long as it is owed."""
        (found,) = [one for one in self.of_child(number) if not one.all_day and one.categories]
        return found

    @property
    def diaries(self) -> Counter[tuple[Any, ...]]:
        return Counter(one.alike for one in self.shown())

    def doubled(self) -> list[Any]:
        held = Counter((one.mailbox, one.key) for one in self.ours())
        return [one for one, count in held.items() if count > 1]

    # what Microsoft saw

    @contextmanager
    def counting(self) -> Iterator[Callable[[str | None], int]]:
        """Counts the writes, by the stand-in's own record; in all or to one mailbox."""
        record = self.running.tenant.record
        record.reset()
        yield (
            lambda mailbox=None: (
                record.writes if mailbox is None else record.summary(Sought(mailbox))["writes"]
            )
        )

    def calls(self, verb: str, path: str) -> list[Call]:
        """The requests and items of batches that the stand-in was sent since its record began."""
        found = self.running.tenant.record.calls(Sought(verb=verb))
        return [one for one in found if one.path.endswith(path)]

    def lose_the_store(self) -> None:
        """The disk is gone, and with it all that the bot remembered."""
        for file in self.config.parent.glob("store.db*"):
            file.unlink()

    # what must hold

    def told(self, outcome: Outcome, *mailboxes: str) -> None:
        """Whoever ran it was told what the table says, and whether it passes by itself."""
        assert self.trouble is not None, "the test names no trouble"
        said = errors(outcome)
        trouble = self.trouble
        if not trouble.says:
            assert said == [], said
            return
        assert any(map(trouble.fits, said)), (trouble.says, said)
        for mailbox in mailboxes:
            mine = kept_of(outcome, mailbox).errors
            assert any(map(trouble.fits, mine)), (trouble.says, mine)
        passing = trouble.lasts == "temporary"
        if isinstance(outcome, BotError):
            assert isinstance(outcome, Temporary) == passing, repr(outcome)
            return
        for kept in outcome.kept:
            if kept.mailbox in mailboxes:
                assert kept.again == passing, kept

    def others_done(self, outcome: Outcome, *troubled: str) -> None:
        """What went wrong in one diary stopped no other."""
        assert isinstance(outcome, RunReport), outcome
        for kept in outcome.kept:
            if kept.mailbox not in troubled:
                assert kept.errors == ()
                assert kept.writes > 0, f"{kept.mailbox} had something to be done"

    def repaired(self, good: Good | None = None, *, at: time = EARLY) -> RunReport:
        """One run puts everything right, and the next writes nothing."""
        if self.running.graph.faults:
            self.mend()
        report = self.run(at)
        assert isinstance(report, RunReport), report
        assert report.errors == ()
        if good is not None:
            stands = self.diaries
            wanted = good[self.today]
            assert (wanted - stands, stands - wanted) == (Counter(), Counter()), "missing, too many"
        assert not self.doubled()
        with self.counting() as writes:
            again = self.run(at)
        assert isinstance(again, RunReport)
        assert again.errors == ()
        assert writes(None) == 0
        return report

    def harmless(self, outcomes: list[Outcome]) -> None:
        """No log line names anybody, and no error a child."""
        log = "\n".join(self.logged)
        for secret in (*self._childrens(), *NAMES, *NAMES.values(), SENDER):
            assert secret not in log, f"{secret} in the log"
        for words in (words for outcome in outcomes for words in errors(outcome)):
            for secret in self._childrens():
                assert secret not in words, words

    def _childrens(self) -> set[str]:
        said = {"child in need", "child_in_need"}
        for one in self.caseload.children:
            said |= {one.id, one.initials, one.born.isoformat()}
        return said


class _Keeps(logging.Handler):
    def __init__(self, lines: list[str]) -> None:
        super().__init__(logging.DEBUG)
        self._lines = lines

    def emit(self, record: logging.LogRecord) -> None:
        self._lines.append(record.getMessage())


def errors(outcome: Outcome) -> list[str]:
    """Every error as it was told."""
    if not isinstance(outcome, BotError):
        return list(outcome.errors)
    return [str(outcome), *(str(problem) for problem in getattr(outcome, "problems", ()))]


def kept_of(outcome: Outcome, mailbox: str) -> Kept:
    assert isinstance(outcome, RunReport), outcome
    return next(one for one in outcome.kept if one.mailbox == mailbox)


def ledger_of(scene: Scene) -> list[LedgerRow]:
    """Every entry that the bot remembers."""
    world = open_world(load(scene.config))
    try:
        return [row for rows in rows_by_mailbox(world.store).values() for row in rows]
    finally:
        world.close()


def unsettled(scene: Scene, **changes: Any) -> None:
    """Let the stand-in behave otherwise where Microsoft's documents leave it open."""
    graph = scene.running.graph
    graph.settings = replace(graph.settings, **changes)
