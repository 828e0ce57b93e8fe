"""Invented notices: a manager's with much to do today, an IRO's, and newcomers' welcomes."""

from __future__ import annotations

from dataclasses import replace

from bot.digest.notices import Line
from bot.digest.noticing.letter import NoticeGroup, NoticeMail
from bot.digest.noticing.welcome import Policy, Rule, Welcome
from bot.rendering.sample.visits import TODAY


def notices() -> tuple[NoticeMail, ...]:
    """A manager's, an IRO's who is in no row of the workers, and a single one."""
    return (
        NoticeMail("M1", "Grace Adeyemi", TODAY, "team", 3, 2, (_cover(), _missed())),
        NoticeMail("iro-0123456789ab", "", TODAY, "reviewed", 1, 0, (_missed(),)),
        NoticeMail("W2", "Sam Okoro", TODAY, "own", 1, 1, (_risk(),)),
    )


def welcomes() -> tuple[NoticeMail, ...]:
    """Somebody of an agency with a notice on the first day, and somebody without a manager or rules."""
    policy = Policy(
        "Visiting policy",
        False,
        (Rule("B.1", "A child on a child protection plan is seen at least every 10 working days"),),
        (Rule("B.4", "The child is seen alone at least on every other visit"),),
    )
    law = Policy("Care planning regulations", True, (Rule("CLA.1", "Within a week of placement"),), ())
    full = NoticeMail(
        "W9",
        "Noor Haddad",
        TODAY,
        "own",
        1,
        1,
        (_risk(),),
        Welcome("Noor Haddad", "Grace Adeyemi", True, "C.8g", (policy, law)),
    )
    bare = Welcome("Noor Haddad", "", False, "C.8g", (Policy("Home visits", False, (), policy.standards),))
    return (full, replace(full, number=0, urgent=0, groups=(), welcome=bare))


def _cover() -> NoticeGroup:
    return NoticeGroup(
        "C.8b",
        "Priya Nair is unexpectedly absent (since Fri 20 Nov), and these visits are due today or overdue",
        "The visit, or the worker's return",
        "Arrange today who makes them. You get this list on each working day of the absence.",
        True,
        (
            Line("20127", "O.G. 20127", ("Visit OVERDUE 4 days, was due Thu 19 Nov", "Sam Okoro covers")),
            Line("20163", "V.D. 20163", ("Visit due TODAY", "Nobody is named to cover")),
        ),
        told_before=1,
    )


def _missed() -> NoticeGroup:
    line = Line("20417", "J.S. 20417", ("Worker: Amira Khan", "Since Thu 19 Nov"))
    says = "The last two visits that were to happen did not"
    return NoticeGroup("A.8a", says, "A visit that takes place", "", False, (line,))


def _risk() -> NoticeGroup:
    line = Line("20102", "T.B. 20102", ("Worker: Sam Okoro", "Visit due Wed 25 Nov"))
    return NoticeGroup(
        "E.5",
        "A risk to whoever visits is recorded at an address since Mon 23 Nov: dog loose in the garden",
        "The end of the risk in the record",
        "Tell the other agencies who go there, and update the risk assessment.",
        True,
        (line,),
    )
