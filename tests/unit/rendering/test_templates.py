"""Whoever edits a template hears of a mistake from ``check``, with file and line, and never at 07:00."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from jinja2 import UndefinedError

from bot.rendering import sample
from bot.rendering.check import NEEDED, check_templates
from bot.rendering.kinds import KINDS
from bot.rendering.mail import MailWords, worker_list
from bot.rendering.templates import TEMPLATES


@pytest.fixture
def edited(tmp_path: Path) -> Callable[[str, str, str], Path]:
    """A council's own copy of the templates, with one thing in one of them changed."""

    def edit(name: str, old: str, new: str) -> Path:
        folder = tmp_path / "templates"
        shutil.copytree(TEMPLATES, folder)
        text = (folder / name).read_text(encoding="utf-8")
        assert old in text
        (folder / name).write_text(text.replace(old, new, 1), encoding="utf-8")
        return folder

    return edit


def test_the_templates_as_released_are_in_order() -> None:
    assert check_templates() == ()


def test_every_mail_that_can_be_made_is_a_kind_that_check_renders() -> None:
    pages = {
        path.name for path in TEMPLATES.glob("*.html.j2") if '"layout.html.j2"' in path.read_text("utf-8")
    }
    assert pages == {kind.templates[0] for kind in KINDS}
    assert all((TEMPLATES / name).is_file() and name in NEEDED for kind in KINDS for name in kind.templates)


def test_a_councils_own_words_appear(edited: Callable[[str, str, str], Path]) -> None:
    folder = edited("worker_list.txt.j2", "YOUR TIME OFF", "LEAVE, as agreed in Northborough")
    assert check_templates(folder) == ()
    mail = worker_list(sample.worker_lists()[0], MailWords("Wrong?", ""), folder)
    assert "LEAVE, as agreed in Northborough" in mail.text


@pytest.mark.parametrize(
    ("name", "old", "new", "says"),
    [
        ("worker_list.html.j2", "list.next_due |", "list.nextdue |", "nextdue"),
        ("worker_list.txt.j2", "{{ list.name }}", "{{ liste.name }}", "liste"),
        ("manager_digest.txt.j2", "digest.name", "digest.nmae", "nmae"),
        ("entry.html.j2", "body.heading", "body.headline", "headline"),
        ("entry.txt.j2", "body.wrong", "body.worng", "worng"),
        ("macros.html.j2", "row.what", "row.waht", "waht"),
        ("manager_digest.html.j2", "digest.warnings %}", "digest.warnings | nosuch %}", "nosuch"),
        ("layout.html.j2", "{% if words.reply_to %}", "{% fi words.reply_to %}", "fi"),
        ("worker_list.html.j2", "list.overdue | length }} overdue", "list.overdue + 1 }} overdue", "tuple"),
    ],
)
def test_a_wrong_word_is_a_problem_with_its_file_and_line(
    edited: Callable[[str, str, str], Path], name: str, old: str, new: str, says: str
) -> None:
    folder = edited(name, old, new)
    line = (folder / name).read_text(encoding="utf-8").split(new)[0].count("\n") + 1
    problems = check_templates(folder)
    assert problems
    assert any(p.where == f"templates/{name}:{line}" and says in p.what for p in problems), problems
    assert all(p.mend and p.effect == "run refused" for p in problems)


def test_an_unknown_variable_is_an_error_and_never_an_empty_place(
    edited: Callable[[str, str, str], Path],
) -> None:
    folder = edited("worker_list.html.j2", "{{ list.name }}", "{{ list.nmae }}")
    with pytest.raises(UndefinedError):
        worker_list(sample.worker_lists()[0], MailWords("Wrong?", ""), folder)


def test_every_missing_template_is_named(tmp_path: Path) -> None:
    (tmp_path / "templates").mkdir()
    named = [problem.where for problem in check_templates(tmp_path / "templates")]
    assert named == [f"templates/{name}" for name in NEEDED]


def test_one_that_is_missing_or_cannot_be_read_hides_nothing_that_is_wrong_with_another(
    edited: Callable[[str, str, str], Path],
) -> None:
    folder = edited("worker_list.html.j2", "{{ list.name }}", "{{ list.nmae }}")
    (folder / "welcome.html.j2").unlink()
    (folder / "morning.txt.j2").write_text("{% if %}")
    named = {problem.where.partition(":")[0] for problem in check_templates(folder)}
    assert named == {f"templates/{name}.j2" for name in ("worker_list.html", "welcome.html", "morning.txt")}


def test_a_mended_template_is_read_anew(edited: Callable[[str, str, str], Path]) -> None:
    folder = edited("worker_list.html.j2", "{{ list.name }}", "{{ list.nmae }}")
    assert check_templates(folder)
    shutil.copy(TEMPLATES / "worker_list.html.j2", folder)
    assert check_templates(folder) == ()


def test_every_mistake_is_told_at_once(edited: Callable[[str, str, str], Path]) -> None:
    folder = edited("worker_list.html.j2", "{{ list.name }}", "{{ list.nmae }}")
    text = (folder / "manager_digest.txt.j2").read_text(encoding="utf-8")
    (folder / "manager_digest.txt.j2").write_text(
        text.replace("digest.name", "digest.nmae"), encoding="utf-8"
    )
    files = {problem.where.split(":")[0] for problem in check_templates(folder)}
    assert files == {"templates/worker_list.html.j2", "templates/manager_digest.txt.j2"}
