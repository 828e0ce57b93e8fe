"""Prism stands between the bot's requests and the stand-in, and agrees that both keep Graph's contract.

A second opinion by a tool that shares nothing with our own: what it finds it writes into a header of the
answer. It knows one spelling of everything, so it gets requests as the bot spells them. `.ci/run` installs it
where npm is at hand (tests/prism/package.json).
"""

from __future__ import annotations

import json
import os
import queue
import shutil
import socket
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
import requests
from witness.contract import SLICE

from bot.outlook.connection import connect
from bot.outlook.credential import Secret
from bot.outlook.event import Draft
from bot.outlook.mail import Message, Picture, _body
from bot.outlook.wire import OWNER, OWNER_PROPERTY, having, to_change, to_create, to_release, view
from bot.sandbox.server import Running, start
from bot.sandbox.tenant import Person

PRISM = Path(__file__).parent / "node_modules" / "@stoplight" / "prism-cli" / "dist" / "index.js"
ANN, BO = "ann@council.example", "bo@council.example"
PEOPLE = (Person(ANN, "Ann Bee", "Social worker", BO), Person(BO, "Bo Eff", "Team manager"))
PREFER = {"Prefer": 'IdType="ImmutableId", outlook.timezone="Europe/London"'}
NOT_ASKED = ("subscriptions", "calendars", "delta", "translate", "UploadSession", "/calendar/events")
# What neither side ever says. Without it the description is stricter, for it forbids what it does not name;
# and Prism, which makes a checker of everything within everything, has done it in a tenth of the time.
NOT_MEANT = ("eventMessage", "itemAttachment", "referenceAttachment", "attendeeBase")
NOT_SAID = {
    "event": ("calendar", "exceptionOccurrences", "extensions", "instances", "multiValueExtendedProperties"),
    "message": ("extensions", "multiValueExtendedProperties"),
}
STARTS_WITHIN = 180.0  # seconds, on a machine that is busy with other tests
DRAFT = Draft(
    key="a1",
    subject="Visit due Fri 4 Dec · J.S. 20417",
    html="<p>Why it is due</p>",
    starts=datetime(2026, 12, 4, 9, 0),
    ends=datetime(2026, 12, 4, 9, 15),
    all_day=False,
    categories=("Visit",),
    alarm_minutes=0,
)


@pytest.fixture
def node() -> str:
    """Where all is at hand that Prism needs."""
    found = shutil.which("node")
    if found is None or not PRISM.exists():
        pytest.skip("Prism is not installed: (cd tests/prism && npm ci --ignore-scripts), as .ci/run does")
    if not SLICE.exists():
        pytest.skip("Graph's description does not lie beside this checkout")
    return found


