"""What a paper consists of, read from the HTML that its template gives.

A council changes a paper's words in one template, and the Word file and the PDF are to change with it: so
they are made of the very page that the template renders, not of words of their own. The price is that a paper
may use only what all three can hold, the few tags below; anything else is refused by name, by ``check`` too.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Literal

BLANKS = re.compile(r"[ \t\r\n]+")  # a space that may not break stays
INLINE = frozenset({"strong", "small"})
TEXT = {
    "p": "p",
    "h1": "h",
    "h2": "h",
    "h3": "h",
    "li": "li",
    "caption": "caption",
    "th": "cell",
    "td": "cell",
}
AROUND = frozenset({"ul", "ol", "table", "thead", "tbody", "tr", "section", "main", "footer", "div"})
ALLOWED = ", ".join(f"<{tag}>" for tag in sorted({*INLINE, *TEXT, *AROUND} - {"main"}))


class NotForPaper(ValueError):
    """A template gave something that a Word file or a PDF cannot hold."""


@dataclass(frozen=True, slots=True)
class Run:
    """Words in one hand."""

    text: str
    strong: bool = False
    small: bool = False


Runs = tuple[Run, ...]


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading of level 1 (one a paper) to 3."""

    level: int
    runs: Runs


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph: plain, the ``lead`` at the top, or ``small`` print."""

    runs: Runs
    style: Literal["", "lead", "small"] = ""


@dataclass(frozen=True, slots=True)
class Bullets:
    """A list."""

    items: tuple[Runs, ...]
    ordered: bool = False


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell of a table's body; ``head``: it names its row."""

    runs: Runs
    head: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """A table with a caption and one row of column heads."""

    caption: Runs
    head: tuple[Runs, ...]
    rows: tuple[tuple[Cell, ...], ...]


@dataclass(frozen=True, slots=True)
class Space:
    """Room to write."""

    lines: int


@dataclass(frozen=True, slots=True)
class Box:
    """A framed part; ``emergency`` stands out most."""

    blocks: tuple[Heading | Paragraph | Bullets | Table | Space, ...]
    emergency: bool = False


Block = Heading | Paragraph | Bullets | Table | Space | Box


@dataclass(frozen=True, slots=True)
class Paper:
    """A whole paper."""

    title: str
    clauses: str  # what its keywords say: the clauses it answers
    blocks: tuple[Block, ...]
    foot: tuple[Paragraph, ...]
    large: bool = False


