"""A team's week as a picture, since Outlook shows no SVG.

Every bar has its numbers beside it in words, and what is overdue is hatched: nothing is said by colour
alone. One team gives one picture, byte for byte.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from bot.digest.team import WorkerLine
from bot.digest.words import count
from bot.rendering.drawing import EDGE, LATER, MISSED, SOON, WIDTH, Canvas, Chart

ROW = 46
MOST_ROWS = 12
LONGEST_NAME = 20
Bar = tuple[int, int, int]
PARTS = (MISSED, SOON, LATER)  # overdue, this week, next week: dark to light, and hatched to plain


def team_chart(workers: Sequence[WorkerLine]) -> Chart | None:
    """Each worker's overdue and due visits as one bar; none where nothing is due."""
    busy = [worker for worker in workers if sum(_parts(worker))]
    if not busy:
        return None
    shown = busy[:MOST_ROWS]
    height = ROW * len(shown) + EDGE
    bars = tuple((worker.name, _parts(worker)) for worker in shown)
    return Chart(_drawn(bars, height), WIDTH, height, finding(workers), len(busy) - len(shown))


def finding(workers: Sequence[WorkerLine]) -> str:
    """What the picture shows, for who cannot see it."""
    late = [worker for worker in workers if worker.overdue]
    due = sum(worker.due_this_week for worker in workers)
    soon = sum(worker.due_next_week for worker in workers)
    coming = f"{count(due, 'visit')} due this week, {soon} next week."
    if not late:
        return f"Nobody has an overdue visit. {coming}"
    total = sum(worker.overdue for worker in late)
    most = max(late, key=lambda worker: worker.overdue)
    return (
        f"{count(total, 'overdue visit')} with {len(late)} of {count(len(workers), 'worker')}; "
        f"most with {most.name}: {most.overdue}. {coming}"
    )


def said(worker: WorkerLine) -> str:
    """A worker's bar in words."""
    return _in_words(_parts(worker))


def _in_words(bar: Bar) -> str:
    names = ("overdue", "this week", "next week")
    parts = [f"{number} {name}" for number, name in zip(bar, names, strict=True) if number]
    return ", ".join(parts) or "nothing due"


def _parts(worker: WorkerLine) -> Bar:
    return (worker.overdue, worker.due_this_week, worker.due_next_week)


@lru_cache(maxsize=8)
def _drawn(bars: tuple[tuple[str, Bar], ...], height: int) -> bytes:
    """The picture; kept a while, since a team stands in its manager's digest and in what it rolls up to."""
    page = Canvas(height)
    unit = (WIDTH - 2 * EDGE) / max(sum(parts) for _, parts in bars)
    for row, (name, parts) in enumerate(bars):
        top = height - EDGE / 2 - row * ROW
        page.text(EDGE, top - 17, _shortened(name), bold=True, size=14)
        page.text(WIDTH - EDGE, top - 17, _in_words(parts), size=13, align="right")
        left = float(EDGE)
        for number, fill in zip(parts, PARTS, strict=True):
            if number:
                page.bar(left, top - 38, number * unit, 14, fill)
                left += number * unit
    return page.png()


def _shortened(name: str) -> str:
    return name if len(name) <= LONGEST_NAME else f"{name[: LONGEST_NAME - 1]}…"
