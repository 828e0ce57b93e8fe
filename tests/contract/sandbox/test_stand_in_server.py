"""The stand-in as something that is started: ports, papers, keeping, and who may look."""

from __future__ import annotations

import socket
from pathlib import Path
from typing import Any

import pytest
import requests
from starlette.responses import PlainTextResponse

from bot.sandbox.server import start
from bot.sandbox.tenant import Person

ANN = Person("ann@council.example", "Ann Bee")


async def _page(scope: Any, receive: Any, send: Any) -> None:
    await PlainTextResponse("page")(scope, receive, send)


def test_it_is_ready_when_start_returns_and_gone_after_stop() -> None:
    with start(people=[ANN], page=_page) as running:
        assert running.page_url is not None
        assert requests.get(running.page_url, timeout=5).text == "page"
        assert running.ca_file.exists()
    with pytest.raises(requests.ConnectionError):
        requests.get(running.page_url, timeout=5)
    running.stop()


def test_only_this_machine_reaches_it() -> None:
    with start(people=[ANN], page=_page) as running:
        for url in (running.graph_url, running.authority, running.page_url or ""):
            assert "//127.0.0.1:" in url


@pytest.mark.parametrize("which", ["port", "graph_port"])
def test_a_port_in_use_is_named_with_the_mend_before_anything_starts(which: str, tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        number = taken.getsockname()[1]
        with pytest.raises(OSError, match=rf"Port {number} .*choose another with") as told:
            start(people=[ANN], page=_page, state_dir=tmp_path / "new", **{which: number})
        assert told.value.errno
        assert not (tmp_path / "new").exists()


@pytest.mark.parametrize(("host", "status"), [("127.0.0.1", 200), ("localhost", 200), ("evil.example", 400)])
def test_the_page_answers_to_its_own_name_alone(host: str, status: int) -> None:
    """A page elsewhere whose name is pointed at this machine gets nothing."""
    with start(people=[ANN], page=_page) as running:
        answer = requests.get(running.page_url or "", headers={"Host": f"{host}:80"}, timeout=5)
        assert answer.status_code == status


def test_a_page_can_be_made_for_the_stand_in_it_shows() -> None:
    seen: list[str] = []

    def page_for(running: Any) -> Any:
        seen.append(running.graph_url)
        return _page

    with start(people=[ANN], page_for=page_for) as running:
        assert seen == [running.graph_url]


def test_what_was_kept_in_a_folder_stands_there_again(stand_in: Any, words: Any, tmp_path: Path) -> None:
    first = stand_in(tmp_path)
    made = first.made(
        words.event("Kept", transactionId="t", singleValueExtendedProperties=words.tagged("b07", "k"))
    )
    first(
        "POST", f"users/{words.worker}/outlook/masterCategories", {"displayName": "Visit", "color": "preset3"}
    )
    mail = {"subject": "Hi", "toRecipients": [{"emailAddress": {"address": words.colleague}}]}
    first("POST", f"users/{words.worker}/sendMail", {"message": mail})
    first.control("POST", "clock", {"today": "2030-01-02"})
    secret, authority = first.running.client_secret, first.running.ca_file.read_bytes()
    first.running.stop()

    second = stand_in(tmp_path)
    assert (second.running.client_secret, second.running.ca_file.read_bytes()) == (secret, authority)
    path = f"users/{words.worker}/events"
    assert second("GET", f"{path}/{made['id']}").json()["@odata.etag"] == made["@odata.etag"]
    assert len(second("GET", f"{path}?$filter={words.owned_by('b07')}").json()["value"]) == 1
    assert second.refused("POST", path, words.event(transactionId="t")) == (
        409,
        "ErrorDuplicateTransactionId",
    )
    assert second.running.tenant.mailbox(words.worker).color_of("Visit") == "preset3"
    assert [one["subject"] for one in second.running.tenant.messages(words.colleague, "inbox")] == ["Hi"]
    assert second.control("GET", "clock").json()["today"] == "2030-01-02"


def test_people_in_a_folder_need_not_be_named_again(tmp_path: Path) -> None:
    start(people=[ANN], state_dir=tmp_path).stop()
    with start(people=[], state_dir=tmp_path) as running:
        assert [one["mail"] for one in running.tenant.people()] == [ANN.email]


def test_what_changed_is_kept_before_the_end(stand_in: Any, words: Any, tmp_path: Path) -> None:
    call = stand_in(tmp_path)
    call.made(words.event("Soon kept"))
    call.running.tenant.save()
    kept = (tmp_path / "mailboxes" / f"{call.running.tenant.user(words.worker)['id']}.json").read_text()
    assert "Soon kept" in kept


def test_secrets_in_the_folder_are_for_their_owner_alone(stand_in: Any, tmp_path: Path) -> None:
    stand_in(tmp_path)
    for name in ("application.json", "ca.key.pem", "server.pem"):
        assert (tmp_path / name).stat().st_mode & 0o077 == 0


def test_a_secret_is_not_shown_by_accident() -> None:
    with start(people=[ANN]) as running:
        assert running.client_secret not in repr(running)


@pytest.mark.fact("loopback-ca")
def test_tls_is_not_optional(call: Any) -> None:
    with pytest.raises(requests.ConnectionError):
        requests.get(call.running.graph_url.replace("https", "http"), timeout=5)
    fresh = requests.Session()
    fresh.trust_env = False
    with pytest.raises(requests.exceptions.SSLError):
        fresh.get(call.running.graph_url, timeout=5)
