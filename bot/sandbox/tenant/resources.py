"""What may be written into each resource, and what each one has: the types of Graph v1.0 that stand here."""

from __future__ import annotations

from bot.sandbox.tenant.shapes import (
    ADDRESS,
    BODY,
    COLOR,
    DATE_TIME,
    DAYS,
    EXTENDED,
    IMPORTANCE,
    LOCATION,
    RECIPIENT,
    SHOW_AS,
    Type,
    binary,
    boolean,
    many,
    moment,
    one_of,
    text,
    whole,
)

_ITEM_READ_ONLY = frozenset(
    {"id", "changeKey", "createdDateTime", "lastModifiedDateTime", "bodyPreview", "hasAttachments", "webLink"}
)
_ATTENDEE = Type(
    "microsoft.graph.attendee",
    {
        "emailAddress": ADDRESS,
        "type": one_of("required", "optional", "resource"),
        "status": Type("microsoft.graph.responseStatus", {"response": text, "time": text}),
    },
    frozenset({"proposedNewTime"}),
)
_RECURRENCE = Type(
    "microsoft.graph.patternedRecurrence",
    {
        "pattern": Type(
            "microsoft.graph.recurrencePattern",
            {
                "dayOfMonth": whole,
                "daysOfWeek": many(DAYS),
                "firstDayOfWeek": DAYS,
                "index": one_of("first", "second", "third", "fourth", "last"),
                "interval": whole,
                "month": whole,
                "type": one_of(
                    *("daily", "weekly", "absoluteMonthly", "relativeMonthly"),
                    *("absoluteYearly", "relativeYearly"),
                ),
            },
        ),
        "range": Type(
            "microsoft.graph.recurrenceRange",
            {
                "endDate": text,
                "numberOfOccurrences": whole,
                "recurrenceTimeZone": text,
                "startDate": text,
                "type": one_of("endDate", "noEnd", "numbered"),
            },
        ),
    },
)
ATTACHMENT = Type(
    "microsoft.graph.fileAttachment",
    {
        "name": text,
        "contentType": text,
        "contentBytes": binary,
        "contentId": text,
        "contentLocation": text,
        "isInline": boolean,
        "size": whole,
    },
    frozenset({"id", "lastModifiedDateTime"}),
)
EVENT = Type(
    "microsoft.graph.event",
    {
        "allowNewTimeProposals": boolean,
        "attendees": many(_ATTENDEE),
        "body": BODY,
        "categories": many(text),
        "end": DATE_TIME,
        "hideAttendees": boolean,
        "importance": IMPORTANCE,
        "isAllDay": boolean,
        "isOnlineMeeting": boolean,
        "isReminderOn": boolean,
        "location": LOCATION,
        "locations": many(LOCATION),
        "onlineMeetingProvider": one_of(
            "unknown", "skypeForBusiness", "skypeForConsumer", "teamsForBusiness"
        ),
        "recurrence": _RECURRENCE,
        "reminderMinutesBeforeStart": whole,
        "responseRequested": boolean,
        "sensitivity": one_of("normal", "personal", "private", "confidential"),
        "showAs": SHOW_AS,
        "singleValueExtendedProperties": many(EXTENDED),
        "start": DATE_TIME,
        "subject": text,
        "transactionId": text,
    },
    _ITEM_READ_ONLY
    | {"iCalUId", "isCancelled", "isDraft", "isOrganizer", "onlineMeeting", "onlineMeetingUrl", "organizer"}
    | {"originalEndTimeZone", "originalStart", "originalStartTimeZone", "responseStatus", "seriesMasterId"}
    | {"type", "cancelledOccurrences"},
)
EVENT_HAS = (
    frozenset(EVENT.properties)
    | EVENT.ignored
    | {"attachments", "calendar", "exceptionOccurrences", "extensions", "instances"}
    | {"multiValueExtendedProperties"}
)
CALENDAR = Type(
    "microsoft.graph.calendar",
    {
        "color": one_of(
            *("auto", "lightBlue", "lightGreen", "lightOrange", "lightGray", "lightYellow"),
            *("lightTeal", "lightPink", "lightBrown", "lightRed", "maxColor"),
        ),
        "isDefaultCalendar": boolean,
        "name": text,
        "singleValueExtendedProperties": many(EXTENDED),
    },
    frozenset(
        {"id", "allowedOnlineMeetingProviders", "canEdit", "canShare", "canViewPrivateItems", "changeKey"}
        | {"defaultOnlineMeetingProvider", "hexColor", "isRemovable", "isTallyingResponses", "owner"}
    ),
)

