"""The connection to Microsoft Graph: O365's, with the parts of it that fail replaced.

O365 builds messages and knows the protocol, and asks everything through ``oauth_request``; this class answers
that with its own: a token from msal before every request and once more after a 401, every call wanting ids
that do not change, retries that honour Retry-After and never repeat what may already have been done, errors
as :mod:`bot.errors` says them, and nothing of a request in any log.
"""

from __future__ import annotations

import json
import logging
import time
import uuid
from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any, Final

import requests
from O365.connection import Connection as O365Connection
from O365.connection import MSGraphProtocol
from O365.utils.token import MemoryTokenBackend

from bot.errors import Permanent, Temporary
from bot.outlook.answer import Answer, Ask, Json, lost, mailbox_of, parse
from bot.outlook.credential import Credential, expires
from bot.outlook.faults import LONGEST_WAIT, Fault, Nature, SignInRefused, judge, never_sent, unreachable
from bot.outlook.limiter import Limiter
from bot.outlook.session import Session
from bot.outlook.signin import Tokens, utc_now
from bot.outlook.wire import LONDON, LONDON_IN_OUTLOOK

PREFER: Final = f'IdType="ImmutableId", outlook.timezone="{LONDON_IN_OUTLOOK}"'
SERVER: Final = "Microsoft Graph"
TRIES: Final = 4
BACKOFF: Final = (1.0, 3.0, 9.0)
_REPEATABLE: Final = frozenset({"GET", "PUT", "PATCH", "DELETE"})
_TELLTALES: Final = ("O365", "msal", "urllib3")  # at DEBUG these write tokens, bodies or addresses


class Connection(O365Connection):  # type: ignore[misc]  # O365 has no types
    """A signed-in connection. Nothing is sent before the first request."""

    def __init__(
        self,
        *,
        client_id: str,
        tenant_id: str,
        protocol: MSGraphProtocol,
        tokens: Tokens,
        session: Session,
        limiter: Limiter,
        sleep: Callable[[float], None],
        clock: Callable[[], datetime],
        certificate_expires: datetime | None,
    ) -> None:
        super().__init__(
            (client_id, "kept by msal"),
            auth_flow_type="credentials",
            tenant_id=tenant_id,
            requests_delay=0,
            request_retries=0,
            token_backend=MemoryTokenBackend(),
        )
        self.protocol = protocol
        self.session = session
        self.limiter = limiter
        self.sleep = sleep
        self.clock = clock
        self.certificate_expires = certificate_expires
        self._tokens = tokens

    def sign_in(self) -> None:
        """Try the sign-in alone: raises SignInRefused with the mend, or Temporary."""
        self._tokens.current()

    def sign_in_again(self, challenge: str) -> None:
        """Fetch a new token, where the one in use was refused; raises as ``sign_in`` does."""
        self._tokens.renew(self._tokens.current(), challenge)

    def close(self) -> None:
        """Let go of the network. The connection may still be used, and opens it again."""
        self.session.close()
        self._tokens.close()

    def ask(self, ask: Ask, *, places: int = 1) -> Answer:
        """One request, sent once (and once more after a 401): every answer comes back, good or not.

        A request whose answer was lost comes back as such. Raises SignInRefused, Temporary if it certainly
        was not sent, and Permanent where no request can arrive.
        """
        url = self.protocol.service_url.rstrip("/") + ask.path
        data = json.dumps(ask.body) if ask.body is not None else None
        return _answer(self._send(ask.method, url, places, headers=dict(ask.headers), data=data))

    def get_json(self, path: str) -> Json:
        """Read one thing; raises Temporary or Permanent with words."""
        answer = self.persist(Ask("GET", path))
        fault = judge(answer, self.clock())
        if fault is not None:
            raise self.named(fault, path)
        return answer.body or {}

    def persist(self, ask: Ask, *, repeatable: bool | None = None, places: int = 1) -> Answer:
        """Ask until a lasting answer comes or patience ends; the last answer is given back whatever it is.

        A request that may have been carried out is asked again only if doing it twice is the same as once.
        """
        again = ask.method in _REPEATABLE if repeatable is None else repeatable
        for pause in (*BACKOFF[: TRIES - 1], None):
            try:
                answer, unsent = self.ask(ask, places=places), False
            except Temporary as error:
                answer, unsent = lost(error), True
            fault = judge(answer, self.clock())
            if fault is None or fault.nature is not Nature.TEMPORARY:
                return answer
            wait = fault.wait if fault.wait is not None else pause
            may_repeat = again or unsent or answer.status == 429
            if pause is None or wait is None or wait > LONGEST_WAIT or not may_repeat:
                return answer
            self.sleep(wait)
        raise AssertionError("the last pause is null")

    def oauth_request(self, url: str, method: str, **kwargs: Any) -> requests.Response:
        """What O365's own objects call: ``persist``, answering as requests does and raising what is wrong."""
        path = url.removeprefix(self.protocol.service_url.rstrip("/"))
        if path == url:
            raise Permanent("A request to a server other than Microsoft Graph was stopped.")
        query = requests.models.PreparedRequest()
        query.prepare_url(url, kwargs.get("params"))
        full = (query.url or url).removeprefix(self.protocol.service_url.rstrip("/"))
        ask = Ask(method.upper(), full, kwargs.get("data"), kwargs.get("headers") or {})
        answer = self.persist(ask)
        fault = judge(answer, self.clock())
        if fault is not None:
            raise self.named(fault, path)
        return _as_response(answer)

    def named(self, fault: Fault, path: str) -> Temporary | Permanent:
        """A fault as an exception, said of the mailbox it was met in."""
        mailbox = mailbox_of(path)
        error = fault.error(self.clock())
        words = f"{mailbox}: {error}" if mailbox else str(error)
        return Temporary(words, error.retry_at) if isinstance(error, Temporary) else Permanent(words)

    def _send(self, method: str, url: str, places: int, **kwargs: Any) -> requests.Response | Temporary:
        token = self._tokens.current()
        response = self._send_with(token, method, url, places, **kwargs)
        if isinstance(response, requests.Response) and response.status_code == 401:
            token = self._tokens.renew(token, response.headers.get("WWW-Authenticate", ""))
            response = self._send_with(token, method, url, places, **kwargs)
            if isinstance(response, requests.Response) and response.status_code == 401:
                raise SignInRefused(_words(judge(_answer(response), self.clock())))
        return response

    def _send_with(
        self, token: str, method: str, url: str, places: int, *, headers: Mapping[str, str], data: str | None
    ) -> requests.Response | Temporary:
        sent = {
            "Accept": "application/json",
            "Prefer": PREFER,
            "client-request-id": str(uuid.uuid4()),
            **({"Content-Type": "application/json"} if data is not None else {}),
            **headers,
            "Authorization": f"Bearer {token}",
        }
        try:
            with self.limiter.places(places):
                return self.session.request(method, url, headers=sent, data=data)
        except OSError as error:  # every error of requests is one
            fault, unsent = unreachable(error, SERVER), never_sent(error)
        if isinstance(fault, Temporary) and not unsent:
            return fault
        raise fault


