"""The dues of a caseload folder, reckoned from the policies alone."""

from datetime import date
from pathlib import Path

from reckoning.group import objects, order
from reckoning.reading import read_cases

LETTERS = {
    "short-guide": "A",
    "visiting-policy": "B",
    "cp-statutory-visits": "C",
    "measures-of-practice": "D",
}


def due(folder: Path, packs: list[str], today: date) -> list[dict]:
    """Exactly the objects of `due --json`."""
    letters = "".join(sorted({LETTERS[pack] for pack in packs}))
    rows = [row for case in read_cases(Path(folder), today) for row in objects(case, letters, today)]
    return sorted(rows, key=order)
