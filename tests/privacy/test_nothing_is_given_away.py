"""Over caseloads made by Hypothesis, end to end: judged, written, mailed, logged, and looked through.

``PRIVACY_RUNS`` makes more of them; each is two days of the real bot against the stand-in.
"""

from __future__ import annotations

import os
import re

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from keepkit.children import DOMAIN

from bot.sandbox.server import Running
from privacy.council import IRO, PLANS, SECRET, STAFF, Seen, Told, run

SOME = settings(
    max_examples=int(os.environ.get("PRIVACY_RUNS", "2")),
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
    deadline=None,
    phases=(Phase.generate,),  # to make one smaller would take many runs: the seeds say which it was
)
SEEDS = st.tuples(st.integers(0, 10**6), st.integers(0, 10**6))


@SOME
@given(seeds=SEEDS)
def test_nothing_is_given_away(
    running: Running, monkeypatch: pytest.MonkeyPatch, seeds: tuple[int, int]
) -> None:
    told = run(running, seeds, monkeypatch)
    assert {mail["subject"].split(":")[0] for mail in told.mails} > {"Your visits this week"}
    subjects_and_first_lines_name_nobody(told)
    no_plan_or_birth_is_in_the_subject_of_an_entry(told)
    the_log_names_nobody(told)
    whatever_is_delivered_goes_to_one_person_of_the_staff(told)


def found(words: set[str], text: str) -> list[str]:
    return [one for one in words if re.search(rf"(?<!\w){re.escape(one)}(?!\w)", text)]


def subjects_and_first_lines_name_nobody(told: Told) -> None:
    """Neither child nor worker, no date of birth, no plan kind: in a subject, and in what shows under it."""
    for mail in told.mails:
        shown = Seen(mail["body"]["content"])
        for text in (mail["subject"], shown.first_lines, mail["bodyPreview"][:60]):
            assert found(told.names | told.staff | told.births, text) == [], text
            assert PLANS.findall(text) == [], text
        assert "\n" not in mail["subject"]
        assert SECRET not in mail["bodyPreview"]


def no_plan_or_birth_is_in_the_subject_of_an_entry(told: Told) -> None:
    """An entry's subject may hold initials and number, as the settings have it, and no more."""
    for _, event in told.events:
        assert found(told.births | told.staff | {SECRET}, event["subject"]) == []
        assert PLANS.findall(event["subject"]) == []
        assert event["sensitivity"] == "private"


def the_log_names_nobody(told: Told) -> None:
    """Worker ids and counts: never a name, an address, a child, or anything about one."""
    assert '"event": "run"' in told.log
    assert found(told.names | told.staff | told.births, told.log) == []
    assert PLANS.findall(told.log) == []
    assert "@" not in told.log


def whatever_is_delivered_goes_to_one_person_of_the_staff(told: Told) -> None:
    """An IRO is the council's own. Families get papers, and those are handed over by a person; so no date of
    an unannounced visit can reach one through Outlook: nobody else is mailed, invited or shared with."""
    staff = {f"{who.lower()}@{DOMAIN}" for who in STAFF} | {IRO}
    for mail in told.mails:
        to = [one["emailAddress"]["address"] for one in mail["toRecipients"]]
        assert len(to) == 1
        assert set(to) <= staff
        assert not mail.get("ccRecipients")
        assert not mail.get("bccRecipients")
    for mailbox, event in told.events:
        assert mailbox in staff
        assert not event.get("attendees")
