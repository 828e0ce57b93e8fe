"""Judges a whole country: how long import and judging take beside reading the same files and doing nothing.

    python tests/benchmarks/engine.py --children 400000 --visits 4800000
    python tests/benchmarks/engine.py --growth 4000 40000 400000

Writes the full-width CSV files of the plain caseload into a folder (kept with --folder, and used again), then
measures each of these in a process of its own, in turn, several rounds: the bot's import; its judgement
under each set of packs, days to act and to be reminded included; a bare Polars read of the same files with
one working-day sum; one clause in a plain Python loop over the children. Seconds are for reading; what can be
compared between machines and days are the ratios, each taken within a round. On a machine that is busy with
other things the processor seconds say more than those of the clock. ``--growth`` does import and judgement of
one full pack for caseloads of several sizes, in turn, and tells what each child costs beside the smallest.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from statistics import median
from typing import Any

REPOSITORY = Path(__file__).parents[2]
sys.path.insert(0, str(REPOSITORY))

from caseload_files import TODAY, write  # noqa: E402 - found beside this file, whatever the folder

PACKS = {
    "one full pack (D)": ("measures-of-practice",),
    "every pack (A-F)": (
        "short-guide",
        "visiting-policy",
        "cp-statutory-visits",
        "measures-of-practice",
        "ddscp-home-visits",
        "england-statutory",
    ),
}


VISITS_OF_A_CHILD = 12


# what is measured, each in a process of its own


def measured(work: Callable[[], Any]) -> dict[str, float]:
    """Seconds, seconds of all processors together, and the most memory ever held (GiB)."""
    before, started = os.times(), time.perf_counter()
    work()
    seconds, after = time.perf_counter() - started, os.times()
    busy = after.user - before.user + after.system - before.system
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
    return {"seconds": seconds, "busy": busy, "gib": most}


def importing(folder: Path) -> dict[str, float]:
    from bot.caseload.plain import read

    return measured(lambda: read(folder, TODAY))


def judging(folder: Path, packs: tuple[str, ...]) -> dict[str, float]:
    """Import and judgement; ``judging`` is the second part alone.

    The judgement is the one that a run makes, in columns: every claim, due dates with the days to act and to
    be reminded, cycles, what did not count, concerns and problems. Neither timed here is which clause asks
    for each must, reckoned where somebody reads it, nor the values made of the rows, one a reminder.
    """
    from bot.caseload.plain import read
    from bot.policy.due import judge
    from bot.run.snapshot import load_packs

    loaded = load_packs(packs, REPOSITORY / "rules")
    found: dict[str, float] = {}

    def both() -> None:
        caseload = read(folder, TODAY)
        started = time.perf_counter()
        found["owed"] = len(judge(caseload, loaded, TODAY).due)
        found["judging"] = time.perf_counter() - started

    return measured(both) | found


def bare(folder: Path) -> dict[str, float]:
    """Every file read as Polars reads it, and ten working days added to each visit's day."""
    import holidays
    import polars as pl

    closed = sorted(holidays.country_holidays("GB", subdiv="ENG", years=range(2020, 2030)))

    def read() -> None:
        frames = {file.stem: pl.read_csv(file, try_parse_dates=True) for file in sorted(folder.glob("*.csv"))}
        day = pl.col("at").cast(pl.String).str.slice(0, 10).str.to_date()
        frames["visits"].select(day.dt.add_business_days(10, holidays=closed, roll="backward"))

    return measured(read)


def loop(folder: Path) -> dict[str, float]:
    """D.3 alone, child by child: the last counted visit and 20 working days, in plain Python."""
    import csv

    import holidays

    closed = set(holidays.country_holidays("GB", subdiv="ENG", years=range(2020, 2030)))

    def due_after(day: date) -> date:
        left = 20
        while left:
            day += timedelta(days=1)
            left -= day.weekday() < 5 and day not in closed
        return day

    def run() -> None:
        seen: dict[str, list[date]] = {}
        with (folder / "visits.csv").open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file):
                if row["status"] == "completed" and row["kind"] == "visit" and row["seen"] == "yes":
                    seen.setdefault(row["child_id"], []).append(date.fromisoformat(row["at"][:10]))
        with (folder / "episodes.csv").open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file):
                if row["kind"] != "child_in_need" or (row["end"] and row["end"] < TODAY.isoformat()):
                    continue
                start = date.fromisoformat(row["start"][:10])
                days = [day for day in seen.get(row["child_id"], ()) if start <= day <= TODAY]
                due_after(max(days, default=start))

    return measured(run)


def openfisca(folder: Path) -> dict[str, float]:
    """The same rule as a formula of OpenFisca-Core over all children at once, in its own environment."""
    import csv

    import numpy as np
    from openfisca_core import entities, periods, simulation_builder, taxbenefitsystems, variables

    child = entities.Entity("child", "children", "A child", "")
    system = taxbenefitsystems.TaxBenefitSystem([child])

    class last_seen(variables.Variable):  # noqa: N801 - OpenFisca's variables are named so
        value_type, entity, definition_period = date, child, periods.DateUnit.ETERNITY

    class due(variables.Variable):  # noqa: N801
        value_type, entity, definition_period = date, child, periods.DateUnit.DAY

        def formula(self, period: Any) -> Any:
            return np.busday_offset(self("last_seen", period).astype("datetime64[D]"), 20, roll="backward")

    system.add_variables(last_seen, due)

    def run() -> None:
        seen: dict[str, str] = {}
        with (folder / "visits.csv").open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file):
                if row["status"] == "completed" and row["seen"] == "yes":
                    seen[row["child_id"]] = max(seen.get(row["child_id"], ""), row["at"][:10])
        builder = simulation_builder.SimulationBuilder()
        simulation = builder.build_default_simulation(system, len(seen))
        simulation.set_input("last_seen", "ETERNITY", np.array(list(seen.values()), dtype="datetime64[D]"))
        simulation.calculate("due", TODAY.isoformat())

    return measured(run)


