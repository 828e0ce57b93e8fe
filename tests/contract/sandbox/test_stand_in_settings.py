"""The stand-in's settings: read whole from a file, or refused with everything that is wrong in it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields
from pathlib import Path
from typing import Any

import pytest
import trustme
from hypothesis import given
from hypothesis import strategies as st

from bot.sandbox.graph.routes import ROUTES
from bot.sandbox.settings import KNOWN_PERMISSIONS, CannotBe, SandboxSettings, said_of
from bot.sandbox.settings_file import FileRefused, FromFile, example, load

EXAMPLE = Path(__file__).parents[3] / "config" / "sandbox.example.toml"
Reader = Callable[[str], FromFile]


@pytest.fixture
def read(tmp_path: Path) -> Reader:
    """Read a text as a settings file."""

    def reader(text: str) -> FromFile:
        file = tmp_path / "sandbox.toml"
        file.write_text(text, encoding="utf-8")
        return load(file)

    return reader


def _refused(read: Reader, text: str) -> list[str]:
    with pytest.raises(FileRefused) as told:
        read(text)
    return [str(one).partition("sandbox.toml:")[2] for one in told.value.mistakes]


def test_the_example_says_every_default_and_what_it_means() -> None:
    assert load(EXAMPLE) == FromFile(SandboxSettings())
    assert EXAMPLE.read_text(encoding="utf-8") == example(), (
        "config/sandbox.example.toml is not what the settings are: run python docs/make_stand_in.py"
    )


def test_every_key_of_the_example_has_a_comment_above_it() -> None:
    lines = EXAMPLE.read_text(encoding="utf-8").splitlines()
    keys = [number for number, line in enumerate(lines) if "=" in line and line[0] not in '#"']
    assert len(keys) == len(said_of())
    assert all(lines[number - 1].startswith("# ") for number in keys)


def test_what_the_example_shows_of_faults_can_be_ordered(read: Reader) -> None:
    text = EXAMPLE.read_text(encoding="utf-8")
    shown = text[text.index("# [[faults]]") :].replace("# ", "")
    (fault,) = read(shown).faults
    assert (fault.do, fault.verb, fault.nth) == ("429", "PATCH", 3)


def test_every_setting_can_be_said_in_the_file(read: Reader) -> None:
    assert {one.name for one in fields(SandboxSettings)} == {*said_of(), "grants"}
    asked = read(
        """
        seed = 3
        [limits]
        at_once = 2
        at_once_per = "mailbox"
        upload_mb_per_five_minutes = 0.5
        [documents]
        duplicate_transaction = 400
        duplicate_tells_id = true
        [permissions]
        "Mail.Send" = ["Visits@council.example"]
        "Calendars.Read" = "everyone"
        [[faults]]
        do = "503"
        [[faults]]
        do = "reset"
        """
    )
    assert asked.settings == SandboxSettings(
        seed=3,
        at_once=2,
        at_once_per="mailbox",
        upload_mb_per_five_minutes=0.5,
        duplicate_transaction=400,
        duplicate_tells_id=True,
        grants={"Mail.Send": frozenset({"Visits@council.example"}), "Calendars.Read": None},
    )
    assert [fault.do for fault in asked.faults] == ["503", "reset"]


def test_certificates_are_files_beside_it(read: Reader, tmp_path: Path) -> None:
    pem = trustme.CA().cert_pem.bytes()
    (tmp_path / "bot.crt").write_bytes(pem)
    text = '[sign_in]\ncertificates = ["bot.crt"]'
    assert read(text).settings.certificates == (pem.decode(),)
    (tmp_path / "bot.crt").write_text("not one")
    assert "is not a certificate in PEM" in _refused(read, text)[0]
    (tmp_path / "bot.crt").unlink()
    assert "cannot be read" in _refused(read, text)[0]


def test_everything_wrong_is_said_at_once_with_its_line_and_the_mend(read: Reader) -> None:
    text = """token_seconds = 5