@contextmanager
def _prism(node: str, running: Running, folder: Path) -> Iterator[str]:
    """A proxy before the stand-in that holds what passes against the slice; its address."""
    described = json.loads(SLICE.read_text())
    described.pop("security")  # the token goes through it unlooked at
    for path in [path for path in described["paths"] if any(part in path for part in NOT_ASKED)]:
        del described["paths"][path]  # each costs Prism time to start
    _narrow(described["components"]["schemas"])
    described["servers"] = [{"url": running.graph_url}]
    (folder / "slice.json").write_text(json.dumps(described))
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    process = subprocess.Popen(
        [
            *(node, str(PRISM), "proxy", str(folder / "slice.json"), running.graph_url.rstrip("/")),
            *("--host", "127.0.0.1", "--port", str(port)),
        ],
        env=os.environ | {"NODE_EXTRA_CA_CERTS": str(running.ca_file), "NO_COLOR": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        encoding="utf-8",
    )
    try:
        _wait_for("listening", process)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(20)


def _narrow(schemas: dict[str, Any]) -> None:
    for schema in schemas.values():
        if "anyOf" in schema:
            kept = [one for one in schema["anyOf"] if not one.get("$ref", "").endswith(NOT_MEANT)]
            assert kept, schema
            schema["anyOf"] = kept
    for name, properties in NOT_SAID.items():
        schema = schemas[f"microsoft.graph.{name}"]
        itself = schema if "properties" in schema else schema["anyOf"][-1]
        assert itself["additionalProperties"] is False
        for one in properties:
            del itself["properties"][one]


def _wait_for(word: str, process: subprocess.Popen[str]) -> None:
    lines: queue.Queue[str] = queue.Queue()

    def hear() -> None:
        assert process.stdout is not None
        for line in process.stdout:
            lines.put(line)
        lines.put("")

    threading.Thread(target=hear, daemon=True).start()
    said = []
    while True:
        said.append(lines.get(timeout=STARTS_WITHIN))
        if word in said[-1]:
            return
        assert said[-1], f"Prism ended before it listened:\n{''.join(said)}"


class Proxied:
    """Speaks to the stand-in through Prism."""

    def __init__(self, running: Running, address: str) -> None:
        self.address, self.session, self.agreed = address, requests.Session(), 0
        self.session.trust_env = False
        form = {
            "grant_type": "client_credentials",
            "client_id": running.client_id,
            "client_secret": running.client_secret,
            "scope": "https://graph.microsoft.com/.default",
        }
        url = f"{running.authority}{running.tenant_id}/oauth2/v2.0/token"
        token = self.session.post(url, data=form, verify=str(running.ca_file)).json()["access_token"]
        self.session.headers["Authorization"] = f"Bearer {token}"

    def ask(self, verb: str, path: str, body: Any = None, **headers: str) -> tuple[int, Any, str]:
        """Status, body, and what Prism found."""
        answer = self.session.request(
            verb, f"{self.address}{path}", json=body, headers=PREFER | headers, timeout=STARTS_WITHIN
        )
        found = answer.headers.get("sl-violations", "")
        return answer.status_code, answer.json() if answer.content else None, found

    def agrees(self, status: int, verb: str, path: str, body: Any = None, **headers: str) -> Any:
        """The answer to a request about which Prism finds nothing."""
        got, answer, found = self.ask(verb, path, body, **headers)
        assert (got, found) == (status, ""), (verb, path, got, found, answer)
        self.agreed += 1
        return answer


def test_prism_agrees_on_the_contract(node: str, tmp_path: Path) -> None:
    with start(people=PEOPLE) as running, _prism(node, running, tmp_path) as address:
        through = Proxied(running, address)
        _the_bots_diary(through)
        _the_bots_mail(through)
        _the_rest(through)
        assert through.agreed >= 25
        _and_it_notices(through)


def _the_bots_diary(through: Proxied) -> None:
    mine = f"/users/{ANN}/events"
    categories = f"/users/{ANN}/outlook/masterCategories"
    through.agrees(200, "GET", categories)
    through.agrees(201, "POST", categories, {"displayName": "Visit", "color": "preset3"})
    made = through.agrees(201, "POST", mine, to_create(DRAFT, "t1"))
    through.agrees(409, "POST", mine, to_create(DRAFT, "t1"))
    listed = through.agrees(200, "GET", f"{mine}?{view(filter=having(OWNER_PROPERTY, OWNER), top='250')}")
    assert [one["id"] for one in listed["value"]] == [made["id"]]
    one = f"{mine}/{made['id']}"
    etag = made["@odata.etag"]
    changed = through.agrees(200, "PATCH", one, to_change(DRAFT), **{"If-Match": etag})
    through.agrees(412, "PATCH", one, to_change(DRAFT), **{"If-Match": 'W/"older"'})
    through.agrees(200, "GET", f"{one}?{view()}")
    through.agrees(200, "PATCH", one, to_release(None), **{"If-Match": changed["@odata.etag"]})
    item = {"id": "1", "method": "GET", "url": mine, "headers": PREFER}
    made_too = {"id": "2", "method": "POST", "url": mine, "body": to_create(DRAFT, "t2")}
    made_too["headers"] = {"Content-Type": "application/json"}
    through.agrees(200, "POST", "/$batch", {"requests": [item, made_too]})
    through.agrees(204, "DELETE", one)
    through.agrees(404, "GET", one)


def _the_bots_mail(through: Proxied) -> None:
    unused = connect(tenant_id="t", client_id="c", credential=Secret("s"))
    message = Message(ANN, "Your week", "<p>Hello</p>", "Hello", (Picture("chart", b"x"),), BO)
    sent = _body(unused, BO, message, "ref-1")
    draft = through.agrees(201, "POST", f"/users/{BO}/messages", sent)
    through.agrees(202, "POST", f"/users/{BO}/messages/{draft['id']}/send")
    through.agrees(202, "POST", f"/users/{BO}/sendMail", {"message": sent, "saveToSentItems": True})
    (got, _) = through.agrees(200, "GET", f"/users/{ANN}/messages?$top=5&$select=id,subject,from")["value"]
    through.agrees(200, "GET", f"/users/{ANN}/messages/{got['id']}")
    through.agrees(200, "GET", f"/users/{ANN}/messages/{got['id']}/attachments")
    through.agrees(200, "PATCH", f"/users/{ANN}/messages/{got['id']}", {"isRead": True})
    through.agrees(204, "DELETE", f"/users/{ANN}/messages/{got['id']}")


def _the_rest(through: Proxied) -> None:
    window = "startDateTime=2026-12-01T00:00:00Z&endDateTime=2026-12-08T00:00:00Z"
    through.agrees(200, "GET", f"/users/{ANN}/calendar/calendarView?{window}&$orderby=start/dateTime")
    asked = {
        "schedules": [ANN],
        "startTime": {"dateTime": "2026-12-04T08:00:00", "timeZone": "Europe/London"},
        "endTime": {"dateTime": "2026-12-04T12:00:00", "timeZone": "Europe/London"},
        "availabilityViewInterval": 60,
    }
    through.agrees(200, "POST", f"/users/{BO}/calendar/getSchedule", asked)
    through.agrees(200, "GET", f"/users/{ANN}/mailboxSettings")
    away = {"automaticRepliesSetting": {"status": "alwaysEnabled", "internalReplyMessage": "Away"}}
    through.agrees(200, "PATCH", f"/users/{ANN}/mailboxSettings", away)
    through.agrees(404, "GET", "/users/gone@council.example/events")


def _and_it_notices(through: Proxied) -> None:
    """A witness that lets everything pass would be none."""
    _, _, found = through.ask("POST", f"/users/{ANN}/events", to_create(DRAFT, "t3") | {"reminder": 5})
    assert "reminder" in found
    _, _, found = through.ask("POST", f"/users/{ANN}/events", to_create(DRAFT, "t4") | {"instances": []})
    assert "instances" in found
    _, _, found = through.ask("GET", f"/users/{ANN}/calendarView?startDateTime=2026-12-01T00:00:00Z")
    assert "enddatetime" in found
    _, _, found = through.ask("GET", f"/users/{ANN}/contacts")
    assert "not found" in found
