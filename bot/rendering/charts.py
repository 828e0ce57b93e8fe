"""A team's week as a picture, since Outlook shows no SVG.

Every bar has its numbers beside it in words, and what is overdue is hatched: nothing is said by colour
alone. One team gives one picture, byte for byte.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from matplotlib.figure import Figure
from matplotlib.patches import Rectangle
from PIL import Image, ImageColor

from bot.digest.team import WorkerLine
from bot.digest.words import count

WIDTH = 480  # CSS pixels; the picture has twice as many
ROW = 46
EDGE = 2
SCALE = 2
MOST_ROWS = 12
LONGEST_NAME = 20

INK = "#0b0c0c"
PAPER = "#ffffff"
Fill = tuple[str, str]  # colour and hatching
PARTS: tuple[Fill, ...] = (  # overdue, this week, next week: dark to light, and hatched to plain
    ("#aa2a16", "////"),
    ("#1d5c97", ""),
    ("#a9c6e0", ""),
)


@dataclass(frozen=True, slots=True)
class Chart:
    """A picture, its size on the page, and its finding in words."""

    png: bytes
    width: int
    height: int
    alt: str
    left_out: int  # workers with something due who found no room: those with least


def team_chart(workers: Sequence[WorkerLine]) -> Chart | None:
    """Each worker's overdue and due visits as one bar; none where nothing is due."""
    busy = [worker for worker in workers if sum(_parts(worker))]
    if not busy:
        return None
    shown = busy[:MOST_ROWS]
    height = ROW * len(shown) + EDGE
    return Chart(_png(shown, height), WIDTH, height, finding(workers), len(busy) - len(shown))


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
    names = ("overdue", "this week", "next week")
    parts = [f"{number} {name}" for number, name in zip(_parts(worker), names, strict=True) if number]
    return ", ".join(parts) or "nothing due"


def _parts(worker: WorkerLine) -> tuple[int, int, int]:
    return (worker.overdue, worker.due_this_week, worker.due_next_week)


def _png(shown: Sequence[WorkerLine], height: int) -> bytes:
    figure = Figure(figsize=(WIDTH / 100, height / 100), dpi=100 * SCALE, facecolor=PAPER)
    unit = (WIDTH - 2 * EDGE) / max(sum(_parts(worker)) for worker in shown)
    for row, worker in enumerate(shown):
        top = height - EDGE / 2 - row * ROW
        _text(figure, EDGE, top - 17, _shortened(worker.name), weight="bold", size=14)
        _text(figure, WIDTH - EDGE, top - 17, said(worker), weight="normal", size=13, right=True)
        left = float(EDGE)
        for number, fill in zip(_parts(worker), PARTS, strict=True):
            if number:
                _bar(figure, top - 38, fill, left, number * unit)
                left += number * unit
    pixels = io.BytesIO()
    figure.savefig(pixels, format="rgba")
    picture = Image.frombytes("RGBA", (WIDTH * SCALE, height * SCALE), pixels.getvalue())
    out = io.BytesIO()
    reduced = picture.convert("RGB").quantize(palette=_palette(), dither=Image.Dither.NONE)
    reduced.save(out, "PNG", compress_level=6)
    return out.getvalue()


@lru_cache(maxsize=1)
def _palette() -> Image.Image:
    """Sixteen colours: each ink and its steps towards the paper, for smooth edges in a small file."""
    steps = {INK: 6} | {colour: 3 for colour, _ in PARTS}
    paper = ImageColor.getrgb(PAPER)
    colours = [paper]
    for ink, number in steps.items():
        rgb = ImageColor.getrgb(ink)
        colours += [
            (
                _between(rgb[0], paper[0], step / number),
                _between(rgb[1], paper[1], step / number),
                _between(rgb[2], paper[2], step / number),
            )
            for step in range(number)
        ]
    palette = Image.new("P", (1, 1))
    palette.putpalette([part for colour in colours for part in colour])
    return palette


def _between(ink: int, paper: int, share: float) -> int:
    return round(ink + (paper - ink) * share)


def _text(
    figure: Figure,
    x: float,
    y: float,
    words: str,
    *,
    weight: str,
    size: int,
    right: bool = False,
) -> None:
    figure.text(
        x / WIDTH,
        y / (figure.get_figheight() * 100),
        words,
        color=INK,
        fontsize=size * 0.72,
        fontweight=weight,
        fontfamily="DejaVu Sans",  # comes with matplotlib: the same picture on every machine
        horizontalalignment="right" if right else "left",
        verticalalignment="baseline",
        parse_math=False,
    )


def _bar(figure: Figure, y: float, fill: Fill, left: float, width: float) -> None:
    height = figure.get_figheight() * 100
    colour, hatch = fill
    figure.add_artist(
        Rectangle(
            (left / WIDTH, y / height),
            width / WIDTH,
            14 / height,
            transform=figure.transFigure,
            facecolor=colour,
            edgecolor=PAPER,
            hatch=hatch,
            linewidth=1,
        )
    )


def _shortened(name: str) -> str:
    return name if len(name) <= LONGEST_NAME else f"{name[: LONGEST_NAME - 1]}…"