[limits]
at_once = 0
at_onc = 4
messages_per_minute = "x"
[latency]
request_ms = -3
item_ms = inf
[permissions]
"Mail.Sent" = "everyone"
"Mail.Send" = "ann"
[documents]
duplicate_transaction = 404
[[faults]]
do = "429"
[[faults]]
verb = "PATCH"
do = "explode"
[limit]
"""
    lines = sorted(int(one.split(":")[0]) for one in _refused(read, text))
    assert lines == [1, 3, 4, 5, 7, 8, 10, 11, 13, 16, 19]
    found = "\n".join(_refused(read, text))
    for words in (
        "It belongs under [sign_in].",
        "0 is too small. Use a whole number from 1.",
        "Did you mean at_once?",
        "'x' is not a whole number",
        "-3 is too small. Use a number from 0.",
        "Did you mean Mail.Send?",
        'Write "everyone", or the addresses',
        "Use 400 or 409.",
        "fault 2 cannot be ordered",
        "Did you mean limits?",
    ):
        assert words in found


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("[limits]\nat_once = = 4", "2: this is not TOML"),
        ("[permissions]\nMail.Send = 'everyone'", "2: Mail is not a permission known here. A name with dots"),
        ("limits = 4", "1: limits is a table, not a value"),
        ("permissions = 'all'", "1: permissions is a table, not a value"),
        ("faults = 'all'", "1: faults is not a list of tables"),
        ("[faults]\ndo = '429'", "1: faults is not a list of tables"),
        ("[sign_in]\ncertificates = 'x'", "2: sign_in.certificates is not a list of files"),
        ("[limits]\nat_once = true", "2: limits.at_once: True is not a whole number"),
        (
            "[documents]\nduplicate_tells_id = 1",
            "2: documents.duplicate_tells_id: 1 is neither true nor false",
        ),
    ],
)
def test_a_file_that_is_written_wrongly_says_how_to_write_it(read: Reader, text: str, words: str) -> None:
    assert words in _refused(read, text)[0]


def test_a_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    with pytest.raises(FileRefused, match=r"no such.toml: the file cannot be read"):
        load(tmp_path / "no such.toml")
    (tmp_path / "latin.toml").write_bytes(b"seed = 1\n# caf\xe9\n")
    with pytest.raises(FileRefused, match=r"latin.toml:2: this is not UTF-8"):
        load(tmp_path / "latin.toml")


@pytest.mark.parametrize(
    "wrong",
    [
        {"at_once": 0},
        {"at_once": True},
        {"request_ms": -1},
        {"item_ms": float("nan")},
        {"page_size": 1001},
        {"at_once_per": "tenant"},
        {"duplicate_transaction": True},
        {"token_seconds": 0},
        {"grants": {"Calendar.ReadWrite": None}},
        {"grants": {"Calendars.ReadWrite": "everyone"}},
    ],
)
def test_settings_that_no_stand_in_can_have_are_refused_in_code_too(wrong: dict[str, Any]) -> None:
    with pytest.raises(CannotBe) as told:
        SandboxSettings(**wrong)
    assert [one.name for one in told.value.wrongs] == list(wrong)


def test_all_that_is_wrong_in_code_is_said_at_once() -> None:
    with pytest.raises(CannotBe, match=r"(?s)at_once: 0.*request_ms: -1"):
        SandboxSettings(at_once=0, request_ms=-1)


@given(
    st.sampled_from(sorted(said_of())), st.integers() | st.floats() | st.booleans() | st.text() | st.none()
)
def test_a_setting_is_taken_whole_or_refused_by_name(name: str, value: Any) -> None:
    refused: tuple[str, ...] = ()
    try:
        made = SandboxSettings(**{name: value})
    except CannotBe as told:
        refused = tuple(one.name for one in told.wrongs)
    assert refused == (name,) or getattr(made, name) is value


def test_every_permission_that_opens_a_path_can_be_granted() -> None:
    assert {permission for route in ROUTES for permission in route.permissions} <= set(KNOWN_PERMISSIONS)


def test_a_fault_may_be_said_as_toml_says_it(read: Reader) -> None:
    (plain,) = read('[[faults]]\ndo = "503"\non = "2026-12-04"\nrate = 0.5').faults
    assert read("[[faults]]\ndo = 503\non = 2026-12-04\nrate = 0.5").faults == (plain,)


def test_a_stand_in_starts_as_its_file_asks(stand_in: Any, words: Any, read: Reader) -> None:
    asked = read('[permissions]\n"Calendars.Read" = ["ann@council.example"]\n[[faults]]\ndo = "507"\n')
    call = stand_in(faults=asked.faults, grants=asked.settings.grants)
    path = f"users/{words.worker}/events"
    assert call.refused("GET", path) == (507, "InsufficientStorage")
    assert call("GET", path).status_code == 200
    assert call.refused("POST", path, words.event()) == (403, "ErrorAccessDenied")
    assert call.refused("GET", f"users/{words.colleague}/events") == (403, "ErrorAccessDenied")
