"""The ids of a mailbox's items: opaque to everybody else, and written anew each time instead of kept.

Exchange's ids hold where an item is, so these do too: its number in the mailbox, hidden in a digest that
only this mailbox can make. Half a million events would otherwise carry two long texts each, twice.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import secrets
from typing import Literal

Which = Literal["AAMkAG", "AAkALg"]
BY_PLACE: Which = "AAMkAG"  # a default id: another one after every move
IMMUTABLE: Which = "AAkALg"

_DIGEST = 60
_TOLD = 12  # bytes of what an id tells: the item's number, and in the last of them its moves
_MOVES = 4
_CALENDAR = b"\x00\x00\x00\x00\x01\x0d\x00\x00\x00\x00\x00"


def new_id(prefix: str) -> str:
    """An id of something that is not looked up by it: shaped like Exchange's, and random."""
    return prefix + base64.urlsafe_b64encode(secrets.token_bytes(83)).decode()


def mark(item_id: str, purpose: str) -> str:
    """Thirty-two digits that are an item's own, for one purpose."""
    return hashlib.blake2b(item_id.encode(), digest_size=16, person=purpose.encode()).hexdigest()


class Ids:
    """Writes and reads one mailbox's ids; the same seed gives the same ids, in this run and in the next."""

    __slots__ = ("seed",)

    def __init__(self, seed: bytes) -> None:
        self.seed = seed

    def write(self, which: Which, number: int, moves: int = 0) -> str:
        """The id of an item, as it is after so many moves. As with Exchange's, case matters."""
        told = number << 8 * _MOVES | moves
        sent = told.to_bytes(_TOLD, "big")
        digest = hashlib.blake2b(sent, digest_size=_DIGEST, key=self.seed, person=which.encode()).digest()
        hidden = (told ^ int.from_bytes(digest[-_TOLD:], "little")).to_bytes(_TOLD, "big")
        return which + base64.urlsafe_b64encode(_CALENDAR + hidden + digest).decode()

    def read(self, some_id: str) -> tuple[Which, int, int] | None:
        """Which id that is, of which item, after how many moves; None where this mailbox never wrote it."""
        which = BY_PLACE if some_id.startswith(BY_PLACE) else IMMUTABLE
        try:
            content = base64.urlsafe_b64decode(some_id.removeprefix(which))
        except (ValueError, binascii.Error):
            return None
        hidden = int.from_bytes(content[len(_CALENDAR) : -_DIGEST], "big")
        told = hidden ^ int.from_bytes(content[-_TOLD:], "little")
        number, moves = told >> 8 * _MOVES, told & (1 << 8 * _MOVES) - 1
        if told >= 1 << 8 * _TOLD or self.write(which, number, moves) != some_id:
            return None
        return which, number, moves

    def change_key(self, number: int, version: int) -> str:
        """Another word for every version of an item."""
        digest = hashlib.blake2b(b"%d/%d" % (number, version), digest_size=22, key=self.seed).digest()
        return base64.b64encode(b"\x0f\x00\x00\x00\x16\x00\x00\x00" + digest).decode()
