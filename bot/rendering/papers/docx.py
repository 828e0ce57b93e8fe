"""A paper as a Word file that a worker goes on writing in: real headings, header rows, a title, a language.

What Word's own accessibility checker asks for is set by hand where python-docx has no word for it. The file
says nothing of when it was made, so that a family's paper holds no date but those it shows.
"""

from __future__ import annotations

import io
import zipfile

from docx import Document
from docx.document import Document as WordFile
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.oxml.xmlchemy import BaseOxmlElement
from docx.shared import Mm, Pt, RGBColor
from docx.table import _Cell, _Row
from docx.text.paragraph import Paragraph as WordParagraph

from bot.rendering.papers.blocks import (
    Block,
    Box,
    Bullets,
    Heading,
    Paper,
    Paragraph,
    Runs,
    Space,
    Table,
    words_of,
)
from bot.rendering.papers.pdf import widths

FONT = "Arial"
PLAIN, LARGE = 11.0, 18.0
SIZES = {1: 1.75, 2: 1.3, 3: 1.08}
SMALL = 0.9  # captions, notes and clause ids; of the large print still more than 16 points
THIN, THICK = 6, 36  # eighths of a point
BEFORE_COMPUTERS = (1980, 1, 1, 0, 0, 0)  # the earliest a zip can say
WIDTH = 170  # millimetres of A4 between the margins


def to_docx(paper: Paper) -> bytes:
    """The paper as a file."""
    made = Document()
    size = LARGE if paper.large else PLAIN
    _page(made)
    _styles(made, size)
    _properties(made, paper)
    for block in paper.blocks:
        _put(made, block, size)
    for paragraph in paper.foot:
        _paragraph(made, paragraph, size)
    _page_numbers(made, size)
    buffer = io.BytesIO()
    made.save(buffer)
    return _timeless(buffer.getvalue())


def _page(made: WordFile) -> None:
    page = made.sections[0]
    page.page_width, page.page_height = Mm(210), Mm(297)
    page.left_margin = page.right_margin = Mm(20)
    page.top_margin = page.bottom_margin = Mm(18)


def _styles(made: WordFile, size: float) -> None:
    """One plain hand, black; headings by size alone."""
    for name in ("Normal", "Heading 1", "Heading 2", "Heading 3", "List Bullet", "List Number", "Caption"):
        style = made.styles[name]
        font = style.font
        font.name = FONT
        fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
        for theme in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
            fonts.attrib.pop(qn(f"w:{theme}"), None)
        for kind in ("ascii", "hAnsi", "cs", "eastAsia"):
            fonts.set(qn(f"w:{kind}"), FONT)
        font.color.rgb = RGBColor(0, 0, 0)
        level = int(name[-1]) if name.startswith("Heading") else 0
        font.size = Pt(round(size * SIZES.get(level, SMALL if name == "Caption" else 1.0) * 2) / 2)
        font.bold = level > 0
        spacing = style.paragraph_format
        spacing.space_before = Pt(size * (0.9 if level > 1 else 0))
        spacing.space_after = Pt(size * 0.4)
        spacing.keep_with_next = level > 0 or name == "Caption"
    language = made.styles.element.find(qn("w:docDefaults")).find(qn("w:rPrDefault")).find(qn("w:rPr"))
    _child(language, "w:lang", val="en-GB", eastAsia="en-GB", bidi="ar-SA")


def _properties(made: WordFile, paper: Paper) -> None:
    about = made.core_properties
    about.title, about.keywords, about.language = paper.title, paper.clauses, "en-GB"
    about.author = about.comments = about.last_modified_by = ""
    for name in ("dcterms:created", "dcterms:modified"):
        for found in about._element.findall(qn(name)):
            about._element.remove(found)


def _put(made: WordFile, block: Block, size: float) -> None:
    match block:
        case Heading():
            _runs(made.add_heading(level=block.level), block.runs, size * SIZES[block.level])
        case Paragraph():
            _paragraph(made, block, size)
        case Bullets():
            for item in block.items:
                style = "List Number" if block.ordered else "List Bullet"
                _runs(made.add_paragraph(style=style), item, size)
        case Table():
            _table(made, block, size)
        case Space():
            if made.paragraphs:
                made.paragraphs[-1].paragraph_format.keep_with_next = True
            for line in range(block.lines):
                paragraph = made.add_paragraph()
                paragraph.paragraph_format.keep_with_next = line + 1 < block.lines
                _framed(paragraph, THIN)
            made.paragraphs[-1].paragraph_format.space_after = Pt(size * 0.8)
        case Box():
            first = len(made.paragraphs)
            for inner in block.blocks:
                _put(made, inner, size)
            for paragraph in made.paragraphs[first:]:
                _framed(paragraph, THICK if block.emergency else THIN * 2)
            made.add_paragraph().paragraph_format.space_after = Pt(0)


