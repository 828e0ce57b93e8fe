"""The benchmark of keeping diaries runs and tells what it is there for; its times are no test's affair."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

SYNC = Path(__file__).parents[2] / "benchmarks" / "sync.py"


def test_benchmark_sets_each_run_beside_the_limit_and_beside_save() -> None:
    asked = ("--mailboxes", "3", "--entries", "7", "--saves", "2", "--milliseconds", "1", "--changed", "0.2")
    made = subprocess.run([sys.executable, str(SYNC), *asked], check=True, capture_output=True, text=True)
    lines = [line for line in made.stdout.splitlines() if line.startswith("|")]
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines[2:]]
    assert [row[1] for row in rows] == ["first fill", "nothing changed", "20% changed"]
    requests, items, writes = ([row[column] for row in rows] for column in (6, 7, 8))
    assert requests[1] == "1", "a steady run asks twenty mailboxes in a request"
    assert items == ["24", "3", "8"], "and one item a mailbox beside what is written"
    assert writes == ["21", "0", "5"]
