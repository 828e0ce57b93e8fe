"""What the O365 library does and does not do, measured anew: an upgrade that changes it is noticed."""

from __future__ import annotations

import datetime as dt
import logging
import re
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import msal
import O365
import pytest
import requests
import xlsxwriter
from O365 import Account, MSGraphProtocol
from O365.category import CategoryColor
from O365.utils.token import MemoryTokenBackend

LONDON = ZoneInfo("Europe/London")
SCOPE = ["https://graph.microsoft.com/.default"]
Maker = Callable[..., Account]


@pytest.fixture(autouse=True)
def _away(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A folder of its own to litter, and no other authority."""
    monkeypatch.chdir(tmp_path)
    for name in ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"):
        monkeypatch.delenv(name, raising=False)
    return


@pytest.fixture
def signed_in(request: pytest.FixtureRequest) -> Maker:
    """O365 as it comes, signed in by its own means at a stand-in: only its addresses are ours."""

    def make(call: Any, **more: Any) -> Account:
        class Local(MSGraphProtocol):
            _protocol_url = call.running.authority

        wanted = {"token_backend": MemoryTokenBackend(), "requests_delay": 0, "request_retries": 0} | more
        timezone = wanted.pop("timezone", "Europe/London")
        wanted = {name: value for name, value in wanted.items() if value is not None}
        account = Account(
            (call.running.client_id, call.running.client_secret),
            auth_flow_type="credentials",
            tenant_id=call.running.tenant_id,
            protocol=Local(timezone=timezone) if timezone else Local(),
            verify_ssl=str(call.running.ca_file),
            **wanted,
        )
        account.con._msal_client = msal.ConfidentialClientApplication(
            call.running.client_id,
            client_credential=call.running.client_secret,
            authority=call.running.authority + call.running.tenant_id,
            instance_discovery=False,
            verify=str(call.running.ca_file),
            token_cache=account.con.token_backend,
        )
        assert account.authenticate(requested_scopes=SCOPE)
        return account

    return make


def _new_event(account: Account, who: str, subject: str = "Visit due") -> Any:
    event = account.schedule(resource=who).new_event(subject=subject)
    event.start = dt.datetime(2026, 7, 2, 9, 0, tzinfo=LONDON)
    event.end = dt.datetime(2026, 7, 2, 9, 15, tzinfo=LONDON)
    return event


def _calls(call: Any, verb: str) -> list[int]:
    calls = call.control("GET", "record").json()["calls"]
    return [one["status"] for one in calls if one["verb"] == verb and "/users/" in one["path"]]


@pytest.mark.fact("o365-renewal-broken")
def test_o365s_own_renewal_of_an_expired_token_dies_of_an_assertion(
    stand_in: Any, signed_in: Maker, words: Any
) -> None:
    """Graph says 401 when a token expires; O365 then asks msal in a way msal no longer takes."""
    call = stand_in(token_seconds=400)  # msal keeps no token that ends within five minutes
    account = signed_in(call)
    assert _new_event(account, words.worker).save()
    call.control("POST", "clock", {"skew_seconds": 500})
    real = time.time
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(time, "time", lambda: real() + 500)
        for _ in range(2):
            with pytest.raises(AssertionError, match="Invalid parameter type"):
                _new_event(account, words.worker).save()


@pytest.mark.fact("o365-post-not-retried")
@pytest.mark.parametrize("status", ["429", "503", "504"])
def test_o365_tries_a_get_again_and_a_post_and_a_patch_never(
    call: Any, signed_in: Maker, words: Any, status: str
) -> None:
    """Graph asks for patience; O365 gives it to readings alone."""
    account = signed_in(call, request_retries=2)
    event = _new_event(account, words.worker)
    assert event.save()
    for verb, tries, do in (
        ("GET", 2, lambda: account.schedule(resource=words.worker).get_default_calendar()),
        ("POST", 1, lambda: _new_event(account, words.worker).save()),
        ("PATCH", 1, lambda: setattr(event, "subject", "New") or event.save()),
    ):
        call.control("DELETE", "faults")
        call.control("DELETE", "record")
        call.control(
            "POST", "faults", {"do": status, "verb": verb, "mailbox": words.worker, "retry_after": 1}
        )
        if tries == 1:
            with pytest.raises(requests.HTTPError, match=status):
                do()
        else:
            assert do()
        assert len(_calls(call, verb)) == tries


@pytest.mark.fact("o365-delay")
def test_o365_keeps_two_hundred_milliseconds_between_calls_unless_told(
    call: Any, signed_in: Maker, words: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Graph asks for no such pause."""
    slept: list[float] = []
    account = signed_in(call, requests_delay=None)
    assert account.con.requests_delay == 200

    class Still:  # a clock on which calls take no time, so that every pause is seen whole
        time, sleep = staticmethod(lambda: 1_000_000.0), slept.append

    monkeypatch.setattr("O365.connection.time", Still)
    for _ in range(4):
        assert _new_event(account, words.worker).save()
    assert slept[-3:] == pytest.approx([0.2] * 3)


@pytest.mark.fact("o365-token-file")
def test_o365_writes_its_token_in_plain_text_beside_the_program(
    call: Any, signed_in: Maker, tmp_path: Path
) -> None:
    """The default token backend is a file; the memory backend leaves none."""
    signed_in(call)
    assert list(tmp_path.iterdir()) == []
    signed_in(call, token_backend=None)
    (written,) = tmp_path.iterdir()
    assert written.name == "o365_token.txt"
    assert '"secret": "eyJ' in written.read_text()


@pytest.mark.fact("o365-debug-log")
def test_o365s_debug_log_holds_the_token_and_what_is_sent(
    call: Any, signed_in: Maker, words: Any, caplog: pytest.LogCaptureFixture
) -> None:
    """So that logger must never be let down to DEBUG."""
    caplog.set_level(logging.DEBUG, "O365")
    assert _new_event(signed_in(call), words.worker, "A name that must not be logged").save()
    assert re.search(r"Bearer eyJ", caplog.text)
    assert "A name that must not be logged" in caplog.text


@pytest.mark.fact("o365-guid-resource")
def test_o365_takes_an_address_or_a_prefixed_id_and_makes_nonsense_of_a_bare_one(
    call: Any, signed_in: Maker, words: Any
) -> None:
    """Graph knows users/{id} alone."""
    account = signed_in(call)
    guid = call.running.tenant.user(words.worker)["id"]
    for resource in (words.worker, f"users/{guid}", f"user:{guid}"):
        assert account.schedule(resource=resource).get_default_calendar()
    with pytest.raises(requests.HTTPError, match="400"):
        account.schedule(resource=guid).get_default_calendar()


@pytest.mark.fact("o365-lacks")
def test_o365_has_no_batch_no_delta_no_if_match_and_no_properties_of_ones_own(
    call: Any, signed_in: Maker, words: Any
) -> None:
    """What Graph offers and the bot needs, and the library does not speak of."""
    source = "\n".join(
        file.read_text(encoding="utf-8")
        for name in ("calendar", "message", "mailbox", "connection", "account")
        for file in [Path(O365.__file__).with_name(f"{name}.py")]
    )
    for never in ("$batch", "/delta", "If-Match", "dependsOn"):
        assert never not in source
    account = signed_in(call)
    event, message = _new_event(account, words.worker), account.new_message(resource=words.manager)
    assert not [name for name in dir(event) if "extended" in name.lower()]
    with pytest.raises(AttributeError):
        message.single_value_extended_properties = [{"id": words.key, "value": "1"}]
    assert event.save()
    (kept,) = call("GET", f"users/{words.worker}/events").json()["value"]
    mine = f"$expand=singleValueExtendedProperties($filter=id eq '{words.key}')"
    read = call("GET", f"users/{words.worker}/events/{kept['id']}?{mine}").json()
    assert "singleValueExtendedProperties" not in read


@pytest.mark.fact("o365-raw-calls")
def test_o365s_session_carries_calls_of_ones_own(call: Any, signed_in: Maker, words: Any) -> None:
    """oauth_request with the full address speaks $batch all the same."""
    account = signed_in(call)
    item = {"id": "1", "method": "GET", "url": f"/users/{words.worker}/events"}
    answer = account.con.oauth_request(f"{call.running.graph_url}$batch", "post", data={"requests": [item]})
    assert [one["status"] for one in answer.json()["responses"]] == [200]


@pytest.mark.fact("o365-category-colour")
def test_o365_wants_a_colour_of_its_own_and_no_word(call: Any, signed_in: Maker, words: Any) -> None:
    """Graph says preset0; O365 takes CategoryColor.RED and refuses the word."""
    categories = signed_in(call).outlook_categories(resource=words.worker)
    assert categories.create_category("CP", color=CategoryColor.RED).color is CategoryColor.RED
    assert CategoryColor.RED.value == "preset0"
    with pytest.raises(ValueError, match="not a valid color"):
        categories.create_category("As a word", color="preset0")


@pytest.mark.fact("o365-save-sends")
def test_o365_saves_a_boolean_as_a_word_and_an_empty_place_and_nobody_invited(
    call: Any, signed_in: Maker, words: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Graph takes all three, and so must whatever stands in for it."""
    account = signed_in(call)
    sent: list[dict[str, Any]] = []
    ask = account.con.oauth_request
    monkeypatch.setattr(
        account.con,
        "oauth_request",
        lambda url, method, **more: sent.append(more.get("data") or {}) or ask(url, method, **more),
    )
    assert _new_event(account, words.worker).save()
    (body,) = [one for one in sent if "subject" in one]
    assert body["isOnlineMeeting"] == "false"
    assert body["attendees"] == []
    assert body["location"] == {"displayName": ""} or not any(body["location"].values())
    shown = call("GET", f"users/{words.worker}/events").json()["value"][0]
    assert (shown["isOnlineMeeting"], shown["attendees"], shown["location"]["displayName"]) == (False, [], "")


@pytest.mark.fact("o365-zone-of-machine")
def test_o365_takes_the_machines_zone_unless_it_is_given_one(
    call: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A container knows only Etc/UTC; Graph would be told that."""
    monkeypatch.setattr("O365.connection.get_localzone", lambda: ZoneInfo("Etc/UTC"))
    assert MSGraphProtocol().timezone.key == "Etc/UTC"
    assert MSGraphProtocol(timezone="Europe/London").timezone.key == "Europe/London"


@pytest.mark.fact("o365-zoneinfo-only")
def test_o365_takes_zoneinfo_and_no_other_zone(call: Any, signed_in: Maker, words: Any) -> None:
    """A moment with an offset instead of a zone is refused before Graph sees it."""
    with pytest.raises(ValueError, match="ZoneInfo"):
        MSGraphProtocol(timezone=dt.UTC)
    event = _new_event(signed_in(call), words.worker)
    with pytest.raises(ValueError, match="ZoneInfo"):
        event.start = dt.datetime(2026, 7, 2, 9, 0, tzinfo=dt.UTC)


@pytest.mark.fact("o365-fold-lost")
def test_o365_cannot_tell_the_two_half_past_ones_of_october_apart(
    call: Any, signed_in: Maker, words: Any
) -> None:
    """Graph's dateTimeTimeZone has no offset, and O365 sends the wall clock alone."""
    account = signed_in(call)
    for fold in (0, 1):
        event = account.schedule(resource=words.worker).new_event(subject=str(fold))
        event.start = dt.datetime(2026, 10, 25, 1, 30, tzinfo=LONDON, fold=fold)
        event.end = dt.datetime(2026, 10, 25, 1, 45, tzinfo=LONDON, fold=fold)
        assert event.save()
    first, second = call("GET", f"users/{words.worker}/events").json()["value"]
    assert first["start"] == second["start"]


@pytest.mark.fact("o365-all-day-midnight")
def test_an_all_day_event_of_o365s_that_is_not_at_midnight_in_its_zone_is_refused(
    call: Any, signed_in: Maker, words: Any
) -> None:
    """Graph: midnight in the zone that is sent, whatever it is in UTC."""
    account = signed_in(call)
    for hour, good in ((0, True), (1, False)):
        event = account.schedule(resource=words.worker).new_event(subject="Due")
        event.is_all_day = True  # said last, O365 would put the times to midnight itself
        event.start = dt.datetime(2026, 7, 2, hour, tzinfo=LONDON)
        event.end = dt.datetime(2026, 7, 3, hour, tzinfo=LONDON)
        if good:
            assert event.save()
            continue
        with pytest.raises(requests.HTTPError, match="midnight"):
            event.save()


@pytest.mark.fact("o365-protocol-url", "loopback-ca")
def test_o365_speaks_to_another_server_by_a_protocol_of_ones_own(
    call: Any, signed_in: Maker, words: Any
) -> None:
    """Only _protocol_url changes; the scopes keep Graph's own prefix."""
    account = signed_in(call)
    assert account.protocol.service_url == call.running.graph_url
    assert account.protocol.get_scopes_for(["User.Read"]) == ["https://graph.microsoft.com/User.Read"]
    assert account.directory().get_user(words.worker).mail == words.worker


@pytest.mark.fact("o365-workbooks")
def test_o365_finds_a_workbook_in_sharepoint_and_in_onedrive_and_brings_it_whole(
    stand_in: Any, signed_in: Maker, words: Any, tmp_path: Path
) -> None:
    """Graph answers /content with an address to fetch it from; O365 follows it."""
    folder = tmp_path / "files"
    (folder / "Exports").mkdir(parents=True)
    workbook = xlsxwriter.Workbook(str(folder / "Exports" / "caseload.xlsx"))
    workbook.add_worksheet("visits").write_row(0, 0, ["visit_id", "child_id"])
    workbook.close()
    account = signed_in(stand_in(drive=folder))
    site = account.sharepoint().get_site("sandbox.sharepoint.com", "/sites/team")
    for library in (
        site.get_default_document_library(),
        account.storage(resource=f"users/{words.worker}").get_default_drive(),
    ):
        item = library.get_item_by_path("/Exports/caseload.xlsx")
        assert item.download(to_path=tmp_path, name="brought")
        brought = next(tmp_path.glob("brought*"))
        assert brought.read_bytes() == (folder / "Exports" / "caseload.xlsx").read_bytes()
        brought.unlink()
