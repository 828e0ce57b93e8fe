"""One request: a token before it, a second try only where it cannot do harm, nothing in the logs."""

from __future__ import annotations

import logging
import threading
import time
from pathlib import Path
from typing import Any

import pytest
import requests

from bot.errors import Permanent, Temporary
from bot.outlook.answer import Ask
from bot.outlook.connection import Connection, connect
from bot.outlook.credential import Secret
from bot.outlook.faults import SignInRefused
from bot.outlook.limiter import Limiter


@pytest.mark.fact("bot-asks-for-immutable-ids")
def test_every_call_asks_for_ids_that_do_not_change_and_london_times(
    connection: Connection, wire: Any
) -> None:
    connection.get_json("/users/w1@council.test/events")
    (asked,) = wire.seen
    assert 'IdType="ImmutableId"' in asked.headers["Prefer"]
    assert 'outlook.timezone="GMT Standard Time"' in asked.headers["Prefer"]


def test_a_refused_token_is_renewed_once_and_the_request_repeated(
    connection: Connection, wire: Any, tokens: Any, graph: Any
) -> None:
    def answer(request: Any) -> requests.Response:
        good = request.headers["Authorization"] == "Bearer token-2"
        return graph.reply(200, {"value": []}) if good else graph.refusal(401, "InvalidAuthenticationToken")

    wire.answer = answer
    connection.get_json("/users/w1@council.test/events")
    assert tokens.renewed == ["token-1"]
    assert len(wire.seen) == 2


def test_a_fresh_token_that_is_refused_too_ends_everything_with_the_mend(
    connection: Connection, wire: Any, tokens: Any, graph: Any
) -> None:
    wire.answer = lambda request: graph.refusal(401, "InvalidAuthenticationToken")
    with pytest.raises(SignInRefused, match="admin consent"):
        connection.get_json("/users/w1@council.test/events")
    assert len(wire.seen) == 2


@pytest.mark.fact("bot-retries-every-verb")
def test_a_throttled_reading_waits_as_long_as_it_was_told(
    connection: Connection, wire: Any, graph: Any
) -> None:
    answers = iter([graph.refusal(429, "TooManyRequests", Retry_After="7"), graph.reply(200, {"value": []})])
    wire.answer = lambda request: next(answers)
    connection.get_json("/users/w1@council.test/events")
    assert wire.slept == [7]


@pytest.mark.fact("bot-retries-every-verb")
def test_a_wait_longer_than_a_run_is_left_to_the_next_and_says_when(
    connection: Connection, wire: Any, graph: Any
) -> None:
    wire.answer = lambda request: graph.refusal(429, "TooManyRequests", Retry_After="900")
    with pytest.raises(Temporary) as caught:
        connection.get_json("/users/w1@council.test/events")
    assert len(wire.seen) == 1
    assert caught.value.retry_at is not None


@pytest.mark.parametrize("status", [500, 502, 503, 504])
@pytest.mark.fact("sending-not-repeated-blindly")
def test_a_post_that_may_have_been_done_is_never_repeated_blindly(
    connection: Connection, wire: Any, graph: Any, status: int
) -> None:
    wire.answer = lambda request: graph.refusal(status, "ServiceUnavailable")
    answer = connection.persist(Ask("POST", "/users/s@council.test/messages/1/send"))
    assert answer.status == status
    assert len(wire.seen) == 1


@pytest.mark.fact("sending-not-repeated-blindly")
def test_a_post_whose_answer_was_lost_is_never_repeated_blindly(connection: Connection, wire: Any) -> None:
    def answer(request: Any) -> requests.Response:
        raise requests.exceptions.ReadTimeout

    wire.answer = answer
    assert connection.persist(Ask("POST", "/users/s@council.test/sendMail")).lost is not None
    assert len(wire.seen) == 1


