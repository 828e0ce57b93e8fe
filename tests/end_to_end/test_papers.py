"""`prepare` and `letter` as a person meets them: files, or one clear message why there are none."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from paperkit.reading import docx_words, words

from bot.cli.app import main

DAY = "2026-11-23"
Bot = Callable[..., "Done"]


@pytest.fixture(scope="module")
def caseload(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three children: one to see, one restricted, one whose plan has ended."""
    folder = tmp_path_factory.mktemp("papers")
    rows = {
        "children.csv": [
            "child_id,initials,date_of_birth,restricted",
            "C1,JS,2015-06-01,",
            "C2,KS,,yes",
            "C3,LS,,",
        ],
        "episodes.csv": [
            "child_id,kind,start,end,worker_id",
            "C1,child_in_need,2026-09-01,,W1",
            "C2,child_in_need,2026-09-01,,W1",
            "C3,child_in_need,2026-01-01,2026-09-30,W1",
        ],
        "visits.csv": [
            "visit_id,child_id,at,status,seen,seen_alone,at_home,bedroom_seen,announced,worker_id",
            "V1,C1,2026-11-06,completed,yes,no,yes,yes,yes,W1",
            "V2,C1,2026-11-25T15:30,scheduled,,,,,yes,W1",
            "V3,C1,2026-12-02,scheduled,,,,,no,W1",
        ],
        "workers.csv": [
            "worker_id,name,email,phone,role,manager_id",
            "W1,Amira Khan,amira.khan@council.example,01632 960101,social_worker,M1",
            "W2,Sam Okoro,sam.okoro@council.example,,social_worker,M1",
            "M1,Grace Adeyemi,grace.adeyemi@council.example,01632 960102,manager,",
        ],
    }
    for name, lines in rows.items():
        (folder / name).write_text("\n".join([*lines, ""]), encoding="utf-8")
    return folder


@dataclass(frozen=True)
class Done:
    returncode: int
    stdout: str
    stderr: str


