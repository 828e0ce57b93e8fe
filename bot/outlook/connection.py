"""The connection to Microsoft Graph: O365's, with the parts of it that fail replaced.

O365 builds messages and knows the protocol, and asks everything through ``oauth_request``; this class answers
that with its own: what goes out goes through one :mod:`bot.outlook.door`, retries honour Retry-After and
never repeat what may already have been done, what an answer says of waiting holds for whoever asks next, and
errors come as :mod:`bot.errors` says them.
"""

from __future__ import annotations

import json
import logging
import time
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any, Final

import requests
from O365.connection import Connection as O365Connection
from O365.connection import MSGraphProtocol
from O365.utils.token import MemoryTokenBackend

from bot.errors import BotError, Permanent, Temporary
from bot.outlook.answer import Answer, Ask, Json, lost, mailbox_of
from bot.outlook.credential import Credential, expires
from bot.outlook.door import Door
from bot.outlook.faults import (
    Fault,
    LeftToTheNextRun,
    Nature,
    judge,
    retry_after,
    said_of,
    slow_down,
)
from bot.outlook.limiter import Limiter
from bot.outlook.manners import BACKOFF, Manners
from bot.outlook.patience import Patience
from bot.outlook.session import Session
from bot.outlook.signin import Tokens, utc_now
from bot.outlook.timer import Timer
from bot.outlook.waits import EVERYBODY, Waits
from bot.outlook.wire import LONDON

BATCH: Final = "/$batch"
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
        manners: Manners,
        timer: Timer,
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
        self.door = Door(root=protocol.service_url, tokens=tokens, session=session, clock=clock)
        self.manners = manners
        self.limiter = Limiter(manners.at_once)
        self.timer = timer
        self.waits = Waits(timer)
        self.patience = Patience(timer, manners.tries_to_reach)
        self.clock = clock
        self.certificate_expires = certificate_expires

    def sign_in(self) -> None:
        """Try the sign-in alone: raises SignInRefused with the mend, or Temporary."""
        self.door.sign_in()

    def close(self) -> None:
        """Let go of the network. The connection may still be used, and opens it again."""
        self.door.close()

    def ask(self, ask: Ask) -> Answer:
        """One request, sent once (and once more after a 401): every answer comes back, good or not.

        Waits until it may be sent. A request whose answer was lost comes back as such. Raises SignInRefused,
        Temporary if it certainly was not sent (LeftToTheNextRun where nothing more is asked in this run), and
        Permanent where no request can arrive.
        """
        mailbox = mailbox_of(ask.path)
        while (left := self.waits.left(mailbox)) > 0:
            if left > self.manners.longest_wait:
                raise slow_down(mailbox, left, self.clock())
            self.timer.sleep(left)
        with self.limiter.places(1):
            return self.exchange(ask)

    def exchange(self, ask: Ask) -> Answer:
        """As ``ask``, for one who holds a place of the limiter and has waited.

        What the answer says of waiting and of how much may be asked at once is remembered here.
        """
        self.patience.check()
        began, era = self.timer.now(), self.limiter.era
        try:
            answer = self.door.send(ask)
        except Temporary as error:
            self.waits.stay_away(EVERYBODY, self.patience.failed(began, error))
            raise
        broken = answer.lost or (_broken(judge(answer, self.clock()), answer) if ask.path == BATCH else None)
        if broken is None:
            self.patience.answered()
            self.heed(ask.path, answer, era)
        else:
            pause = self.patience.failed(began, broken)
            if self.patience.failures > 1:  # a first one may be one mailbox's trouble
                self.waits.stay_away(EVERYBODY, pause)
        return answer

    def heed(self, path: str, answer: Answer, era: int) -> None:
        """Remember what an answer to a request of that era says of when, and of how much, to ask."""
        fault = judge(answer, self.clock())
        if fault is None:
            self.limiter.went_well(1)
            return
        wait = retry_after(answer, self.clock()) if fault.nature is Nature.TEMPORARY else None
        if answer.status == 429:
            wait = BACKOFF[0] if wait is None else wait
            if answer.too_many_at_once:
                self.limiter.too_many(era)
        if wait:
            self.waits.stay_away(mailbox_of(path) or (EVERYBODY if path == BATCH else path), wait)

    def get_json(self, path: str) -> Json:
        """Read one thing; raises Temporary or Permanent with words."""
        answer = self.persist(Ask("GET", path))
        fault = judge(answer, self.clock())
        if fault is not None:
            raise self.named(fault, path)
        return answer.body or {}

    def persist(self, ask: Ask, *, repeatable: bool | None = None, throttled_too: bool = True) -> Answer:
        """Ask until a lasting answer comes or patience ends; the last answer is given back whatever it is.

        A request that may have been carried out is asked again only if doing it twice is the same as once;
        one that was told to come later, only if ``throttled_too``: else whoever asked has better to do.
        """
        again = ask.method in _REPEATABLE if repeatable is None else repeatable
        for pause in (*BACKOFF, None):
            try:
                answer, unsent = self.ask(ask), False
            except LeftToTheNextRun as error:
                return lost(error)
            except Temporary as error:
                answer, unsent = lost(error), True
            fault = judge(answer, self.clock())
            if fault is None or fault.nature is not Nature.TEMPORARY:
                return answer
            wait = fault.wait if fault.wait is not None else pause
            may_repeat = throttled_too if answer.status == 429 else again or unsent
            ended = self.patience.ended is not None
            if pause is None or wait is None or wait > self.manners.longest_wait or not may_repeat or ended:
                return answer
            self.timer.sleep(wait)
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

    def named(self, fault: Fault, path: str) -> BotError:
        """A fault as an exception, said of the mailbox it was met in."""
        mailbox = mailbox_of(path)
        error = fault.error(self.clock())
        return said_of(mailbox, error) if mailbox else error


def connect(
    *,
    tenant_id: str,
    client_id: str,
    credential: Credential,
    graph_url: str = "https://graph.microsoft.com",
    authority: str = "https://login.microsoftonline.com",
    ca_file: Path | None = None,
    manners: Manners | None = None,
    sleep: Callable[[float], None] = time.sleep,
    clock: Callable[[], datetime] = utc_now,
) -> Connection:
    """A connection to a tenant. What cannot work (a certificate that expired, a CA file that is missing) is
    refused here; the sign-in itself happens with the first request, or with ``sign_in``.
    """
    _silence()
    manners = manners or Manners()
    tokens = Tokens(
        tenant_id=tenant_id,
        client_id=client_id,
        credential=credential,
        authority=authority,
        session=Session(ca_file, read_seconds=30.0),
        clock=clock,
    )
    return Connection(
        client_id=client_id,
        tenant_id=tenant_id,
        protocol=_protocol(graph_url),
        tokens=tokens,
        session=Session(ca_file, at_once=manners.at_once),
        manners=manners,
        timer=Timer(sleep),
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


def _broken(fault: Fault | None, answer: Answer) -> Temporary | None:
    """What a batch that failed as a whole says of Microsoft 365; throttled is not broken."""
    failed = fault is not None and fault.nature is Nature.TEMPORARY and answer.status != 429
    return Temporary(fault.words) if failed and fault is not None else None


def _as_response(answer: Answer) -> requests.Response:
    response = requests.Response()
    response.status_code = answer.status
    response.headers.update(answer.headers)
    response._content = json.dumps(answer.body).encode()
    response.encoding = "utf-8"
    return response