def _paragraph(made: WordFile, block: Paragraph, size: float) -> None:
    scale = {"lead": 1.12, "small": SMALL, "": 1.0}[block.style]
    _runs(made.add_paragraph(), block.runs, size * scale, sized=bool(block.style))


def _runs(into: WordParagraph, runs: Runs, size: float, *, sized: bool = False) -> None:
    for run in runs:
        made = into.add_run(run.text)
        if run.strong:
            made.bold = True
        if run.small:
            made.font.size = Pt(round(size * SMALL * 2) / 2)
            made.bold = False
        elif sized:
            made.font.size = Pt(round(size * 2) / 2)


def _table(made: WordFile, block: Table, size: float) -> None:
    if block.caption:
        _runs(made.add_paragraph(style="Caption"), block.caption, size * SMALL)
    table = made.add_table(rows=0, cols=len(block.head), style="Table Grid")
    table.autofit = False
    shares = widths(block)
    head = table.add_row()
    _child(head._tr.get_or_add_trPr(), "w:tblHeader")
    rows = [head]
    for place, runs in enumerate(block.head):
        _cell(head.cells[place], runs, size, head=True)
    for row in block.rows:
        rows.append(table.add_row())
        for place, cell in enumerate(row):
            _cell(rows[-1].cells[place], cell.runs, size, head=cell.head)
    for one in rows:
        _lay_out(one, shares, size, blank=not any(cell.text for cell in one.cells))
    for place, share in enumerate(shares):
        table.columns[place].width = Mm(WIDTH * share / sum(shares))
    look = table._tbl.tblPr.find(qn("w:tblLook"))
    if look is None:
        look = _child(table._tbl.tblPr, "w:tblLook")
    named = any(cell.head for row in block.rows for cell in row[:1])
    for key, value in {"firstRow": "1", "firstColumn": "1" if named else "0", "noHBand": "1"}.items():
        look.set(qn(f"w:{key}"), value)
    said = words_of(block.caption) or words_of(block.head[0])
    _child(table._tbl.tblPr, "w:tblCaption", val=said)
    made.add_paragraph().paragraph_format.space_after = Pt(size * 0.2)


def _cell(cell: _Cell, runs: Runs, size: float, *, head: bool) -> None:
    paragraph = cell.paragraphs[0]
    paragraph.paragraph_format.space_after = Pt(2)
    _runs(paragraph, runs, size)
    if head:
        for run in paragraph.runs:
            run.bold = True


def _lay_out(row: _Row, shares: list[float], size: float, *, blank: bool) -> None:
    """A row stays on one page; one to be written in is high enough for a hand."""
    _child(row._tr.get_or_add_trPr(), "w:cantSplit")
    if blank or not row.cells[-1].text:
        row.height = Pt(size * 2.6)
    for place, cell in enumerate(row.cells):
        cell.width = Mm(WIDTH * shares[place] / sum(shares))


def _framed(paragraph: WordParagraph, eighths: int) -> None:
    """A frame around the paragraph; neighbours with the same one share it."""
    borders = OxmlElement("w:pBdr")
    for side in ("top", "left", "bottom", "right"):
        _child(borders, f"w:{side}", val="single", sz=str(eighths), space="4", color="auto")
    properties = paragraph._p.get_or_add_pPr()
    properties.insert_element_before(
        borders, "w:shd", "w:tabs", "w:suppressAutoHyphens", "w:spacing", "w:ind", "w:jc", "w:rPr"
    )


def _page_numbers(made: WordFile, size: float) -> None:
    paragraph = made.sections[0].footer.paragraphs[0]
    paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
    made.styles["Footer"].font.size = Pt(max(9, round(size * 0.9)))
    made.styles["Footer"].font.name = FONT
    for words, field in (("Page ", "PAGE"), (" of ", "NUMPAGES")):
        paragraph.add_run(words)
        number = _child(paragraph._p, "w:fldSimple", instr=field)
        _child(_child(number, "w:r"), "w:t").text = "1"


def _child(parent: BaseOxmlElement, tag: str, **attributes: str) -> BaseOxmlElement:
    made: BaseOxmlElement = OxmlElement(tag)
    for name, value in attributes.items():
        made.set(qn(f"w:{name}"), value)
    parent.append(made)
    return made


def _timeless(file: bytes) -> bytes:
    """The same file with no time in its zip: the same paper gives the same bytes."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(file)) as old, zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(zipfile.ZipInfo(name, BEFORE_COMPUTERS), old.read(name), zipfile.ZIP_DEFLATED)
    return buffer.getvalue()
