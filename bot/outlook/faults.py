"""What a refusal of Microsoft Graph means, said once: try again, leave it, or mend this.

Everything that asks Graph brings its answers here, so that a mailbox out of scope reads the same whether it
was met while reading, writing or mailing. Messages hold Graph's code and its request id (which Microsoft's
support asks for), never its own sentence, which may repeat what was sent.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from enum import StrEnum

import requests

from bot.errors import BotError, Permanent, Temporary
from bot.outlook.answer import Answer

AGAIN = "The next run tries again."  # what a temporary trouble asks of people: nothing


class Nature(StrEnum):
    """What to do about it."""

    TEMPORARY = "temporary"  # the same again later may succeed
    PERMANENT = "permanent"  # somebody must mend something first
    CONFLICT = "conflict"  # somebody changed it since it was read
    GONE = "gone"  # the item is not there
    DUPLICATE = "duplicate"  # it was made before


class SignInRefused(Permanent):
    """Microsoft does not let the program in at all: nothing else can succeed until it is mended."""


class NoMailbox(Permanent):
    """Microsoft 365 knows no mailbox under this address: it was closed, or never was."""


class OutOfScope(Permanent):
    """The mailbox may be there; this program may not open it."""


class BadRecipient(Permanent):
    """Microsoft takes no mail for this address: it is none."""


class LeftToTheNextRun(Temporary):
    """Nothing is asked of this mailbox, or of anybody, any more in this run: certainly not carried out."""


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with an answer, and for how many seconds nothing may be asked again, if it said so."""

    nature: Nature
    words: str
    wait: float | None = None
    lasting: type[Permanent] = Permanent  # what it is as an exception where it is permanent

    def error(self, now: datetime) -> Temporary | Permanent:
        """As the exception that ends a mailbox's part of a run."""
        if self.nature in (Nature.TEMPORARY, Nature.CONFLICT):
            return Temporary(self.words, now + timedelta(seconds=self.wait) if self.wait else None)
        return self.lasting(self.words)


_FULL = (
    "The mailbox is full{trace}. Its owner must clear it, or IT raise its limit; the next run after "
    "that writes what is missing."
)
_NO_MAILBOX = (
    "There is no such mailbox in Microsoft 365{trace}. Correct the e-mail address in the caseload's workers, "
    "or ask IT whether the mailbox was closed, renamed or is not in Exchange Online."
)
_BAD_RECIPIENT = (
    "Microsoft does not accept the recipient's address{trace}. Correct it in the caseload's workers."
)
_NO_SENDING = (
    "The program may not send from this address{trace}. Set mail.sender to a mailbox in the app's scope."
)
_NO_PERMISSION = (
    "The app lacks a permission{trace}. Ask IT to grant it, with admin consent or as a role in Exchange "
    "Online."
)
_OUT_OF_SCOPE = (
    "The app may not open this mailbox{trace}. Add it to the management scope or administrative unit of "
    "the app's role in Exchange Online, or leave the worker out."
)
_ELSEWHERE = (
    "The request was sent elsewhere{trace}: a proxy or its sign-in page stands in between. Let this machine "
    "reach Microsoft 365 directly, or set HTTPS_PROXY."
)
_STILL_REFUSED = (
    "Microsoft refused a fresh sign-in token{trace}. Check microsoft.tenant_id, that the app's permissions "
    "have admin consent, and that this machine's clock is right."
)
_CHANGED = "Somebody changed it since it was read{trace}. The next run looks again."
_UNKNOWN = (
    "Microsoft did not accept the request{trace}. The fault is this program's or a proxy's in between: "
    "report it with these words."
)

# Graph's own words first, in small letters: they say more than the status they come with.
_BY_CODE: Mapping[str, tuple[Nature, str]] = {
    "errorduplicatetransactionid": (Nature.DUPLICATE, "The entry was made before{trace}."),
    "errorquotaexceeded": (Nature.PERMANENT, _FULL),
    "quotaexceeded": (Nature.PERMANENT, _FULL),
    "mailboxnotenabledforrestapi": (Nature.PERMANENT, _NO_MAILBOX),
    "mailboxnothostedinexchangeonline": (Nature.PERMANENT, _NO_MAILBOX),
    "errorinvaliduser": (Nature.PERMANENT, _NO_MAILBOX),
    "errornonexistentmailbox": (Nature.PERMANENT, _NO_MAILBOX),
    "resourcenotfound": (Nature.PERMANENT, _NO_MAILBOX),
    "request_resourcenotfound": (Nature.PERMANENT, _NO_MAILBOX),
    "erroritemnotfound": (Nature.GONE, "It is no longer there{trace}."),
    "itemnotfound": (Nature.GONE, "It is no longer there{trace}."),
    "errorsendasdenied": (Nature.PERMANENT, _NO_SENDING),
    "errorinvalidrecipients": (Nature.PERMANENT, _BAD_RECIPIENT),
    "authorization_requestdenied": (Nature.PERMANENT, _NO_PERMISSION),
    "syncstatenotfound": (
        Nature.TEMPORARY,
        f"The listing went out of date while it was read{{trace}}. {AGAIN}",
    ),
    "errorirresolvableconflict": (Nature.CONFLICT, _CHANGED),
}
_BY_STATUS: Mapping[int, tuple[Nature, str]] = {
    401: (Nature.PERMANENT, _STILL_REFUSED),
    403: (Nature.PERMANENT, _OUT_OF_SCOPE),
    409: (Nature.CONFLICT, _CHANGED),
    410: (Nature.GONE, "It is no longer there{trace}."),
    412: (Nature.CONFLICT, _CHANGED),
    413: (Nature.PERMANENT, "What was sent is larger than Microsoft takes at once{trace}."),
    429: (Nature.TEMPORARY, f"Microsoft asked us to slow down{{trace}}. {AGAIN}"),
    507: (Nature.PERMANENT, _FULL),
}
_LASTING: Mapping[str, type[Permanent]] = {
    _NO_MAILBOX: NoMailbox,
    _OUT_OF_SCOPE: OutOfScope,
    _BAD_RECIPIENT: BadRecipient,
}
_IN_DIFFICULTY = frozenset({408, 423, 424, 425, 500, 502, 503, 504})


