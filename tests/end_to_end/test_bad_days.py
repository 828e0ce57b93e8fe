"""Bad days of Microsoft 365 against whole runs: once they are over, one more run and all is as it should be.

Nothing stands twice, nothing is missing, nobody is mailed twice; and while the bad day lasts the bot says
what it could not do, and whether to wait or what to mend.
"""

from __future__ import annotations

import re
import shutil
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from bot.errors import BotError
from bot.outlook.connection import connect
from bot.run.report import RunReport
from bot.sandbox.faults.fault import Fault
from bot.sandbox.faults.kinds import KINDS

MONDAY = date(2026, 11, 23)
LATER = MONDAY + timedelta(days=8)
LASTING = ("429", "503", "507", "412", "reset_done", "cut")


def _orders() -> Iterator[tuple[str, dict[str, Any]]]:
    """Each kind as its example has it, in the busiest diary; and some for a whole run, everywhere."""
    for kind in KINDS:
        everywhere = {name: value for name, value in kind.example.items() if name != "mailbox"}
        yield kind.name, everywhere if kind.example.get("verb") == "PATCH" else kind.example
        if kind.name in LASTING:
            yield f"{kind.name}, lasting", everywhere | {"times": None}
    yield "429 in everything", {"do": "429", "rate": 0.3, "retry_after": 3, "seed": 5}
    yield "lost answers everywhere", {"do": "reset_done", "rate": 0.2, "seed": 3}
    yield "lists of nothing everywhere", {"do": "empty", "path": "events", "times": None}
    yield "every list skips", {"do": "skip", "path": "events", "times": None}
    yield "every list repeats", {"do": "twice", "path": "events", "times": None}
    yield "mail: done but lost", {"do": "reset_done", "path": "/send", "times": None}
    yield "mail: done but 504", {"do": "504_done", "path": "/send", "rate": 0.5, "seed": 1}
    yield "mail: drafts lost", {"do": "reset_done", "path": "/messages", "verb": "POST", "times": 3}
    yield "mail: no list of sent", {"do": "empty", "path": "/messages", "times": None}


ORDERS = dict(_orders())
# Where the bot makes no such request on that day, because it need not.
MEETS_NOTHING = {"mail: no list of sent"}
SAYS_WHAT_TO_DO = re.compile(r"next run|run that|Check|Ask|ask|Correct|Make|must|Mend|Let")
GOOD: dict[date, tuple[Counter[Any], Counter[Any]]] = {}


@dataclass
class Played:
    """A council on this bad machine."""

    council: Any
    struck: int = 0  # requests, by all the faults taken back

    def run(self, today: date) -> RunReport | BotError:
        """One run; what it raises is a message for people, and never anything else."""
        try:
            return self.council.run(today)
        except BotError as error:
            return error

    def strike(self, fault: dict[str, Any]) -> None:
        faults = self.council.running.graph.faults
        named = fault | {"mailbox": self.busiest} if "mailbox" in fault else fault
        if "on" in named:
            named = named | {"on": self.council.running.tenant.clock.today().isoformat()}
        faults.order([Fault.read(named)])

    def mend(self) -> None:
        faults = self.council.running.graph.faults
        self.struck += sum(one["struck"] for one in faults.shown())
        faults.clear()

    @property
    def doubled(self) -> list[Any]:
        ours = Counter((one.mailbox, one.key) for one in self.council.shown() if one.key != "released")
        return [one for one, count in ours.items() if count > 1]

    @property
    def busiest(self) -> str:
        workers = {row["worker_id"]: row["email"] for row in self.council.table("workers")}
        held = Counter(row["worker_id"] for row in self.council.table("episodes"))
        return workers[held.most_common(1)[0][0]]

    @property
    def diaries(self) -> Counter[tuple[Any, ...]]:
        return Counter(
            (one.mailbox, one.subject, one.day, one.all_day, one.categories, one.key, one.alarm)
            for one in self.council.shown()
        )

    @property
    def mails(self) -> Counter[tuple[str, str]]:
        addresses = [row["email"] for row in self.council.table("workers")]
        return Counter((who, str(mail["subject"])) for who in addresses for mail in self.council.mails(who))


@pytest.fixture
def begin(
    council: Callable[..., Any], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> Callable[[], Played]:
    """A council anew; waiting takes no time, and a list has so few on a page that it has several."""

    def make() -> Played:
        for left in tmp_path.iterdir():
            shutil.rmtree(left) if left.is_dir() else left.unlink()
        played = Played(council(MONDAY, children=24, workers=4))
        clock = played.council.running.tenant.clock
        monkeypatch.setattr("bot.run.world.connect", partial(connect, sleep=clock.let_pass, clock=clock.wall))
        return played

    monkeypatch.setattr("bot.outlook.reading.PAGE", 3)
    return make


@pytest.fixture
def good(begin: Callable[[], Played]) -> dict[date, tuple[Counter[Any], Counter[Any]]]:
    """What stands and what was mailed after each day where nothing went wrong; played once."""
    if not GOOD:
        played = begin()
        for today in (MONDAY, LATER):
            report = played.run(today)
            assert isinstance(report, RunReport)
            assert report.errors == ()
            GOOD[today] = (played.diaries, played.mails)
        assert GOOD[MONDAY][0] - GOOD[LATER][0], "something changes on the second day"
        assert GOOD[LATER][0] - GOOD[MONDAY][0]
        assert sum(GOOD[LATER][1].values()) > sum(GOOD[MONDAY][1].values()) > 0
        played.council.running.stop()
    return GOOD


@pytest.mark.parametrize("name", ORDERS)
def test_after_a_bad_day_one_more_run_and_all_is_as_if_it_had_not_been(
    good: dict[date, tuple[Counter[Any], Counter[Any]]], begin: Callable[[], Played], name: str
) -> None:
    play = begin()
    for today in (MONDAY, LATER):
        play.council.running.tenant.clock.set_today(today)
        play.strike(ORDERS[name])
        bad = play.run(today)
        for words in (str(bad),) if isinstance(bad, BotError) else bad.errors:
            assert SAYS_WHAT_TO_DO.search(words), words
        assert not play.doubled, "not even on the bad day"
        assert not play.mails - good[today][1], "nobody is mailed twice"
        play.mend()
        report = play.run(today)
        assert isinstance(report, RunReport), report
        assert report.errors == ()
        diaries, mails = good[today]
        assert (diaries - play.diaries, play.diaries - diaries) == (Counter(), Counter()), "missing, too many"
        assert (mails - play.mails, play.mails - mails) == (Counter(), Counter())
    assert play.struck > 0 or name in MEETS_NOTHING, "the bad day met nobody"
