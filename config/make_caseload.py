"""Writes an invented caseload: for the demo, for trying settings out, and for measuring.

python config/make_caseload.py --out my-caseload
python config/make_caseload.py --children 12000 --today 2026-11-23 --out big
python config/make_caseload.py --out caseload.xlsx
"""

from __future__ import annotations

import argparse
import sys
from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from bot.caseload import example  # found through the line above


def main() -> int:
    """Write what the arguments ask for and say where it is."""
    parser = argparse.ArgumentParser(
        description="Writes an invented caseload, the same for the same arguments."
    )
    parser.add_argument("--seed", type=int, default=1, help="another number makes another council (1)")
    parser.add_argument("--children", type=int, default=120, help="how many children (120)")
    parser.add_argument("--workers", type=int, help="how many workers (one for 15.4 children)")
    parser.add_argument("--today", type=date.fromisoformat, help="the day about which it is dated (today)")
    parser.add_argument("--out", type=Path, required=True, help="a folder, or a file ending in .xlsx")
    asked = parser.parse_args()
    if asked.children < 1:
        parser.error("--children must be at least 1")
    if asked.workers is not None and asked.workers < 1:
        parser.error("--workers must be at least 1")
    today = asked.today or datetime.now(ZoneInfo("Europe/London")).date()
    put = example.write_workbook if asked.out.suffix.lower() == ".xlsx" else example.write
    put(asked.out, seed=asked.seed, children=asked.children, today=today, workers=asked.workers)
    print(f"A caseload of {asked.children:,} children about {today} is in {asked.out}.")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