def judge(answer: Answer, now: datetime) -> Fault | None:
    """Null where the answer is good."""
    if answer.good:
        return None
    if answer.lost is not None:
        retry_at = answer.lost.retry_at
        return Fault(
            Nature.TEMPORARY, str(answer.lost), (retry_at - now).total_seconds() if retry_at else None
        )
    nature, words = _meaning(answer)
    wait = retry_after(answer, now) if nature is Nature.TEMPORARY else None
    return Fault(nature, words.format(trace=_trace(answer)), wait, _LASTING.get(words, Permanent))


def _meaning(answer: Answer) -> tuple[Nature, str]:
    if _is_a_web_page(answer):
        return Nature.PERMANENT, _ELSEWHERE
    known = _BY_CODE.get(answer.code.lower()) or _BY_STATUS.get(answer.status)
    if known is not None:
        return known
    if answer.status in _IN_DIFFICULTY or 200 <= answer.status < 300:
        return Nature.TEMPORARY, f"Microsoft 365 is in difficulty{{trace}}. {AGAIN}"
    if 300 <= answer.status < 400:
        return Nature.PERMANENT, _ELSEWHERE
    return Nature.PERMANENT, _UNKNOWN


def _is_a_web_page(answer: Answer) -> bool:
    """A proxy's own page; a gateway of Microsoft's in difficulty may answer with one too."""
    is_page = answer.body is None and "html" in answer.headers.get("content-type", "").lower()
    return is_page and answer.status not in {429, *_IN_DIFFICULTY}


def retry_after(answer: Answer, now: datetime) -> float | None:
    """How many seconds the answer told us to stay away: never less than it said.

    A date is measured against the answer's own clock, so that ours may be wrong, and a second is added
    because dates have no fractions. A date that lies behind us by our own clock alone tells nothing.
    """
    said = answer.headers.get("retry-after", "").strip()
    if not said:
        return None
    try:
        seconds = float(said)
    except ValueError:
        until = _http_date(said)
        if until is None:
            return None
        theirs = _http_date(answer.headers.get("date", ""))
        seconds = (until - (theirs or now)).total_seconds() + 1
        if theirs is None and seconds <= 0:
            return None
    return max(seconds, 0.0) if math.isfinite(seconds) else None


def said_of(mailbox: str, error: BotError) -> BotError:
    """The same error, said of one mailbox; a refused sign-in is nobody's own."""
    if isinstance(error, SignInRefused) or str(error).startswith(f"{mailbox}: "):
        return error
    words = f"{mailbox}: {error}"
    if isinstance(error, Temporary):
        return Temporary(words, error.retry_at)
    return type(error)(words) if isinstance(error, tuple(_LASTING.values())) else Permanent(words)


def slow_down(mailbox: str, wait: float, now: datetime) -> LeftToTheNextRun:
    """Words for a wait that is longer than a run has patience for."""
    whose = f"{mailbox}: " if mailbox else ""
    return LeftToTheNextRun(
        f"{whose}Microsoft asked us to slow down. The rest is left to the next run.",
        now + timedelta(seconds=wait),
    )


def unreachable(error: OSError, server: str) -> Temporary | Permanent:
    """Words for a request that got no answer at all. The library's own words hold addresses: not repeated."""
    if not isinstance(error, requests.RequestException):  # requests itself, when its CA file has gone
        return Permanent("The file of trusted certificates cannot be read any more. Check microsoft.ca_file.")
    if isinstance(error, requests.exceptions.SSLError) and "CERTIFICATE_VERIFY_FAILED" in str(error):
        return Permanent(
            f"{server} showed a certificate this machine does not trust. If a proxy inspects traffic, set "
            "microsoft.ca_file to the file with its CA certificate; check this machine's clock too."
        )
    if isinstance(error, requests.exceptions.ProxyError):
        return Temporary(f"The proxy did not let us through to {server}. Check HTTPS_PROXY and NO_PROXY.")
    if isinstance(error, requests.exceptions.ReadTimeout):
        return Temporary(f"{server} did not answer in time. {AGAIN}")
    if isinstance(error, requests.exceptions.InvalidURL | requests.exceptions.MissingSchema):
        return Permanent(f"{server} is not an address. Correct it in the settings.")
    return Temporary(
        f"{server} could not be reached. Check this machine's network, its name server and, if there is one, "
        "the proxy (HTTPS_PROXY)."
    )


def never_sent(error: OSError) -> bool:
    """Whether the request certainly did not leave: then even a mail may be asked for again."""
    return isinstance(error, requests.exceptions.ConnectTimeout) or "NewConnectionError" in repr(error)


def _http_date(text: str) -> datetime | None:
    try:
        moment = parsedate_to_datetime(text)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _trace(answer: Answer) -> str:
    parts = [str(answer.status), answer.code, _request_id(answer.headers)]
    return f" ({' '.join(part for part in parts if part)})"


def _request_id(headers: Mapping[str, str]) -> str:
    id_ = headers.get("request-id", "")
    return f"request {id_}" if id_ and len(id_) <= 64 and id_.replace("-", "").isalnum() else ""