_FLAG = Type(
    "microsoft.graph.followupFlag",
    {
        "completedDateTime": DATE_TIME,
        "dueDateTime": DATE_TIME,
        "startDateTime": DATE_TIME,
        "flagStatus": one_of("notFlagged", "complete", "flagged"),
    },
)
_HEADER = Type("microsoft.graph.internetMessageHeader", {"name": text, "value": text})
MESSAGE = Type(
    "microsoft.graph.message",
    {
        "attachments": many(ATTACHMENT),
        "bccRecipients": many(RECIPIENT),
        "body": BODY,
        "categories": many(text),
        "ccRecipients": many(RECIPIENT),
        "flag": _FLAG,
        "from": RECIPIENT,
        "importance": IMPORTANCE,
        "inferenceClassification": one_of("focused", "other"),
        "internetMessageHeaders": many(_HEADER),
        "internetMessageId": text,
        "isDeliveryReceiptRequested": boolean,
        "isRead": boolean,
        "isReadReceiptRequested": boolean,
        "receivedDateTime": moment,
        "replyTo": many(RECIPIENT),
        "sender": RECIPIENT,
        "sentDateTime": moment,
        "singleValueExtendedProperties": many(EXTENDED),
        "subject": text,
        "toRecipients": many(RECIPIENT),
    },
    _ITEM_READ_ONLY | {"conversationId", "conversationIndex", "isDraft", "parentFolderId", "uniqueBody"},
)
MESSAGE_HAS = frozenset(MESSAGE.properties) | MESSAGE.ignored | {"extensions"}

CATEGORY = Type("microsoft.graph.outlookCategory", {"displayName": text, "color": COLOR}, frozenset({"id"}))

SEND_MAIL = Type("sendMail", {"message": MESSAGE, "saveToSentItems": boolean}, any_case=True)
MOVE = Type("move", {"destinationId": text}, any_case=True)
_ID_FORMAT = one_of("entryId", "ewsId", "immutableEntryId", "restId", "restImmutableEntryId")
TRANSLATE = Type(
    "translateExchangeIds",
    {"inputIds": many(text), "sourceIdType": _ID_FORMAT, "targetIdType": _ID_FORMAT},
    any_case=True,
)
UPLOAD = Type(
    "createUploadSession",
    {
        "AttachmentItem": Type(
            "microsoft.graph.attachmentItem",
            {
                "attachmentType": one_of("file", "item", "reference"),
                "contentId": text,
                "contentType": text,
                "isInline": boolean,
                "name": text,
                "size": whole,
            },
        )
    },
    any_case=True,
)
GET_SCHEDULE = Type(
    "getSchedule",
    {
        "schedules": many(text),
        "startTime": DATE_TIME,
        "endTime": DATE_TIME,
        "availabilityViewInterval": whole,
    },
    any_case=True,
)

REPLIES = Type(
    "microsoft.graph.automaticRepliesSetting",
    {
        "externalAudience": one_of("none", "contactsOnly", "all"),
        "externalReplyMessage": text,
        "internalReplyMessage": text,
        "scheduledEndDateTime": DATE_TIME,
        "scheduledStartDateTime": DATE_TIME,
        "status": one_of("disabled", "alwaysEnabled", "scheduled"),
    },
)
SETTINGS = Type(
    "microsoft.graph.mailboxSettings",
    {
        "automaticRepliesSetting": REPLIES,
        "dateFormat": text,
        "delegateMeetingMessageDeliveryOptions": one_of(
            "sendToDelegateAndInformationToPrincipal", "sendToDelegateAndPrincipal", "sendToDelegateOnly"
        ),
        "language": Type("microsoft.graph.localeInfo", {"displayName": text, "locale": text}),
        "timeFormat": text,
        "timeZone": text,
        "workingHours": Type(
            "microsoft.graph.workingHours",
            {
                "daysOfWeek": many(DAYS),
                "startTime": text,
                "endTime": text,
                "timeZone": Type("microsoft.graph.timeZoneBase", {"name": text}),
            },
        ),
    },
    frozenset({"archiveFolder", "userPurpose"}),
)