@pytest.mark.fact("bot-retries-every-verb")
def test_a_post_that_was_throttled_or_never_left_is_asked_again(
    connection: Connection, wire: Any, graph: Any
) -> None:
    steps: list[Any] = [
        requests.exceptions.ConnectTimeout(),
        graph.refusal(429, "TooManyRequests", Retry_After="2"),
        graph.reply(202),
    ]

    def answer(request: Any) -> requests.Response:
        step = steps.pop(0)
        if isinstance(step, Exception):
            raise step
        return step  # type: ignore[no-any-return]

    wire.answer = answer
    assert connection.persist(Ask("POST", "/users/s@council.test/sendMail")).good
    assert wire.slept == [1.0, 2]


def test_a_reading_that_stays_lost_is_given_up_after_three_tries(connection: Connection, wire: Any) -> None:
    def answer(request: Any) -> requests.Response:
        raise requests.exceptions.ConnectionError("w1@council.test reset")

    wire.answer = answer
    with pytest.raises(Temporary, match="could not be reached") as caught:
        connection.get_json("/users/w1@council.test/events")
    assert len(wire.seen) == 3
    assert "reset" not in str(caught.value)


def test_an_error_names_the_mailbox_it_was_met_in(connection: Connection, wire: Any, graph: Any) -> None:
    wire.answer = lambda request: graph.refusal(403, "ErrorAccessDenied")
    with pytest.raises(Permanent, match=r"^w1@council\.test: The app may not open this mailbox"):
        connection.get_json("/users/w1%40council.test/events?$top=1")


def test_o365s_own_objects_speak_through_the_same_door(connection: Connection, wire: Any, graph: Any) -> None:
    wire.answer = lambda request: graph.reply(200, {"value": [1]})
    response = connection.get("https://graph.test/v1.0/users/w1@council.test/events", params={"$top": 5})
    assert response.json() == {"value": [1]}
    assert wire.seen[0].path.endswith("?%24top=5")
    with pytest.raises(Permanent, match="other than Microsoft Graph"):
        connection.get("https://elsewhere.test/v1.0/users")


@pytest.mark.fact("bot-logs-no-secret")
def test_no_library_underneath_may_log_what_it_sends(tmp_path: Path) -> None:
    for name in ("O365", "msal", "urllib3"):
        logging.getLogger(name).setLevel(logging.DEBUG)
    connect(tenant_id="t", client_id="c", credential=Secret("s"))
    for name in ("O365.connection", "msal.application", "urllib3.connectionpool"):
        assert not logging.getLogger(name).isEnabledFor(logging.INFO)


def test_a_missing_file_of_certificates_is_told_before_anything_is_sent(tmp_path: Path) -> None:
    with pytest.raises(Permanent, match=r"microsoft\.ca_file"):
        connect(tenant_id="t", client_id="c", credential=Secret("s"), ca_file=tmp_path / "no.pem")
    (tmp_path / "empty.pem").write_text("nothing")
    with pytest.raises(Permanent, match=r"microsoft\.ca_file"):
        connect(tenant_id="t", client_id="c", credential=Secret("s"), ca_file=tmp_path / "empty.pem")


def test_the_connection_holds_no_secret_of_its_own() -> None:
    made = connect(tenant_id="t", client_id="c", credential=Secret("hush-hush"))
    assert "hush-hush" not in repr(vars(made))
    assert "hush-hush" not in repr(Secret("hush-hush"))


@pytest.mark.fact("bot-leaves-no-token-file")
def test_nothing_is_written_into_the_working_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    connect(tenant_id="t", client_id="c", credential=Secret("s"))
    assert list(tmp_path.iterdir()) == []


@pytest.mark.fact("bot-limits-itself")
def test_the_limiter_never_lets_more_through_than_it_has_places() -> None:
    limiter, at_work, most = Limiter(4), 0, 0
    lock = threading.Lock()

    def work(places: int) -> None:
        nonlocal at_work, most
        for _ in range(10):
            with limiter.places(places):
                with lock:
                    at_work += min(places, 4)
                    most = max(most, at_work)
                time.sleep(0.001)
                with lock:
                    at_work -= min(places, 4)

    threads = [threading.Thread(target=work, args=(places,)) for places in (1, 1, 2, 3, 4, 20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(10)
    assert not any(thread.is_alive() for thread in threads)
    assert most == 4
