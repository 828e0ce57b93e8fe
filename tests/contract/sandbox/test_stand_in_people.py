"""Users, categories, mailbox settings and free/busy."""

from __future__ import annotations

from typing import Any

import pytest

DAY = {
    "startTime": {"dateTime": "2026-12-04T08:00:00", "timeZone": "Europe/London"},
    "endTime": {"dateTime": "2026-12-04T12:00:00", "timeZone": "Europe/London"},
    "availabilityViewInterval": 60,
}


def test_users_and_their_managers_are_found_by_address_and_id(call: Any, words: Any) -> None:
    user = call("GET", f"users/{words.worker.upper()}").json()
    assert (user["displayName"], user["jobTitle"], user["mail"]) == ("Ann Bee", "Social worker", words.worker)
    assert call("GET", f"users/{user['id']}").json()["userPrincipalName"] == words.worker
    assert call("GET", f"users/{user['id']}/manager").json()["mail"] == words.manager
    assert call.refused("GET", f"users/{words.manager}/manager") == (404, "Request_ResourceNotFound")
    assert len(call("GET", "users").json()["value"]) == 3
    query = f"users?$filter=mail eq '{words.worker}'&$select=displayName"
    assert call("GET", query).json()["value"] == [{"displayName": "Ann Bee"}]
    assert call.refused("GET", "users?$filter=shoeSize eq 9") == (400, "RequestBroker--ParseUri")


@pytest.mark.fact(
    "category-name-unique", "category-name-stays", "categories-each-mailbox", "category-no-colour"
)
def test_a_category_is_made_once_and_its_name_stays(call: Any, words: Any) -> None:
    """masterCategories: displayName unique and immutable; preset colours; one list a mailbox."""
    path = f"users/{words.worker}/outlook/masterCategories"
    first = call("GET", path).json()["value"]
    assert {"Red category": "preset0", "Orange category": "preset1"}.items() <= {
        one["displayName"]: one["color"] for one in first
    }.items()
    made = call("POST", path, {"displayName": "Visit", "color": "Preset3"})
    assert (made.status_code, made.json()["color"]) == (201, "preset3")
    assert call.refused("POST", path, {"displayName": "visit", "color": "preset0"}) == (
        409,
        "CategoryNameDuplicate",
    )
    one = f"{path}/{made.json()['id']}"
    assert call("PATCH", one, {"color": "preset0"}).json() == made.json() | {
        "color": "preset0",
        "@odata.context": call("GET", one).json()["@odata.context"],
    }
    assert call.refused("PATCH", one, {"displayName": "Other"}) == (400, "ErrorInvalidPropertySet")
    assert call.refused("POST", path, {"displayName": "X", "color": "yellow"}) == (400, "RequestBodyRead")
    assert call.refused("POST", path, {"color": "preset1"}) == (400, "ErrorInvalidArgument")
    assert call("POST", path, {"displayName": "No colour"}).json()["color"] == "none"
    names = [one["displayName"] for one in call("GET", path).json()["value"]]
    assert names == [*(one["displayName"] for one in first), "Visit", "No colour"]
    others = call("GET", f"users/{words.colleague}/outlook/masterCategories").json()["value"]
    assert "Visit" not in {one["displayName"] for one in others}
    assert call("DELETE", one).status_code == 204
    assert call.refused("GET", one) == (404, "ErrorItemNotFound")


@pytest.mark.fact("category-unlisted-colourless", "category-by-name")
def test_a_category_that_the_master_list_lacks_has_no_colour(call: Any, words: Any) -> None:
    """masterCategories: a name missing from the master list shows without colour."""
    made = call.made(words.event(categories=["Visit", "Visit", "Red category"]))
    assert made["categories"] == ["Visit", "Red category"]
    mailbox = call.running.tenant.mailbox(words.worker)
    assert (mailbox.color_of("Visit"), mailbox.color_of("Red category")) == (None, "preset0")
    path = f"users/{words.worker}/outlook/masterCategories"
    call("POST", path, {"displayName": "Visit", "color": "preset3"})
    assert mailbox.color_of("visit") == "preset3"


