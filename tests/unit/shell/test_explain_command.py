"""`explain` as it is typed: what it prints beside the explanation itself."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest

from bot.cli.judging import explain

TODAY = date(2026, 11, 30)


@pytest.fixture
def caseload(tmp_path: Path) -> Path:
    for name, lines in {
        "children": "child_id\nC1\n",
        "episodes": "child_id,kind,start,worker_id\nC1,child_in_need,2026-11-02,W1\n",
        "visits": "visit_id,child_id,at,status,seen\nV1,C1,2026-11-20,completed,\n",
        "workers": "worker_id,email\nW1,w1@council.example\n",
    }.items():
        (tmp_path / f"{name}.csv").write_text(lines, encoding="utf-8")
    return tmp_path


def test_a_visit_whose_row_was_set_aside_may_be_the_one_that_is_missed(
    caseload: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    explain("C1", caseload, "visiting-policy", None, TODAY, as_json=False)
    assert "set aside" not in capsys.readouterr().err
    with (caseload / "visits.csv").open("a", encoding="utf-8") as file:
        file.write("V2,C1,last Tuesday,completed,yes\n")
    explain("C1", caseload, "visiting-policy", None, TODAY, as_json=False)
    assert "a visit missing here may be among them" in " ".join(capsys.readouterr().err.split())


def test_the_box_not_ticked_stands_in_words_and_in_json_with_the_row_to_mend(
    caseload: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """B.2 from the plan agreed on Mon 2 Nov 2026: 20 working days are Mon 30 Nov."""
    explain("C1", caseload, "visiting-policy", None, TODAY, as_json=False)
    text = capsys.readouterr().out
    assert "Fri 20 Nov 2026 (V1) for B.2: “seen” has no answer." in text
    assert "the plan agreed on Mon 2 Nov 2026 + 20 working days" in text
    explain("C1", caseload, "visiting-policy", None, TODAY, as_json=True)
    found = json.loads(capsys.readouterr().out)
    assert "visits.csv:2:seen" in [one["where"] for one in found["to_mend"]]
    sums = {one["clause"]: one["due"] for one in found["owed"][0]["sums"]}
    assert sums["B.2"] == "2026-11-30"
