"""What a person, or a person's screen reader, finds in a file."""

from __future__ import annotations

import ctypes
import io
import re
from collections.abc import Iterable, Iterator
from html import unescape

import pypdfium2
import pypdfium2.raw as pdfium
from docx import Document

from bot.rendering.papers.blocks import (
    Block,
    Box,
    Bullets,
    Heading,
    Paragraph,
    Space,
    Table,
    read,
    words_of,
)

BLANKS = re.compile(r"\s+")


def words(page: str) -> str:
    """The words of a page's body, one space between."""
    body = page.split("<body>")[1]
    return BLANKS.sub(" ", unescape(re.sub(r"<[^>]+>", " ", body))).strip()


def parts(page: str, tag: str) -> list[str]:
    """The words of each element of that name, in order."""
    found = re.findall(rf"<{tag}\b[^>]*>(.*?)</{tag}>", page, re.DOTALL)
    return [BLANKS.sub(" ", unescape(re.sub(r"<[^>]+>", "", part))).strip() for part in found]


def docx_words(file: bytes) -> str:
    made = Document(io.BytesIO(file))
    said = [node.text or "" for node in made.element.body.iter() if node.tag.endswith("}t")]
    return "".join(said)


def pdf_words(file: bytes) -> str:
    with pypdfium2.PdfDocument(file) as made:
        return " ".join(page.get_textpage().get_text_range() for page in made)


def pdf_tags(file: bytes) -> list[str]:
    """The kinds of the elements of the structure tree, page by page, in reading order."""
    with pypdfium2.PdfDocument(file) as made:
        assert pdfium.FPDFCatalog_IsTagged(made)
        found: list[str] = []
        for page in made:
            tree = pdfium.FPDF_StructTree_GetForPage(page)
            for number in range(pdfium.FPDF_StructTree_CountChildren(tree)):
                _walk(pdfium.FPDF_StructTree_GetChildAtIndex(tree, number), found)
            pdfium.FPDF_StructTree_Close(tree)
        return found


def _walk(element: object, into: list[str]) -> None:
    if not element:
        return
    size = pdfium.FPDF_StructElement_GetType(element, None, 0)
    buffer = ctypes.create_string_buffer(size)
    pdfium.FPDF_StructElement_GetType(element, buffer, size)
    into.append(buffer.raw.decode("utf-16-le").rstrip("\0"))
    for number in range(pdfium.FPDF_StructElement_CountChildren(element)):
        _walk(pdfium.FPDF_StructElement_GetChildAtIndex(element, number), into)


def bare(text: str) -> str:
    """Only letters and digits: where a line breaks is each format's own affair."""
    return re.sub(r"\W+", "", text)


def lines(page: str) -> str:
    """The page as plain lines, block by block: what a golden text is compared by."""
    paper = read(page)
    told = [f"[{paper.title}]", *_lines(paper.blocks), "---", *_lines(paper.foot)]
    return "\n".join(told) + "\n"


def _lines(blocks: Iterable[Block]) -> Iterator[str]:
    for block in blocks:
        match block:
            case Heading():
                yield f"\n{'#' * block.level} {words_of(block.runs)}"
            case Paragraph():
                yield words_of(block.runs)
            case Bullets():
                yield from (f"- {words_of(item)}" for item in block.items)
            case Space():
                yield f"[{block.lines} lines]"
            case Box():
                yield "[box" + (", emergency]" if block.emergency else "]")
                yield from _lines(block.blocks)
                yield "[/box]"
            case Table():
                yield words_of(block.caption)
                yield " | ".join(words_of(head) for head in block.head)
                yield from (" | ".join(words_of(cell.runs) for cell in row) for row in block.rows)
