"""Every command as a person meets it: exit status, one clear message with the mend, never a traceback."""

from __future__ import annotations

import json
import socket
import subprocess
import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from witness.watching import Watch

REPO = Path(__file__).resolve().parents[2]
MONDAY = date(2026, 11, 23)
STAND_INS = ("demo", "sandbox")  # the commands that start one, which is heard by what it writes down


@pytest.fixture
def bot(tmp_path: Path, watched: Watch) -> Callable[..., subprocess.CompletedProcess[str]]:
    def call(*arguments: object, **env: str) -> subprocess.CompletedProcess[str]:
        starts = arguments[0] in STAND_INS and not {"--record", "--help"} & set(arguments)
        heard = ("--record", watched.recording(tmp_path)) if starts else ()
        done = subprocess.run(
            [sys.executable, str(REPO / "run_bot.py"), *map(str, (*arguments, *heard))],
            capture_output=True,
            text=True,
            encoding="utf-8",
            stdin=subprocess.DEVNULL,
            cwd=tmp_path,
            env={"PATH": "/usr/bin:/bin", "HOME": str(tmp_path), "PYTHONUTF8": "1", **env},
            timeout=120,
            check=False,
        )
        assert "Traceback" not in done.stdout + done.stderr
        return done

    return call


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    from bot.caseload import example

    example.write(tmp_path / "caseload", seed=7, children=20, today=MONDAY)
    return tmp_path / "caseload"


def due(bot: Callable[..., subprocess.CompletedProcess[str]], folder: Path, *more: object) -> object:
    return bot("due", "--caseload", folder, "--rules", "visiting-policy", "--today", MONDAY, *more)


def test_help_names_every_command(bot) -> None:
    done = bot("--help")
    assert done.returncode == 0
    for name in (
        "demo",
        "check",
        "init",
        "due",
        "explain",
        "prepare",
        "letter",
        "plan",
        "run",
        "serve",
        "undo",
        "rules",
        "sandbox",
    ):
        assert name in done.stdout
        assert bot(name, "--help").returncode == 0


def test_due_prints_the_array_and_leaves_problems_to_the_file(bot, folder: Path, tmp_path: Path) -> None:
    done = due(bot, folder, "--json", "--problems", tmp_path / "problems.json")
    assert done.returncode == 0
    objects = json.loads(done.stdout)
    assert objects == sorted(
        objects, key=lambda o: (o["due"], o["child_id"], o["kind"], o["worker_id"] or "", o["setting"] or "")
    )
    for problem in json.loads((tmp_path / "problems.json").read_text()):
        assert set(problem) == {"where", "what", "mend", "effect"}


def test_a_folder_and_a_workbook_of_one_caseload_are_judged_alike(bot, folder: Path, tmp_path: Path) -> None:
    from bot.caseload import example

    example.write_workbook(tmp_path / "caseload.xlsx", seed=7, children=20, today=MONDAY)
    assert json.loads(due(bot, folder, "--json").stdout) == json.loads(
        due(bot, tmp_path / "caseload.xlsx", "--json").stdout
    )


def test_explain_says_why_and_knows_who_is_not_there(bot, folder: Path) -> None:
    child = json.loads(due(bot, folder, "--json").stdout)[0]["child_id"]
    words = ("--caseload", folder, "--rules", "visiting-policy", "--today", MONDAY)
    said = bot("explain", child, *words)
    assert said.returncode == 0
    assert child in said.stdout
    assert "B." in said.stdout
    assert json.loads(bot("explain", child, *words, "--json").stdout)
    nobody = bot("explain", "nobody", *words)
    assert nobody.returncode == 1
    assert "There is no child 'nobody'" in nobody.stderr


@pytest.mark.parametrize(
    ("file", "text", "says", "status"),
    [
        ("children.csv", "", "children.csv", 1),
        ("children.csv", "child_id,initials\n", "children.csv", 1),
        ("episodes.csv", "child_id,start\nC1,2026-01-01\n", "kind", 1),
        ("visits.csv", None, "visits.csv", 1),
    ],
)
def test_a_file_that_cannot_serve_refuses_with_its_name(
    bot, folder: Path, file: str, text: str | None, says: str, status: int
) -> None:
    (folder / file).unlink() if text is None else (folder / file).write_text(text)
    done = due(bot, folder, "--json")
    assert done.returncode == status
    assert says in done.stderr
    assert done.stdout == ""


def test_wrong_use_is_two_and_names_what_there_is(bot, folder: Path, tmp_path: Path) -> None:
    wrong_pack = bot("due", "--caseload", folder, "--rules", "visting-policy")
    assert wrong_pack.returncode == 2
    assert "Did you mean visiting-policy?" in wrong_pack.stderr
    assert bot("due", "--caseload", folder).returncode == 2
    assert bot("due", "--today", "30/11/2026").returncode == 2
    assert bot("nonsense").returncode == 2
    missing = bot("check", "--config", tmp_path / "none.toml")
    assert missing.returncode in (1, 2)
    assert "init" in missing.stderr


def test_a_pack_with_a_typo_names_file_line_key_and_the_mend(bot, folder: Path, tmp_path: Path) -> None:
    text = (REPO / "rules" / "visiting-policy.yaml").read_text(encoding="utf-8")
    assert "\n    says:" in text or "says:" in text
    broken = tmp_path / "broken.yaml"
    broken.write_text(text.replace("says:", "sayz:", 1), encoding="utf-8")
    line = text[: text.index("says:")].count("\n") + 1
    done = bot("rules", "lint", broken)
    assert done.returncode == 1
    assert f"broken.yaml:{line}" in done.stderr
    assert "sayz" in done.stderr
    assert "says" in done.stderr
    refused = bot("due", "--caseload", folder, "--rules", broken)
    assert refused.returncode == 1


