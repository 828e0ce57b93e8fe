"""Within a judgement children are numbers: were one mistaken, a visit would count for another child."""

from __future__ import annotations

import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from bot.policy.lookup import numbers_among

IDS = st.text(st.sampled_from("0123456789C é"), max_size=6)
MANY = tuple(f"C{number}" for number in range(600))  # enough that some share a slot of the table


@given(st.sets(IDS, max_size=40), st.booleans(), st.lists(st.none() | IDS, max_size=60))
def test_a_name_has_the_number_of_its_place_and_a_stranger_none(
    ids: set[str], beside_many: bool, others: list[str | None]
) -> None:
    names = sorted(ids | set(MANY) if beside_many else ids)
    asked = [*others, *names, None, *reversed(names)]

    numbers = numbers_among(pl.Series(names, dtype=pl.String), pl.Series("id", asked, dtype=pl.String))

    places = {name: place for place, name in enumerate(names)}
    assert numbers.to_list() == [None if name is None else places.get(name) for name in asked]
    assert (numbers.name, numbers.dtype) == ("id", pl.UInt32)
