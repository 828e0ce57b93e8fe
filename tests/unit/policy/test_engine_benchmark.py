"""The engine's benchmark runs and tells what it is there for; how long it takes is no affair of a test."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from bot.caseload.plain import TABLES, read

ENGINE = Path(__file__).parents[2] / "benchmarks" / "engine.py"
sys.path.insert(0, str(ENGINE.parent))
from caseload_files import TODAY, write  # noqa: E402 - the benchmarks are scripts, in no package


def rows_of_the_table(*asked: str) -> list[list[str]]:
    """The cells of the table that the script prints, its head left out."""
    made = subprocess.run([sys.executable, str(ENGINE), *asked], check=True, capture_output=True, text=True)
    lines = [line for line in made.stdout.splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines[2:]]


def test_benchmark_sets_import_and_judgement_beside_a_bare_read_and_a_plain_loop() -> None:
    rows = rows_of_the_table("--children", "60", "--visits", "700", "--rounds", "1")
    assert [row[0] for row in rows] == [
        "bare Polars read, one working-day sum",
        "the bot's import",
        "import and judgement, one full pack (D)",
        "import and judgement, every pack (A-F)",
        "one clause (D.3) in a plain Python loop",
    ]
    assert rows[0][5:] == ["1.00", "1.00"], "everything is told as a multiple of the bare read"
    assert all(float(row[4]) > 0 for row in rows), "memory"


def test_growth_tells_what_a_child_costs_at_each_size() -> None:
    rows = rows_of_the_table("--growth", "40", "80", "--rounds", "1")
    assert [row[:2] for row in rows] == [["40", "480"], ["80", "960"]]
    assert rows[0][5] == "1.00", "the first size is the measure of the others"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("made")
    write(folder, 300, 3_000, seed=1)
    return folder


def test_made_caseload_has_every_column_of_every_table_and_nothing_amiss(made: Path) -> None:
    caseload = read(made, TODAY)
    assert caseload.problems == (), "an import that stumbles would be measured for the wrong thing"
    for name, table in TABLES.items():
        header = (made / f"{name}.csv").read_text(encoding="utf-8").partition("\n")[0]
        assert header.split(",") == [column.name for column in table.columns], name


def test_made_visits_fall_within_the_plans_and_each_child_is_seen_about_as_often_as_its_plan_asks(
    made: Path,
) -> None:
    caseload = read(made, TODAY)
    start = dict(
        zip(caseload.episodes["child_id"], caseload.episodes["start"], strict=True)
    )  # of two, the later
    assert len(caseload.visits) == 3_000
    assert all(at >= start[child] for child, at in caseload.visits.select("child_id", "at").iter_rows())
    kinds = dict(zip(caseload.episodes["child_id"], caseload.episodes["kind"], strict=True))
    plans = [kind for kind in kinds.values() if kind in ("child_protection", "short_breaks")]
    seen = [kinds[child] for child in caseload.visits["child_id"]]
    rate = {kind: seen.count(kind) / plans.count(kind) for kind in set(plans)}
    assert rate["child_protection"] > 3 * rate["short_breaks"]


def test_same_numbers_make_the_same_files_and_another_seed_makes_others(made: Path, tmp_path: Path) -> None:
    write(tmp_path / "again", 300, 3_000, seed=1)
    write(tmp_path / "other", 300, 3_000, seed=2)
    visits = (made / "visits.csv").read_bytes()
    assert (tmp_path / "again" / "visits.csv").read_bytes() == visits
    assert (tmp_path / "other" / "visits.csv").read_bytes() != visits
