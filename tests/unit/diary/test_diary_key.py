"""A key is one a visit cycle, the same everywhere, and says nothing."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.diary.actions import transaction_id
from bot.diary.entry import Role
from bot.diary.key import entry_key

TEXT = st.text(alphabet=st.characters(codec="utf-8"), max_size=8)
PARTS = st.tuples(TEXT, TEXT, st.none() | TEXT, TEXT, st.sampled_from(list(Role)))


def key(parts: tuple[str, str, str | None, str, Role], secret: bytes = b"s") -> str:
    child_id, kind, setting, cycle, role = parts
    return entry_key(secret, child_id=child_id, kind=kind, setting=setting, cycle=cycle, role=role)


@given(PARTS, PARTS)
def test_two_entries_share_a_key_only_if_they_are_the_same_entry_of_the_same_cycle(a, b):
    assert (key(a) == key(b)) == (a == b)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (("1", "visit", None, "c"), ("1", "visit", "", "c")),
        (("1", "visit", None, "c"), ("1", "visit", "None", "c")),
        (("1", "visit", None, "c"), ("1", "visit", "null", "c")),
        (("1", "2v", None, "c"), ("12", "v", None, "c")),
        (('1","visit', "x", None, "c"), ("1", 'visit","x', None, "c")),
    ],
)
def test_parts_that_look_alike_when_joined_give_different_keys(one, other):
    assert key((*one, Role.MARKER)) != key((*other, Role.MARKER))


@given(PARTS)
@pytest.mark.fact("bot-keys-are-hex")
def test_a_key_survives_outlooks_comparison_without_regard_to_case(parts):
    assert re.fullmatch("[0-9a-f]{64}", key(parts))


@given(PARTS)
def test_without_the_secret_a_key_cannot_be_made(parts):
    assert key(parts, b"one") != key(parts, b"other")


def test_an_empty_secret_is_refused_since_case_numbers_could_be_tried_out():
    with pytest.raises(ValueError, match="secret"):
        key(("1", "visit", None, "c", Role.MARKER), b"")


@given(PARTS, st.integers(0, 10**6), st.integers(0, 10**6))
@pytest.mark.fact("bot-transaction-version")
def test_a_transaction_id_is_one_for_each_key_and_generation(parts, first, second):
    made = key(parts)
    assert (transaction_id(made, first) == transaction_id(made, second)) == (first == second)
    assert made not in transaction_id(made, first)
