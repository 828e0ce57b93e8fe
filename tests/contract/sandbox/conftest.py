"""A stand-in for each test, a caller that speaks raw HTTP, and Graph's contract to hold answers against."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import certificates
import pytest
import requests
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import rsa
from O365 import Account, MSGraphProtocol
from O365.utils.token import MemoryTokenBackend
from witness.contract import contract
from witness.exchange import Exchange, Place

from bot.sandbox.faults.fault import Fault
from bot.sandbox.server import Running, start
from bot.sandbox.settings import SandboxSettings
from bot.sandbox.tenant import Person

OWNER = "String {66f5a359-4659-4830-9070-00047ec6ac6e} Name Owner"
KEY = "String {66f5a359-4659-4830-9070-00047ec6ac6e} Name Key"
WORKER, COLLEAGUE, MANAGER = "ann@council.example", "cy@council.example", "bo@council.example"
PEOPLE = (
    Person(WORKER, "Ann Bee", "Social worker", MANAGER),
    Person(COLLEAGUE, "Cy Dee", "Social worker", MANAGER),
    Person(MANAGER, "Bo Eff", "Team manager"),
)


def broken_promises(exchange: Exchange, links: frozenset[Place]) -> list[str]:
    """What does not fit Graph's description, of a batch item by item.

    A test may ask wrongly to see it refused; what was done, though, must have been rightly asked.
    """
    known = contract()
    if known is None:
        return []
    found = known.answer(exchange)
    if exchange.done:
        found += known.request(exchange, links=links)
    return found + [words for item in exchange.items for words in broken_promises(item, links)]


@dataclass
class Caller:
    """Speaks raw HTTP; every answer is held against Graph's description as it comes."""

    running: Running
    session: requests.Session = field(default_factory=requests.Session)
    checked: int = 0
    links: set[Place] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.session.trust_env = False
        self.session.verify = str(self.running.ca_file)
        self.sign_in()

    def token(self, **form: str) -> requests.Response:
        sent = {
            "grant_type": "client_credentials",
            "client_id": self.running.client_id,
            "client_secret": self.running.client_secret,
            "scope": "https://graph.microsoft.com/.default",
        } | form
        url = f"{self.running.authority}{self.running.tenant_id}/oauth2/v2.0/token"
        return self.session.post(url, data={name: value for name, value in sent.items() if value})

    def sign_in(self) -> None:
        self.session.headers["Authorization"] = f"Bearer {self.token().json()['access_token']}"

    def __call__(self, verb: str, path: str, body: Any = None, **more: Any) -> requests.Response:
        url = path if path.startswith("https://") else self.running.graph_url + path
        answer = self.session.request(verb, url, json=body, **more)
        content = answer.json() if answer.content else None
        sent = answer.request.body if body is None else json.dumps(body)
        asked = Exchange.of(
            verb,
            answer.request.url or url,
            json.loads(sent) if sent and answer.ok else None,
            answer.request.headers,
            answer.status_code,
            content,
        )
        self.links |= asked.leads_to.union(*(item.leads_to for item in asked.items))
        found = broken_promises(asked, frozenset(self.links))
        assert not found, (str(asked), found)
        self.checked += contract() is not None
        return answer

    def control(self, verb: str, path: str, body: Any = None) -> requests.Response:
        return self.session.request(verb, f"{self.running.authority}_sandbox/{path}", json=body)

    def refused(self, verb: str, path: str, body: Any = None, **more: Any) -> tuple[int, str]:
        """The status and the code of a refusal, which must have Graph's shape."""
        answer = self(verb, path, body, **more)
        error = answer.json()["error"]
        assert error["message"]
        assert error["innerError"]["request-id"] == answer.headers["request-id"]
        return answer.status_code, error["code"]

    def made(self, body: dict[str, Any], who: str = WORKER, **more: Any) -> dict[str, Any]:
        answer = self("POST", f"users/{who}/events", body, **more)
        assert answer.status_code == 201, answer.text
        return answer.json()


def event(subject: str = "Visit due", **more: Any) -> dict[str, Any]:
    """An event as a bot sends it."""
    return {
        "subject": subject,
        "start": {"dateTime": "2026-12-04T09:00:00", "timeZone": "Europe/London"},
        "end": {"dateTime": "2026-12-04T09:15:00", "timeZone": "Europe/London"},
        "body": {"contentType": "html", "content": "<p>Why</p>"},
    } | more


def tagged(owner: str, key: str) -> list[dict[str, str]]:
    return [{"id": OWNER, "value": owner}, {"id": KEY, "value": key}]


def owned_by(owner: str) -> str:
    return f"singleValueExtendedProperties/any(ep: ep/id eq '{OWNER}' and ep/value eq '{owner}')"


Starter = Callable[..., Caller]


@pytest.fixture
def stand_in() -> Iterator[Starter]:
    """Start a stand-in with these settings and call it."""
    started: list[Running] = []

    def begin(state_dir: Path | None = None, faults: tuple[Fault, ...] = (), **settings: Any) -> Caller:
        wanted = SandboxSettings(**settings)
        started.append(start(people=PEOPLE, state_dir=state_dir, settings=wanted, faults=faults))
        return Caller(started[-1])

    yield begin
    for running in started:
        running.stop()


@pytest.fixture
def call(stand_in: Starter) -> Caller:
    """A stand-in as it comes."""
    return stand_in()


@pytest.fixture(scope="session")
def words() -> Any:
    """What the tests of this folder share: names and makers, without importing one another."""

    class Words:
        worker, colleague, manager, owner, key = WORKER, COLLEAGUE, MANAGER, OWNER, KEY
        event, tagged, owned_by = staticmethod(event), staticmethod(tagged), staticmethod(owned_by)
        contract = staticmethod(contract)

    return Words


@pytest.fixture
def account_of() -> Callable[..., Account]:
    """The real O365 with a stand-in's address; signed in by the caller, since its own renewal is broken."""

    def make(call: Caller, main_resource: str = "users/nobody") -> Account:
        class Local(MSGraphProtocol):
            _protocol_url = call.running.authority

        account = Account(
            (call.running.client_id, "unused"),
            auth_flow_type="credentials",
            tenant_id=call.running.tenant_id,
            protocol=Local(timezone="Europe/London"),
            token_backend=MemoryTokenBackend(),
            requests_delay=0,
            main_resource=main_resource,
        )
        account.con.session = call.session
        return account

    return make


@pytest.fixture
def account(account_of: Callable[..., Account], call: Caller) -> Account:
    """The real O365 at the stand-in of ``call``."""
    return account_of(call)


@pytest.fixture(scope="session")
def self_signed() -> tuple[rsa.RSAPrivateKey, x509.Certificate]:
    """A key and a certificate of its own, good for a day."""
    return certificates.self_signed()
