"""How each kind of plan runs in the example: how many there are, how old, how long, how often seen.

The rhythm is a little quicker than the strictest of the policies asks, as good teams keep it, so that what is
overdue is so because somebody's week went wrong, not because of the example.
"""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of plan."""

    name: str
    share: int
    """Of every hundred children."""
    ages: tuple[int, int]
    lasts: tuple[int, int]
    """Days since it started, least and most."""
    first: tuple[int, int]
    """Days from its start to the first visit."""
    gaps: tuple[tuple[int, int], ...]
    """Up to this day of the plan: at most so many days from one visit to the next."""
    at_home: bool
    slack: int = 2
    """Days that the loosest policy gives beyond these gaps."""
    families: bool = False
    """Whether brothers and sisters come together."""
    lately: dict[str, int] = field(default_factory=dict)
    """Of a hundred families, with how many something went otherwise lately; see histories.py."""
    standing: dict[str, int] = field(default_factory=dict)
    """Of a hundred families, how many have something particular about them; see plans.py and around.py."""

    def gap(self, day: int) -> int:
        """The longest time to the next visit, on the nth day of the plan."""
        for until, days in self.gaps:
            if day < until:
                return days
        return self.gaps[-1][1]


_EVER = 100_000

KINDS = (
    Kind(
        "child_protection", 22, (0, 15), (2, 180), (1, 2), ((_EVER, 10),), True, 6, True,
        {"failed_twice": 4, "brief": 2, "postponed_planned": 2, "unfinalised": 4, "alone_blank": 3,
         "unrecorded": 3, "by_others": 3},
        {"own_core_group": 4, "own_child_request": 3, "away_abroad": 2, "asked": 3,
         "stepped_up": 8, "unborn": 2, "risk_to_workers": 5, "approval_recorded": 3,
         "approval_asked": 3, "missing_returned": 2, "missing_now": 2},
    ),
    Kind(
        "child_in_need", 29, (0, 16), (4, 250), (3, 10), ((_EVER, 21),), True, 8, True,
        {"failed": 5, "unseen": 3, "postponed": 4, "cancelled": 3, "unfinalised": 4, "not_alone": 4},
        {"own_worries": 4, "away": 2, "away_ahead": 2, "asked": 2, "asked_refused": 2, "asked_met": 2,
         "excluded": 2, "risk_to_child": 3, "risk_ended": 2, "missing_over": 2},
    ),
    Kind(
        "referral", 4, (0, 14), (0, 6), (2, 5), ((_EVER, 14),), True, 2, True,
        {}, {"undecided": 30, "untold": 20},
    ),
    Kind(
        "early_help", 8, (1, 15), (3, 260), (6, 15), ((_EVER, 27),), True, 2, True,
        {"failed": 6, "brief": 3}, {"uncontacted": 6},
    ),
    Kind("section_47", 3, (0, 12), (0, 9), (1, 1), ((_EVER, 6),), True, 2, True),
    Kind(
        "in_our_care", 13, (1, 17), (3, 900), (0, 0), ((28, 7), (_EVER, 41)), False, 1, False,
        {"failed": 5, "unfinalised": 5, "not_alone": 5},
        {"two_settings": 8, "with_short_breaks": 8, "permanent": 18, "new": 10},
    ),
    Kind(
        "short_breaks", 4, (5, 16), (5, 700), (2, 6), ((20, 75), (_EVER, 175)), False, 1, False,
        {}, {"rare_breaks": 30, "excluded": 20},
    ),
    Kind("adoptive_placement", 3, (0, 5), (4, 420), (2, 6), ((30, 7), (_EVER, 41)), False, 1),
    Kind(
        "private_fostering", 3, (8, 15), (5, 500), (2, 6), ((365, 41), (_EVER, 82)), False, 1, False,
        {}, {"also_in_need": 30},
    ),
    Kind(
        "temporary_carer", 2, (2, 12), (5, 150), (1, 5), ((28, 7), (_EVER, 27)), False, 1, False,
        {}, {"approved": 45},
    ),
    Kind("interim_care_order_home", 2, (1, 10), (5, 180), (1, 5), ((28, 7), (_EVER, 27)), True, 1),
    Kind("care_order_home", 2, (4, 14), (5, 500), (2, 6), ((_EVER, 41),), True, 1),
    Kind(
        "care_leaver", 8, (18, 24), (30, 900), (10, 40), ((_EVER, 58),), False, 2, False,
        {}, {"declined": 20},
    ),
)  # fmt: skip
