"""The key of an entry: one for each visit cycle, and nothing about the child can be read from it.

It stands on the entry in the worker's mailbox, where others with access may see it, and it must come out the
same on every run and every machine. So it is an HMAC: without the secret, nobody can try out case numbers.
"""

from __future__ import annotations

import hmac
import json

from bot.diary.entry import Role


def entry_key(secret: bytes, *, child_id: str, kind: str, setting: str | None, cycle: str, role: Role) -> str:
    """Give the key of one entry of one cycle, as 64 lower-case hexadecimal digits.

    Outlook compares property values without regard to case, so the key must not depend on case. The parts
    are joined as JSON: no two different lists of parts read alike, and no setting differs from a blank one.
    """
    if not secret:
        raise ValueError("the key secret is empty: keys made with it could be guessed")
    parts = json.dumps([child_id, kind, setting, cycle, role.value], separators=(",", ":"))
    return hmac.digest(secret, parts.encode("ascii"), "sha256").hex()
