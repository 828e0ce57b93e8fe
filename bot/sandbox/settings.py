"""What a stand-in can be told to be: stricter, slower, poorer in permissions.

Each setting carries the words by which the settings file, its example and its refusals speak of it, so that
a new one is told of everywhere by being written here.
"""

from __future__ import annotations

import difflib
import math
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal, TypeVar, get_args, get_origin, get_type_hints

T = TypeVar("T")
EVERY_PERMISSION = (
    "Calendars.ReadWrite",
    "Mail.ReadWrite",
    "Mail.Send",
    "MailboxSettings.ReadWrite",
    "User.Read.All",
    "Files.Read.All",
    "Sites.Read.All",
)
# What can be granted: each opens at least one path here. The ReadBasic permissions are not among them, since
# they show less of an item than there is, and here an item is shown whole or not at all.
KNOWN_PERMISSIONS = (
    *("Calendars.Read", "Calendars.ReadWrite"),
    *("Mail.Read", "Mail.ReadWrite", "Mail.Send"),
    *("MailboxSettings.Read", "MailboxSettings.ReadWrite"),
    *("User.Read.All", "User.ReadWrite.All", "Directory.Read.All"),
    *("Files.Read.All", "Files.ReadWrite.All", "Sites.Read.All", "Sites.ReadWrite.All"),
)


@dataclass(frozen=True, slots=True)
class Said:
    """Where a setting stands in the file, what it means, and between what it lies."""

    table: str
    words: str
    least: float | None = None
    most: float | None = None
    key: str = ""  # in the file, where it is not the field's own name


@dataclass(frozen=True, slots=True)
class Wrong:
    """One setting that cannot be: its name, what is wrong and how to mend it."""

    name: str
    what: str
    mend: str


class CannotBe(ValueError):
    """Settings that no stand-in can have; every one that is wrong is named."""

    def __init__(self, wrongs: tuple[Wrong, ...]) -> None:
        super().__init__(" ".join(f"{one.name}: {one.what}. {one.mend}" for one in wrongs))
        self.wrongs = wrongs


def _said(
    default: T,
    table: str,
    words: str,
    *,
    least: float | None = None,
    most: float | None = None,
    key: str = "",
) -> T:
    found: T = field(default=default, metadata={"said": Said(table, words, least, most, key)})
    return found


def everything() -> Mapping[str, frozenset[str] | None]:
    """Every permission on every mailbox."""
    return dict.fromkeys(EVERY_PERMISSION)


@dataclass(frozen=True, slots=True)
class SandboxSettings:
    """Every default is what Microsoft's documents say, or kinder where they say nothing."""

    token_seconds: int = _said(3600, "sign_in", "How many seconds a token holds.", least=1, most=86_400)
    # PEM texts that may sign instead of the secret; the file names files.
    certificates: tuple[str, ...] = _said(
        (),
        "sign_in",
        "Certificates (PEM files, paths relative to this file) that may sign in beside the secret.",
    )
    # Permission -> the addresses it reaches, or None for all of them.
    grants: Mapping[str, frozenset[str] | None] = field(default_factory=everything)
    at_once: int = _said(
        4, "limits", "How many requests, items of a batch among them, may be at work.", least=1
    )
    at_once_per: Literal["app", "mailbox"] = _said(
        "app", "limits", "Whether that holds for the app in all, or for each mailbox: the documents disagree."
    )
    batch_items_at_once: int = _said(
        4, "limits", "How many items of one batch are worked on at the same time.", least=1, most=20
    )
    messages_per_minute: int = _said(30, "limits", "Messages a minute that one mailbox may send.", least=1)
    requests_per_ten_minutes: int = _said(
        10_000, "limits", "Requests in ten minutes to one mailbox; refused ones count too.", least=1
    )
    upload_mb_per_five_minutes: float = _said(
        150, "limits", "Megabytes in five minutes that may be sent to one mailbox.", least=0.001
    )
    retry_after: int = _said(
        1, "limits", "Seconds to wait that are told to one who came too many at once.", least=1, most=600
    )
    request_ms: float = _said(0, "latency", "Milliseconds that a request takes.", least=0)
    item_ms: float = _said(0, "latency", "Milliseconds that an item of a batch takes beside that.", least=0)
    page_size: int = _said(
        10, "documents", "How many a page of a list holds where $top does not say.", least=1, most=1000
    )
    duplicate_transaction: Literal[400, 409] = _said(
        409, "documents", "How a second event with a transactionId is refused: both are reported."
    )
    duplicate_tells_id: bool = _said(
        False, "documents", "Whether that refusal tells the id of the event that is there."
    )
    transactions_outlive_events: bool = _said(
        True, "documents", "Whether a transactionId stays taken when its event is deleted: nobody says."
    )
    shuffle_batches: bool = _said(
        True, "documents", "Whether the answers of a batch come in another order than the requests."
    )
    lost_delta: Literal[410, 400] = _said(
        410, "documents", "How a delta token is refused that is too old or unknown: both are reported."
    )
    delta_replays: bool = _said(
        False, "documents", "Whether a round of a delta tells the last change of the round before again."
    )
    drive: Path | None = field(
        default=None,
        metadata={
            "said": Said(
                "",
                "A folder whose files stand in SharePoint and OneDrive (path relative to this file); "
                "empty for none.",
            )
        },
    )
    seed: int = _said(0, "", "What chance is drawn from: the same seed gives the same bad days.")

    def __post_init__(self) -> None:
        wrongs = tuple(
            wrong
            for one in fields(self)
            if (wrong := wrong_with(one.name, getattr(self, one.name))) is not None
        )
        if wrongs:
            raise CannotBe(wrongs)


