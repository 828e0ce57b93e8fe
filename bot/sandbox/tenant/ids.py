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

_NUMBER = 8
_DIGEST = 60
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
        told = number.to_bytes(_NUMBER, "big") + moves.to_bytes(_MOVES, "big")
        digest = hashlib.blake2b(told, digest_size=_DIGEST, key=self.seed, person=which.encode()).digest()
        hidden = bytes(a ^ b for a, b in zip(told, digest, strict=False))
        return which + base64.urlsafe_b64encode(_CALENDAR + hidden + digest).decode()

    def read(self, some_id: str) -> tuple[Which, int, int] | None:
        """Which id that is, of which item, after how many moves; None where this mailbox never wrote it."""
        which = BY_PLACE if some_id.startswith(BY_PLACE) else IMMUTABLE
        try:
            content = base64.urlsafe_b64decode(some_id.removeprefix(which))
        except (ValueError, binascii.Error):
            return None
        hidden = content[len(_CALENDAR) : -_DIGEST]
        told = bytes(a ^ b for a, b in zip(hidden, content[-_DIGEST:], strict=False))
        number, moves = (int.from_bytes(part, "big") for part in (told[:_NUMBER], told[_NUMBER:]))
        if len(told) != _NUMBER + _MOVES or self.write(which, number, moves) != some_id:
            return None
        return which, number, moves

    def change_key(self, number: int, version: int) -> str:
        """Another word for every version of an item."""
        digest = hashlib.blake2b(b"%d/%d" % (number, version), digest_size=22, key=self.seed).digest()
        return base64.b64encode(b"\x0f\x00\x00\x00\x16\x00\x00\x00" + digest).decode()
