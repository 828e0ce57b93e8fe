"""Large files on their way to a message, piece by piece. They are in memory until the last piece came."""

from __future__ import annotations

import base64
import re
import secrets
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from bot.sandbox.tenant import attachments
from bot.sandbox.tenant.items import Item
from bot.sandbox.tenant.mailbox import Mailbox
from bot.sandbox.tenant.refusal import GraphError, bad_request, item_not_found
from bot.sandbox.tenant.zones import stamp

LARGEST = 150 * 1024 * 1024
HOLDS = timedelta(days=7)
MOST = 50  # at once; the oldest gives way
_RANGE = re.compile(r"bytes (\d+)-(\d+)/(\d+)")


@dataclass(slots=True)
class Upload:
    """One file on its way."""

    mailbox: Mailbox
    item: Item
    about: dict[str, Any]
    size: int
    until: datetime
    came: bytearray = field(default_factory=bytearray)

    def shown(self) -> dict[str, Any]:
        """What is told of it: what is still wanted, and until when."""
        wanted = [] if len(self.came) == self.size else [f"{len(self.came)}-"]
        return {"expirationDateTime": stamp(self.until), "nextExpectedRanges": wanted}


class Uploads:
    """All that are under way."""

    def __init__(self) -> None:
        self._open: dict[str, Upload] = {}

    def begin(self, mailbox: Mailbox, item: Item, about: dict[str, Any], now: datetime) -> tuple[str, Upload]:
        """A new one, with the word by which it is known."""
        size = about.get("size") or 0
        if about.get("attachmentType") not in (None, "file") or not about.get("name"):
            raise bad_request("An attachment item needs 'attachmentType': 'file', a 'name' and a 'size'.")
        if size < attachments.MOST:
            raise bad_request(
                "Attachment size must be greater than the minimum size.",
                "ErrorAttachmentSizeShouldNotBeLessThanMinimumSize",
            )
        if size > LARGEST:
            raise GraphError(413, "ErrorAttachmentSizeLimitExceeded", "The attachment is larger than 150 MB.")
        while len(self._open) >= MOST:
            del self._open[next(iter(self._open))]
        word = secrets.token_urlsafe(24)
        self._open[word] = Upload(mailbox, item, about, size, now + HOLDS)
        return word, self._open[word]

    def known(self, word: str, now: datetime) -> Upload:
        """One that is under way; raises ErrorItemNotFound."""
        upload = self._open.get(word)
        if upload is None or upload.until < now:
            raise item_not_found()
        return upload

    def end(self, word: str) -> None:
        """No more pieces come."""
        self._open.pop(word, None)

    def put(self, word: str, span: str, piece: bytes, now: datetime) -> dict[str, Any] | None:
        """One more piece; the attachment when it was the last."""
        upload = self.known(word, now)
        found = _RANGE.fullmatch(span.strip())
        first, last, size = (int(part) for part in found.groups()) if found else (-1, -1, -1)
        if size != upload.size or last - first + 1 != len(piece) or not piece:
            raise bad_request("The Content-Range header does not fit the upload.", "ErrorInvalidParameter")
        if first != len(upload.came) or last >= size:
            raise GraphError(416, "ErrorInvalidRange", f"The next expected range is {len(upload.came)}-.")
        upload.came += piece
        if len(upload.came) < size:
            return None
        self.end(word)
        read = upload.about | {"contentBytes": base64.b64encode(bytes(upload.came)).decode()}
        file = attachments.kept(read, now, LARGEST)
        return attachments.put(upload.mailbox, upload.item, file)
