"""Permissions, scope, events, categories and mail, stated over raw HTTP."""

from __future__ import annotations

from typing import Any

import jwt
import pytest

PRESETS = [f"preset{n}" for n in range(25)]


def _day(words: Any, day: str, **more: Any) -> Any:
    sides = {
        side: {"dateTime": f"{day}T{hour}:00:00", "timeZone": "UTC"}
        for side, hour in (("start", "09"), ("end", "10"))
    }
    return words.event(day, **(sides | more))


@pytest.mark.fact("events-have-no-window", "views-show-their-own")
def test_events_come_from_any_time_and_a_view_from_its_window(call: Any, words: Any) -> None:
    """events-have-no-window, views-show-their-own: a view gives whatever stands there, whoever put it."""
    for day in ("1999-12-31", "2026-12-04", "2080-01-01"):
        call.made(_day(words, day))
    call.made(_day(words, "2026-12-04", singleValueExtendedProperties=words.tagged("b07", "k")))
    path = f"users/{words.worker}"
    assert len(call("GET", f"{path}/events").json()["value"]) == 4
    window = "startDateTime=2026-12-01T00:00:00Z&endDateTime=2026-12-31T00:00:00Z"
    assert len(call("GET", f"{path}/calendarView?{window}").json()["value"]) == 2
    ours = call("GET", f"{path}/events?$filter={words.owned_by('b07')}").json()["value"]
    assert len(ours) == 1


@pytest.mark.fact("property-expand")
def test_a_property_is_shown_only_to_who_asks_for_it_by_name(call: Any, words: Any) -> None:
    """property-expand: neither a list nor a get tells of it unasked; another name finds nothing."""
    made = call.made(words.event(singleValueExtendedProperties=words.tagged("b07", "k")))
    path = f"users/{words.worker}/events/{made['id']}"
    assert "singleValueExtendedProperties" not in made
    assert "singleValueExtendedProperties" not in call("GET", path).json()
    for name, seen in ((words.key, ["k"]), (words.key.replace("Key", "Other"), [])):
        query = f"?$expand=singleValueExtendedProperties($filter=id eq '{name}')"
        found = call("GET", path + query).json().get("singleValueExtendedProperties", [])
        assert [one["value"] for one in found] == seen


@pytest.mark.fact("conflict-may-pass")
def test_a_conflict_may_pass_by_itself(call: Any, words: Any) -> None:
    """conflict-may-pass: 412 without If-Match, though nobody else was there; the same again succeeds."""
    made = call.made(words.event())
    path = f"users/{words.worker}/events/{made['id']}"
    call.control("POST", "faults", {"do": "412", "verb": "PATCH"})
    assert call.refused("PATCH", path, {"subject": "New"}) == (412, "ErrorIrresolvableConflict")
    assert call("GET", path).json()["subject"] == made["subject"]
    assert call("PATCH", path, {"subject": "New"}).json()["subject"] == "New"


@pytest.mark.fact("saved-though-503", "transaction-once")
def test_after_a_503_the_event_may_stand_and_its_transaction_id_says_so(call: Any, words: Any) -> None:
    """saved-though-503: look, or ask again with the same transactionId."""
    call.control("POST", "faults", {"do": "503_done", "verb": "POST", "mailbox": words.worker})
    path = f"users/{words.worker}/events"
    sent = words.event(transactionId="t/1")
    assert call.refused("POST", path, sent) == (503, "ErrorConcurrentItemSave")
    assert call.refused("POST", path, sent) == (409, "ErrorDuplicateTransactionId")
    assert len(call("GET", path).json()["value"]) == 1


@pytest.mark.fact("private-is-manners")
def test_who_may_read_a_mailbox_reads_what_is_private_in_it(call: Any, words: Any) -> None:
    """private-is-manners: only free/busy keeps it back."""
    call.made(words.event("Clinic", sensitivity="private", location={"displayName": "Room 9"}))
    (shown,) = call("GET", f"users/{words.worker}/events").json()["value"]
    assert (shown["subject"], shown["location"]["displayName"]) == ("Clinic", "Room 9")
    assert "Why" in shown["body"]["content"]
    assert shown["sensitivity"] == "private"


@pytest.mark.fact("schedule-by-application")
@pytest.mark.parametrize(
    ("permission", "status"), [("Calendars.Read", 200), ("Calendars.ReadWrite", 200), ("Mail.Read", 403)]
)
def test_an_application_asks_who_is_free_with_a_calendar_permission(
    stand_in: Any, words: Any, permission: str, status: int
) -> None:
    """schedule-by-application: nobody has to be signed in."""
    call = stand_in(grants={permission: None})
    asked = {
        "schedules": [words.worker],
        "startTime": {"dateTime": "2026-12-04T08:00:00", "timeZone": "UTC"},
        "endTime": {"dateTime": "2026-12-04T09:00:00", "timeZone": "UTC"},
    }
    answer = call("POST", f"users/{words.manager}/calendar/getSchedule", asked)
    assert answer.status_code == status


