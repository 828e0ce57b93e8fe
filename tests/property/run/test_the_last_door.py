"""The last door before the outbox, against rules written down a second time: whatever was made, no mail goes
outside the allowed domains, to two people, or to anybody else about a restricted child.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date, datetime

from hypothesis import example, given
from hypothesis import strategies as st

from bot.agenda import DueRun
from bot.digest.known import Child, Known, Person
from bot.errors import Problem
from bot.rendering.mail import Mail
from bot.run.addressing import Door, Made
from bot.settings import MailSettings
from bot.store.outbox import NewMail

ITEM = DueRun("worker_list", "2026-11-23", datetime(2026, 11, 23, 7, 30))
DOMAINS = ("northdale.example", "partner.example")
WORKERS = ("W1", "W2", "W3", "M1", "M2")
CHILDREN = ("20417", "20418", "20419")
ADDRESSES = st.sampled_from(
    [
        *(
            "ann@northdale.example",
            "Bea@Northdale.Example",
            "c.d@partner.example",
            "o'neil@northdale.example",
        ),
        *("ann@elsewhere.example", "ann@northdale.example.org", "ann@sub.northdale.example", "", "ann"),
        *("a@northdale.example,b@elsewhere.example", "a@elsewhere.example;b@northdale.example"),
        *("a@elsewhere.example b@northdale.example", "a@elsewhere.example\n@northdale.example"),
        *("a@elsewhere.example@northdale.example", "<a@northdale.example>", "a\x00b@northdale.example"),
        *(
            "a@northdale.example\r\nBcc: b@northdale.example",
            "Group:a@northdale.example;",
            "@northdale.example",
        ),
    ]
)


@dataclass(frozen=True)
class World:
    """Who there is, who holds and manages whom, and what the settings say."""

    emails: dict[str, str]
    managers: dict[str, str | None]
    holders: dict[str, frozenset[str]]
    restricted: frozenset[str]
    redirect: str | None

    @property
    def known(self) -> Known:
        nothing: dict[str, object] = {name: {} for name in Known.__dataclass_fields__}
        people = {
            one: Person(one, "A Name", self.emails[one], None, self.managers[one], None) for one in WORKERS
        }
        children = {one: Child(one, one, None, one in self.restricted) for one in CHILDREN}
        there = {"today": date(2026, 11, 23), "people": people, "children": children, "holders": self.holders}
        return Known(**(nothing | there))  # type: ignore[arg-type]

    @property
    def settings(self) -> MailSettings:
        return MailSettings(
            sender="bot@northdale.example", redirect_to=self.redirect, allowed_domains=DOMAINS
        )


WORLDS = st.builds(
    World,
    emails=st.fixed_dictionaries(dict.fromkeys(WORKERS, ADDRESSES)),
    managers=st.fixed_dictionaries(dict.fromkeys(WORKERS, st.sampled_from([None, "M1", "M2"]))),
    holders=st.fixed_dictionaries(
        dict.fromkeys(CHILDREN, st.frozensets(st.sampled_from(WORKERS), max_size=2))
    ),
    restricted=st.frozensets(st.sampled_from(CHILDREN)),
    redirect=st.sampled_from([None, None, "pilot@northdale.example"]),
)
MADE = st.builds(
    Made,
    person=st.sampled_from((*WORKERS, "iro-1")),
    mail=st.just(Mail("S", "<p>", "t")),
    about=st.frozensets(st.sampled_from(CHILDREN)),
    once=st.sampled_from(["", "a"]),
    address=st.one_of(st.just(""), ADDRESSES),
    urgent=st.booleans(),
)
GOOD = World(
    dict.fromkeys(WORKERS, "ann@northdale.example"),
    dict.fromkeys(WORKERS, "M1"),
    dict.fromkeys(CHILDREN, frozenset({"W1"})),
    frozenset({"20417"}),
    None,
)
ABOUT = frozenset({"20417"})


@given(WORLDS, MADE)
@example(GOOD, Made("W1", Mail("S", "", ""), ABOUT))
@example(GOOD, Made("M1", Mail("S", "", ""), ABOUT))
@example(GOOD, Made("W2", Mail("S", "", ""), ABOUT))
@example(GOOD, Made("iro-1", Mail("S", "", ""), ABOUT, address="iro@northdale.example"))
@example(replace(GOOD, redirect="pilot@northdale.example"), Made("W1", Mail("S", "", ""), ABOUT))
@example(replace(GOOD, redirect="ann@northdale.example"), Made("W1", Mail("S", "", ""), ABOUT))
def test_what_passes_may_go_what_may_go_passes_and_the_rest_is_said(world: World, made: Made) -> None:
    end = Door(world.known, world.settings, b"s").addressed(made, ITEM)
    own = made.address or world.emails.get(made.person, "")
    is_one = bool(re.fullmatch(r"[\w.']+@(northdale|partner)\.example", own, re.IGNORECASE))
    secret = made.about & world.restricted
    allowed = all(
        any(made.person in (worker, world.managers[worker]) for worker in world.holders[child])
        for child in secret
    )
    elsewhere = world.redirect is not None and world.redirect != own.lower()
    if is_one and allowed and not (secret and elsewhere):
        assert isinstance(end, NewMail), end
        assert end.recipient == (world.redirect or own)
        assert (end.person, end.urgent) == (made.person, made.urgent)
        assert not end.manager_address or end.manager_address.lower().endswith(DOMAINS)
    else:
        assert isinstance(end, Problem), end
        assert made.person in end.where
        assert end.mend
        assert not any(child in str(end) for child in CHILDREN)


@given(st.lists(MADE, max_size=6))
def test_the_same_mail_has_the_same_reference_and_another_has_another(made: list[Made]) -> None:
    door = Door(GOOD.known, GOOD.settings, b"s")
    ends = [(one, door.addressed(replace(one, about=frozenset()), ITEM)) for one in made]
    names = {(one.person, one.once): end.reference for one, end in ends if isinstance(end, NewMail)}
    assert len(set(names.values())) == len(names)
    assert all(end.reference == names[one.person, one.once] for one, end in ends if isinstance(end, NewMail))


@given(MADE)
def test_two_deployments_never_take_one_anothers_mails_for_their_own(made: Made) -> None:
    """They may share a sender, and worker ids: whoever looks for what went must not find the other's."""
    made = replace(made, about=frozenset())
    ends = [Door(GOOD.known, GOOD.settings, secret).addressed(made, ITEM) for secret in (b"one", b"other")]
    references = [end.reference for end in ends if isinstance(end, NewMail)]
    assert len(set(references)) == len(references)
