"""From a caseload to diaries and inboxes, over real HTTP and TLS with real msal and O365."""

from __future__ import annotations

import json
import subprocess
import sys
from collections import Counter
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import pytest
from certificates import in_pem, self_signed

from bot.errors import Permanent, Refused
from bot.sandbox.settings import SandboxSettings
from bot.service import logs

REPO = Path(__file__).resolve().parents[2]
MONDAY = date(2026, 11, 23)
DIARY_CATEGORIES = {
    "Visit": "preset3",
    "Visit (red)": "preset0",
    "Type up": "preset1",
    "Others' minutes": "preset7",
}


def command(council, *arguments: object) -> subprocess.CompletedProcess[str]:
    done = subprocess.run(
        [sys.executable, str(REPO / "run_bot.py"), *map(str, arguments), "--config", str(council.config)],
        capture_output=True,
        text=True,
        encoding="utf-8",
        stdin=subprocess.DEVNULL,
        timeout=120,
        check=False,
    )
    assert "Traceback" not in done.stdout + done.stderr
    return done


def test_a_second_run_with_nothing_changed_makes_no_write(council: Callable[..., object]) -> None:
    here = council(MONDAY)
    first = here.run(MONDAY)
    assert first.errors == ()
    assert first.writes > 0
    assert here.writes_of(lambda: here.run(MONDAY)) == 0


def test_c7b_each_diary_has_the_four_categories_in_their_colours(council: Callable[..., object]) -> None:
    here = council(MONDAY)
    here.run(MONDAY)
    tenant = here.running.tenant
    for mailbox in {entry.mailbox for entry in here.shown()}:
        own = tenant.mailbox(tenant.user(mailbox)["id"])
        for name, preset in DIARY_CATEGORIES.items():
            assert own.color_of(name) == preset


@pytest.mark.fact("bot-private-and-harmless")
def test_entries_are_private_free_harmless_and_ring_at_nine(council: Callable[..., object]) -> None:
    here = council(MONDAY, children=60)
    here.run(MONDAY)
    births = {row["date_of_birth"] for row in here.table("children")} - {""}
    kinds = {row["kind"].replace("_", " ") for row in here.table("episodes")}
    shown = here.shown()
    assert shown
    for entry in shown:
        assert entry.private
        assert entry.show_as == "free"
        assert not any(birth in entry.subject for birth in births)
        assert not any(kind in entry.subject.lower() for kind in kinds)
        if entry.all_day:
            assert not entry.alarm
    assert any(entry.alarm for entry in shown)


def test_a_changed_due_date_changes_the_entry_and_adds_none(council: Callable[..., object]) -> None:
    here = council(MONDAY, diary='identify = "number"')
    here.run(MONDAY)
    before = Counter(entry.key for entry in here.shown())
    owed = [entry for entry in here.shown() if not entry.all_day and entry.what.startswith("Visit due")]
    child = owed[-1].child
    episodes = here.table("episodes")
    for row in episodes:
        if row["child_id"] == child:
            row |= {
                "agreed_every": "1 working days",
                "agreed_from": MONDAY.isoformat(),
                "agreed_reason": "worries",
            }
    here.write("episodes", episodes)
    report = here.run(MONDAY)
    assert Counter(entry.key for entry in here.shown()) == before
    assert sum(kept.changed for kept in report.kept) >= 1
    assert sum(kept.created for kept in report.kept) == 0


def test_mail_goes_once_to_each_worker_and_manager_and_to_whoever_is_above_them(
    council: Callable[..., object],
) -> None:
    here = council(MONDAY)
    report = here.run(MONDAY)
    jobs = Counter(mail.job for mail in report.posted)
    assert jobs["worker_list"] > 0
    assert jobs["manager_digest"] > 0
    assert {mail.state for mail in report.posted} == {"sent"}
    assert here.run(MONDAY + timedelta(days=1)).posted == ()
    for mail in report.posted:
        assert len([m for m in here.mails(mail.recipient) if m["subject"] == mail.subject]) == 1
    above = [row for row in here.table("workers") if row["role"] in {"service_manager", "assistant_director"}]
    rolled = Counter(mail.recipient for mail in report.posted if mail.subject.startswith("Your teams' "))
    assert rolled == Counter(row["email"] for row in above)
    for mail in (str(mail["body"]) for row in above for mail in here.mails(row["email"])):
        assert "The last 12 weeks" in mail
        assert not [row for row in here.table("children") if row["child_id"] in mail]