def said_of() -> dict[str, Said]:
    """Every setting that stands in the file by its own key, with what is said of it."""
    return {one.name: one.metadata["said"] for one in fields(SandboxSettings) if "said" in one.metadata}


def nearest(word: str, known: list[str]) -> str:
    """How to mend a word that is not known."""
    close = difflib.get_close_matches(word, known, 1) or [
        one for one in known if one.casefold() == word.casefold()
    ]
    return f"Did you mean {close[0]}?" if close else f"Known here: {', '.join(known)}."


@lru_cache(maxsize=1)
def _kinds() -> Mapping[str, Any]:
    return get_type_hints(SandboxSettings)


def wrong_with(name: str, value: Any) -> Wrong | None:
    """What is wrong with a value for that setting, if anything."""
    if name == "grants":
        return _wrong_grants(value)
    kind = _kinds()[name]
    if get_origin(kind) is Literal:
        choices = [repr(one).replace("'", '"') for one in get_args(kind)]
        fits = any(value == one and type(value) is type(one) for one in get_args(kind))
        return None if fits else Wrong(name, f"{value!r} is not one of them", f"Use {' or '.join(choices)}.")
    if kind is bool and not isinstance(value, bool):
        return Wrong(name, f"{value!r} is neither true nor false", "Use true or false.")
    if kind in (int, float):
        return _wrong_number(name, value, whole=kind is int)
    if name == "drive" and not (value is None or (isinstance(value, Path) and value.is_dir())):
        return Wrong(name, f"{str(value)!r} is not a folder", "Name a folder that is there.")
    if name == "certificates" and not (
        isinstance(value, tuple) and all(isinstance(one, str) for one in value)
    ):
        return Wrong(name, "these are not texts of certificates", "Give a tuple of PEM texts.")
    return None


def _wrong_number(name: str, value: Any, *, whole: bool) -> Wrong | None:
    said = said_of()[name]
    bounds = (f" from {said.least:g}" if said.least is not None else "") + (
        f" to {said.most:g}" if said.most is not None else ""
    )
    mend = f"Use a {'whole ' if whole else ''}number{bounds or ''}."
    if isinstance(value, bool) or not isinstance(value, int if whole else (int, float)):
        return Wrong(name, f"{value!r} is not a {'whole ' if whole else ''}number", mend)
    if not math.isfinite(value):
        return Wrong(name, f"{value!r} is no end", mend)
    if said.least is not None and value < said.least:
        return Wrong(name, f"{value!r} is too small", mend)
    if said.most is not None and value > said.most:
        return Wrong(name, f"{value!r} is too large", mend)
    return None


def _wrong_grants(value: Any) -> Wrong | None:
    if not isinstance(value, Mapping):
        return Wrong("grants", "this is not a table of permissions", "Name each permission and its reach.")
    for permission, reach in value.items():
        if permission not in KNOWN_PERMISSIONS:
            mend = nearest(str(permission), list(KNOWN_PERMISSIONS))
            return Wrong("grants", f"{permission!r} is not a permission known here", mend)
        if reach is not None and not (
            isinstance(reach, set | frozenset) and all(isinstance(one, str) and "@" in one for one in reach)
        ):
            mend = "Give None for every mailbox, or a set of addresses."
            return Wrong("grants", f"{permission} reaches neither everybody nor addresses", mend)
    return None