def test_the_packs_that_ship_are_right_and_their_cases_pass(bot) -> None:
    assert bot("rules", "lint").returncode == 0
    tested = bot("rules", "test")
    assert tested.returncode == 0, tested.stdout + tested.stderr
    assert " 0 failed" in tested.stdout
    assert json.loads(bot("rules", "schema").stdout)["type"] == "object"


def test_init_writes_settings_once_and_check_lists_what_they_still_want(bot, tmp_path: Path) -> None:
    config = tmp_path / "site" / "settings.toml"
    assert bot("init", config).returncode == 0
    secret = (tmp_path / "site" / "key.secret").read_text()
    assert len(secret.strip()) >= 64
    again = bot("init", config)
    assert again.returncode == 1
    assert "left alone" in again.stderr
    assert (tmp_path / "site" / "key.secret").read_text() == secret
    done = bot("check", "--config", config)
    assert done.returncode == 1
    assert "client.secret cannot be read" in done.stderr
    ready = bot("check", "--config", config, VISIT_BOT_CLIENT_SECRET="x" * 40)
    assert ready.returncode == 1
    assert "caseload" in ready.stderr


def test_settings_with_wrong_keys_say_all_of_it_at_once(bot, tmp_path: Path) -> None:
    config = tmp_path / "settings.toml"
    config.write_text('caseload = "x"\npakcs = ["a"]\n[mail]\nsender = "nobody"\n[diary]\nmarkr = true\n')
    done = bot("run", "--config", config)
    assert done.returncode == 2
    for said in (
        ":2:pakcs",
        "Did you mean packs?",
        "mail.sender",
        "microsoft is missing",
        "Did you mean marker?",
    ):
        assert said in done.stderr


@pytest.mark.asks_nothing("refused before anything starts")
def test_a_port_in_use_is_said_with_the_way_out(bot, tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        done = bot("sandbox", "--port", port)
    assert done.returncode == 1
    assert str(port) in done.stderr
    assert "--port" in done.stderr


@pytest.mark.asks_nothing("refused before anything starts")
def test_a_stand_in_that_cannot_be_as_asked_says_all_of_it_at_once(bot, tmp_path: Path) -> None:
    file = tmp_path / "sandbox.toml"
    file.write_text('[limits]\nat_once = 0\nat_onec = 4\n[[faults]]\ndo = "explode"\n')
    done = bot("sandbox", "--settings", file)
    assert done.returncode == 2
    for said in ("sandbox.toml:2", "from 1", "sandbox.toml:3", "Did you mean at_once?", "sandbox.toml:4"):
        assert said in done.stderr
    file.write_text('[[faults]]\ndo = "429"\nmailbox = "nobody@northdale.example"\n')
    nobody = bot("sandbox", "--settings", file, "--port", 0)
    assert nobody.returncode == 2
    assert "There is no mailbox 'nobody@northdale.example' here." in nobody.stderr
    missing = bot("sandbox", "--settings", tmp_path / "no.toml")
    assert missing.returncode == 2
    assert "no.toml" in missing.stderr


def test_the_demo_without_a_terminal_fills_diaries_and_leaves(bot, tmp_path: Path) -> None:
    done = bot("demo", "--state", tmp_path / "demo", "--today", MONDAY)
    assert done.returncode == 0, done.stderr
    assert "entries written" in done.stdout
    assert "mails sent" in done.stdout
    assert "sandbox --state" in done.stdout
    for command in ("due", "explain"):  # as printed, after the interpreter's path
        (printed,) = (line for line in done.stdout.splitlines() if f"run_bot.py {command} " in line)
        asked = bot(*printed.partition("run_bot.py ")[2].split())
        assert asked.returncode == 0, asked.stderr
        assert asked.stdout
    again = bot("demo", "--state", tmp_path / "demo", "--today", MONDAY)
    assert again.returncode == 0
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "thesis.txt").write_text("keep")
    refused = bot("demo", "--state", tmp_path / "mine")
    assert refused.returncode == 1
    assert (tmp_path / "mine" / "thesis.txt").read_text() == "keep"


def test_what_passed_is_written_down_on_request_for_its_owner_alone_and_without_any_token(
    bot, watched: Watch, tmp_path: Path
) -> None:
    done = bot("demo", "--state", tmp_path / "demo", "--today", MONDAY)
    assert done.returncode == 0, done.stderr
    (recording,) = tmp_path.glob("*.jsonl")
    assert recording.stat().st_mode & 0o077 == 0
    text = recording.read_text(encoding="utf-8")
    secret = (tmp_path / "demo" / "client.secret").read_text().strip()
    for private in ("Bearer", "authorization", "access_token", "oauth2", secret):
        assert private not in text
    lines = [json.loads(line) for line in text.splitlines()]
    made = [one for one in lines if one["verb"] == "POST" and one["path"].endswith("/events")]
    assert made
    for one in made:
        assert (one["in_batch"], one["status"]) == (True, 201)
        assert one["answer"]["subject"] == one["body"]["subject"]


@pytest.mark.asks_nothing("refused before anything starts")
def test_a_recording_that_cannot_be_written_is_said_before_anything_starts(bot, tmp_path: Path) -> None:
    (tmp_path / "taken").mkdir()
    done = bot("sandbox", "--port", 0, "--record", tmp_path / "taken")
    assert done.returncode == 1
    assert "--record" in done.stderr
    assert str(tmp_path / "taken") in done.stderr
