"""What Graph does with requests, batches and events."""

from __future__ import annotations

from facts.fact import Area, Fact

LIMITS = Area(
    "Limits",
    (
        Fact(
            "limit-requests",
            "One application may make 10,000 requests to one mailbox in any ten minutes; the next is 429 and "
            "says how long to wait.",
            "read",
            "Limits.",
            "requests_per_ten_minutes",
        ),
        Fact(
            "limit-at-once",
            "Four requests are worked on at a time; a fifth is 429.",
            "read",
            "Limits.",
            "at_once",
        ),
        Fact(
            "limit-at-once-whose",
            "Whether those four are the application's or each mailbox's is told both ways.",
            "documents vary",
            "Limits.",
            "at_once_per",
        ),
        Fact(
            "bot-heeds-429",
            "The bot stays within four in all, and where a 429 comes it leaves that mailbox alone for "
            "as long as it says.",
            "read",
            "Limits.",
        ),
        Fact(
            "limit-upload",
            "No more than 150 megabytes may be sent to one mailbox in five minutes.",
            "read",
            "Limits.",
            "upload_mb_per_five_minutes",
        ),
        Fact(
            "limit-refused-count",
            "What was refused for being too much counts as well: asking on without waiting makes it longer.",
            "read",
            "Limits.",
        ),
    ),
)

BATCH = Area(
    "$batch",
    (
        Fact("batch-twenty", "A batch holds up to twenty requests.", "read", "$batch"),
        Fact("batch-ids-unique", "Each has an id that no other in the batch has.", "read", "$batch"),
        Fact("batch-any-order", "Answers come in any order.", "read", "$batch", "shuffle_batches"),
        Fact(
            "batch-items-judged-alone",
            "The batch itself is 200 though every item in it failed: each item has a status of its own.",
            "read",
            "$batch",
        ),
        Fact(
            "batch-item-throttled",
            "One item may be 429, with a Retry-After that is only its own.",
            "read",
            "$batch",
            "retry_after",
        ),
        Fact(
            "batch-failed-dependency",
            "An item that depends on one that failed is not done: 424.",
            "read",
            "$batch",
        ),
        Fact(
            "batch-fills-the-limit",
            "Of a batch without dependsOn Outlook works on four items together, so a single batch takes all "
            "there is to take.",
            "read",
            "$batch",
            "batch_items_at_once",
        ),
        Fact(
            "batch-items-at-work",
            "Here an item of a batch is at work like a request of its own: with four at work, a fifth is 429 "
            "wherever it comes from.",
            "measured",
            "In the stand-in, batch items count",
            "at_once",
        ),
    ),
)

EVENTS = Area(
    "Making and finding events",
    (
        Fact(
            "transaction-once",
            "An event made with a transactionId is not made twice: the same id again adds nothing.",
            "read",
            "transactionId",
        ),
        Fact(
            "transaction-immutable",
            "A transactionId is given when the event is made and cannot be changed.",
            "read",
            "transactionId",
        ),
        Fact(
            "transaction-duplicate-status",
            "The second is refused with ErrorDuplicateTransactionId: some report 400, some 409.",
            "documents vary",
            "transactionId",
            "duplicate_transaction",
        ),
        Fact(
            "transaction-duplicate-id",
            "That refusal sometimes names the event that is there.",
            "documents vary",
            "transactionId",
            "duplicate_tells_id",
        ),
        Fact(
            "bot-duplicate-is-there",
            "The bot takes either refusal to mean that its entry stands, and reads it.",
            "read",
            "transactionId",
        ),
        Fact(
            "transaction-after-delete",
            "Nobody says whether a transactionId is free again once its event is deleted.",
            "documents vary",
            "transactionId",
            "transactions_outlive_events",
        ),
        Fact(
            "bot-transaction-version",
            "So the bot's carry a version: an entry that is made anew has another.",
            "read",
            "transactionId",
        ),
        Fact(
            "ids-change-on-move",
            "The id of an item changes when it is moved to another folder.",
            "read",
            "Ids",
        ),
        Fact(
            "ids-immutable-on-request",
            "Asked by a preference, Graph gives ids that stay; each call has to ask.",
            "read",
            "Ids",
        ),
        Fact("bot-asks-for-immutable-ids", "Every call of the bot's asks for them.", "read", "Ids"),
        Fact("ids-case", "Two ids that differ in case alone are two ids.", "read", "Ids"),
        Fact(
            "property-filter",
            "Events are found by the name and the value of an extended property of one's own.",
            "read",
            "Extended properties",
        ),
        Fact(
            "property-expand",
            "Such a property is only shown where $expand asks for it, by its name.",
            "read",
            "Extended properties",
        ),
        Fact(
            "property-filter-needs-value",
            "A filter on such a property has to compare its value, with eq.",
            "read",
            "Reading ours back",
        ),
        Fact(
            "events-have-no-window",
            "/events gives everything from any time, without a window.",
            "read",
            "Reading ours back",
        ),
        Fact(
            "views-show-their-own",
            "calendarView gives whatever a person has in the window, their own appointments too.",
            "read",
            "Reading ours back",
        ),
        Fact(
            "bot-reads-only-ours",
            "The bot asks /events for its own mark and for nothing else; it never opens a calendarView.",
            "read",
            "Reading ours back",
        ),
        Fact(
            "property-values-caseless",
            "The values of extended properties are compared without regard to case.",
            "read",
            "Reading ours back",
        ),
        Fact("bot-keys-are-hex", "So the bot's keys are written in hex.", "read", "Reading ours back"),
        Fact(
            "bot-categories-once",
            "A mailbox's categories are seen to once; a run with nothing new does not ask for them.",
            "read",
            "Reading ours back",
        ),
        Fact(
            "conflict-may-pass",
            "A PATCH may be refused with 412 ErrorIrresolvableConflict although nobody changed anything; the "
            "next one succeeds.",
            "read",
            "412 ErrorIrresolvableConflict",
        ),
        Fact(
            "saved-though-503",
            "A 503 ErrorConcurrentItemSave may be the answer to an event that was made: look, then make.",
            "read",
            "412 ErrorIrresolvableConflict",
        ),
        Fact(
            "all-day-midnight",
            "An all-day event starts and ends at midnight of one zone, and the day on which it ends is not "
            "part of it.",
            "read",
            "All-day",
        ),
        Fact(
            "bot-default-calendar",
            "Desktop Outlook rings for the default calendar only, so the bot's entries stand there and are "
            "told from others by their mark.",
            "read",
            "All-day",
        ),
        Fact(
            "private-is-manners",
            "Private hides nothing from whoever may read the mailbox: the event comes back whole.",
            "read",
            "Private",
        ),
        Fact(
            "bot-private-and-harmless",
            "The bot marks entries private and still writes nothing into them that would do harm.",
            "read",
            "Private",
        ),
    ),
)
