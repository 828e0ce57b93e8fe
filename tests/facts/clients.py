"""What the libraries do: O365, msal, requests and the official SDK."""

from __future__ import annotations

from facts.fact import Area, Fact

O365 = Area(
    "The O365 library",
    (
        Fact(
            "o365-renewal-broken",
            "An application that lets O365 renew its token stops with an AssertionError when the first one "
            "runs out, and at every call from then on.",
            "measured",
            "Token refresh is broken",
        ),
        Fact(
            "msal-keeps-tokens",
            "msal's own call for an application's token fetches one and answers from memory until it is "
            "nearly over, so it can be asked before every request.",
            "measured",
            "Token refresh is broken",
        ),
        Fact(
            "bot-token-before-each-request",
            "The bot takes its token from msal before each request, one thread at a time, and fetches a new "
            "one once when Graph answers 401.",
            "measured",
            "Token refresh is broken",
        ),
        Fact(
            "o365-post-not-retried",
            "O365 tries a reading again when Graph asks for patience; creating and changing it gives up at "
            "the first 429, 503 or 504.",
            "measured",
            "POST and PATCH are never retried",
        ),
        Fact(
            "bot-retries-every-verb",
            "The bot's own retries wait as long as they are told, for any verb that may be repeated, and "
            "leave a wait that is too long to the next run.",
            "measured",
            "POST and PATCH are never retried",
        ),
        Fact(
            "sending-not-repeated-blindly",
            "A mail whose answer was lost or timed out may have gone: it is looked for before anything is "
            "sent again.",
            "measured",
            "POST and PATCH are never retried",
        ),
        Fact(
            "o365-delay",
            "Unless it is told not to, O365 sleeps so that its calls start 200 milliseconds apart.",
            "measured",
            "requests_delay defaults to 200 ms",
        ),
        Fact(
            "bot-limits-itself",
            "The bot switches that pause off and counts instead how much it has at work.",
            "measured",
            "requests_delay defaults to 200 ms",
        ),
        Fact(
            "o365-token-file",
            "Where no other backend is given, O365 leaves its token readable in o365_token.txt, in whatever "
            "folder the program runs.",
            "measured",
            "Its default token backend",
        ),
        Fact(
            "bot-leaves-no-token-file",
            "The bot keeps tokens in memory alone.",
            "measured",
            "Its default token backend",
        ),
        Fact(
            "o365-debug-log",
            "At DEBUG, O365 logs the Authorization header and the bodies of events.",
            "measured",
            "Its DEBUG log",
        ),
        Fact(
            "bot-logs-no-secret",
            "The bot holds the loggers beneath it above DEBUG, whatever the root logger is set to.",
            "measured",
            "Its DEBUG log",
        ),
        Fact(
            "o365-guid-resource",
            "O365 finds a mailbox by its address, by users/ and an id, or by user: and an id; an id alone "
            "becomes an address that Graph does not have.",
            "measured",
            "A bare GUID as resource=",
        ),
        Fact(
            "o365-lacks",
            "O365 cannot batch, ask for deltas, send If-Match or put a property of one's own on an event.",
            "measured",
            "No $batch, no delta",
        ),
        Fact(
            "o365-raw-calls",
            "Its session takes requests of one's own, with the whole address, and signs them.",
            "measured",
            "No $batch, no delta",
        ),
        Fact(
            "o365-builds-messages",
            "O365 builds and sends messages well: pictures shown inside them by cid, and whether a "
            "copy stays in Sent Items.",
            "measured",
            "It does well",
        ),
        Fact(
            "o365-categories",
            "O365 makes, recolours and removes another person's master categories.",
            "measured",
            "It does well",
        ),
        Fact(
            "o365-category-colour",
            "It wants a colour as its own CategoryColor (RED is preset0) and refuses Graph's word for it.",
            "measured",
            "It does well",
        ),
        Fact("o365-availability", "It asks getSchedule who is free.", "measured", "It does well"),
        Fact(
            "o365-workbooks",
            "It finds a workbook in SharePoint or OneDrive and brings it whole.",
            "measured",
            "It does well",
        ),
        Fact(
            "o365-protocol",
            "Names of properties, time zones and paging are right when they are left to it.",
            "measured",
            "It does well",
        ),
        Fact(
            "o365-save-sends",
            'Saving an event sends isOnlineMeeting as the word "false", nobody as attendees, and a location '
            "without a name.",
            "measured",
            "It does well",
        ),
        Fact(
            "o365-zone-of-machine",
            "Where no zone is given O365 takes the machine's, which in a container is Etc/UTC.",
            "measured",
            "Time zones",
        ),
        Fact(
            "o365-zoneinfo-only",
            "It takes ZoneInfo and no other kind of zone.",
            "measured",
            "Time zones",
        ),
        Fact(
            "o365-fold-lost",
            "Of the hour that comes twice in October it can only say the wall clock: both are the same "
            "to it.",
            "measured",
            "Time zones",
        ),
        Fact(
            "o365-all-day-midnight",
            "An all-day event is at midnight in the zone it is sent in, or is refused.",
            "measured",
            "Time zones",
        ),
    ),
)

