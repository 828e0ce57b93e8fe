"""The Word file and the PDF say what the page says, and a screen reader finds its way in both."""

from __future__ import annotations

import io
import re
import shutil
import zipfile
from pathlib import Path
from typing import Any

import pypdfium2
import pytest
from docx import Document
from docx.oxml.ns import qn
from paperkit.reading import bare, docx_words, parts, pdf_tags, pdf_words, words

from bot.rendering.check import check_templates
from bot.rendering.papers import sample
from bot.rendering.papers.blocks import Cell, NotForPaper, Paper, Run, Table, read
from bot.rendering.papers.docx import to_docx
from bot.rendering.papers.making import file_of
from bot.rendering.papers.pdf import to_pdf
from bot.rendering.templates import TEMPLATES

PAGES = [render() for render in sample.renderings(TEMPLATES)]
ONE_OF_EACH = [PAGES[0], PAGES[1], *PAGES[8:12], PAGES[-5], PAGES[-1]]


def is_large(page: str) -> bool:
    return 'class="large"' in page


@pytest.fixture(scope="module")
def files() -> list[tuple[str, bytes, bytes]]:
    """A page of each kind, with its Word file and its PDF."""
    return [
        (page, file_of(page, "docx", large=is_large(page)), file_of(page, "pdf", large=is_large(page)))
        for page in ONE_OF_EACH
    ]


def test_the_three_formats_say_the_same_words_in_the_same_order(
    files: list[tuple[str, bytes, bytes]],
) -> None:
    for page, docx, pdf in files:
        said = bare(words(page))
        assert bare(docx_words(docx)) == said
        printed = re.sub(r"Page \d+ of \d+", "", pdf_words(pdf))
        letters = sorted(bare(printed))  # a head that stands on every page of a long table is said again
        assert len(letters) >= len(said)
        for part in parts(page, "p") + parts(page, "h2") + parts(page, "li"):
            assert bare(part) in bare(printed), part


def test_a_word_file_has_real_headings_a_title_and_a_language(files: list[tuple[str, bytes, bytes]]) -> None:
    for page, docx, _ in files:
        made = Document(io.BytesIO(docx))
        styles = [p.style.name for p in made.paragraphs if p.style.name.startswith("Heading")]
        assert styles[0] == "Heading 1"
        assert styles.count("Heading 1") == 1
        assert len(styles) == sum(len(parts(page, tag)) for tag in ("h1", "h2", "h3"))
        assert made.core_properties.title == parts(page, "title")[0]
        assert made.core_properties.language == "en-GB"
        assert 'w:lang w:val="en-GB"' in made.styles.element.xml


def test_every_table_of_a_word_file_has_a_header_row_that_repeats_and_a_name(
    files: list[tuple[str, bytes, bytes]],
) -> None:
    found = [table for _, docx, _ in files for table in Document(io.BytesIO(docx)).tables]
    assert found
    for table in found:
        assert table.rows[0]._tr.trPr.find(qn("w:tblHeader")) is not None
        assert table._tbl.tblPr.find(qn("w:tblCaption")).get(qn("w:val"))
        assert not any(row._tr.trPr.find(qn("w:tblHeader")) is not None for row in table.rows[1:])


def test_a_pdf_is_tagged_titled_and_in_its_language(files: list[tuple[str, bytes, bytes]]) -> None:
    for page, _, pdf in files:
        tags = pdf_tags(pdf)
        assert tags.count("H1") == 1
        assert "P" in tags
        assert ("Table" in tags, "TH" in tags) == ("<table>" in page,) * 2
        assert ("L" in tags) == ("<ul>" in page)
        with pypdfium2.PdfDocument(pdf) as made:
            assert made.get_metadata_value("Title") == parts(page, "title")[0]
        assert re.search(rb"/Lang ?\(en-GB\)", pdf)
        assert b"pdfuaid" in pdf


def test_no_file_says_when_it_was_made(files: list[tuple[str, bytes, bytes]]) -> None:
    """A family's paper holds no date but those it shows; the same paper is the same to the byte."""
    for page, docx, pdf in files:
        assert file_of(page, "docx", large=is_large(page)) == docx
        assert file_of(page, "pdf", large=is_large(page)) == pdf
        with pypdfium2.PdfDocument(pdf) as made:
            assert not made.get_metadata_value("CreationDate")
        with zipfile.ZipFile(io.BytesIO(docx)) as parts_:
            assert {one.date_time[0] for one in parts_.infolist()} == {1980}
            assert (
                b"dcterms"
                not in parts_.read("docProps/core.xml").split(b"<cp:coreProperties")[1].split(b">", 1)[1]
            )


