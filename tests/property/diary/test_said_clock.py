"""Whatever a person does to a visit's colour, it has at most one orange entry, and all comes to rest."""

from __future__ import annotations

import os
from dataclasses import replace
from datetime import date, timedelta

from diarykit.box import MAILBOX, Box, Ledger, Shell
from diarykit.makers import PLAN, RULES, TODAY, caseload, closed, judgement, visit
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bot.diary.day import day_of
from bot.diary.entries import owed_on
from bot.diary.said import said_done, with_type_ups

ACTS = ("out", "back", "due", "record", "uncount", "delete orange", "orange out", "day", "lose store", "tick")
HISTORIES = int(os.environ.get("SAID_HISTORIES", "150"))
ORANGE, YELLOW = "Type up", "Visit"


class Life:
    """One child, one worker, one diary."""

    def __init__(self) -> None:
        self.box, self.ledger = Box(), Ledger()
        self.shell = Shell(self.box, self.ledger)
        self.today, self.due, self.cycle = TODAY, TODAY + timedelta(days=10), 1
        self.seen: dict[int, date] = {}

    def run(self) -> int:
        """One run; gives how many calls it made."""
        rows = [closed(cycle=f"visit:V{n}", visit_id=f"V{n + 1}", seen_on=on) for n, on in self.seen.items()]
        day = day_of(replace(judgement(*rows), today=self.today), caseload(), RULES, self.today)
        owed = owed_on(day, [self.visit])
        rules = replace(PLAN, today=self.today, most_removed=1.0, always_removable=99)
        standing, known = self.box.list(), list(self.ledger.rows.values())
        said = said_done(owed, {MAILBOX: standing}, {MAILBOX: known}, day, rules)
        before = self.box.writes
        self.shell.run(with_type_ups(owed, said, day), rules)
        return self.box.writes - before

    @property
    def visit(self):
        ahead = max(self.due - timedelta(days=1), self.today)
        return visit(
            due=self.due, act_by=max(self.due, self.today), remind_on=ahead, cycle=f"visit:V{self.cycle}"
        )

    def entries(self, colour: str | None):
        """Those in a colour of ours; null: the owed ones without any."""
        ours = [one for one in self.box.events.values() if one.id in self.box.marked]
        if colour is None:
            return [one for one in ours if not one.categories and one.subject.startswith("Visit")]
        return [one for one in ours if colour in one.categories]

    def does(self, act: str) -> None:
        match act:
            case "out" | "tick":
                for one in self.entries(YELLOW)[:1]:
                    ticked = {"subject": f"✓ {one.subject}"} if act == "tick" else {"categories": ()}
                    self.box.put(replace(one, **ticked))
            case "back":
                for one in self.entries(None):
                    self.box.put(replace(one, categories=(YELLOW,)))
            case "due":
                self.due += timedelta(days=1)
            case "record":
                self.seen[self.cycle] = self.today
                self.cycle, self.due = self.cycle + 1, self.today + timedelta(days=10)
            case "uncount" if self.cycle > 1:
                self.cycle -= 1
                del self.seen[self.cycle]
            case "delete orange":
                for one in self.entries(ORANGE):
                    del self.box.events[one.id]
            case "orange out":
                for one in self.entries(ORANGE):
                    self.box.put(replace(one, categories=()))
            case "day":
                self.today += timedelta(days=1)
            case "lose store":
                self.ledger.rows.clear()


@settings(max_examples=HISTORIES, deadline=None)
@given(st.lists(st.sampled_from(ACTS), max_size=12))
@example(["out", "record", "uncount", "out"])
def test_a_visit_has_at_most_one_orange_entry_and_every_history_comes_to_rest(acts) -> None:
    life = Life()
    life.run()
    silenced = False
    for act in acts:
        silenced = (silenced and act != "record") or act in ("delete orange", "orange out")
        life.does(act)
        life.run()
        assert len(life.entries(ORANGE)) <= 1
    for _ in range(3):
        life.run()
    assert life.run() == 0
    assert len(life.entries(ORANGE)) <= 1
    if life.entries(ORANGE):
        assert life.entries(None), "an orange entry stands only while somebody says that it is done"
    elif life.entries(None):
        assert silenced, "who says that it is done is asked to type it up"