def connect(
    *,
    tenant_id: str,
    client_id: str,
    credential: Credential,
    graph_url: str = "https://graph.microsoft.com",
    authority: str = "https://login.microsoftonline.com",
    ca_file: Path | None = None,
    limiter: Limiter | None = None,
    sleep: Callable[[float], None] = time.sleep,
    clock: Callable[[], datetime] = utc_now,
) -> Connection:
    """A connection to a tenant. What cannot work (a certificate that expired, a CA file that is missing) is
    refused here; the sign-in itself happens with the first request, or with ``sign_in``.
    """
    _silence()
    session = Session(ca_file, connect_retries=0)
    tokens = Tokens(
        tenant_id=tenant_id,
        client_id=client_id,
        credential=credential,
        authority=authority,
        session=Session(ca_file, connect_retries=1, read_seconds=30.0),
        clock=clock,
    )
    return Connection(
        client_id=client_id,
        tenant_id=tenant_id,
        protocol=_protocol(graph_url),
        tokens=tokens,
        session=session,
        limiter=limiter or Limiter(),
        sleep=sleep,
        clock=clock,
        certificate_expires=expires(credential),
    )


def _protocol(graph_url: str) -> MSGraphProtocol:
    root = graph_url.rstrip("/").removesuffix("/v1.0") + "/"

    class Protocol(MSGraphProtocol):  # type: ignore[misc]  # O365 has no types
        """Graph at the address of the settings; the scopes keep Microsoft's own name."""

        _protocol_url = root

    return Protocol(timezone=LONDON)


def _silence() -> None:
    for name in _TELLTALES:
        logger = logging.getLogger(name)
        if logger.level < logging.WARNING:
            logger.setLevel(logging.WARNING)
    logging.getLogger("O365").setLevel(logging.CRITICAL)  # its errors name people's addresses


def _answer(response: requests.Response | Temporary) -> Answer:
    if isinstance(response, Temporary):
        return lost(response)
    headers = {name.lower(): value for name, value in response.headers.items()}
    return Answer(response.status_code, headers, parse(response.text))


def _as_response(answer: Answer) -> requests.Response:
    response = requests.Response()
    response.status_code = answer.status
    response.headers.update(answer.headers)
    response._content = json.dumps(answer.body).encode()
    response.encoding = "utf-8"
    return response


def _words(fault: Fault | None) -> str:
    return fault.words if fault is not None else "Microsoft refused the sign-in."
