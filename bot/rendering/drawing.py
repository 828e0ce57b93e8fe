"""Draws charts, since Outlook shows no SVG: words and bars on white, as small files.

A chart is as wide as a mail's column and twice as dense. One value gives one picture, byte for byte, on every
machine: the letters are matplotlib's own. Matplotlib takes longer to load than most commands to run, so it is
loaded with the first chart.
"""

from __future__ import annotations

import io
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from PIL import Image, ImageColor

WIDTH = 480  # CSS pixels; the picture has twice as many
EDGE = 2
SCALE = 2

INK = "#0b0c0c"
PAPER = "#ffffff"
Fill = tuple[str, str]  # colour and hatching
MISSED: Fill = ("#aa2a16", "////")  # hatched: nothing is said by colour alone
SOON: Fill = ("#1d5c97", "")
LATER: Fill = ("#a9c6e0", "")


@dataclass(frozen=True, slots=True)
class Chart:
    """A picture, its size on the page, and its finding in words."""

    png: bytes
    width: int
    height: int
    alt: str
    left_out: int = 0  # workers with something due who found no room: those with least


class Canvas:
    """A white page of a height; places are CSS pixels from its lower left corner."""

    def __init__(self, height: int) -> None:
        from matplotlib.figure import Figure  # noqa: PLC0415 - see above

        self.height = height
        self._figure = Figure(figsize=(WIDTH / 100, height / 100), dpi=100 * SCALE, facecolor=PAPER)

    def text(
        self,
        x: float,
        y: float,
        words: str,
        *,
        size: int,
        bold: bool = False,
        align: Literal["left", "center", "right"] = "left",
    ) -> None:
        """Write on one line."""
        self._figure.text(
            x / WIDTH,
            y / self.height,
            words,
            color=INK,
            fontsize=size * 0.72,
            fontweight="bold" if bold else "normal",
            fontfamily="DejaVu Sans",  # comes with matplotlib: the same picture on every machine
            horizontalalignment=align,
            verticalalignment="baseline",
            parse_math=False,
        )

    def bar(self, x: float, y: float, width: float, height: float, fill: Fill) -> None:
        """Draw a bar from its lower left corner."""
        from matplotlib.patches import Rectangle  # noqa: PLC0415 - see above

        colour, hatch = fill
        self._figure.add_artist(
            Rectangle(
                (x / WIDTH, y / self.height),
                width / WIDTH,
                height / self.height,
                transform=self._figure.transFigure,
                facecolor=colour,
                edgecolor=PAPER,
                hatch=hatch,
                linewidth=1,
            )
        )

    def png(self) -> bytes:
        """The picture, in few colours."""
        pixels = io.BytesIO()
        self._figure.savefig(pixels, format="rgba")
        picture = Image.frombytes("RGBA", (WIDTH * SCALE, self.height * SCALE), pixels.getvalue())
        out = io.BytesIO()
        reduced = picture.convert("RGB").quantize(palette=_palette(), dither=Image.Dither.NONE)
        reduced.save(out, "PNG", compress_level=6)
        return out.getvalue()


@lru_cache(maxsize=1)
def _palette() -> Image.Image:
    """Sixteen colours: each ink and its steps towards the paper, for smooth edges in a small file."""
    steps = {INK: 6} | {colour: 3 for colour, _ in (MISSED, SOON, LATER)}
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
