"""However a caseload shrinks: a guard says so with number, limit and way out, or it is within limits."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from bot.caseload.shrinkage import ChildBefore, Limits, Sizes, shrunken

MONDAY, TUESDAY = date(2026, 11, 23), date(2026, 11, 24)
TABLES = {"children": 50, "episodes": 50, "visits": 500, "workers": 5, "absences": 12}


def sizes(lists: dict[str, str], *, visits: int = 10, today: date = MONDAY, **tables: int) -> Sizes:
    """A caseload in which each child is on one worker's list."""
    return Sizes(
        today,
        TABLES | tables,
        len(lists),
        {child: ChildBefore(frozenset({worker}), visits) for child, worker in lists.items()},
        frozenset(lists),
        dict.fromkeys(lists, visits),
    )


FIFTY = {f"C{n}": f"W{n % 5}" for n in range(50)}


def settings_of(before: Sizes, now: Sizes, limits: Limits = Limits()) -> set[str]:  # noqa: B008  a value
    return {one.setting.removeprefix("guard.max_") for one in shrunken(before, now, limits)}


def test_the_same_caseload_passes() -> None:
    assert shrunken(sizes(FIFTY), sizes(FIFTY, today=TUESDAY), Limits()) == ()


def test_children_gone_are_said_with_share_number_limit_setting_and_way_out() -> None:
    left = dict(list(FIFTY.items())[21:])
    said = [str(one) for one in shrunken(sizes(FIFTY), sizes(left), Limits(children=0.3, one_list=1))]
    assert said[0] == (
        "42 % of 50 children are gone since the caseload of Mon 23 Nov 2026 (21), over the limit of 30 % "
        "(15; guard.max_children_gone_share). If that is right, run once with --force REASON; if not, look "
        "for what is missing from the export."
    )


def test_a_list_that_moved_to_a_colleague_has_not_shrunk() -> None:
    moved = {child: "W1" if worker == "W0" else worker for child, worker in FIFTY.items()}
    assert shrunken(sizes(FIFTY), sizes(moved), Limits()) == ()


def test_a_worker_s_whole_list_on_nobody_s_is_refused_even_where_the_children_are_still_there() -> None:
    orphaned = {child: "" if worker == "W0" else worker for child, worker in FIFTY.items()}
    (verdict,) = shrunken(sizes(FIFTY), sizes(orphaned), Limits())
    assert "100 % of 10 children of W0's list are on nobody's" in str(verdict)


def test_a_small_team_does_not_trip_over_one_family() -> None:
    six = {f"C{n}": "W1" for n in range(6)}
    assert shrunken(sizes(six), sizes({"C0": "W1"}), Limits()) == ()
    assert "children_gone_share" in settings_of(sizes(six), sizes({}))


def test_visits_hardly_ever_go_and_new_children_do_not_hide_it() -> None:
    before = sizes(FIFTY)
    lost = replace(before, visits={child: 9 if n < 21 else 10 for n, child in enumerate(FIFTY)})
    assert settings_of(before, lost) == {"visits_gone_share"}
    more = replace(lost, visits={**lost.visits, "new": 400})
    assert settings_of(before, more) == {"visits_gone_share"}


def test_visits_of_a_child_who_is_gone_are_not_counted_again() -> None:
    before = sizes(FIFTY, visits=30)
    left = {child: worker for child, worker in FIFTY.items() if child != "C7"}
    assert shrunken(before, sizes(left, visits=30), Limits()) == ()


def test_a_table_that_had_rows_and_has_none_is_refused() -> None:
    assert settings_of(sizes(FIFTY), sizes(FIFTY, absences=0)) == {"rows_gone_share"}
    assert settings_of(sizes(FIFTY, absences=5), sizes(FIFTY, absences=0)) == set()


def test_a_child_already_missing_is_not_counted_as_gone_once_more() -> None:
    before = sizes(FIFTY)
    known = {
        child: replace(was, missing_since=MONDAY) if n < 40 else was
        for n, (child, was) in enumerate(before.children.items())
    }
    left = dict(list(FIFTY.items())[40:])
    said = settings_of(replace(before, children=known, open_episodes=10), sizes(left))
    assert "children_gone_share" not in said


@given(
    before=st.dictionaries(st.sampled_from([f"C{n}" for n in range(80)]), st.sampled_from("ABCD")),
    gone=st.sets(st.sampled_from([f"C{n}" for n in range(80)])),
    orphaned=st.sets(st.sampled_from([f"C{n}" for n in range(80)])),
    share=st.floats(0, 1),
    floor=st.integers(0, 20),
)
def test_whatever_goes_a_guard_refuses_or_at_most_the_limit_has_gone(
    before: dict[str, str], gone: set[str], orphaned: set[str], share: float, floor: int
) -> None:
    left = {c: "" if c in orphaned else w for c, w in before.items() if c not in gone}
    limits = Limits(children=share, episodes=1, visits=1, one_list=share, floor=floor)
    said = shrunken(sizes(before), sizes(left), limits)
    lost = [child for child in before if child not in left]
    assert any("children_gone" in one.setting for one in said) == (
        len(lost) > max(floor, int(share * len(before)))
    )
    whole = Counter(before.values())
    off = Counter(worker for child, worker in before.items() if not left.get(child))
    for worker, number in off.items():
        held = any(f" of {worker}'s list" in one.what for one in said)
        assert held == (number > max(floor, int(share * whole[worker])))
    for one in said:
        assert one.number > one.limit
