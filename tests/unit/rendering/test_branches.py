"""A name that does not exist is found wherever it stands, also under a condition that no sample meets."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from jinja2 import TemplateSyntaxError

from bot.rendering import sample
from bot.rendering.branches import Branches, noted
from bot.rendering.check import check_templates
from bot.rendering.kinds import samples
from bot.rendering.mail import MailWords, worker_list
from bot.rendering.shapes import Shape
from bot.rendering.templates import TEMPLATES

NEVER = "{% if list.children > 9000 %}"
PAGE = "worker_list.html.j2"
AT = "{% block main %}"
LINE = (TEMPLATES / PAGE).read_text(encoding="utf-8").split(AT)[0].count("\n") + 1
WORDS = MailWords("Wrong?", "duty@council.example")
Add = Callable[[str], Path]
Given = dict[str, dict[str, Shape]]


@pytest.fixture
def add(tmp_path: Path) -> Add:
    """A council's own folder, with words of its own in the Monday list."""

    def add(words: str, name: str = PAGE, at: str = AT) -> Path:
        folder = tmp_path / "templates"
        shutil.copytree(TEMPLATES, folder, dirs_exist_ok=True)
        text = (TEMPLATES / name).read_text(encoding="utf-8")
        (folder / name).write_text(text.replace(at, f"{at}{words}", 1), encoding="utf-8")
        return folder

    return add


@pytest.fixture(scope="module")
def given() -> Given:
    with noted(TEMPLATES) as found:
        for _, make in samples(WORDS):
            make()
    return found


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (NEVER + "{{ nosuch }}{% endif %}", "'nosuch'"),
        (NEVER + "{{ list.nmae }}{% endif %}", "'nmae'; did you mean 'name'?"),
        (NEVER + "{{ list.today.strftim('%d') }}{% endif %}", "'strftim'"),
        (NEVER + "{% for row in list.overdue %}{{ row.chidl }}{% endfor %}{% endif %}", "'chidl'"),
        (NEVER + "{{ list.overdue[0].why[0].caluse }}{% endif %}", "'caluse'"),
        (NEVER + "{{ list.overdue | map(attribute='chidl') | join }}{% endif %}", "'chidl'"),
        (NEVER + "{{ list.overdue | selectattr('plannd') | list | length }}{% endif %}", "'plannd'"),
        (NEVER + "{% for a, b in list.leave | groupby('cvoer') %}{{ a }}{% endfor %}{% endif %}", "'cvoer'"),
        (NEVER + "{{ list.name | nosuch }}{% endif %}", "nosuch"),
        (NEVER + "{{ m.nosuch(list) }}{% endif %}", "'nosuch'"),
        (NEVER + "{% for a in list.children %}{% endfor %}{% endif %}", "int"),
        (NEVER + "{{ list.today | moment(list.today) }}{% endif %}", "moment takes datetime, not date"),
        (NEVER + "{{ list.overdue + 1 }}{% endif %}", "cannot be reckoned with"),
        ("{% if list.children %}{% else %}{{ list.nmae }}{% endif %}", "'nmae'"),
        ("{% if list.children %}{% elif list.nmae %}{% endif %}", "'nmae'"),
        ("{{ list.name if list.children else list.nmae }}", "'nmae'"),
        ("{% for row in list.overdue %}{% else %}{{ list.nmae }}{% endfor %}", "'nmae'"),
        ("{% for row in list.overdue if not row.child %}{{ row.chidl }}{% endfor %}", "'chidl'"),
        ("{{ list.children or list.nmae }}", "'nmae'"),
        ("{% if list.children or list.nmae %}{% endif %}", "'nmae'"),
        (
            "{% macro own(row) %}{{ row.chidl }}{% endmacro %}" + NEVER + "{{ own(list) }}{% endif %}",
            "'chidl'",
        ),
    ],
)
def test_a_wrong_name_is_found_where_no_sample_leads(add: Add, given: Given, words: str, says: str) -> None:
    try:
        found = Branches(add(words)).wrong(PAGE, given[PAGE])
    except (TemplateSyntaxError, TypeError) as error:
        found = (("", LINE, str(error)),)
    assert [line for _, line, _ in found] == [LINE]
    assert says in found[0][2]


