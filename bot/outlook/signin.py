"""Tokens: taken from msal before every request, renewed once where Graph refuses one.

O365's own renewal fails for programs that sign in as themselves, so it is never used. msal keeps a token
until five minutes before its end; asking it costs microseconds. One thread asks at a time: when several are
refused together, the first fetches the new token and the rest find it.
"""

from __future__ import annotations

import base64
import binascii
import re
import threading
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

import msal
from msal.authority import WELL_KNOWN_AUTHORITY_HOSTS
from msal.exceptions import MsalServiceError

from bot.errors import Permanent, Temporary
from bot.outlook.credential import WHERE_TO_MAKE, Credential, for_msal
from bot.outlook.faults import AGAIN, SignInRefused, unreachable
from bot.outlook.session import Session

SCOPE = "https://graph.microsoft.com/.default"
SERVER = "The sign-in server"

# What the number in Microsoft's answer means for whoever has to mend it.
_MENDS: Mapping[int, str] = {
    7000215: "The client secret is wrong. Give the secret's value, not its id; a new one is made at {make}.",
    7000222: "The client secret has expired. Make a new one at {make}.",
    700027: "Microsoft does not know the certificate, or it has expired. Add it to the app at {make}.",
    700024: "The sign-in is outside its time. Set this machine's clock right.",
    700016: "There is no such app in this tenant. Check microsoft.client_id and microsoft.tenant_id.",
    700030: "The certificate does not belong to this app. Check microsoft.client_id and the certificate.",
    7000112: "The app is switched off in Entra. Ask IT to enable it.",
    7000229: "The app has no service principal in this tenant. Ask IT to give it admin consent.",
    90002: "There is no such tenant. Check microsoft.tenant_id.",
    900021: "There is no such tenant. Check microsoft.tenant_id.",
    900023: "microsoft.tenant_id is neither a tenant's id nor one of its domains.",
    53003: "A conditional access policy blocks the app. Ask IT to let it in from this machine.",
    500011: "The tenant does not offer Microsoft Graph to this app. Ask IT to give it admin consent.",
    70011: "The tenant does not offer Microsoft Graph to this app. Ask IT to give it admin consent.",
}
_WORDS: Mapping[str, str] = {
    "invalid_client": "Microsoft does not accept the app's proof of who it is. Check microsoft.client_id and "
    "the secret or certificate at {make}.",
    "unauthorized_client": "The app may not sign in to this tenant. Check microsoft.client_id and "
    "microsoft.tenant_id.",
    "invalid_tenant": "There is no such tenant. Check microsoft.tenant_id.",
}
_UNKNOWN = (
    "Microsoft refused the sign-in. Check microsoft.tenant_id, microsoft.client_id and the secret or "
    "certificate."
)
_TEMPORARY = {"temporarily_unavailable", "server_error", "service_unavailable", "slow_down"}
_TEMPORARY_NUMBERS = {90033, 90006, 50196, 90025, 50000, 90055}


class Tokens:
    """The one place a token comes from."""

    def __init__(
        self,
        *,
        tenant_id: str,
        client_id: str,
        credential: Credential,
        authority: str,
        session: Session,
        clock: Callable[[], datetime],
    ) -> None:
        self._credential = credential
        self._client_id = client_id
        self._authority = f"{authority.rstrip('/')}/{tenant_id}"
        self._session = session
        self._clock = clock
        self._lock = threading.Lock()
        self._app: Any = None
        self.renewals = 0  # how often a token that Graph refused was replaced
        for_msal(credential, clock())  # what cannot work is refused before anything is sent

    def close(self) -> None:
        """Let go of the network."""
        self._session.close()

    def current(self) -> str:
        """A token that is good now; signs in if there is none."""
        with self._lock:
            return self._acquire(None)

    def renew(self, refused: str, challenge: str) -> str:
        """A new token after Graph refused one, unless another thread has fetched it meanwhile."""
        with self._lock:
            token = self._acquire(None)
            if token != refused:
                return token
            self.renewals += 1
            self._app = None  # with the old token goes what it was fetched with: the signed assertion
            return self._acquire(claims_in(challenge))

    def _acquire(self, claims: str | None) -> str:
        try:
            if self._app is None:
                self._app = self._sign_in()
            answer = self._app.acquire_token_for_client(scopes=[SCOPE], claims_challenge=claims)
        except OSError as error:  # every error of requests is one
            fault = unreachable(error, SERVER)
        except MsalServiceError:
            fault = Temporary(f"{SERVER} is in difficulty. {AGAIN}")
        except ValueError:
            fault = Temporary(f"{SERVER} gave an answer that could not be understood. {AGAIN}")
        else:
            token = answer.get("access_token") if isinstance(answer, dict) else None
            if isinstance(token, str) and token:
                return token
            fault = refusal(answer or {})
            self._app = None  # a certificate file renewed meanwhile is read by the next try
        raise fault if isinstance(fault, Temporary) else SignInRefused(str(fault))

    def _sign_in(self) -> Any:
        host = urlsplit(self._authority).hostname or ""
        if not self._authority.startswith("https://"):
            raise SignInRefused("The sign-in address must begin with https://. Correct microsoft.authority.")
        try:
            return msal.ConfidentialClientApplication(
                self._client_id,
                client_credential=for_msal(self._credential, self._clock()),
                authority=self._authority,
                http_client=self._session,
                instance_discovery=None if host in WELL_KNOWN_AUTHORITY_HOSTS else False,
            )
        except ValueError:
            raise SignInRefused(
                f"{SERVER} knows no such tenant. Check microsoft.tenant_id (an id or a domain of the tenant)."
            ) from None


def refusal(answer: Mapping[str, Any]) -> Temporary | Permanent:
    """Words for an error answer of the sign-in server. Its own description is not repeated."""
    error = str(answer.get("error") or "")
    number = _number(answer)
    if error in _TEMPORARY or number in _TEMPORARY_NUMBERS:
        return Temporary(f"{SERVER} is in difficulty ({number or error}). {AGAIN}")
    mend = _MENDS.get(number) or _WORDS.get(error) or _UNKNOWN
    trace = f"AADSTS{number}" if number else re.sub(r"[^a-z_]", "", error)[:40]
    return SignInRefused(f"{mend.format(make=WHERE_TO_MAKE)}" + (f" ({trace})" if trace else ""))


def _number(answer: Mapping[str, Any]) -> int:
    codes = answer.get("error_codes")
    if isinstance(codes, list) and codes and isinstance(codes[0], int):
        return codes[0]
    found = re.search(r"AADSTS(\d{4,8})", str(answer.get("error_description") or ""))
    return int(found.group(1)) if found else 0


def claims_in(challenge: str) -> str | None:
    """The claims a WWW-Authenticate header demands of the next token, if it does."""
    found = re.search(r'claims="([A-Za-z0-9+/=_-]+)"', challenge)
    if found is None:
        return None
    text = found.group(1)
    try:
        return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)).decode("utf-8")
    except (binascii.Error, UnicodeDecodeError):
        return None


def utc_now() -> datetime:
    """The machine's clock."""
    return datetime.now(UTC)
