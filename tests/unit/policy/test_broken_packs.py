"""A pack with a mistake says file, line, key, what is wrong and the mend; all mistakes at once."""

from __future__ import annotations

import pytest

from bot.policy.pack import PackError, read_pack

HEAD = "title: T\nsource: {title: S}\ncovers: [child_in_need]\nclauses:\n"
CLAUSE = "  - {id: X.1, says: s, cites: c, clocks: [{every: 10 working days}]}\n"


@pytest.mark.parametrize(
    ("text", "where", "words"),
    [
        ("", "x.yaml:1:", "the file is empty"),
        ("title: [", "x.yaml:1:", "is not YAML"),
        (HEAD + CLAUSE + "title: U\n", "x.yaml:6:", "'title' stands twice"),
        (HEAD + CLAUSE + CLAUSE, "x.yaml:6:clauses.1.id", "stands 2 times"),
        (HEAD + CLAUSE.replace("every", "evry"), "x.yaml:5:", "Did you mean 'every'?"),
        (HEAD + CLAUSE.replace("10 working days", "ten days"), "x.yaml:5:", "'10 working days', '3 weeks'"),
        (HEAD + CLAUSE.replace("10 working days", "0 weeks"), "x.yaml:5:", "no time at all"),
        (
            HEAD.replace("child_in_need", "child_in_ned") + CLAUSE,
            "x.yaml:3:",
            "Did you mean 'child_in_need'?",
        ),
        (HEAD + CLAUSE.replace("cites: c, ", ""), "x.yaml:5:clauses.0.cites", "Add 'cites'"),
        (HEAD + "  - {id: X.1, says: s, cites: c}\n", "x.yaml:5:", "asks for nothing"),
        (HEAD + CLAUSE.replace("clocks", "must: [alon], clocks"), "x.yaml:5:", "Did you mean 'alone'?"),
        (HEAD + CLAUSE.replace("clocks", "must_when: [{aged_undr: 3}], clocks"), "x.yaml:5:", "aged_under"),
        (HEAD + CLAUSE.replace("}]", ", within: 2 days}]"), "x.yaml:5:", "'within' (once)"),
        (
            HEAD + CLAUSE.replace("every: 10 working days", "stages: [{every: 1 week}, {every: 2 weeks}]"),
            "x.yaml:5:",
            "never be reached",
        ),
        (HEAD + CLAUSE.replace("}]", ", also_as: [X.9]}]"), "x.yaml:5:", "refers to 'X.9'"),
        (HEAD.replace("covers", "review_by: soon\ncovers") + CLAUSE, "x.yaml:3:review_by", "date"),
        (
            HEAD
            + CLAUSE.replace("clocks", "in_force: {until: 2026-02-01}, clocks")
            + CLAUSE.replace("clocks", "in_force: {from: 2026-01-01}, clocks"),
            "x.yaml:6:",
            "overlap",
        ),
    ],
)
def test_a_broken_pack_says_where_and_what(text: str, where: str, words: str) -> None:
    with pytest.raises(PackError) as error:
        read_pack("x.yaml", text)
    said = [str(problem) for problem in error.value.problems]
    assert any(one.startswith(where) and words in one for one in said), said


def test_all_mistakes_are_said_at_once() -> None:
    text = HEAD.replace("title: T", "titel: T") + CLAUSE.replace("every", "evry").replace(
        "says: s", "sais: s"
    )
    with pytest.raises(PackError) as error:
        read_pack("x.yaml", text)
    keys = {problem.where.rsplit(":", 1)[1] for problem in error.value.problems}
    assert {"titel", "title", "clauses.0.sais", "clauses.0.says", "clauses.0.clocks.0.evry"} <= keys
