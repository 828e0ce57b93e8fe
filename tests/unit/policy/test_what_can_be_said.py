"""Everything that real policies say can be said in a pack, without code: each with a pack that was judged.

The cases themselves run beside the others; here stands which sentence each of them is for.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.policy import cases

FILE = Path(__file__).parents[3] / "rules" / "cases" / "the-language.yaml"
CASES = {case.name: case for case in cases.read(FILE.read_text(encoding="utf-8"), FILE.name)}
SAID = {
    "calendar days and working days": "Ten days, and ten working days",
    "weeks": "Weeks are seven calendar days",
    "months and years": "A month from 31 January, and a year from 29 February",
    "hours": "24 hours from a time, and from a day",
    "counting from the visit's day as 0 or as 1": "The day of the visit counted as day 1",
    "two clocks on one plan at once": "Two clocks on one plan",
    "stages that end at a date": "A stage that ends on a date",
    "stages that end at an age": "A stage that ends at an age",
    "stages that end at a review or an order": "A stage that ends at a review, and one that ends at an order",
    "a follow-up due because of how the last visit went": (
        "Not seen alone last time, so again within five working days, and the manager is told"
    ),
    "visit kinds that never count": "Visit kinds that never count",
    "reductions that need a named approval": "A longer interval only with the approval that the policy names",
    "stages that an approval ends": "A stage that ends with a recorded approval",
    "extra closure days": "Closure days of the council's own, in the policy",
    "effective dates": "A clause that comes into force in the middle",
    "a visit judged by the policy of its day": "What counts is judged by the version of the visit's day",
    "plan kinds of the council's own": "A plan kind of the council's own",
    "one pack built on another": "A council takes a whole policy over and changes one clause",
    "timescales from one, guidance from another": "Timescales of one policy, guidance of another",
}


@pytest.mark.parametrize(("sentence", "name"), SAID.items(), ids=list(SAID))
def test_what_policies_say_is_said_in_a_pack_of_its_own(sentence: str, name: str) -> None:
    assert name in CASES, f"no case shows: {sentence}"
    assert CASES[name].own is not None, "the case has to bring the pack that says it"
    assert CASES[name].expect, "and that pack has to owe something"
