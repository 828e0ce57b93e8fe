"""What came back: the reports in a sender's own mailbox that a mail was delivered to nobody.

Microsoft takes a mail for any address and says afterwards, by a report in the sender's inbox, that there is
no such mailbox. Only messages of the class of such reports are asked for: what people answer is never read.
That needs no permission beyond the sender's own mailbox; asking the directory beforehand would need one that
reaches everybody in it, and would not tell of a mailbox that is full, or closed an hour later.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from bot.outlook.answer import Json, query, user
from bot.outlook.connection import Connection
from bot.outlook.reading import messages
from bot.outlook.wire import having

_CLASS: Final = "String 0x001a"  # PidTagMessageClass
_NOT_DELIVERED: Final = "REPORT.IPM.Note.NDR"
_PAGE: Final = "100"


@dataclass(frozen=True, slots=True)
class Report:
    """A report that something was not delivered."""

    conversation: str  # that of the message which came back
    text: str  # its beginning, in which the address stands

    def names(self, address: str) -> bool:
        """Whether the report is about mail to this address."""
        words = self.text.casefold().replace("<", " ").replace(">", " ").replace("(", " ").replace(")", " ")
        return address.casefold() in (word.strip(".,:;'\"") for word in words.split())


def reports(connection: Connection, sender: str, since: datetime) -> tuple[Report, ...]:
    """Every report received since (aware). Raises Temporary or Permanent where the list is not whole."""
    moment = since.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    filter_ = f"receivedDateTime ge {moment} and {having(_CLASS, _NOT_DELIVERED)}"
    path = (
        f"{user(sender)}/messages?{query(filter=filter_, select='id,conversationId,bodyPreview', top=_PAGE)}"
    )
    found = messages(connection, sender, path, connection.get_json, what="the reports on delivery")
    return tuple(_report(one) for one in found)


def _report(message: Json) -> Report:
    return Report(str(message.get("conversationId") or ""), str(message.get("bodyPreview") or ""))
