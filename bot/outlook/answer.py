"""One question to Microsoft Graph and what came back: the two values every other part here speaks in.

A question asked alone and one asked inside a batch are the same question, and are answered by the same kind
of answer; so whoever reads a calendar or writes an entry need not know how it travelled.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote, unquote

from bot.errors import Temporary

Json = dict[str, Any]
_OTHER_LIMITS = ("requestcount", "incomingbytes")


@dataclass(frozen=True, slots=True)
class Ask:
    """One request. ``path`` begins with a slash and stands below the version: ``/users/…/events?…``.

    ``after`` is how many seconds must pass before it is sent (an answer said so, or a first try failed).
    """

    method: str
    path: str
    body: Json | None = field(default=None, repr=False)
    headers: Mapping[str, str] = field(default_factory=dict)
    after: float = 0.0

    @property
    def changes(self) -> bool:
        """Whether it changes a thing that is there, so that no other change of it may overtake it."""
        return self.method in {"PATCH", "DELETE"}


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back. ``lost`` is set when no answer did: the request may or may not have been carried out.

    Header names are in small letters. ``body`` is empty where the answer had none, and null where it was not
    the JSON object that every answer of Graph is.
    """

    status: int
    headers: Mapping[str, str] = field(default_factory=dict)
    body: Json | None = field(default_factory=dict, repr=False)
    lost: Temporary | None = None

    @property
    def good(self) -> bool:
        """Done as asked."""
        return self.lost is None and 200 <= self.status < 300 and self.body is not None

    @property
    def code(self) -> str:
        """Graph's word for what is wrong; never its message, which may repeat what was sent."""
        code = self._error("code")
        return "".join(c for c in code if c.isalnum() or c in "._-")[:80]

    @property
    def too_many_at_once(self) -> bool:
        """Refused because too many were at work, or without another reason. Graph's message alone tells the
        limits apart: so many in ten minutes, so many bytes, so many at once."""
        said = self._error("message").casefold()
        return self.status == 429 and not any(other in said for other in _OTHER_LIMITS)

    def _error(self, part: str) -> str:
        error = (self.body or {}).get("error")
        said = error.get(part) if isinstance(error, dict) else None
        return said if isinstance(said, str) else ""


def lost(error: Temporary) -> Answer:
    """The answer that never came."""
    return Answer(status=0, lost=error)


def parse(text: str) -> Json | None:
    """The JSON object an answer holds; empty for an empty answer, null for anything else."""
    if not text.strip():
        return {}
    try:
        value = json.loads(text)
    except ValueError:
        return None
    return value if isinstance(value, dict) else None


def user(mailbox: str) -> str:
    """The path of a mailbox, by address or by id."""
    return f"/users/{quote(mailbox, safe='@')}"


def item(mailbox: str, collection: str, id_: str) -> str:
    """The path of one thing in a mailbox. Ids are kept to the letter: they are case-sensitive."""
    return f"{user(mailbox)}/{collection}/{quote(id_, safe='=-_')}"


def query(**options: str) -> str:
    """A query string of OData options, each without its dollar sign."""
    return "&".join(f"${name}={quote(value, safe='')}" for name, value in options.items())


def mailbox_of(path: str) -> str:
    """Whose mailbox a path or an address is about, for the words of an error; empty if nobody's."""
    _, users, rest = path.partition("/users/")
    return unquote(rest.split("/")[0].split("?")[0]) if users else ""