# the table


def in_a_process(folder: Path, what: str, python: str = sys.executable) -> dict[str, float]:
    command = [python, str(Path(__file__).resolve()), "--folder", str(folder), "--measure", what]
    answer = subprocess.run(command, check=True, capture_output=True, text=True)
    found: dict[str, float] = json.loads(answer.stdout.splitlines()[-1])
    return found


def compare(folder: Path, rounds: int, fisca: str | None) -> None:
    ways = ["bare", "import", *PACKS, "loop", *(["openfisca"] if fisca else [])]
    results: dict[str, list[dict[str, float]]] = {way: [] for way in ways}
    for _ in range(rounds):
        for way in ways:
            python = fisca if way == "openfisca" and fisca else sys.executable
            results[way].append(in_a_process(folder, way, python))
    titles = {
        "bare": "bare Polars read, one working-day sum",
        "import": "the bot's import",
        "loop": "one clause (D.3) in a plain Python loop",
        "openfisca": "one clause (D.3) in OpenFisca-Core",
    } | {name: f"import and judgement, {name}" for name in PACKS}
    print(
        "| what | seconds | of these judging | processor seconds | most memory, GiB "
        "| × the bare read | × its processor seconds |"
    )
    print("|---|---|---|---|---|---|---|")
    for way in ways:
        ratios, busy = (_ratios(results[way], results["bare"], name) for name in ("seconds", "busy"))
        alone = [one["judging"] for one in results[way] if "judging" in one]
        cells = [
            titles[way],
            f"{_middle(results[way], 'seconds'):.2f}",
            f"{median(alone):.2f}" if alone else "",
            f"{_middle(results[way], 'busy'):.2f}",
            f"{_middle(results[way], 'gib'):.2f}",
            f"{median(ratios):.2f}",
            f"{median(busy):.2f}",
        ]
        print(f"| {' | '.join(cells)} |")


def grow(folder: Path, sizes: list[int], rounds: int, seed: int) -> None:
    """What a child costs in caseloads of several sizes, each child with twelve visits."""
    for size in sizes:
        if not (folder / str(size) / "visits.csv").exists():
            write(folder / str(size), size, size * VISITS_OF_A_CHILD, seed)
    way = next(iter(PACKS))
    results: dict[int, list[dict[str, float]]] = {size: [] for size in sizes}
    for _ in range(rounds):
        for size in sizes:
            results[size].append(in_a_process(folder / str(size), way))
    print("| children | visits | seconds | processor seconds | µs a child | × a child of the first |")
    print("|---|---|---|---|---|---|")
    for size in sizes:
        ratios = _ratios(results[size], results[sizes[0]], "busy")
        cells = [
            f"{size:,}",
            f"{size * VISITS_OF_A_CHILD:,}",
            f"{_middle(results[size], 'seconds'):.2f}",
            f"{_middle(results[size], 'busy'):.2f}",
            f"{_middle(results[size], 'busy') / size * 1e6:.0f}",
            f"{median(ratios) / size * sizes[0]:.2f}",
        ]
        print(f"| {' | '.join(cells)} |")


def _ratios(results: list[dict[str, float]], others: list[dict[str, float]], name: str) -> list[float]:
    """Round by round; what took no time that could be measured took a hundredth of a second."""
    pairs = zip(results, others, strict=True)
    return [max(one[name], 0.01) / max(other[name], 0.01) for one, other in pairs]


def _middle(results: list[dict[str, float]], name: str) -> float:
    return median(one[name] for one in results)


def _conditions(rounds: int) -> str:
    """How it was measured; others at work show in how many programs wait for a processor."""
    cores, waiting = os.cpu_count() or 1, os.getloadavg()[0]
    kept_busy = f", kept busy by others (load {waiting:.0f})" if waiting > cores else ""
    return f"{rounds} round{'s' if rounds != 1 else ''}, {cores} cores{kept_busy}"


def main() -> None:
    """Write the files, measure, print the table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--children", type=int, default=12_000)
    parser.add_argument("--visits", type=int, default=150_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--folder", type=Path, help="keep the files there, and use those that are there")
    parser.add_argument("--growth", type=int, nargs="+", metavar="CHILDREN", help="sizes to compare")
    parser.add_argument("--openfisca", metavar="PYTHON", help="a Python that has OpenFisca-Core and Polars")
    parser.add_argument("--measure", help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.measure:
        ways: dict[str, Callable[[], dict[str, float]]] = {
            "bare": lambda: bare(asked.folder),
            "import": lambda: importing(asked.folder),
            "loop": lambda: loop(asked.folder),
            "openfisca": lambda: openfisca(asked.folder),
        } | {name: lambda packs=packs: judging(asked.folder, packs) for name, packs in PACKS.items()}
        print(json.dumps(ways[asked.measure]()))
        return
    with tempfile.TemporaryDirectory() as temporary:
        folder = asked.folder or Path(temporary) / "caseload"
        if asked.growth:
            print(f"one full pack (D), {_conditions(asked.rounds)}\n")
            grow(folder, asked.growth, asked.rounds, asked.seed)
            return
        if not (folder / "visits.csv").exists():
            write(folder, asked.children, asked.visits, asked.seed)
        print(f"{asked.children:,} children, {asked.visits:,} visits, {_conditions(asked.rounds)}\n")
        compare(folder, asked.rounds, asked.openfisca)


if __name__ == "__main__":
    main()
