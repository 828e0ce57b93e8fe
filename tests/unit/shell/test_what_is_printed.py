"""What commands print can be read at a terminal of 80 columns, and copied from it."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from io import StringIO

import pytest
from rich.console import Console

from bot.cli import judging, output
from bot.cli.demonstrating import EXAMPLE, EXAMPLE_DAY
from bot.cli.planning import show_plan
from bot.diary.mailbox import MailboxPlan
from bot.errors import Problem
from bot.run.plan import Plan

COUNCIL = [f"{name}@northdale.example" for name in ("amara.bankole-fitzgerald", "tom.reeve")]


def console(monkeypatch: pytest.MonkeyPatch, *, terminal: bool, width: int = 80) -> StringIO:
    said = StringIO()
    shown = Console(
        file=said,
        width=width if terminal else output.WIDE,
        soft_wrap=not terminal,
        force_terminal=terminal,
        color_system=None,
        highlight=False,
        markup=False,
    )
    monkeypatch.setattr(output, "out", shown)
    monkeypatch.setattr(output, "err", shown)
    return said


def a_plan() -> Plan:
    return Plan(
        today=date(2026, 11, 23),
        only=(),
        jobs=(),
        owners=dict(zip(COUNCIL, ("W1", "W2"), strict=True)),
        mailboxes={box: MailboxPlan(box, (), 12) for box in COUNCIL},
        unread={},
        unplaced=(),
        gone=(),
        mails=(),
        verdicts=(),
    )


def test_a_persons_row_of_the_plan_is_one_line_at_80_columns_with_the_whole_address(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    said = console(monkeypatch, terminal=True)
    show_plan(a_plan())
    lines = said.getvalue().splitlines()
    assert max(map(len, lines)) <= 80
    assert [line.split()[:2] for line in lines if line.startswith("W")][1:] == [
        ["W1", "amara.bankole-fitzgerald"],
        ["W2", "tom.reeve"],
    ]
    assert "@northdale.example" in said.getvalue()


def test_a_plan_that_is_piped_has_every_column_and_every_address_in_full(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    said = console(monkeypatch, terminal=False)
    show_plan(a_plan())
    head, first = said.getvalue().splitlines()[:2]
    assert all(name in head for name in ("Adopted", "Let go", "Looked for", "Guard"))
    assert COUNCIL[0] in first


def test_one_diary_is_said_in_the_singular(monkeypatch: pytest.MonkeyPatch) -> None:
    said = console(monkeypatch, terminal=False)
    plan = a_plan()
    show_plan(replace(plan, mailboxes={COUNCIL[0]: plan.mailboxes[COUNCIL[0]]}))
    assert "0 entries would be written in 1 diary, 0 mails sent." in said.getvalue()
    show_plan(plan)
    assert "in 2 diaries" in said.getvalue()


def test_addresses_of_two_domains_are_never_shortened(monkeypatch: pytest.MonkeyPatch) -> None:
    console(monkeypatch, terminal=True)
    both = ["w1@council.example", "w2@elsewhere.example"]
    assert output.addresses("Diary", both) == ("Diary", both)


def test_a_command_is_not_broken_so_that_it_can_be_copied(monkeypatch: pytest.MonkeyPatch) -> None:
    said = console(monkeypatch, terminal=True)
    command = "python run_bot.py explain 20001 --config some/where/settings.toml --today 2026-11-23"
    output.say_command("Why a date is as it is", command)
    assert command in said.getvalue()


def test_what_belongs_to_a_line_goes_on_below_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    said = console(monkeypatch, terminal=True)
    output.say(
        "Use one of: child_request, complaint, worries, plan, court. It runs all the same.", below=True
    )
    assert [line[:5].count(" ") for line in said.getvalue().splitlines()] == [4, 4]


@pytest.mark.parametrize("width", [80, 140])
def test_what_is_due_has_its_date_whole_and_no_word_broken_and_says_what_is_left_out(
    monkeypatch: pytest.MonkeyPatch, width: int
) -> None:
    said = console(monkeypatch, terminal=True, width=width)
    packs = "visiting-policy,cp-statutory-visits,measures-of-practice"
    judging.due(EXAMPLE, packs, None, EXAMPLE_DAY, as_json=False, problems_file=None)
    head, _, *lines = said.getvalue().partition("\nDue ")[2].splitlines()
    assert max(map(len, lines)) <= width
    dated = [line for line in lines if re.match(r"(Mon|Tue|Wed|Thu|Fri|Sat|Sun) \d+ \w+ \d{4} ", line)]
    owed = next(line for line in lines if " owed on " in line)
    assert len(dated) == int(owed.split()[0])
    assert any("recording" in line for line in dated)
    left_out = any("Left out here: Act by, Reminder, Must" in line for line in lines)
    assert left_out is (width == 80) is ("Must" not in head)


def test_of_many_problems_the_worst_come_first_and_none_of_a_whole_file_is_left_out(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    said = console(monkeypatch, terminal=False)
    rows = [Problem(f"visits.csv:{row}:brief", "wrong", "Mend it.", "warning") for row in range(40)]
    kinds = [Problem("episodes.csv::kind", f"kind {n}", "Choose a pack.", "excluded") for n in range(9)]
    output.say_problems_in_short([*rows, *kinds], "check")
    words = said.getvalue()
    assert [words.count(f"kind {n}") for n in range(9)] == [1] * 9
    assert words.index("kind 8") < words.index("visits.csv:0:brief")
    assert "visits.csv:brief: 37 more like these (warning), 40 in all" in words
    assert "49 data problems. episodes.csv: 9 excluded; visits.csv: 40 warnings." in words
    assert "visits.csv:3:brief" not in words


def test_a_few_problems_are_all_said_and_nothing_of_where_more_are(monkeypatch: pytest.MonkeyPatch) -> None:
    said = console(monkeypatch, terminal=False)
    rows = [Problem(f"visits.csv:{row}:brief", "wrong", "Mend it.", "warning") for row in range(output.FEW)]
    output.say_problems_in_short(rows, "check")
    assert said.getvalue().count("Mend it.") == output.FEW
    assert "`check`" not in said.getvalue()
