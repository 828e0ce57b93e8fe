"""A pack with a mistake says file, line, key, what is wrong and the mend; all mistakes at once.

Each file of broken_packs/ holds one mistake: its first line has the words that the message must hold, and
``# here`` stands at the end of the line to which whoever mends it must be sent.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.policy.pack import PackError, read_pack

BROKEN = sorted((Path(__file__).parent / "broken_packs").glob("*.yaml"))
HEAD = "title: T\nsource: {title: S}\ncovers: [child_in_need]\nclauses:\n"
CLAUSE = "  - {id: X.1, says: s, cites: c, clocks: [{every: 10 working days}]}\n"


@pytest.mark.parametrize("file", BROKEN, ids=lambda file: file.stem)
def test_a_broken_pack_says_where_and_what(file: Path) -> None:
    text = file.read_text(encoding="utf-8")
    words = text.partition("\n")[0].removeprefix("# words: ")
    here = [n for n, line in enumerate(text.splitlines(), start=1) if line.endswith("# here")]
    with pytest.raises(PackError) as error:
        read_pack(file.name, text)
    said = [str(problem) for problem in error.value.problems]
    found = [one for one in said if words in one]
    assert found, said
    assert not here or found[0].startswith(f"{file.name}:{here[0]}:"), said
    assert all(problem.mend for problem in error.value.problems)


def test_all_mistakes_are_said_at_once() -> None:
    text = HEAD.replace("title: T", "titel: T") + CLAUSE.replace("every", "evry").replace(
        "says: s", "sais: s"
    )
    with pytest.raises(PackError) as error:
        read_pack("x.yaml", text)
    keys = {problem.where.rsplit(":", 1)[1] for problem in error.value.problems}
    assert {"titel", "title", "clauses.0.sais", "clauses.0.says", "clauses.0.clocks.0.evry"} <= keys


def test_two_clauses_of_one_id_are_told_with_both_lines_beside_other_mistakes() -> None:
    for text in (HEAD + CLAUSE + CLAUSE, HEAD + CLAUSE + CLAUSE.replace("every", "evry")):
        with pytest.raises(PackError) as error:
            read_pack("x.yaml", text)
        (twice,) = (one for one in error.value.problems if "X.1" in one.what)
        assert twice.where == "x.yaml:6:clauses.1.id"
        assert twice.what == "the clause id 'X.1' stands 2 times: on lines 5 and 6"


def test_a_date_that_is_none_stands_on_its_line_and_hides_no_other_mistake() -> None:
    text = HEAD.replace("clauses:", "review_by: 2027-13-01\nclauses:") + CLAUSE.replace("says", "sais")
    with pytest.raises(PackError) as error:
        read_pack("x.yaml", text)
    places = [problem.where for problem in error.value.problems]
    assert places == ["x.yaml:4:review_by", "x.yaml:6:clauses.0.says", "x.yaml:6:clauses.0.sais"]
    assert "'2027-13-01' is not a day" in error.value.problems[0].what