MSAL = Area(
    "msal",
    (
        Fact(
            "msal-https-only",
            "msal refuses an authority that is not https before it asks anything.",
            "measured",
            "Local authority",
        ),
        Fact(
            "msal-instance-discovery",
            "An authority it does not know makes it ask Microsoft first; instance_discovery=False "
            "stops that.",
            "measured",
            "Local authority",
        ),
        Fact(
            "msal-two-endpoints",
            "A server that answers the tenant's openid-configuration and its token endpoint is enough "
            "for it.",
            "measured",
            "Local authority",
        ),
        Fact(
            "msal-certificate-forms",
            "A key with its certificate, as text or in a PFX, signs with PS256 and names the certificate by "
            "SHA-256; a key with a thumbprint signs the older way and names it by SHA-1.",
            "measured",
            "Certificates",
        ),
        Fact(
            "bot-signs-the-new-way",
            "The bot takes a certificate only in the two newer forms.",
            "measured",
            "Certificates",
        ),
        Fact(
            "msal-remembers-errors",
            "After an error of the token endpoint msal gives that same answer for five seconds without "
            "asking.",
            "read",
            "msal remembers an error answer",
        ),
    ),
)

CLIENTS = Area(
    "Clients at a server on this machine",
    (
        Fact(
            "environment-outranks-verify",
            "REQUESTS_CA_BUNDLE or CURL_CA_BUNDLE in the environment takes the place of the authority that a "
            "session of requests was given.",
            "measured",
            "REQUESTS_CA_BUNDLE/CURL_CA_BUNDLE",
        ),
        Fact(
            "environment-trusts-local-ca",
            "A client that offers no setting trusts a local authority through REQUESTS_CA_BUNDLE.",
            "measured",
            "REQUESTS_CA_BUNDLE/CURL_CA_BUNDLE",
        ),
        Fact(
            "loopback-ca",
            "An authority made on the spot serves msal, O365 and requests alike.",
            "measured",
            "REQUESTS_CA_BUNDLE/CURL_CA_BUNDLE",
        ),
        Fact(
            "o365-protocol-url",
            "O365 goes elsewhere by a protocol whose address is changed and whose scopes are left as "
            "they are.",
            "measured",
            "REQUESTS_CA_BUNDLE/CURL_CA_BUNDLE",
        ),
        Fact(
            "sdk-spelling",
            "The official SDK writes the parameters of actions with capitals, adds @odata.type and "
            "encodes the @ of addresses; O365 does none of it, and Graph takes both.",
            "measured",
            "REQUESTS_CA_BUNDLE/CURL_CA_BUNDLE",
        ),
        Fact(
            "enums-any-case",
            "The words of an enumeration are read in any case.",
            "measured",
            "REQUESTS_CA_BUNDLE/CURL_CA_BUNDLE",
        ),
    ),
)