@pytest.mark.fact("schedule-sixty-two-days")
@pytest.mark.parametrize(("end", "code"), [("2027-02-04", None), ("2027-02-05", "ErrorTimeIntervalTooBig")])
def test_the_sixty_third_day_is_too_many(call: Any, words: Any, end: str, code: str | None) -> None:
    """schedule-sixty-two-days: and Graph says how many were asked for."""
    asked = {
        "schedules": [words.worker],
        "startTime": {"dateTime": "2026-12-04T00:00:00", "timeZone": "UTC"},
        "endTime": {"dateTime": f"{end}T00:00:00", "timeZone": "UTC"},
    }
    answer = call("POST", f"users/{words.manager}/calendar/getSchedule", asked)
    assert answer.status_code == (400 if code else 200)
    if code:
        assert answer.json()["error"]["code"] == code
        assert "62 days; the actual limit = 63 days" in answer.json()["error"]["message"]


@pytest.mark.fact("category-colours", "category-no-colour")
def test_there_are_twenty_five_colours_and_none(call: Any, words: Any) -> None:
    """category-colours: preset0 to preset24; anything else is refused."""
    path = f"users/{words.worker}/outlook/masterCategories"
    for colour in (*PRESETS, "none"):
        made = call("POST", path, {"displayName": f"In {colour}", "color": colour})
        assert (made.status_code, made.json()["color"]) == (201, colour)
    for colour in ("preset25", "red", "", 0):
        assert call.refused("POST", path, {"displayName": "X", "color": colour})[0] == 400
    first = {one["displayName"]: one["color"] for one in call("GET", path).json()["value"]}
    usual = {"Red": "preset0", "Orange": "preset1", "Yellow": "preset3", "Blue": "preset7"}
    assert {f"{name} category": colour for name, colour in usual.items()}.items() <= first.items()


def test_a_categorys_name_has_two_hundred_and_fifty_five_characters_at_most(call: Any, words: Any) -> None:
    path = f"users/{words.worker}/outlook/masterCategories"
    assert call("POST", path, {"displayName": "x" * 255}).status_code == 201
    assert call.refused("POST", path, {"displayName": "y" * 256}) == (400, "ErrorInvalidArgument")


@pytest.mark.fact("categories-permission", "categories-each-mailbox")
def test_categories_are_changed_by_mailbox_settings_in_the_mailboxes_it_reaches(
    stand_in: Any, words: Any
) -> None:
    """categories-permission: neither calendars nor mail will do, and each list is its mailbox's own."""
    scope = frozenset({words.worker})
    call = stand_in(grants={"MailboxSettings.ReadWrite": scope, "Calendars.ReadWrite": None})
    sent = {"displayName": "Visit", "color": "preset3"}
    path = "users/{}/outlook/masterCategories"
    assert call("POST", path.format(words.worker), sent).status_code == 201
    assert call.refused("POST", path.format(words.colleague), sent) == (403, "ErrorAccessDenied")
    assert call.refused("GET", path.format(words.colleague)) == (403, "ErrorAccessDenied")
    other = call.running.tenant.categories(words.colleague)
    assert "Visit" not in {one["displayName"] for one in other}


@pytest.mark.fact("draft-permission", "scope-denied")
def test_mail_is_drafted_and_sent_where_each_permission_reaches(stand_in: Any, words: Any) -> None:
    """draft-permission: Mail.ReadWrite and Mail.Send, each with a scope of its own."""
    sender, other = words.manager, words.colleague
    grants = {"Mail.ReadWrite": frozenset({sender, other}), "Mail.Send": frozenset({sender})}
    call = stand_in(grants=grants)
    message = {"subject": "Hi", "toRecipients": [{"emailAddress": {"address": words.worker}}]}
    for who, status in ((sender, 202), (other, 403)):
        draft = call("POST", f"users/{who}/messages", message)
        assert draft.status_code == 201
        sent = call("POST", f"users/{who}/messages/{draft.json()['id']}/send")
        assert sent.status_code == status
        assert call("POST", f"users/{who}/sendMail", {"message": message}).status_code == status
    for path in ("messages", "mailFolders", "mailFolders/inbox", "mailFolders/inbox/messages"):
        assert call.refused("GET", f"users/{words.worker}/{path}") == (403, "ErrorAccessDenied")
    assert call.refused("POST", f"users/{words.worker}/messages", message) == (403, "ErrorAccessDenied")


@pytest.mark.fact("scope-denied")
def test_a_denied_mailbox_gives_nothing_away_of_what_stands_in_it(stand_in: Any, words: Any) -> None:
    """scope-denied: an id that is there and one that is not are refused alike, in a batch too."""
    call = stand_in(grants={"Calendars.ReadWrite": frozenset({words.worker})})
    path = f"users/{words.colleague}/events"
    answers = []
    for some_id in ("AAMkAGthisonedoesnotexistanywhere", "x"):
        for verb, body in (("GET", None), ("PATCH", {"subject": "x"}), ("DELETE", None)):
            answers.append(call.refused(verb, f"{path}/{some_id}", body))
    assert set(answers) == {(403, "ErrorAccessDenied")}
    items = [{"id": "1", "method": "GET", "url": f"/{path}?$top=1"}]
    (one,) = call("POST", "$batch", {"requests": items}).json()["responses"]
    assert (one["status"], one["body"]["error"]["code"]) == (403, "ErrorAccessDenied")