def read(html: str, *, large: bool = False) -> Paper:
    """The paper in a rendered page; raises :class:`NotForPaper` with the tag it cannot hold."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    if not reader.title or not any(isinstance(b, Heading) and b.level == 1 for b in reader.blocks):
        raise NotForPaper("a paper needs a title and an <h1>: without them a screen reader cannot name it")
    foot = tuple(block for block in reader.foot if isinstance(block, Paragraph))
    return Paper(reader.title, reader.clauses, tuple(reader.blocks), foot, large)


@dataclass
class _OpenTable:
    caption: Runs = ()
    head: list[Runs] = field(default_factory=list)
    rows: list[list[Cell]] = field(default_factory=list)
    in_head: bool = False


class _Reader(HTMLParser):
    """Collects blocks while it walks through the page."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.title = ""
        self.clauses = ""
        self.blocks: list[Block] = []
        self.foot: list[Block] = []
        self._into: list[Block] | None = None  # null: outside <main> and <footer>
        self._before_box: list[Block] | None = None
        self._box_is_emergency = False
        self._table: _OpenTable | None = None
        self._items: list[Runs] | None = None
        self._runs: list[Run] | None = None
        self._style = ""
        self._hands: list[str] = []
        self._in_title = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "meta" and given.get("name") == "keywords":
            self.clauses = given.get("content", "")
        elif tag == "title":
            self._in_title = True
        elif tag in {"main", "footer"}:
            self._into = self.blocks if tag == "main" else self.foot
        elif self._into is not None:
            self._start(tag, given)

    def _start(self, tag: str, given: dict[str, str]) -> None:
        if tag not in INLINE | TEXT.keys() | AROUND:
            line = self.getpos()[0]
            raise NotForPaper(f"a paper cannot hold <{tag}> (line {line} of the page). It may use {ALLOWED}")
        if tag in INLINE:
            self._hands.append(tag)
        elif tag in TEXT:
            self._runs, self._style = [], given.get("class", "")
        elif tag in {"ul", "ol"}:
            self._items = []
        elif tag == "table":
            self._table = _OpenTable()
        elif tag in {"thead", "tr"} and self._table:
            self._table.in_head = self._table.in_head or tag == "thead"
            if tag == "tr" and not self._table.in_head:
                self._table.rows.append([])
        elif tag == "section":
            self._before_box, self._into = self._into, []
            self._box_is_emergency = given.get("class") == "emergency"
        elif tag == "div" and self._into is not None:
            self._into.append(Space(_lines(given)))

    def handle_data(self, data: str) -> None:
        if self._in_title:
            self.title += data
        elif self._runs is not None:
            text = BLANKS.sub(" ", data)
            self._runs.append(Run(text, "strong" in self._hands, "small" in self._hands))
        elif self._into is not None and data.strip():
            line = self.getpos()[0]
            raise NotForPaper(f"words outside a paragraph (line {line} of the page). Put them into <p>")

    def handle_endtag(self, tag: str) -> None:
        if tag == "title":
            self._in_title = False
            self.title = BLANKS.sub(" ", self.title).strip()
        elif self._into is None:
            return
        elif tag in {"main", "footer"}:
            self._into = None
        elif tag in INLINE and tag in self._hands:
            self._hands.remove(tag)
        elif tag in TEXT:
            self._close_text(tag)
        else:
            self._close(tag)

    def _close_text(self, tag: str) -> None:
        runs, self._runs = _tidied(self._runs or []), None
        table = self._table
        assert self._into is not None
        if tag in {"th", "td"} and table:
            if table.in_head:
                table.head.append(runs)
            elif table.rows:
                table.rows[-1].append(Cell(runs, head=tag == "th"))
        elif tag == "caption" and table:
            table.caption = runs
        elif tag == "li" and self._items is not None:
            self._items.append(runs)
        elif tag.startswith("h"):
            self._into.append(Heading(int(tag[1]), runs))
        elif runs:
            style: Literal["", "lead", "small"] = (
                "lead" if self._style == "lead" else "small" if self._style == "small" else ""
            )
            self._into.append(Paragraph(runs, style))

    def _close(self, tag: str) -> None:
        assert self._into is not None
        if tag in {"ul", "ol"} and self._items is not None:
            self._into.append(Bullets(tuple(self._items), ordered=tag == "ol"))
            self._items = None
        elif tag == "thead" and self._table:
            self._table.in_head = False
        elif tag == "table" and self._table:
            self._into.append(_closed(self._table))
            self._table = None
        elif tag == "section" and self._before_box is not None:
            inside = tuple(block for block in self._into if not isinstance(block, Box))
            self._into, self._before_box = self._before_box, None
            self._into.append(Box(inside, self._box_is_emergency))


def _closed(table: _OpenTable) -> Table:
    if not table.head or any(len(row) != len(table.head) for row in table.rows):
        raise NotForPaper("a table needs a row of column heads, and every row as many cells as it")
    return Table(table.caption, tuple(table.head), tuple(tuple(row) for row in table.rows))


def _lines(given: dict[str, str]) -> int:
    lines = given.get("data-lines", "")
    if given.get("class") != "space" or not lines.isdigit() or not int(lines):
        raise NotForPaper('a <div> is room to write: <div class="space" data-lines="3">')
    return int(lines)


def _tidied(runs: list[Run]) -> Runs:
    """Without blanks at either end, or two in a row where runs meet."""
    found: list[Run] = []
    for run in runs:
        starts = not found or found[-1].text.endswith(" ")
        text = run.text.lstrip(" ") if starts else run.text
        if text:
            found.append(Run(text, run.strong, run.small))
    if found:
        last = found.pop()
        text = last.text.rstrip(" ")
        found += [Run(text, last.strong, last.small)] if text else []
    return tuple(found)


def words_of(runs: Runs) -> str:
    """The bare words."""
    return "".join(run.text for run in runs)