def test_large_print_is_nowhere_smaller_than_16_points() -> None:
    for page in PAGES:
        if is_large(page):
            made = Document(io.BytesIO(file_of(page, "docx", large=True)))
            sizes = {
                made.styles[name].font.size.pt for name in ("Normal", "Caption", "List Bullet", "Footer")
            }
            sizes |= {run.font.size.pt for p in made.paragraphs for run in p.runs if run.font.size}
            assert min(sizes) >= 16
            assert made.styles["Normal"].font.size.pt == 18


def test_nothing_a_record_says_is_read_as_layout() -> None:
    """A reason or a plan is somebody's typing: no sign in it means anything to what sets the page."""
    nasty = '#read("/etc/passwd") *bold* = head $x$ <b> [y] @z `q` \\ // note'
    paper = read(f"<title>T</title><main><h1>T</h1><p>{nasty.replace('<', '&lt;')}</p></main>")
    assert bare(nasty) in bare(pdf_words(to_pdf(paper)))
    assert nasty in docx_words(to_docx(paper))


@pytest.mark.parametrize("name", ["Zoë Łukasz Nguyễn", "محمد", "中文", "😀"])
def test_a_name_in_any_script_makes_a_file(name: str) -> None:
    paper = read(f"<title>T</title><main><h1>T</h1><p>{name}</p></main>")
    assert to_pdf(paper).startswith(b"%PDF")
    assert name in docx_words(to_docx(paper))


@pytest.mark.parametrize(
    ("inside", "says"),
    [
        ("<h1>T</h1><img src='x.png'>", "<img>"),
        ("<h1>T</h1><p>a<br>b</p>", "<br>"),
        ("<h1>T</h1>loose words", "words outside a paragraph"),
        ("<p>no heading</p>", "<h1>"),
        ("<h1>T</h1><div>x</div>", "room to write"),
        ("<h1>T</h1><table><tbody><tr><td>a</td></tr></tbody></table>", "column heads"),
        ("<h1>T</h1><table><thead><tr><th>a</th></tr></thead><tbody><tr><td>1</td><td>2</td></tr></tbody></table>",
         "as many cells"),
    ],
)  # fmt: skip
def test_what_no_word_file_can_hold_is_refused_by_name(inside: str, says: str) -> None:
    with pytest.raises(NotForPaper, match=re.escape(says)):
        read(f"<title>T</title><main>{inside}</main>")


def test_a_table_is_read_with_its_heads_and_its_empty_cells() -> None:
    page = (
        "<title>T</title><main><h1>T</h1><table><caption>C</caption><thead><tr><th>a</th><th>b</th></tr></thead>"
        "<tbody><tr><th>1</th><td></td></tr></tbody></table></main>"
    )
    made: Paper = read(page)
    assert made.blocks[1] == Table(
        (Run("C"),), ((Run("a"),), (Run("b"),)), ((Cell((Run("1"),), head=True), Cell(())),)
    )


@pytest.mark.parametrize(
    ("name", "old", "new", "says"),
    [
        ("preparation_sheet.html.j2", "sheet.skeleton.says", "sheet.skeleton.sais", "sais"),
        ("write_up.html.j2", "sheet.worker.name", "sheet.worker.nmae", "nmae"),
        ("family_agreement.html.j2", "agreement.often.says", "agreement.oftn.says", "oftn"),
        ("family_diary.html.j2", "visit.by", "visit.whom", "whom"),
        ("family_macros.html.j2", "worker.phone", "worker.fone", "fone"),
        ("family_diary.html.j2", "<h1>Your", "<img src='logo.png'><h1>Your",
         "family_diary.html.j2: a paper cannot hold <img>"),
    ],
)  # fmt: skip
def test_a_wrong_word_in_a_papers_template_is_found_by_check(
    tmp_path: Path, name: str, old: str, new: str, says: str
) -> None:
    folder = tmp_path / "templates"
    shutil.copytree(TEMPLATES, folder)
    text = (folder / name).read_text(encoding="utf-8")
    assert old in text
    (folder / name).write_text(text.replace(old, new), encoding="utf-8")
    problems: tuple[Any, ...] = check_templates(folder)
    assert any(says in problem.what for problem in problems), problems


def test_a_councils_own_words_stand_in_all_three_formats(tmp_path: Path) -> None:
    folder = tmp_path / "templates"
    shutil.copytree(TEMPLATES, folder)
    text = (folder / "family_diary.html.j2").read_text(encoding="utf-8")
    (folder / "family_diary.html.j2").write_text(
        text.replace("Your visit diary", "Northdale visits you"), encoding="utf-8"
    )
    (page, *_) = [one for one in (r() for r in sample.renderings(folder)) if "Northdale" in one]
    assert "Northdalevisitsyou" in bare(docx_words(file_of(page, "docx")))
    assert "Northdalevisitsyou" in bare(pdf_words(file_of(page, "pdf")))
