"""Messages over the wire: drafts, sending, folders and what was sent."""

from __future__ import annotations

from functools import partial
from typing import Any
from urllib.parse import quote

from bot.sandbox.graph.context import Context, Listing, matching
from bot.sandbox.graph.filters import paths
from bot.sandbox.graph.odata import Options, Selectable, page, read_options, selected, whole_page
from bot.sandbox.graph.wire import GraphResponse
from bot.sandbox.tenant import mail
from bot.sandbox.tenant.mailbox import FOLDERS, Item
from bot.sandbox.tenant.refusal import GraphError, bad_request, item_not_found
from bot.sandbox.tenant.resources import MESSAGE_HAS, MOVE, SEND_MAIL
from bot.sandbox.tenant.views import show_extended, show_message

UNFILTERABLE = frozenset(
    {
        "internetMessageHeaders",
        "body",
        "uniqueBody",
        "attachments",
        "extensions",
        "conversationIndex",
        "replyTo",
    }
)
MAIL_FOLDERS = Selectable(
    "microsoft.graph.mailFolder",
    frozenset(
        {"id", "displayName", "parentFolderId", "childFolderCount", "unreadItemCount", "totalItemCount"}
        | {"isHidden"}
    ),
)
MESSAGES = Selectable(
    "microsoft.graph.message", MESSAGE_HAS, frozenset({"singleValueExtendedProperties", "attachments"})
)


def _show(context: Context, options: Options, item: Item) -> dict[str, Any]:
    preferences = context.preferences
    shown = show_message(item, context.mailbox, immutable=preferences.immutable, text=preferences.text)
    headers = shown.pop("internetMessageHeaders", None)
    if headers and "internetMessageHeaders" in options.select:
        shown["internetMessageHeaders"] = headers
    shown = selected(shown, options)
    if "singleValueExtendedProperties" in options.expand:
        ids = {name.casefold() for name in options.expand["singleValueExtendedProperties"]}
        if tags := [one for one in show_extended(item) if one["id"].casefold() in ids]:
            shown["singleValueExtendedProperties"] = tags
    if "attachments" in options.expand:
        shown["attachments"] = item.attachments
    return shown


def _options(context: Context) -> Options:
    return read_options(context.request, MESSAGES, frozenset({"includehiddenmessages", "$search"}))


def create(context: Context) -> GraphResponse:
    """POST …/messages, or into a folder: a draft either way."""
    folder = mail.folder_named(context.mailbox, context.named.get("folder", "drafts"))
    item = mail.draft(context.mailbox, context.body, now=context.now, folder=folder)
    answer = context.one(_show(context, Options(), item), 201)
    user = quote(context.named["user"], safe="@")
    answer.headers["Location"] = f"{context.request.base}users/{user}/messages/{quote(answer.body['id'])}"
    return answer


def get(context: Context) -> GraphResponse:
    """GET …/messages/{id}."""
    return context.one(_show(context, _options(context), message(context)))


def change(context: Context) -> GraphResponse:
    """PATCH …/messages/{id}."""
    item = message(context)
    context.check_etag(item)
    mail.change(context.mailbox, item, context.body, now=context.now)
    return context.one(_show(context, Options(), item))


def delete(context: Context) -> GraphResponse:
    """DELETE …/messages/{id}."""
    item = message(context)
    context.check_etag(item)
    mail.delete(context.mailbox, item)
    return context.answer(204)


def move(context: Context) -> GraphResponse:
    """POST …/messages/{id}/move: the default id changes."""
    item = message(context)
    destination = MOVE.read(context.body).get("destinationId") or ""
    context.mailbox.move(item, mail.folder_named(context.mailbox, destination))
    return context.one(_show(context, Options(), item), 201)


def message(context: Context) -> Item:
    """The message that the path names, in the folder that it names."""
    item = context.item("message")
    if "folder" in context.named and item.folder != mail.folder_named(
        context.mailbox, context.named["folder"]
    ):
        raise item_not_found()
    return item