@pytest.fixture
def bot(
    tmp_path: Path, caseload: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Bot:
    """The command line's own way in, in this process."""

    def call(command: str, child: str, *more: object) -> Done:
        given = [
            "--caseload",
            caseload,
            "--rules",
            "visiting-policy",
            "--today",
            DAY,
            "--out",
            tmp_path / "out",
        ]
        monkeypatch.setattr(sys, "argv", ["run_bot.py", command, child, *map(str, (*given, *more))])
        capsys.readouterr()
        with pytest.raises(SystemExit) as ended:
            main()
        return Done(int(ended.value.code or 0), *capsys.readouterr())

    return call


def made(folder: Path) -> list[str]:
    return sorted(file.name for file in (folder / "out").iterdir()) if (folder / "out").exists() else []


def test_prepare_writes_the_sheet_and_the_write_up_in_every_format(bot: Bot, tmp_path: Path) -> None:
    done = bot("prepare", "C1")
    assert done.returncode == 0, done.stderr
    names = [
        f"{paper}-C1-{DAY}.{kind}"
        for paper in ("preparation-sheet", "write-up")
        for kind in ("docx", "html", "pdf")
    ]
    assert made(tmp_path) == names
    assert [Path(line).name for line in done.stdout.split()] == names
    page = (tmp_path / "out" / names[1]).read_text(encoding="utf-8")
    assert "See the child alone for part of the visit (B.4)" in words(page)
    assert "See the child alone for part of the visit (B.4)" in docx_words(
        (tmp_path / "out" / names[0]).read_bytes()
    )


def test_letter_writes_what_was_arranged_and_nothing_of_what_was_not(bot: Bot, tmp_path: Path) -> None:
    done = bot("letter", "C1", "--format", "html,pdf")
    assert done.returncode == 0, done.stderr
    assert made(tmp_path) == [
        f"visit-{paper}-C1.{kind}" for paper in ("agreement", "diary") for kind in ("html", "pdf")
    ]
    page = words((tmp_path / "out" / "visit-diary-C1.html").read_text(encoding="utf-8"))
    assert "Wednesday 25 November 2026 3:30 pm Visit" in page
    assert "December" not in page
    assert "2 December" not in done.stdout + done.stderr


def test_supervision_writes_a_workers_sheet_for_the_worker_and_the_manager_only(
    bot: Bot, tmp_path: Path
) -> None:
    done = bot("supervision", "W1", "--for", "M1")
    assert done.returncode == 0, done.stderr
    assert made(tmp_path) == [f"supervision-W1-{DAY}.{kind}" for kind in ("docx", "html", "pdf")]
    page = words((tmp_path / "out" / f"supervision-W1-{DAY}.html").read_text(encoding="utf-8"))
    assert "Supervision: Amira Khan" in page
    assert "J.S. C1 Last seen Fri 6 Nov 2026. Child in need. Not seen alone at the last visit" in page
    assert "K.S. C2 (restricted)" in page
    assert "restricted children: it is for W1 and M1 only" in " ".join(done.stderr.split())


@pytest.mark.parametrize(
    ("worker", "reader", "why"),
    [
        ("W1", "W2", "is for W1 and M1 only, and W2 is not one of them"),
        ("W8", "M1", "There is no worker 'W8'"),
    ],
)
def test_a_supervision_sheet_goes_to_nobody_else(
    bot: Bot, tmp_path: Path, worker: str, reader: str, why: str
) -> None:
    done = bot("supervision", worker, "--for", reader)
    assert done.returncode == 1
    assert why in " ".join(done.stderr.split())
    assert made(tmp_path) == []


def test_large_print_has_files_of_its_own(bot: Bot, tmp_path: Path) -> None:
    assert bot("letter", "C1", "--large-print", "--format", "docx").returncode == 0
    assert made(tmp_path) == ["visit-agreement-C1-large-print.docx", "visit-diary-C1-large-print.docx"]


def test_what_somebody_has_written_in_is_never_written_over(bot: Bot, tmp_path: Path) -> None:
    assert bot("prepare", "C1", "--format", "html").returncode == 0
    sheet = tmp_path / "out" / f"preparation-sheet-C1-{DAY}.html"
    sheet.write_text("my notes", encoding="utf-8")
    assert bot("prepare", "C1", "--format", "html").returncode == 0
    assert sheet.read_text(encoding="utf-8") == "my notes"
    assert made(tmp_path) == [
        f"preparation-sheet-C1-{DAY}-2.html", f"preparation-sheet-C1-{DAY}.html", f"write-up-C1-{DAY}.html"
    ]  # fmt: skip
    assert all(file.stat().st_mode & 0o077 == 0 for file in (tmp_path / "out").glob("*-2.html"))


def test_a_restricted_childs_paper_is_refused_to_others_and_says_whose_it_is(
    bot: Bot, tmp_path: Path
) -> None:
    refused = bot("prepare", "C2", "--for", "W2")
    assert refused.returncode == 1
    assert "restricted: its papers are for M1 and W1 only, and W2 is not one of them" in refused.stderr
    assert made(tmp_path) == []
    done = bot("prepare", "C2", "--for", "M1", "--format", "html")
    assert done.returncode == 0
    assert "Restricted record: this is for Amira Khan (W1) and Grace Adeyemi (M1) only" in done.stderr
    page = (tmp_path / "out" / f"preparation-sheet-C2-{DAY}.html").read_text(encoding="utf-8")
    assert "for Amira Khan and Grace Adeyemi only" in words(page)


@pytest.mark.parametrize(
    ("arguments", "status", "says"),
    [
        (("prepare", "nobody"), 1, "There is no child 'nobody'"),
        (("letter", "nobody"), 1, "There is no child 'nobody'"),
        (("prepare", "C3"), 1, "No visit or contact is owed to C3 on Mon 23 Nov 2026 under visiting-policy"),
        (("letter", "C3"), 1, "No plan or placement of C3 is open on Mon 23 Nov 2026"),
        (("prepare", "C1", "--for", "W9"), 1, "There is no worker 'W9'"),
        (("prepare", "C1", "--for", "W2"), 1, "Papers about C1 are for M1 and W1 only"),
        (
            ("letter", "C1", "--format", "odt"),
            2,
            "--format 'odt' is not one this makes. Give docx, html, pdf",
        ),
        (("letter", "C1", "--rules", "no-such-pack"), 2, "There is no pack 'no-such-pack'"),
    ],
)
def test_where_nothing_can_be_made_it_says_why_and_makes_nothing(
    bot: Bot, tmp_path: Path, arguments: tuple[str, ...], status: int, says: str
) -> None:
    done = bot(*arguments)
    assert done.returncode == status
    assert says in done.stderr
    assert done.stdout == ""
    assert made(tmp_path) == []


def test_a_folder_that_cannot_be_written_to_is_named(bot: Bot, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    done = bot("prepare", "C1", "--format", "html", "--out", tmp_path / "file")
    assert done.returncode == 2
    assert "cannot be written to" in done.stderr
