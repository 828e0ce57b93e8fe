"""`rules compare` and `rules impact` as they are typed: on files, in words and as JSON, and with slips."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest

from bot.cli.comparing import compare, show_impact
from bot.errors import WronglyUsed

RULES = Path(__file__).parents[3] / "rules"
TODAY = date(2026, 11, 30)


@pytest.fixture
def caseload(tmp_path: Path) -> Path:
    """C1 in need, seen on Fri 20 Nov 2026; W1 is of the team North."""
    folder = tmp_path / "caseload"
    folder.mkdir()
    for name, lines in {
        "children": "child_id\nC1\n",
        "episodes": "child_id,kind,start,worker_id\nC1,child_in_need,2026-11-02,W1\n",
        "visits": "visit_id,child_id,at,status,seen\nV1,C1,2026-11-20,completed,yes\n",
        "workers": "worker_id,email,team\nW1,w1@council.example,North\n",
    }.items():
        (folder / f"{name}.csv").write_text(lines, encoding="utf-8")
    return folder


@pytest.fixture
def tighter(tmp_path: Path) -> Path:
    """A changed copy of a pack, under the name it has in rules/: B.2 every 4 working days."""
    file = tmp_path / "visiting-policy.yaml"
    text = (RULES / "visiting-policy.yaml").read_text(encoding="utf-8")
    assert text.count("every: 20 working days") == 1
    file.write_text(text.replace("every: 20 working days", "every: 4 working days"), encoding="utf-8")
    return file


def test_a_pack_and_its_changed_copy_of_the_same_name_stand_side_by_side(
    caseload: Path, tighter: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Fri 20 Nov + 20 working days = Fri 18 Dec; + 4 = Thu 26 Nov."""
    compare(["visiting-policy", str(tighter)], caseload, None, TODAY, as_json=True)
    (row,) = json.loads(capsys.readouterr().out)
    assert row["differs"]
    assert row["days_apart"] == 22
    assert {name: one["due"] for name, one in row["dates"].items()} == {
        "visiting-policy": "2026-12-18",
        str(tighter): "2026-11-26",
    }


def test_who_becomes_overdue_and_how_many_visits_a_week_more_a_team_makes(
    caseload: Path, tighter: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Every 20 working days is a quarter of a visit a week, every 4 is one and a quarter."""
    show_impact(str(tighter), None, caseload, None, TODAY, as_json=True)
    found = json.loads(capsys.readouterr().out)
    assert [one["child_id"] for one in found["becomes_overdue"]] == ["C1"]
    (team,) = found["teams"]
    assert (team["team"], team["a_week_before"], team["a_week_after"]) == ("North", 0.25, 1.25)
    assert (team["overdue_before"], team["overdue_after"]) == (0, 1)
    show_impact(str(tighter), None, caseload, None, TODAY, as_json=False)
    assert "1 overdue at once, 1 earlier" in capsys.readouterr().out


def test_a_slip_in_a_pack_s_name_is_said_before_any_row_of_the_caseload(
    caseload: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (caseload / "visits.csv").write_text(
        "visit_id,child_id,at,status\nV1,C9,gestern,done\n", encoding="utf-8"
    )
    with pytest.raises(WronglyUsed, match="Did you mean short-guide"):
        compare(["visiting-policy", "short-giude"], caseload, None, TODAY, as_json=False)
    assert capsys.readouterr().err == ""


def test_one_pack_named_twice_is_nothing_to_compare(caseload: Path) -> None:
    with pytest.raises(WronglyUsed, match="two different packs"):
        compare(["short-guide", "short-guide"], caseload, None, TODAY, as_json=False)


def test_a_new_pack_asks_which_of_today_s_it_replaces(caseload: Path, tighter: Path) -> None:
    own = tighter.rename(tighter.with_name("ours.yaml"))
    with pytest.raises(WronglyUsed, match="--against"):
        show_impact(str(own), None, caseload, None, TODAY, as_json=False)