def test_while_piloting_only_the_pilots_diaries_are_written_and_all_mail_goes_to_one_box(
    council: Callable[..., object],
) -> None:
    here = council(MONDAY)
    workers = {row["worker_id"]: row["email"] for row in here.table("workers")}
    holder = here.table("episodes")[0]["worker_id"]
    text = here.config.read_text()
    text = text.replace("[microsoft]", f'pilot = ["{holder}"]\n[microsoft]', 1)
    text = text.replace("[mail]", '[mail]\nredirect_to = "visit-bot@northdale.example"', 1)
    here.config.write_text(text)
    report = here.run(MONDAY)
    assert {entry.mailbox for entry in here.shown()} <= {workers[holder]}
    assert {mail.recipient for mail in report.posted} == {"visit-bot@northdale.example"}


def test_a_mailbox_that_does_not_exist_is_said_and_the_rest_goes_on(council: Callable[..., object]) -> None:
    here = council(MONDAY)
    workers = here.table("workers")
    holder = here.table("episodes")[0]["worker_id"]
    for row in workers:
        if row["worker_id"] == holder:
            row["email"] = "gone@northdale.example"
    here.write("workers", workers)
    done = command(here, "run", "--today", MONDAY)
    assert done.returncode == 0
    assert "gone@northdale.example" in done.stderr
    assert len({entry.mailbox for entry in here.shown()}) > 1


@pytest.mark.asks_nothing("nobody is let in")
def test_a_sign_in_that_fails_is_one_message_with_the_mend(council: Callable[..., object]) -> None:
    here = council(MONDAY)
    (here.config.parent / "client.secret").write_text("wrong")
    done = command(here, "run", "--today", MONDAY)
    assert done.returncode == 1
    assert "secret" in done.stderr.lower()
    with pytest.raises(Permanent):
        here.run(MONDAY)


def test_a_certificate_signs_in_without_any_secret(council: Callable[..., object]) -> None:
    key, certificate = in_pem(*self_signed())
    here = council(MONDAY, sandbox=SandboxSettings(certificates=(certificate,)))
    (here.config.parent / "bot.crt").write_text(certificate)
    (here.config.parent / "bot.key").write_text(key)
    (here.config.parent / "client.secret").unlink()
    text = here.config.read_text().replace(
        'client_secret_file = "client.secret"',
        'certificate_file = "bot.crt"\nprivate_key_file = "bot.key"',
    )
    here.config.write_text(text)
    assert here.run(MONDAY).errors == ()
    assert here.shown()


def test_a_mailbox_out_of_scope_is_said_and_the_rest_goes_on(council: Callable[..., object]) -> None:
    probe = council(MONDAY)
    addresses = sorted(row["email"] for row in probe.table("workers"))
    holders = {row["worker_id"] for row in probe.table("episodes")}
    inside = frozenset(a for a in addresses[1:]) | {"visit-bot@northdale.example"}
    probe.running.stop()
    grants = dict.fromkeys(
        ("Calendars.ReadWrite", "Mail.ReadWrite", "Mail.Send", "MailboxSettings.ReadWrite", "User.Read.All"),
        inside,
    )
    here = council(MONDAY, sandbox=SandboxSettings(grants=grants))
    report = here.run(MONDAY)
    outside = {row["email"] for row in here.table("workers") if row["worker_id"] in holders} - inside
    for kept in report.kept:
        assert bool(kept.errors) == (kept.mailbox in outside)