def _may_send(context: Context) -> None:
    """Thirty messages a minute leave one mailbox, as Exchange Online allows."""
    wait = context.mailbox.wait_to_send(context.now, context.settings.messages_per_minute)
    if wait:
        raise GraphError(
            429,
            "ErrorMessageThrottled",
            "The sending limit of messages a minute was exceeded for this mailbox.",
            {"Retry-After": str(wait)},
        )


def send(context: Context) -> GraphResponse:
    """POST …/messages/{id}/send: accepted, which says nothing of delivered."""
    item = message(context)
    _may_send(context)
    mail.send(context.tenant, context.mailbox, item)
    return context.answer(202)


def send_mail(context: Context) -> GraphResponse:
    """POST …/sendMail: a draft made and sent in one."""
    read = SEND_MAIL.read(context.body)
    if not read.get("message"):
        raise bad_request("The parameter 'message' is missing.", "ErrorInvalidParameter")
    _may_send(context)
    item = mail.draft_of(context.mailbox, read["message"], now=context.now)
    try:
        mail.send(context.tenant, context.mailbox, item, keep=read.get("saveToSentItems") is not False)
    except GraphError:
        context.mailbox.remove(item)
        raise
    return context.answer(202)


def list_messages(context: Context) -> GraphResponse:
    """GET …/messages, or of one folder: newest first."""
    options = _options(context)
    mailbox = context.mailbox
    named = context.named.get("folder")
    folder = mail.folder_named(mailbox, named) if named else None
    if options.search is not None:
        raise GraphError(501, "NotSupported", "This stand-in does not search the words of messages.")
    _refuse_inefficient(options)

    listing = Listing(
        "message",
        lambda: (mailbox.messages[key] for key in (mailbox.folders[folder] if folder else mailbox.messages)),
        lambda item: folder is None or item.folder == folder,
        partial(show_message, mailbox=mailbox),
        has=MESSAGE_HAS,
        unfilterable=UNFILTERABLE,
        rank=lambda item: str(item.props["receivedDateTime"]),
        descending=True,
    )
    shown = page(
        context.request,
        options,
        matching(mailbox, options, listing),
        size=context.page_size,
        show=partial(_show, context, options),
        total=lambda: sum(1 for _ in matching(mailbox, options, listing)),
    )
    return context.answer(200, shown)


def _refuse_inefficient(options: Options) -> None:
    """Messages are sorted only by what they are filtered by first."""
    if options.filter is None or not options.order:
        return
    named = list(dict.fromkeys(paths(options.filter)))
    ordered = [path for path, _ in options.order]
    if named[: len(ordered)] != ordered:
        raise bad_request(
            "The restriction or sort order is too complex for this operation.", "InefficientFilter"
        )


def _show_folder(context: Context, name: str) -> dict[str, Any]:
    mailbox = context.mailbox
    keys = mailbox.folders[name]
    return {
        "id": mailbox.folder_id(name),
        "displayName": FOLDERS[name],
        "parentFolderId": mailbox.folder_id("msgfolderroot"),
        "childFolderCount": 0,
        "unreadItemCount": sum(not mailbox.messages[key].props["isRead"] for key in keys),
        "totalItemCount": len(keys),
        "isHidden": False,
    }


def list_folders(context: Context) -> GraphResponse:
    """GET …/mailFolders."""
    options = read_options(context.request, MAIL_FOLDERS, frozenset({"includehiddenfolders"}))
    if options.order:
        raise bad_request("Folders cannot be sorted.", "ErrorInvalidUrlQuery")
    found = [_show_folder(context, name) for name in FOLDERS]
    shown = whole_page(context.request, MAIL_FOLDERS, options, found, size=context.page_size)
    return context.answer(200, shown)


def child_folders(context: Context) -> GraphResponse:
    """GET …/mailFolders/{id}/childFolders: the folders here have none."""
    mail.folder_named(context.mailbox, context.named["folder"])
    return context.answer(200, {"value": []})


def no_more_folders(_: Context) -> GraphResponse:
    """POST …/mailFolders, or below one."""
    raise GraphError(501, "NotSupported", "This stand-in does not make mail folders.")


def get_folder(context: Context) -> GraphResponse:
    """GET …/mailFolders/{name or id}."""
    return context.one(_show_folder(context, mail.folder_named(context.mailbox, context.named["folder"])))
