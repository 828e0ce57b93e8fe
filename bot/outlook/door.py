"""The door to Microsoft Graph: each request goes out once, signed in, and whatever became of it comes back.

A token from msal goes with every request, and a new one once more after a 401; every call wants ids that do
not change and times in London's; and nothing of a request gets into any log. Whether to ask, when, and
whether to ask again is for :mod:`bot.outlook.connection` to decide.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable
from datetime import datetime
from typing import Final

import requests

from bot.errors import Temporary
from bot.outlook.answer import Answer, Ask, lost, parse
from bot.outlook.faults import SignInRefused, judge, never_sent, unreachable
from bot.outlook.session import Session
from bot.outlook.signin import Tokens
from bot.outlook.wire import LONDON_IN_OUTLOOK

PREFER: Final = f'IdType="ImmutableId", outlook.timezone="{LONDON_IN_OUTLOOK}"'
SERVER: Final = "Microsoft Graph"


class Door:
    """The one way out to Graph. Safe to use from several threads."""

    def __init__(self, *, root: str, tokens: Tokens, session: Session, clock: Callable[[], datetime]) -> None:
        self.tokens = tokens
        self._root = root.rstrip("/")
        self._session = session
        self._clock = clock

    def sign_in(self) -> None:
        """Try the sign-in alone: raises SignInRefused with the mend, or Temporary."""
        self.tokens.current()

    @property
    def renewals(self) -> int:
        """How often a refused token was replaced so far."""
        return self.tokens.renewals

    def sign_in_again(self, challenge: str, renewals: int) -> None:
        """Fetch a new token where the one in use was refused, unless that was done since there had been so
        many renewals; raises as ``sign_in`` does."""
        if self.tokens.renewals == renewals:
            self.tokens.renew(self.tokens.current(), challenge)

    def close(self) -> None:
        """Let go of the network; the next request opens it again."""
        self._session.close()
        self.tokens.close()

    def send(self, ask: Ask) -> Answer:
        """Send it, and once more where its token was refused. An answer that was lost comes back as such.

        Raises SignInRefused, Temporary if it certainly was not sent, and Permanent where none can arrive.
        """
        token = self.tokens.current()
        answer = self._send_with(token, ask)
        if answer.status == 401:
            token = self.tokens.renew(token, answer.headers.get("www-authenticate", ""))
            answer = self._send_with(token, ask)
            if answer.status == 401:
                fault = judge(answer, self._clock())
                raise SignInRefused(fault.words if fault else "Microsoft refused the sign-in.")
        return answer

    def _send_with(self, token: str, ask: Ask) -> Answer:
        data = json.dumps(ask.body) if ask.body is not None else None
        headers = {
            "Accept": "application/json",
            "Prefer": PREFER,
            "client-request-id": str(uuid.uuid4()),
            **({"Content-Type": "application/json"} if data is not None else {}),
            **ask.headers,
            "Authorization": f"Bearer {token}",
        }
        try:
            response = self._session.request(ask.method, self._root + ask.path, headers=headers, data=data)
        except OSError as error:  # every error of requests is one
            fault, unsent = unreachable(error, SERVER), never_sent(error)
        else:
            return _answer(response)
        if isinstance(fault, Temporary) and not unsent:
            return lost(fault)
        raise fault


def _answer(response: requests.Response) -> Answer:
    headers = {name.lower(): value for name, value in response.headers.items()}
    return Answer(response.status_code, headers, parse(response.text))
