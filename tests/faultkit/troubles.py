"""Every trouble that has a test of its own, said once: docs/faults.md is made of this.

What an operator is told is written here as the bot words it, with "…" for what differs, and each test holds
the bot to it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

Lasts = Literal["nothing", "temporary", "permanent"]


@dataclass(frozen=True, slots=True)
class Trouble:
    """One trouble as an operator meets it; ``says`` is empty where there is nothing to be told."""

    name: str
    group: str
    title: str
    says: str
    lasts: Lasts
    does: str
    do: str

    def fits(self, words: str) -> bool:
        """Whether these are the words."""
        return re.search(".*?".join(map(re.escape, self.says.split("…"))), words, re.DOTALL) is not None


NOTHING_TO_DO = "Nothing."
NEXT_RUN = "Nothing: the next run does it. Where it stays for a day, look at Microsoft 365's service health."

NO_MAILBOX = (
    "There is no such mailbox in Microsoft 365 (404 MailboxNotEnabledForRESTAPI…). Correct the e-mail"
)

LISTS = "A list of entries that cannot be trusted"
ANSWERS = "An answer that is lost, garbled or wrong"
WAITS = "Being asked to slow down"
SIGN_IN = "Signing in, certificates and clocks"
MAILBOXES = "A mailbox that takes nothing"
PEOPLE = "What people do to an entry"
TIMES = "Days and hours"
MAIL = "Mail"
EXPORTS = "The export"
TROUBLES: tuple[Trouble, ...] = (
    Trouble(
        "page-3-fails",
        LISTS,
        "Page 3 of a list fails",
        "Microsoft 365 is in difficulty (500…). The next run tries again.",
        "temporary",
        "Throws the whole list away and writes nothing in that diary. The other diaries are done.",
        NEXT_RUN,
    ),
    Trouble(
        "list-loops",
        LISTS,
        "The link to the next page leads back",
        "Microsoft's listing of the calendar goes round in a circle. The next run tries again.",
        "temporary",
        "Notices the circle, throws the list away and writes nothing in that diary.",
        NEXT_RUN,
    ),
    Trouble(
        "list-place-lost",
        LISTS,
        "Microsoft has lost its place in a list (410)",
        "The listing went out of date while it was read (410…). The next run tries again.",
        "temporary",
        "Throws the list away and writes nothing in that diary.",
        NEXT_RUN,
    ),
    Trouble(
        "event-on-two-pages",
        LISTS,
        "The same entry on two pages",
        "",
        "nothing",
        "Takes it for the one entry that it is.",
        NOTHING_TO_DO,
    ),
    Trouble(
        "list-shrinks",
        LISTS,
        "A list shrinks between two pages, so that one entry is on neither",
        "",
        "nothing",
        "Asks for the missing entry by its id, and finds it.",
        NOTHING_TO_DO,
    ),
    Trouble(
        "zero-list",
        LISTS,
        "A list of nothing, although the bot remembers forty entries",
        "",
        "nothing",
        "Asks for each of the forty by its id before it believes that they are gone; makes none anew.",
        NOTHING_TO_DO,
    ),
    Trouble(
        "removed-meanwhile",
        LISTS,
        "Somebody deletes an entry between the list and the change",
        "",
        "nothing",
        "Leaves it out, as a person decided; the lists to workers and managers still name the visit.",
        NOTHING_TO_DO,
    ),
    Trouble(
        "made-but-refused",
        ANSWERS,
        "503 (ErrorConcurrentItemSave), 504 or 500, although the entry was made",
        "",
        "nothing",
        "Looks by its key whether the entry stands before it makes one.",
        NOTHING_TO_DO,
    ),
    Trouble(
        "answer-lost",
        ANSWERS,
        "The answer to a creation, a change or a removal is lost, cut off, or half its JSON",
        "",
        "nothing",
        "Looks what became of it: made entries are found by key, changed ones by id.",
        NOTHING_TO_DO,
    ),
    Trouble(
        "line-down",
        ANSWERS,
        "No connection holds",
        "could not be reached",
        "temporary",
        "Tries for a while, then leaves the rest to the next run. What was begun is remembered.",
        "Check the machine's network, its name server and the proxy (HTTPS_PROXY), as the message says.",
    ),
    Trouble(
        "web-page",
        ANSWERS,
        "A proxy answers with a web page where JSON belongs",
        "a proxy or its sign-in page stands in between",
        "permanent",
        "Takes it for no answer at all. Writes nothing.",
        "Let the machine reach Microsoft 365 directly, or set HTTPS_PROXY.",
    ),
    Trouble(
        "item-left-out",
        ANSWERS,
        "A batch's answer leaves an item out",
        "",
        "nothing",
        "Takes the item for one whose answer was lost, and looks what became of it.",
        NOTHING_TO_DO,
    ),
    Trouble(
        "id-twice-in-answer",
        ANSWERS,
        "A batch's answer tells one item twice, and not the same",
        "",
        "nothing",
        "Believes neither, and looks what became of it.",
        NOTHING_TO_DO,
    ),
    Trouble(
        "unordered-batch",
        ANSWERS,
        "A batch's answers come in another order",
        "",
        "nothing",
        "Goes by the item's id, never by its place.",
        NOTHING_TO_DO,
    ),
    Trouble(
        "every-item-failed",
        ANSWERS,
        "The batch is answered 200, and every item in it has failed",
        "Microsoft 365 is in difficulty (503…). The next run tries again.",
        "temporary",
        "Judges each item by itself. Takes nothing from an old diary that could not be put into the new one.",
        NEXT_RUN,
    ),
    Trouble(
        "batch-failed",
        ANSWERS,
        "A batch fails as a whole",
        "",
        "nothing",
        "Asks again after the wait that was told; whether an entry was made is looked up first.",
        NOTHING_TO_DO,
    ),
    Trouble(
        "throttled-in-batch",
        ANSWERS,
        "A batch with three items 429 and one 424",
        "",
        "nothing",
        "Asks for those four again, after the longest wait; the others stand as they were made.",
        NOTHING_TO_DO,
    ),
    Trouble(
        "duplicate-transaction",
        ANSWERS,
        "ErrorDuplicateTransactionId, as 400 or 409, with the id of the entry or without",
        "",
        "nothing",
        "Takes it for “it stands”, reads it and remembers it.",
        NOTHING_TO_DO,
    ),
    Trouble(
        "conflict-transient",
        ANSWERS,
        "412 ErrorIrresolvableConflict although nobody changed the entry",
        "",
        "nothing",
        "Asks once more; where it stays, leaves the entry alone and plans it again in the next run.",
        NOTHING_TO_DO,
    ),
    Trouble(
        "retry-after",
        WAITS,
        "429 with Retry-After in seconds, as a date, or without",
        "",
        "nothing",
        "Stays away for as long as it was told, to the second, and never comes early.",
        NOTHING_TO_DO,
    ),
    Trouble(
        "early-retry",
        WAITS,
        "Whoever comes again too early is told to wait longer (a machine whose clock runs slow)",
        "",
        "nothing",
        "Waits for the longer time, too. Nothing is made twice.",
        NOTHING_TO_DO,
    ),
    Trouble(
        "long-wait",
        WAITS,
        "A wait longer than a run can afford",
        "asked us to slow down",
        "temporary",
        "Leaves what is meant for that mailbox to the next run. The other diaries are done.",
        NEXT_RUN,
    ),
    Trouble(
        "outage",
        WAITS,
        "An hour in which Microsoft 365 answers 503",
        "Microsoft 365 is in difficulty (503…). The next run tries again.",
        "temporary",
        "Gives up for this run after a few waits, and says so for each diary.",
        NEXT_RUN,
    ),
    Trouble(
        "token-expired",
        SIGN_IN,
        "The sign-in token ends in the middle of a run, inside a batch (401)",
        "",
        "nothing",
        "Fetches a new token once, and asks once more for what was refused.",
        NOTHING_TO_DO,
    ),
    Trouble(
        "token-refused",
        SIGN_IN,
        "A fresh token is refused too",
        "Microsoft refused a fresh sign-in token…Check microsoft.tenant_id",
        "permanent",
        "Ends the run; nothing else could succeed.",
        "Do what the message says: the tenant's id, the admin consent, the clock.",
    ),
    Trouble(
        "secret-expired",
        SIGN_IN,
        "The client secret has expired",
        "secret…expired",
        "permanent",
        "Ends the run before anything is read or written.",
        "Make a new secret (or use a certificate) and put it where the message says.",
    ),
    Trouble(
        "sign-in-down",
        SIGN_IN,
        "The sign-in service is in difficulty",
        "next run tries again",
        "temporary",
        "Leaves everything to the next run.",
        NEXT_RUN,
    ),
    Trouble(
        "tls-changed",
        SIGN_IN,
        "The server shows another TLS certificate",
        "showed a certificate this machine does not trust",
        "permanent",
        "Sends nothing, not even its token.",
        "Find out who stands in between. If it is your proxy, set microsoft.ca_file to its CA certificate.",
    ),
    Trouble(
        "clock-skew",
        SIGN_IN,
        "This machine's clock and Microsoft's differ by ten minutes",
        "",
        "nothing",
        "Measures waits by Microsoft's own clock.",
        "Nothing; but let the machine keep its time by NTP.",
    ),
    Trouble(
        "mailbox-full",
        MAILBOXES,
        "A mailbox is full (507)",
        "The mailbox is full (507…). Its owner must clear it",
        "permanent",
        "Makes nothing new there, and still changes and removes. The other diaries are done.",
        "Let the owner clear it, or raise its limit; the next run writes what is missing.",
    ),
    Trouble(
        "out-of-scope",
        MAILBOXES,
        "A mailbox is out of the app's scope (403)",
        "The app may not open this mailbox (403 ErrorAccessDenied…). Add it to the management scope",
        "permanent",
        "Leaves that diary alone. The other diaries are done.",
        "Add the mailbox to the app's scope in Exchange Online, or leave the worker out.",
    ),
    Trouble(
        "mailbox-gone",
        MAILBOXES,
        "A mailbox was closed or moved (404 MailboxNotEnabledForRESTAPI)",
        NO_MAILBOX,
        "permanent",
        "Leaves that diary alone; when it is back, puts right what is missing.",
        "Correct the address in the caseload, or ask IT.",
    ),
    Trouble(
        "mailbox-vanishes",
        MAILBOXES,
        "A mailbox vanishes in the middle of a run",
        NO_MAILBOX,
        "permanent",
        "Remembers what it had begun there.",
        "Correct the address in the caseload, or ask IT.",
    ),
    Trouble(
        "categories-refused",
        MAILBOXES,
        "The list of categories may not be changed (403)",
        "Its entries have no colour until then.",
        "permanent",
        "Writes the entries all the same, with the names of their categories.",
        "Grant MailboxSettings.ReadWrite, or ask the owner.",
    ),
)
BY_NAME = {one.name: one for one in TROUBLES}