def test_out_of_office_is_set_and_read_back(call: Any, words: Any) -> None:
    path = f"users/{words.worker}/mailboxSettings"
    usual = call("GET", path).json()
    assert (usual["timeZone"], usual["automaticRepliesSetting"]["status"]) == (
        "GMT Standard Time",
        "disabled",
    )
    away = {
        "status": "Scheduled",
        "internalReplyMessage": "Away",
        "scheduledStartDateTime": {"dateTime": "2026-12-04T00:00:00", "timeZone": "UTC"},
        "scheduledEndDateTime": {"dateTime": "2026-12-08T00:00:00", "timeZone": "UTC"},
    }
    call("PATCH", path, {"automaticRepliesSetting": away})
    read = call("GET", f"{path}/automaticRepliesSetting").json()
    assert (read["status"], read["internalReplyMessage"]) == ("scheduled", "Away")
    assert read["scheduledEndDateTime"] == {"dateTime": "2026-12-08T00:00:00.0000000", "timeZone": "UTC"}
    assert read["externalAudience"] == "none"
    wrong = {"timeZone": "Middle Earth"}
    assert call.refused("PATCH", path, wrong) == (400, "TimeZoneNotSupportedException")
    hours = {"workingHours": {"daysOfWeek": ["Monday"], "startTime": "10:00:00", "endTime": "14:00:00"}}
    call("PATCH", path, hours)
    assert call("GET", f"{path}/workingHours").json()["daysOfWeek"] == ["monday"]


def _schedules(call: Any, words: Any, *people: str, **change: Any) -> list[dict[str, Any]]:
    answer = call("POST", f"users/{words.manager}/calendar/getSchedule", DAY | {"schedules": people} | change)
    assert answer.status_code == 200, answer.text
    return answer.json()["value"]


@pytest.mark.fact("schedule-hides-private")
def test_free_and_busy_with_private_things_hidden(call: Any, words: Any) -> None:
    """getSchedule: details hidden for private items."""
    call.made(words.event("Court", location={"displayName": "Room 2"}, showAs="busy"))
    call.made(words.event("Doctor", sensitivity="private", showAs="oof"), who=words.colleague)
    one, two, nobody = _schedules(call, words, words.worker, words.colleague, "x@council.example")
    assert one["availabilityView"] == "0200"
    assert (one["scheduleItems"][0]["subject"], one["scheduleItems"][0]["location"]) == ("Court", "Room 2")
    assert two["availabilityView"] == "0300"
    assert two["scheduleItems"][0]["isPrivate"]
    assert not {"subject", "location"} & set(two["scheduleItems"][0])
    assert nobody["error"]["responseCode"] == "ErrorMailRecipientNotFound"


@pytest.mark.fact("sdk-spelling")
def test_both_spellings_of_get_schedule_are_taken(call: Any, words: Any) -> None:
    """The SDK sends Schedules, StartTime and so on."""
    pascal = {name[0].upper() + name[1:]: value for name, value in DAY.items()}
    sent = pascal | {"Schedules": [words.worker]}
    assert call("POST", f"users/{words.manager}/calendar/getSchedule", sent).status_code == 200


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"schedules": [f"p{n}@council.example" for n in range(21)]}, "ErrorMailboxDataArrayTooBig"),
        ({"endTime": {"dateTime": "2027-02-06T00:00:00", "timeZone": "UTC"}}, "ErrorTimeIntervalTooBig"),
        ({"endTime": DAY["startTime"]}, "ErrorInvalidTimeInterval"),
        ({"schedules": []}, "ErrorInvalidParameter"),
    ],
)
@pytest.mark.fact("schedule-twenty-people", "schedule-sixty-two-days")
def test_twenty_people_and_sixty_two_days_at_most(
    call: Any, words: Any, change: dict[str, Any], code: str
) -> None:
    """getSchedule: at most 20 people and 62 days a call."""
    sent = DAY | {"schedules": [words.worker]} | change
    assert call.refused("POST", f"users/{words.manager}/calendar/getSchedule", sent) == (400, code)
