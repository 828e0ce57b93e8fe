"""Makes the pictures of docs/papers.md: invented papers, set as PDFs and photographed.

    .venv/bin/python docs/make_paper_pictures.py

Needs the tests' dependencies. Nobody on the papers exists.
"""

from __future__ import annotations

import sys
from pathlib import Path

import pypdfium2
from PIL import Image, ImageOps

REPO = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(REPO))

from bot.rendering.papers import making, sample  # noqa: E402 - found by the line above

PICTURES = REPO / "docs" / "pictures"
SCALE = 1.1  # of 72 dots an inch
GREYS = 16


def main() -> None:
    """Photograph the first page of a sheet, and of an agreement and a diary side by side."""
    sheet, diary = sample.sheets()[0], sample.diaries()[0]
    save("preparation-sheet", first_page(making.preparation_sheet(sheet)))
    save(
        "family-papers",
        first_page(making.agreement(diary.agreement, large=True), large=True),
        first_page(making.family_diary(diary, large=True), large=True),
    )


def first_page(page: str, *, large: bool = False) -> Image.Image:
    """The first page of the PDF, with an edge."""
    with pypdfium2.PdfDocument(making.file_of(page, "pdf", large=large)) as made:
        picture: Image.Image = made[0].render(scale=SCALE).to_pil().convert("L")
    return ImageOps.expand(picture, border=1, fill=160)


def save(name: str, *pages: Image.Image) -> None:
    """Side by side, in few greys: text needs no more, and the file stays small."""
    whole = Image.new("L", (sum(page.width for page in pages), max(page.height for page in pages)), 255)
    left = 0
    for page in pages:
        whole.paste(page, (left, 0))
        left += page.width
    whole.quantize(GREYS).save(PICTURES / f"{name}.png", optimize=True)


if __name__ == "__main__":
    main()
