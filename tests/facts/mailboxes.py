"""What Graph does with views, people, mail and time, and what holds the stand-in to its contract."""

from __future__ import annotations

from facts.fact import Area, Fact

DELTA = Area(
    "Views and deltas",
    (
        Fact(
            "view-in-utc",
            "A calendarView is in UTC unless a preference names another zone.",
            "read",
            "calendarView/delta",
        ),
        Fact(
            "delta-primary-calendar",
            "Changes in a window of time can be followed in the primary calendar.",
            "read",
            "calendarView/delta",
        ),
        Fact(
            "delta-window-in-token",
            "The window is part of the token: later calls cannot choose another.",
            "read",
            "calendarView/delta",
        ),
        Fact(
            "delta-takes-no-options",
            "It takes no $select, $filter or $expand.",
            "read",
            "calendarView/delta",
        ),
        Fact(
            "delta-removed",
            "An event that is deleted, or moved out of the window, comes as @removed.",
            "read",
            "calendarView/delta",
        ),
        Fact(
            "delta-replays",
            "The same change may be told more than once.",
            "read",
            "calendarView/delta",
            "delta_replays",
        ),
        Fact(
            "delta-lost-token",
            "A token that is too old is refused: 410 with a Location, or 40x syncStateNotFound. Then "
            "everything is read again.",
            "documents vary",
            "calendarView/delta",
            "lost_delta",
        ),
    ),
)

PEOPLE = Area(
    "Schedules, categories and scope",
    (
        Fact("schedule-twenty-people", "getSchedule takes twenty people a call.", "read", "getSchedule"),
        Fact("schedule-sixty-two-days", "It looks at no more than 62 days.", "read", "getSchedule"),
        Fact(
            "schedule-by-application",
            "An application may ask it, with a calendar permission.",
            "read",
            "getSchedule",
        ),
        Fact(
            "schedule-hides-private",
            "Of a private item it tells when and how busy, and neither what nor where.",
            "read",
            "getSchedule",
        ),
        Fact(
            "categories-each-mailbox",
            "Each mailbox has a master list of its own.",
            "read",
            "masterCategories",
        ),
        Fact(
            "categories-permission",
            "Changing it takes MailboxSettings.ReadWrite; a permission on calendars does not do.",
            "read",
            "masterCategories",
        ),
        Fact("category-name-unique", "A name stands in the list once.", "read", "masterCategories"),
        Fact("category-name-stays", "A name in the list cannot be changed.", "read", "masterCategories"),
        Fact(
            "category-colours",
            "Colours are numbered presets, twenty-five of them: 0 is red, 1 orange, 3 yellow, 7 blue.",
            "read",
            "masterCategories",
        ),
        Fact("category-no-colour", "none is a category without a colour.", "read", "masterCategories"),
        Fact(
            "category-by-name",
            "An event names its categories by their names, and may name one that the list does not have.",
            "read",
            "masterCategories",
        ),
        Fact(
            "category-unlisted-colourless",
            "A name that the list does not have is shown without colour.",
            "read",
            "masterCategories",
        ),
        Fact(
            "scope-denied",
            "A mailbox outside the application's scope is 403 ErrorAccessDenied, for each permission "
            "by itself.",
            "read",
            "Scope",
        ),
        Fact(
            "grants-add-up",
            "A permission on all mailboxes undoes a scope on the same thing: what any grant allows is "
            "allowed.",
            "read",
            "Scope",
        ),
        Fact("graph-only", "There is no EWS to fall back on.", "read", "Scope"),
    ),
)

MAIL = Area(
    "Mail",
    (
        Fact(
            "headers-not-searchable",
            "Mail cannot be looked for by its internet headers.",
            "read",
            "Mail you sent",
        ),
        Fact(
            "headers-unreliable-when-sent",
            "Nor can they be relied upon to be there on what was sent.",
            "read",
            "Mail you sent",
        ),
        Fact(
            "draft-property-found",
            "A property put on a draft finds it among the drafts, and among what was sent afterwards.",
            "read",
            "Mail you sent",
        ),
        Fact(
            "draft-id-found",
            "The immutable id of a draft is the id of the mail that it becomes.",
            "read",
            "Mail you sent",
        ),
        Fact(
            "draft-permission",
            "That takes Mail.ReadWrite, and only on the mailbox that sends.",
            "read",
            "Mail you sent",
        ),
        Fact(
            "send-accepted",
            "202 says that a mail was accepted; whether it arrives is another matter.",
            "read",
            "sendMail",
        ),
        Fact(
            "send-thirty-a-minute",
            "One mailbox sends thirty messages a minute.",
            "read",
            "sendMail",
            "messages_per_minute",
        ),
        Fact(
            "send-three-megabytes",
            "A file of up to three megabytes goes with the message in one call; a larger one is refused.",
            "read",
            "sendMail",
        ),
    ),
)

SPEED = Area(
    "How long work takes",
    (
        Fact(
            "time-a-request",
            "One session at a time costs each request its whole length, one after another.",
            "measured",
            "Speed measured",
            "request_ms",
        ),
        Fact(
            "time-side-by-side",
            "Four at a time take a quarter of that, and a fifth gains nothing.",
            "measured",
            "Speed measured",
            "at_once",
        ),
        Fact(
            "time-a-batch",
            "A batch of twenty costs one request, and where items cost too, five rounds of four beside it.",
            "measured",
            "Speed measured",
            "item_ms",
        ),
    ),
)

CONTRACT = Area(
    "The contract",
    (
        Fact(
            "answers-keep-the-contract",
            "What the stand-in answers fits Microsoft's own description of it, and nothing is added.",
            "measured",
            "graph/graph-slice.json",
        ),
        Fact(
            "bot-keeps-the-contract",
            "What the bot sends fits it too.",
            "measured",
            "graph/graph-slice.json",
        ),
        Fact(
            "unknown-properties-refused",
            "A property that Graph does not know is refused, but for OData's own annotations.",
            "measured",
            "graph/graph-slice.json",
        ),
        Fact(
            "words-for-booleans",
            "A boolean written as a word is read as one, since O365 writes it so.",
            "measured",
            "graph/graph-slice.json",
        ),
    ),
)
