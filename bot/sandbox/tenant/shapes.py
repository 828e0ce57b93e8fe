"""How a body that was sent is read: only what Graph's types have, in the spellings its clients use.

Enumerations come in any case and booleans as strings from real clients; an unknown name is refused as
Graph refuses it, because a misspelt property that is quietly dropped is how a bot loses its reminders.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

from bot.sandbox.tenant.refusal import GraphError, bad_request

Reader = Callable[[Any, str], Any]


def unreadable(message: str) -> GraphError:
    """A body that does not fit its type."""
    return bad_request(message, "RequestBodyRead")


def _cannot(value: object, kind: str) -> GraphError:
    return unreadable(f"Cannot convert the literal '{value}' to the expected type '{kind}'.")


def text(value: Any, _where: str) -> Any:
    """An Edm.String, or nothing."""
    if value is None or isinstance(value, str):
        return value
    raise _cannot(value, "Edm.String")


def boolean(value: Any, _where: str) -> Any:
    """An Edm.Boolean; as a string too, since one client sends it so."""
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, str) and value.casefold() in ("true", "false"):
        return value.casefold() == "true"
    raise _cannot(value, "Edm.Boolean")


def whole(value: Any, _where: str) -> Any:
    """An Edm.Int32."""
    if value is None or (isinstance(value, int) and not isinstance(value, bool) and abs(value) < 2**31):
        return value
    raise _cannot(value, "Edm.Int32")


def number(value: Any, _where: str) -> Any:
    """An Edm.Double."""
    if value is None or (isinstance(value, int | float) and not isinstance(value, bool)):
        return value
    raise _cannot(value, "Edm.Double")


def moment(value: Any, _where: str) -> Any:
    """An Edm.DateTimeOffset."""
    if value is None:
        return None
    try:
        if isinstance(value, str) and datetime.fromisoformat(value).tzinfo:
            return value
    except ValueError:
        pass
    raise _cannot(value, "Edm.DateTimeOffset")


def binary(value: Any, _where: str) -> Any:
    """An Edm.Binary: base64."""
    try:
        base64.b64decode(value, validate=True)
    except (TypeError, ValueError, binascii.Error):
        raise _cannot("contentBytes", "Edm.Binary") from None
    return value


def one_of(*values: str) -> Reader:
    """An enumeration, in any case."""
    by_fold = {value.casefold(): value for value in values}

    def read(value: Any, _where: str) -> Any:
        if value is None:
            return None
        if not isinstance(value, str) or value.casefold() not in by_fold:
            raise unreadable(f"Requested value '{value}' was not found.")
        return by_fold[value.casefold()]

    return read


def many(reader: Reader) -> Reader:
    """A collection."""

    def read(value: Any, where: str) -> Any:
        if not isinstance(value, list):
            raise unreadable(
                f"When reading property '{where}': an unexpected value was found; a collection is expected."
            )
        if isinstance(reader, Type) and None in value:
            raise unreadable(f"A null value was found in the collection '{where}', which cannot hold one.")
        return [reader(one, where) for one in value]

    return read


@dataclass(frozen=True, slots=True)
class Type:
    """A complex type or an entity; `ignored` are its read-only properties, which may be sent back."""

    name: str
    properties: Mapping[str, Reader]
    ignored: frozenset[str] = frozenset()
    any_case: bool = False

    def __call__(self, value: Any, where: str) -> Any:
        """As a reader of a property, which may be null."""
        return None if value is None else self.read(value, where)

    def read(self, value: Any, where: str = "") -> dict[str, Any]:
        """The properties that were sent, in the type's own spelling."""
        if not isinstance(value, dict):
            raise unreadable(
                f"When reading '{where or self.name}': an unexpected value was found; an object is expected."
            )
        folded = {known.casefold(): known for known in self.properties} if self.any_case else {}
        read: dict[str, Any] = {}
        for sent, content in value.items():
            name = folded.get(str(sent).casefold(), str(sent))
            if "@" in name or name in self.ignored:
                continue
            reader = self.properties.get(name)
            if reader is None:
                raise unreadable(
                    f"The property '{sent}' does not exist on type '{self.name}'. Make sure to only use "
                    "property names that are defined by the type or mark the type as open type."
                )
            read[name] = reader(content, name)
        return read


_PROPERTY_ID = re.compile(
    r"(?P<type>ApplicationTime|Binary|Boolean|CLSID|Currency|Double|Error|Float|Integer|Long|Object"
    r"|PtypLong|Short|String|SystemTime) "
    r"(?:\{(?P<guid>[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12})\} (?P<what>Name|Id) (?P<name>\S.*)"
    r"|(?P<tag>0x[0-9a-f]+))",
    re.IGNORECASE,
)


def property_id(value: Any, _where: str = "") -> str:
    """An extended property's id, its GUID in lower case as Exchange writes it."""
    return _read_property_id(value if isinstance(value, str) else str(value))


@lru_cache(maxsize=256)  # a client has a handful, and sends them with every event
def _read_property_id(value: str) -> str:
    match = _PROPERTY_ID.fullmatch(value)
    if match is None:
        raise bad_request(f"PropertyId values may only be in one of the supported formats; found '{value}'.")
    if match["tag"]:
        return f"{match['type']} {match['tag'].lower()}"
    return f"{match['type']} {{{match['guid'].lower()}}} {match['what']} {match['name']}"


DATE_TIME = Type("microsoft.graph.dateTimeTimeZone", {"dateTime": text, "timeZone": text})
ADDRESS = Type("microsoft.graph.emailAddress", {"address": text, "name": text})
RECIPIENT = Type("microsoft.graph.recipient", {"emailAddress": ADDRESS})
BODY = Type("microsoft.graph.itemBody", {"content": text, "contentType": one_of("text", "html")})
EXTENDED = Type("microsoft.graph.singleValueLegacyExtendedProperty", {"id": property_id, "value": text})
IMPORTANCE = one_of("low", "normal", "high")
SHOW_AS = one_of("unknown", "free", "tentative", "busy", "oof", "workingElsewhere")
COLOR = one_of("none", *(f"preset{n}" for n in range(25)))
DAYS = one_of("sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday")
PHYSICAL = Type(
    "microsoft.graph.physicalAddress",
    dict.fromkeys(("city", "countryOrRegion", "postalCode", "state", "street"), text),
)
COORDINATES = Type(
    "microsoft.graph.outlookGeoCoordinates",
    dict.fromkeys(("accuracy", "altitude", "altitudeAccuracy", "latitude", "longitude"), number),
)
LOCATION = Type(
    "microsoft.graph.location",
    {
        "address": PHYSICAL,
        "coordinates": COORDINATES,
        "displayName": text,
        "locationEmailAddress": text,
        "locationType": one_of(
            *("default", "conferenceRoom", "homeAddress", "businessAddress", "geoCoordinates"),
            *("streetAddress", "hotel", "restaurant", "localBusiness", "postalAddress"),
        ),
        "locationUri": text,
        "uniqueId": text,
        "uniqueIdType": one_of("unknown", "locationStore", "directory", "private", "bing"),
    },
)
