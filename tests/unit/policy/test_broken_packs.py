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
