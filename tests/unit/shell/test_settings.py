"""Settings: one TOML, every mistake at once with its line and mend, and no secret in the file."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

from bot.errors import WronglyUsed
from bot.settings import HOME
from bot.settings_file import load

GOOD = """caseload = "caseload"
packs = ["visiting-policy"]
[microsoft]
tenant_id = "t"
client_id = "c"
client_secret_file = "client.secret"
[mail]
sender = "bot@council.gov.uk"
allowed_domains = ["council.gov.uk"]
[diary]
key_secret_file = "key.secret"
"""


@pytest.fixture
def config(tmp_path: Path) -> Path:
    (tmp_path / "client.secret").write_text("s3cret\n")
    (tmp_path / "key.secret").write_text("k" * 64)
    (tmp_path / "settings.toml").write_text(GOOD)
    return tmp_path / "settings.toml"


def said(config: Path, text: str) -> str:
    config.write_text(text)
    with pytest.raises(WronglyUsed) as caught:
        load(config)
    return "\n".join(map(str, caught.value.problems)) + str(caught.value)


def test_paths_are_relative_to_the_file_and_secrets_come_from_their_files(config: Path) -> None:
    settings = load(config)
    assert settings.caseload == config.parent / "caseload"
    assert settings.store.url == f"sqlite:///{config.parent / 'visit-bot.db'}"
    assert settings.client_secret is not None
    assert settings.client_secret.get_secret_value() == "s3cret"
    assert "s3cret" not in repr(settings)


def test_the_environment_outranks_the_file_for_a_secret(
    config: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("VISIT_BOT_CLIENT_SECRET", "from the environment")
    secret = load(config).client_secret
    assert secret is not None
    assert secret.get_secret_value() == "from the environment"


def test_every_mistake_is_said_at_once_with_its_line(config: Path) -> None:
    words = said(config, GOOD.replace("packs", "pakcs").replace("bot@council", "bot at council") + "x = 1\n")
    for wanted in (":2:pakcs", "Did you mean packs?", ":8:mail.sender", ":12:diary.x"):
        assert wanted in words


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (("[mail]", '[mail]\nredirect_to = "me@gmail.com"'), "outside the allowed domains"),
        (("[mail]", '[mail]\nmore_senders = ["me@gmail.com"]'), "mail.more_senders"),
        (("[mail]", '[mail]\nmore_senders = ["bot@council.gov.uk"]'), "has a sender twice"),
        (("[mail]", '[mail]\nquiet_days = ["sunday"]'), "mail.quiet_days"),
        (("[mail]", 'ca_file = "none.pem"\n[mail]'), "there is no file"),
        (('client_secret_file = "client.secret"', ""), "no way to sign in"),
        (('client_secret_file = "client.secret"', 'certificate_file = "key.secret"'), "needs both"),
        (
            ("[diary]", "[diary]\n[diary.categories]\nvisit = 'A'\ntype_up = 'a'\n[diary2]"),
            "one name for two",
        ),
        (("caseload = ", 'client_secret = "x"\ncaseload = '), "a secret stands in the settings file"),
        (('"key.secret"', '"client.secret"'), "32 characters"),
        (('["visiting-policy"]', "[]"), "packs"),
        (("[mail]", '[sheets]\nfolder = "x"\n[mail]'), "folder without link"),
        (
            ("[mail]", '[sheets]\nfolder = "x"\nlink = "http://x/{worker}/{file}"\n[mail]'),
            "a link that is not https",
        ),
        (("[mail]", '[sheets]\nfolder = "x"\nlink = "https://x/{file}"\n[mail]'), "a link that is not https"),
        (("[mail]", "[mail"), "not TOML"),
    ],
)
def test_what_contradicts_itself_is_said(config: Path, change: tuple[str, str], words: str) -> None:
    assert words in said(config, GOOD.replace(*change))


def test_a_file_that_is_not_there_or_not_text_is_said(config: Path) -> None:
    with pytest.raises(WronglyUsed, match="init"):
        load(config.with_name("none.toml"))
    config.write_bytes(GOOD.encode() + b"# caf\xe9\n")
    with pytest.raises(WronglyUsed, match=r"settings\.toml:12: not UTF-8"):
        load(config)


def test_the_commented_example_shows_every_setting_and_its_default(config: Path) -> None:
    """What `init` writes, with every comment taken off, is read without a problem but for absent files."""
    text = (HOME / "config" / "settings.example.toml").read_text(encoding="utf-8")
    everything = tomllib.loads(re.sub(r"^# (?=\[[a-z.]+\]|[a-z_]+ = )", "", text, flags=re.MULTILINE))
    assert {"max_age_hours", "max_removed_share", "max_removed_floor"} <= set(everything["guard"])
    assert set(everything["diary"]["categories"]) == {"visit", "child_protection", "type_up", "minutes"}
    config.write_text(GOOD)
    defaults = load(config)
    assert everything["diary"]["reminder_time"] == defaults.diary.reminder_time.isoformat("minutes")
    assert everything["diary"]["categories"]["child_protection"] == defaults.diary.categories.child_protection
    assert everything["schedule"]["diaries_at"] == defaults.schedule.diaries_at.isoformat("minutes")
    assert everything["mail"]["quiet_from"] == defaults.mail.quiet_from.isoformat("minutes")
    assert everything["mail"]["quiet_until"] == defaults.mail.quiet_until.isoformat("minutes")
    assert everything["guard"]["max_age_hours"] == defaults.guard.max_age_hours
