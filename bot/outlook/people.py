"""A person's mailbox before the first entry goes in: that it is there, and that it knows our colours.

Raw requests, twenty mailboxes at a time: O365's own categories stumble over one without a colour, and for a
first fill of hundreds of mailboxes they would be asked one by one.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from bot.errors import BotError, Permanent, Temporary
from bot.outlook.answer import Ask, Json, query, user
from bot.outlook.carrier import converse
from bot.outlook.connection import Connection
from bot.outlook.conversation import Conversation, Talk, persist
from bot.outlook.faults import AGAIN, Nature, judge
from bot.outlook.wire import OWNER, OWNER_PROPERTY, having

# Outlook numbers its colours; the names are those O365 and Outlook's own menu give them.
_COLOURS: Final = (
    "red",
    "orange",
    "brown",
    "yellow",
    "green",
    "teal",
    "olive",
    "blue",
    "purple",
    "cranberry",
    "steel",
    "darksteel",
    "gray",
    "darkgray",
    "black",
    "darkred",
    "darkorange",
    "darkbrown",
    "darkyellow",
    "darkgreen",
    "darkteal",
    "darkolive",
    "darkblue",
    "darkpurple",
    "darkcranberry",
)
PRESETS: Final[Mapping[str, str]] = {name: f"preset{number}" for number, name in enumerate(_COLOURS)}


@dataclass(frozen=True, slots=True)
class CategoriesMade:
    """What was found and done in one mailbox. Another colour is its owner's choice: left alone, and told."""

    made: tuple[str, ...]
    present: tuple[str, ...]
    other_colour: tuple[str, ...]


def ensure_categories(connection: Connection, mailbox: str, wanted: Mapping[str, str]) -> CategoriesMade:
    """Make the categories a mailbox lacks. ``wanted``: name → colour (``yellow`` or ``preset3``)."""
    done = ensure_categories_in(connection, [mailbox], wanted)[mailbox]
    if isinstance(done, BotError):
        raise done
    return done


def ensure_categories_in(
    connection: Connection, mailboxes: Sequence[str], wanted: Mapping[str, str]
) -> dict[str, CategoriesMade | BotError]:
    """The same in many mailboxes; one mailbox's error is its own."""
    boxes = tuple(dict.fromkeys(mailboxes))
    presets = {name: preset(colour) for name, colour in wanted.items()}
    talks = [Talk(box, _ensure(connection, box, presets)) for box in boxes]
    ends = converse(connection, talks)
    return dict(zip(boxes, ends, strict=True))


def categories_in(connection: Connection, mailboxes: Sequence[str]) -> dict[str, frozenset[str] | BotError]:
    """The names of the categories that each mailbox has, casefolded; nothing is made."""
    boxes = tuple(dict.fromkeys(mailboxes))
    ends = converse(connection, [Talk(box, _colours(connection, box)) for box in boxes])
    return {
        box: end if isinstance(end, BotError) else frozenset(end)
        for box, end in zip(boxes, ends, strict=True)
    }


def mailbox_exists(connection: Connection, mailbox: str) -> bool:
    """Whether the mailbox is there and may be opened. Out of scope is Permanent, not "no"."""
    path = f"{user(mailbox)}/events?{query(filter=having(OWNER_PROPERTY, OWNER), select='id', top='1')}"
    answer = connection.persist(Ask("GET", path))
    if answer.status == 404:
        return False
    fault = judge(answer, connection.clock())
    if fault is not None:
        raise connection.named(fault, path)
    return True


def preset(colour: str) -> str:
    """Outlook's number of a colour. Raises Permanent with the colours there are."""
    plain = colour.strip().lower().replace(" ", "").replace("grey", "gray")
    if plain in PRESETS.values():
        return plain
    if plain not in PRESETS:
        raise Permanent(f"Outlook has no category colour {colour!r}. Its colours are: {', '.join(PRESETS)}.")
    return PRESETS[plain]


def _ensure(connection: Connection, mailbox: str, wanted: Mapping[str, str]) -> Conversation[CategoriesMade]:
    colours = yield from _colours(connection, mailbox)
    made: list[str] = []
    for name, colour in wanted.items():
        if name.casefold() not in colours and (yield from _make(connection, mailbox, name, colour)):
            made.append(name)
    there = [name for name in wanted if name.casefold() in colours]
    other = tuple(name for name in there if colours[name.casefold()] != wanted[name])
    return CategoriesMade(tuple(made), tuple(name for name in wanted if name not in made), other)


def _colours(connection: Connection, mailbox: str) -> Conversation[dict[str, str]]:
    path = f"{user(mailbox)}/outlook/masterCategories"
    answer, fault = yield from persist(connection, Ask("GET", path))
    if fault is not None:
        raise connection.named(fault, path)
    listed = (answer.body or {}).get("value")
    if not isinstance(listed, list):
        raise Temporary(f"{mailbox}: Microsoft's list of categories could not be understood. {AGAIN}")
    return {
        str(category.get("displayName", "")).casefold(): str(category.get("color", "none")).casefold()
        for category in listed
        if isinstance(category, dict)
    }


def _make(connection: Connection, mailbox: str, name: str, colour: str) -> Conversation[bool]:
    """Make one category; false where it was made meanwhile. Names are unique: asking twice is safe."""
    path = f"{user(mailbox)}/outlook/masterCategories"
    body: Json = {"displayName": name, "color": colour}
    ask = Ask("POST", path, body)
    answer, fault = yield from persist(connection, ask)
    if fault is None:
        return True
    if fault.nature is Nature.CONFLICT or answer.code.lower() in {"errorduplicatename", "namealreadyexists"}:
        return False
    raise connection.named(fault, path)