@pytest.mark.parametrize("words", ["{{ list.nmae }}", "{{ list.name | nosuch }}", "{{ list.overdue + 1 }}"])
def test_check_tells_it_with_file_and_line(add: Add, words: str) -> None:
    (problem,) = check_templates(add(NEVER + words + "{% endif %}"))
    assert problem.where == f"templates/{PAGE}:{LINE}"


@pytest.mark.parametrize(
    "words",
    [
        "{% for row in list.overdue if row.planned %}{{ row.planned.strftime('%H:%M') }}{% endfor %}",
        "{% set late = list.overdue | selectattr('child_protection') | list %}{{ late | length }}",
        "{% for row in list.overdue[:3] %}{{ loop.index }} {{ row.child | upper }}{% endfor %}",
        "{{ (list.overdue or list.this_week)[0].child if list.overdue else 'nobody' }}",
        "{{ list.streak | default('') }}{% if list.streak is defined %}{% endif %}",
        "{{ {'a': 1, 'b': 2}['a'] + list.children * 2 - 1 }} {{ '%02d' | format(list.children) }}",
        "{{ list.overdue | map(attribute='child') | map('lower') | sort | join(', ') }}",
        "{% if list.overdue | sum(attribute='days_late') > 9 %}{{ list.week.starts.isoformat() }}{% endif %}",
        "{% for due, rows in list.overdue | groupby('due') %}{{ due | day(list.today) }}{{ rows[0].child }}"
        "{% endfor %}",
        "{% if list.name in ('Amira', 'Sam') and list.email.endswith('.uk') %}{{ list.name ~ 1 }}{% endif %}",
        "{% with who = list.name %}{{ who | replace('a', 'b') | truncate(9) }}{% endwith %}",
        "{% set n = namespace(late=0) %}{% for row in list.overdue %}{% set n.late = row.days_late %}"
        "{% endfor %}{{ n.late }}",
        "{% for row in list.overdue | sort(attribute='child,due') %}{{ row.child }}{% endfor %}",
    ],
)
def test_what_a_council_may_rightly_write_is_no_problem(add: Add, given: Given, words: str) -> None:
    folder = add(words)
    assert Branches(folder).wrong(PAGE, given[PAGE]) == ()
    for value in sample.worker_lists():
        worker_list(value, WORDS, folder)


def test_what_may_be_missing_is_not_printed_as_none(add: Add) -> None:
    problems = check_templates(add("{% if list.next_week %}{{ list.next_week[0].due_at }}{% endif %}"))
    assert ["may be missing" in problem.what for problem in problems] == [True]


def test_every_wrong_name_is_told_at_once(add: Add) -> None:
    found = check_templates(add("{{ list.nmae }}\n{{ nosuch }}\n{% if list.chidren %}{% endif %}"))
    assert len({problem.where for problem in found}) == 3


# Every field that the released templates name, misspelt one at a time: the walk finds each.

FIELD = re.compile(r"(?<=[\w\])])\.([a-z_]+)\b(?![^{%]*\.(?:j2|css))(?=[^{}]*[%}]\})")
ALL = int(os.environ.get("MISSPELT_EVERY", "60"))  # 1: every single one


def fields() -> list[tuple[str, int]]:
    """Each place where a mail's template names a field."""
    places = []
    for path in sorted(TEMPLATES.glob("*.j2")):
        text = path.read_text(encoding="utf-8")
        places += [(path.name, match.start(1)) for match in FIELD.finditer(text)]
    return places


def test_whatever_field_is_misspelt_is_found(given: Given, tmp_path: Path) -> None:
    folder = tmp_path / "templates"
    shutil.copytree(TEMPLATES, folder)
    mails = [(name, at) for name, at in fields() if name in given or name.startswith("macros.")]
    assert len(mails) > 200
    for name, at in mails[::ALL]:
        text = (TEMPLATES / name).read_text(encoding="utf-8")
        (folder / name).write_text(f"{text[:at]}xq{text[at:]}", encoding="utf-8")
        walk = Branches(folder)
        kind = name.split(".", 1)[1]
        roots = [name] if name in given else [one for one in given if one.endswith(kind)]
        wrong = [one for root in roots for one in walk.wrong(root, given[root])]
        (folder / name).write_text(text, encoding="utf-8")
        line = text[:at].count("\n") + 1
        assert any(Path(file).name == name and where == line for file, where, _ in wrong), text[
            at - 60 : at + 20
        ]