def test_plan_writes_nothing_and_a_saved_plan_is_applied_exactly_or_refused(
    council: Callable[..., object], tmp_path: Path
) -> None:
    here = council(MONDAY)
    saved = tmp_path / "plan.json"
    planned = []
    assert (
        here.writes_of(lambda: planned.append(command(here, "plan", "--today", MONDAY, "--save", saved))) == 0
    )
    assert planned[0].returncode == 1, "the example has problems, and plan says so by its status"
    assert "children.csv:" in planned[0].stderr
    assert here.shown() == []
    planned = json.loads(saved.read_text())
    wanted = sum(len(one["actions"]) for one in planned["diaries"].values())
    moved = command(here, "run", "--today", MONDAY + timedelta(days=1), "--plan", saved)
    assert moved.returncode == 1
    assert here.shown() == []
    done = command(here, "run", "--today", MONDAY, "--plan", saved, "--json")
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["writes"] == wanted
    stale = command(here, "run", "--today", MONDAY, "--plan", saved)
    assert stale.returncode == 1
    assert "The world moved" in stale.stderr


def test_undo_removes_every_entry_of_ours_and_only_those(council: Callable[..., object]) -> None:
    here = council(MONDAY)
    here.run(MONDAY)
    tenant = here.running.tenant
    mailbox = here.shown()[0].mailbox
    own = tenant.mailbox(tenant.user(mailbox)["id"])
    props = dict(next(iter(own.items("event").values())).props) | {"subject": "Dentist"}
    own.add("event", props)
    assert command(here, "undo").returncode == 1  # nobody to ask
    assert len(here.shown()) > 1
    done = command(here, "undo", "--yes")
    assert done.returncode == 0, done.stderr
    assert [entry.subject for entry in here.shown()] == ["Dentist"]


@pytest.mark.asks_nothing("refused before Microsoft is asked")
def test_a_caseload_that_is_too_old_is_refused_with_number_limit_and_way_out(
    council: Callable[..., object],
) -> None:
    here = council(MONDAY)
    here.config.write_text(here.config.read_text().replace("max_age_hours = 87600", "max_age_hours = 24"))
    with pytest.raises(Refused, match="over the limit of 24"):
        here.run(date(2040, 1, 2))


def test_mass_removal_is_refused_for_the_diary_and_lifted_once_with_a_reason(
    council: Callable[..., object],
) -> None:
    here = council(MONDAY, diary='identify = "number"')
    here.run(MONDAY)
    stood = Counter(entry.mailbox for entry in here.shown())
    fullest = stood.most_common(1)[0][0]
    ended = list({entry.child for entry in here.shown() if entry.mailbox == fullest})[:5]
    episodes = here.table("episodes")
    for row in episodes:
        if row["child_id"] in ended:
            row["end"] = "2026-11-20"
    here.write("episodes", episodes)
    refused = here.run(MONDAY)
    assert [kept.mailbox for kept in refused.kept if kept.refused] == [fullest]
    assert any("--force" in error for error in refused.errors)
    assert Counter(entry.mailbox for entry in here.shown())[fullest] == stood[fullest]
    lifted = here.run(MONDAY, forced="five cases closed")
    (said,) = [one for one in lifted.lifted if fullest in one]
    assert "lifted, and they were to go" in said
    assert "five cases closed" in said
    assert not any(words in said for words in ("Nothing was changed", "--force", "would be removed"))
    assert Counter(entry.mailbox for entry in here.shown())[fullest] <= stood[fullest] - 6


def test_logs_of_a_run_hold_nobody_even_where_a_diary_could_not_be_done(
    council: Callable[..., object], capsys: pytest.CaptureFixture[str]
) -> None:
    here = council(MONDAY, children=40)
    workers = here.table("workers")
    holder = here.table("episodes")[0]["worker_id"]
    for row in workers:
        if row["worker_id"] == holder:
            row["email"] = "gone@northdale.example"
    here.write("workers", workers)
    logs.configure()
    here.run(MONDAY)
    logged = capsys.readouterr().err
    assert '"event": "run"' in logged
    assert f'"worker": "{holder}"' in logged
    for row in here.table("children"):
        assert f'"{row["child_id"]}"' not in logged
    for row in workers:
        assert row["email"] not in logged
        assert row["name"] not in logged