@pytest.mark.fact("grants-add-up")
def test_a_token_names_what_was_granted_everywhere_and_not_what_exchange_scopes(
    stand_in: Any, words: Any
) -> None:
    """grants-add-up: the roles in a token are Entra's; a role in Exchange Online is not among them."""
    call = stand_in(grants={"Calendars.ReadWrite": frozenset({words.worker}), "User.Read.All": None})
    claims = jwt.decode(call.token().json()["access_token"], options={"verify_signature": False})
    assert claims["roles"] == ["User.Read.All"]
    assert call("GET", f"users/{words.worker}/events").status_code == 200


@pytest.mark.fact("graph-only")
def test_nobody_answers_where_exchange_web_services_were(call: Any) -> None:
    """graph-only: there is Graph and its sign-in, and nothing else."""
    url = f"{call.running.authority}EWS/Exchange.asmx"
    assert call.session.post(url, data="<Envelope/>").status_code == 404
    assert call.session.get(f"{call.running.authority}autodiscover/autodiscover.xml").status_code == 404


@pytest.mark.fact("category-by-name", "category-unlisted-colourless", "category-name-stays")
def test_an_event_keeps_a_category_by_its_name_whether_it_is_listed_or_not(call: Any, words: Any) -> None:
    """category-unlisted-colourless: colours stand in the master list alone, and an event only has names."""
    path = f"users/{words.worker}"
    made = call.made(words.event(categories=["Visit"]))

    def colours() -> dict[str, str]:
        listed = call("GET", f"{path}/outlook/masterCategories").json()["value"]
        return {one["displayName"]: one["color"] for one in listed}

    def names() -> list[str]:
        return list(call("GET", f"{path}/events/{made['id']}").json()["categories"])

    assert names() == ["Visit"]
    assert "Visit" not in colours()
    listed = call("POST", f"{path}/outlook/masterCategories", {"displayName": "Visit", "color": "preset3"})
    assert colours()["Visit"] == "preset3"
    one = f"{path}/outlook/masterCategories/{listed.json()['id']}"
    assert call.refused("PATCH", one, {"displayName": "VISIT"})[0] == 400, "not even its case"
    assert call("DELETE", one).status_code == 204
    assert (names(), "Visit" in colours()) == (["Visit"], False)


@pytest.mark.fact("send-thirty-a-minute")
def test_a_minutes_messages_are_counted_however_they_are_sent(stand_in: Any, words: Any) -> None:
    """send-thirty-a-minute: by sendMail, from a draft and in a batch; a minute later the next may go."""
    call = stand_in(messages_per_minute=2)
    path = f"users/{words.manager}"
    message = {"subject": "Hi", "toRecipients": [{"emailAddress": {"address": words.worker}}]}
    draft = call("POST", f"{path}/messages", message).json()["id"]
    assert call("POST", f"{path}/sendMail", {"message": message}).status_code == 202
    assert call("POST", f"{path}/messages/{draft}/send").status_code == 202
    headers = {"Content-Type": "application/json"}
    item = {"id": "1", "method": "POST", "url": f"/{path}/sendMail", "headers": headers}
    sent = {"requests": [item | {"body": {"message": message}}]}
    (answer,) = call("POST", "$batch", sent).json()["responses"]
    assert answer["status"] == 429
    assert 0 < int(answer["headers"]["Retry-After"]) <= 60
    assert call("POST", f"users/{words.colleague}/sendMail", {"message": message}).status_code == 202
    call.control("POST", "clock", {"pass_seconds": 61})
    (answer,) = call("POST", "$batch", sent).json()["responses"]
    assert answer["status"] == 202
    assert len(call.running.tenant.messages(words.worker, "inbox")) == 4


@pytest.mark.fact("ids-change-on-move", "ids-immutable-on-request")
def test_each_call_that_wants_ids_that_stay_has_to_ask_for_them(call: Any, words: Any) -> None:
    """ids-immutable-on-request: in a list, in a get, in an answer to a change and in a batch's item alike."""
    prefer = {"Prefer": 'IdType="ImmutableId"'}
    made = call.made(words.event(), headers=prefer)
    path = f"users/{words.worker}/events"
    item = {"id": "1", "method": "GET", "url": f"/{path}/{made['id']}"}

    def in_batch(**more: Any) -> str:
        found = call("POST", "$batch", {"requests": [item | more]}, headers=prefer).json()
        return str(found["responses"][0]["body"]["id"])

    for plain, asked in (
        (
            call("GET", path).json()["value"][0]["id"],
            call("GET", path, headers=prefer).json()["value"][0]["id"],
        ),
        (
            call("PATCH", f"{path}/{made['id']}", {"subject": "A"}).json()["id"],
            call("PATCH", f"{path}/{made['id']}", {"subject": "B"}, headers=prefer).json()["id"],
        ),
        (in_batch(), in_batch(headers=prefer)),
    ):
        assert (plain != made["id"], asked == made["id"]) == (True, True)
