"""Over caseloads made by Hypothesis, end to end: judged, written, mailed, logged, and looked through.

``PRIVACY_RUNS`` makes more of them; each is two days of the real bot against the stand-in.
"""

from __future__ import annotations

import os
import re

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from keepkit.children import SENDER

from bot.sandbox.server import Running
from privacy.council import SECRET, STAFF, Told, run
from privacy.scan import PLANS, Seen, found
from privacy.scene import NOBODY_THERE, RESTRICTED
from privacy.unannounced import no_unannounced_visit_can_be_known

SOME = settings(
    max_examples=int(os.environ.get("PRIVACY_RUNS", "2")),
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
    deadline=None,
    phases=(Phase.generate,),  # to make one smaller would take many runs: the seeds say which it was
)
SEEDS = st.tuples(st.integers(0, 10**6), st.integers(0, 10**6))
KINDS = {  # the first words of the subjects: that there was something to look through
    "Your visits this week", "Your team's visits", "Your teams' visits", "Today and tomorrow",
    "A mail could not be delivered",
}  # fmt: skip
UNCOVERED = re.compile(r"no chosen pack covers \w+")  # said of all who are on such a plan, and of no child


@SOME
@given(seeds=SEEDS)
def test_nothing_is_given_away(
    running: Running, monkeypatch: pytest.MonkeyPatch, seeds: tuple[int, int]
) -> None:
    told = run(running, seeds, monkeypatch)
    begins = {mail["subject"].split(":")[0].split(" · ")[0] for mail in told.mails}
    assert begins >= KINDS
    assert any("notice" in one for one in begins)
    subjects_and_first_lines_name_nobody(told)
    no_plan_or_birth_is_in_the_subject_of_an_entry(told)
    the_log_names_nobody(told)
    what_a_run_says_names_no_child(told)
    a_restricted_child_is_told_of_to_its_worker_and_manager_alone(told)
    whatever_is_delivered_goes_to_one_person_of_the_staff(told)
    no_unannounced_visit_can_be_known(told)


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


def the_log_names_nobody(told: Told) -> None:
    """Worker ids and counts: never a name, an address, a child, or anything about one."""
    for event in ("run", "mail not delivered", "diary not done"):
        assert f'"event": "{event}"' in told.log
    assert found(told.names | told.staff | told.births, told.log) == []
    assert PLANS.findall(told.log) == []
    assert "@" not in told.log


def what_a_run_says_names_no_child(told: Told) -> None:
    """A problem or an error may hold a case number, so that it can be mended: no name, birth or plan."""
    assert any(NOBODY_THERE in one for one in told.said)
    assert not [one for one in told.said if "more than initials" in one]
    for one in told.said:
        assert found(told.initials | told.births | {SECRET}, one) == [], one
        assert PLANS.findall(UNCOVERED.sub("", one)) == [], one


def a_restricted_child_is_told_of_to_its_worker_and_manager_alone(told: Told) -> None:
    """In mails and diaries; and nothing was made for anybody else, to be caught at the last door."""
    assert not [one for one in told.said if "fault of the program" in one]
    may, seen_by = told.may_read, set()
    numbers = {row["child_id"]: (row["child_id"], row["initials"]) for row in told.rows["children"]}
    mails = [(whose, Seen(one["body"]["content"]).text) for whose, one in _delivered(told)]
    entries = [(whose, f"{one['subject']} {Seen(one['body']['content']).text}") for whose, one in told.events]
    for whose, text in (*mails, *entries):
        for child in (one for one in may if found(numbers[one], text)):
            assert whose in may[child], (whose, child)
            seen_by.add(child)
    assert seen_by >= set(RESTRICTED)


def whatever_is_delivered_goes_to_one_person_of_the_staff(told: Told) -> None:
    """An IRO is the council's own. Nobody else is mailed, and nobody with another who would see who it is.

    What is sent back (there is nobody at that address) comes to the bot's own mailbox.
    """
    for mail in (*told.mails, *(one for _, one in told.boxes)):
        to = [one["emailAddress"]["address"] for one in mail["toRecipients"]]
        assert len(to) == 1
        assert set(to) <= STAFF | {SENDER}
        assert to != [SENDER] or "undeliverable" in mail["subject"].lower()
        assert not mail.get("ccRecipients")
        assert not mail.get("bccRecipients")


def _delivered(told: Told) -> list[tuple[str, dict[str, object]]]:
    """Each mail with whom it went to."""
    return [(mail["toRecipients"][0]["emailAddress"]["address"], mail) for mail in told.mails]
