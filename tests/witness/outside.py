"""What the slice of Graph's description leaves out and the stand-in answers all the same, each with why.

A request to anywhere else is a finding. Where the slice knows the same thing under another address, that
description holds here too; where it does not, errors must still have Graph's shape and a list its envelope.
"""

from __future__ import annotations

import re
from typing import Any

USER = "/users/{user-id}"
FOLDER = f"{USER}/mailFolders/{{mailFolder-id}}"
CALENDAR = f"{USER}/calendars/{{calendar-id}}"
EVENTS = tuple(f"{base}/events/{{event-id}}" for base in (USER, f"{USER}/calendar", CALENDAR))

SESSION = f"{USER}/messages/{{message-id}}/attachments/createUploadSession"

# A folder of messages holds messages, any calendar's event is an event, and its instances are a view of it.
ALIKE = {
    **{
        f"{FOLDER}{rest}": f"{USER}{rest}"
        for rest in (
            "/messages",
            "/messages/{message-id}",
            "/messages/{message-id}/send",
            "/messages/{message-id}/attachments",
            "/messages/{message-id}/attachments/createUploadSession",
        )
    },
    **{f"{event}/attachments/createUploadSession": SESSION for event in EVENTS},
    **{f"{event}/attachments": f"{EVENTS[0]}/attachments" for event in EVENTS[1:]},
    **{f"{event}/instances": f"{USER}/calendarView" for event in EVENTS},
    f"{USER}/calendar/calendarView/delta": f"{USER}/calendarView/delta",
    f"{CALENDAR}/calendarView/delta": f"{USER}/calendarView/delta",
}


def with_places(address: str, operation: dict[str, Any]) -> dict[str, Any]:
    """The operation at this address: its name left out, every part of the path that varies declared."""
    varying = re.findall(r"{([^}]+)}", address)
    kept = [one for one in operation.get("parameters", ()) if one.get("in") != "path"]
    places = [
        {"name": name, "in": "path", "required": True, "schema": {"type": "string"}} for name in varying
    ]
    return {name: said for name, said in operation.items() if name != "operationId"} | {
        "parameters": [*places, *kept]
    }


LIST = ("$top", "$skip", "$filter", "$orderby", "$select", "$expand", "$count", "$search")
ONE = ("$select", "$expand")
MESSAGE = {"$ref": "#/components/schemas/microsoft.graph.message"}
ATTACHMENT = {"$ref": "#/components/schemas/microsoft.graph.attachment"}
ERROR = {"$ref": "#/components/schemas/odataError"}
ANY_LIST = {
    "type": "object",
    "required": ["value"],
    "properties": {"value": {"type": "array", "items": {"type": "object"}}},
    "patternProperties": {"^@odata\\.": {}},
    "additionalProperties": False,
}
ANY_ONE = {"type": "object", "not": {"required": ["error"]}}
PEOPLE = "the slice is of mailboxes; people come from the directory"
FOLDERS = "the slice has messages, not the folders they lie in"
PARTS = "the slice has the whole settings, not one of them alone"
PIECES = "the slice has lists of attachments, not one alone"
FILES = "the slice is of mailboxes; workbooks come from a drive"


def _operation(why: str, query: tuple[str, ...], answers: dict[str, Any]) -> dict[str, Any]:
    said = {
        status: {"description": why} | ({"content": _json(schema)} if schema else {})
        for status, schema in answers.items()
    }
    return {
        "x-outside": why,
        "parameters": [{"name": name, "in": "query", "schema": {}} for name in query]
        + [{"name": "Prefer", "in": "header", "schema": {"type": "string"}}],
        "responses": said | {"default": {"description": "error", "content": _json(ERROR)}},
    }


def _json(schema: dict[str, Any]) -> dict[str, Any]:
    return {"application/json": {"schema": schema}}


def _sending(operation: dict[str, Any]) -> dict[str, Any]:
    sent = {"type": "object"}
    return operation | {"requestBody": {"required": True, "content": _json(sent)}}


def paths() -> dict[str, dict[str, Any]]:
    """The paths outside the slice, described as far as they can be."""
    everybody = _operation(PEOPLE, LIST, {"200": ANY_LIST})
    everybody["parameters"].append({"name": "ConsistencyLevel", "in": "header", "schema": {"type": "string"}})
    found = {
        "/users": {"get": everybody},
        USER: {"get": _operation(PEOPLE, ONE, {"200": ANY_ONE})},
        f"{USER}/manager": {"get": _operation(PEOPLE, ONE, {"200": ANY_ONE})},
        f"{USER}/directReports": {"get": _operation(PEOPLE, LIST, {"200": ANY_LIST})},
        f"{USER}/mailboxSettings/{{setting}}": {"get": _operation(PARTS, (), {"200": ANY_ONE})},
        f"{USER}/mailFolders": {
            "get": _operation(FOLDERS, LIST, {"200": ANY_LIST}),
            "post": _sending(_operation(FOLDERS, (), {})),
        },
        f"{FOLDER}/childFolders": {
            "get": _operation(FOLDERS, LIST, {"200": ANY_LIST}),
            "post": _sending(_operation(FOLDERS, (), {})),
        },
        FOLDER: {"get": _operation(FOLDERS, ONE, {"200": ANY_ONE})},
    }
    messages = tuple(f"{base}/messages/{{message-id}}" for base in (USER, FOLDER))
    for one in messages:
        found[f"{one}/move"] = {"post": _sending(_operation(FOLDERS, (), {"201": MESSAGE}))}
    for one in (*messages, *EVENTS):
        found[f"{one}/attachments/{{attachment-id}}"] = {
            "get": _operation(PIECES, ONE, {"200": ATTACHMENT}),
            "delete": _operation(PIECES, (), {"204": {}}),
        }
    return found | _drive_paths()


def _drive_paths() -> dict[str, dict[str, Any]]:
    """Sites, libraries and what lies in them; a path within a path is one part here."""
    known = {"name": "If-None-Match", "in": "header", "schema": {"type": "string"}}
    one, many = (
        _operation(FILES, ONE, {"200": ANY_ONE, "304": {}}),
        _operation(FILES, LIST, {"200": ANY_LIST}),
    )
    sites = ("/sites/{site}", "/sites/{site}/{path}")
    found = {"/sites": {"get": _operation(FILES, (*LIST, "search"), {"200": ANY_LIST})}}
    found |= {site: {"get": one} for site in sites}
    for base in (*sites, USER):
        found |= {f"{base}/drive": {"get": one}, f"{base}/drives": {"get": many}}
    found["/drives/{drive}"] = {"get": one}
    libraries = [f"{base}/drive{rest}" for base in (*sites, USER) for rest in ("", "s/{drive}")]
    content = {"get": _operation(FILES, ("format",), {"302": {}, "304": {}})}
    for operation in (one, content["get"]):
        operation["parameters"].append(known)
    for base in ("/drives/{drive}", *libraries):
        for item in ("root", "root:/{path_in}", "items/{id}", "items/{id}/{path_in}"):
            refused = {verb: _operation(FILES, (), {}) for verb in ("patch", "delete")}
            found[f"{base}/{item}"] = {"get": one} | refused
            found[f"{base}/{item}/children"] = {"get": many}
            found[f"{base}/{item}/content"] = content | {"put": _operation(FILES, (), {})}
    return found
