"""The stand-in with a council's worth in it: nothing is scanned, little is kept, nothing is read too early.

No test here looks at a clock: what is counted is what was looked at, read, written or kept.
"""

from __future__ import annotations

import gc
import json
import subprocess
import sys
import tracemalloc
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.sandbox.settings import SandboxSettings
from bot.sandbox.tenant import Clock, Person, Tenant, events, saving, usual
from bot.sandbox.tenant.html import framed
from bot.sandbox.tenant.ids import BY_PLACE, IMMUTABLE, Ids
from bot.sandbox.tenant.items import Item
from bot.sandbox.tenant.mailbox import Mailbox
from bot.sandbox.tenant.views import show_event

ANN = "ann@council.example"
OWNER = "String {66f5a359-4659-4830-9070-00047ec6ac6e} Name Owner"
KEY = "String {66f5a359-4659-4830-9070-00047ec6ac6e} Name Key"
MONDAY = datetime(2026, 11, 23, tzinfo=UTC)


def body(hour: int = 9, hours: float = 0.25, **tags: str) -> dict[str, Any]:
    starts = MONDAY + timedelta(hours=hour)
    sides = (starts, starts + timedelta(hours=hours))
    start, end = ({"dateTime": f"{at:%Y-%m-%dT%H:%M:%S}", "timeZone": "UTC"} for at in sides)
    properties = [{"id": {"owner": OWNER, "key": KEY}[name], "value": value} for name, value in tags.items()]
    return {
        "subject": "Visit due Tue 24 Nov · J.S. 20417",
        "start": start,
        "end": end,
        "body": {"contentType": "html", "content": f"<p>Counted from the visit of {hour} days ago.</p>"},
        "categories": ["Orange category"],
        "singleValueExtendedProperties": properties,
    }


def council(mailboxes: int = 1) -> Tenant:
    people = [
        Person(ANN, "Ann Bee"),
        *(Person(f"w{n}@council.example", f"W {n:04}") for n in range(1, mailboxes)),
    ]
    return Tenant(people, clock=Clock())


# an index says what a scan would say, and looks at nothing else

OWNERS = st.sampled_from(["b07", "B07", "other"])
HOURS = st.integers(min_value=-60, max_value=60)
STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("make"), OWNERS, HOURS, st.sampled_from([0, 0.25, 5, 200])),
        st.tuples(st.just("retag"), OWNERS, HOURS, st.just(0)),
        st.tuples(st.just("place"), OWNERS, HOURS, st.sampled_from([0, 1, 30])),
        st.tuples(st.just("remove"), OWNERS, HOURS, st.just(0)),
    ),
    max_size=40,
)


def played(steps: list[tuple[str, str, int, float]]) -> Mailbox:
    mailbox, settings = Mailbox("id", ANN), SandboxSettings()
    for what, owner, hour, hours in steps:
        items = list(mailbox.events.values())
        some = items[hour % len(items)] if items else None
        if what == "make":
            events.create(mailbox, body(hour, hours, owner=owner), settings, owner="Ann Bee", now=MONDAY)
        elif some is None:
            continue
        elif what == "retag":
            mailbox.set_extended(some, OWNER.upper(), owner)
        elif what == "place":
            starts = MONDAY + timedelta(hours=hour)
            mailbox.place(some, starts, starts + timedelta(hours=hours))
        else:
            mailbox.remove(some)
    return mailbox


@given(STEPS, OWNERS)
def test_what_the_index_finds_by_a_property_is_what_a_scan_finds_and_nothing_more_is_looked_at(
    steps: list[tuple[str, str, int, float]], owner: str
) -> None:
    mailbox = played(steps)
    scanned = {
        item.number
        for item in mailbox.events.values()
        if {name.casefold(): value.casefold() for name, value in item.extended.items()}.get(OWNER.casefold())
        == owner.casefold()
    }
    mailbox.by_property.looked_at = 0
    found = [item.number for item in mailbox.by_property("event", (OWNER, owner))]
    assert sorted(found) == sorted(scanned)
    assert mailbox.by_property.looked_at == len(scanned)


@given(STEPS, HOURS, st.sampled_from([0, 1, 24, 100]))
def test_what_stands_in_a_window_is_what_a_scan_finds_and_only_what_may_reach_it_is_looked_at(
    steps: list[tuple[str, str, int, float]], hour: int, hours: int
) -> None:
    mailbox = played(steps)
    start = MONDAY + timedelta(hours=hour)
    end = start + timedelta(hours=hours)

    def touches(item: Item) -> bool:
        return item.starts < end and item.ends > start

    mailbox.by_start.looked_at = 0
    found = [item for item in mailbox.by_start(start, end) if touches(item)]
    assert {item.number for item in found} == {i.number for i in mailbox.events.values() if touches(i)}
    assert [item.starts for item in found] == sorted(item.starts for item in found)
    longest = timedelta(hours=200)
    near = sum(start - longest <= item.starts < end for item in mailbox.events.values())
    assert mailbox.by_start.looked_at <= near


# the same over HTTP


def test_a_filtered_list_looks_at_what_it_finds_however_much_else_is_there(call: Any, words: Any) -> None:
    tenant = call.running.tenant
    tenant.load([(words.worker, [body(n % 90) for n in range(300)])])
    tenant.load([(words.worker, [body(n, owner="b07", key=f"k{n}") for n in range(3)])])
    mailbox = tenant.mailbox(words.worker)
    path = f"users/{words.worker}/events?$filter="
    mailbox.by_property.looked_at = 0
    assert len(call("GET", path + words.owned_by("b07")).json()["value"]) == 3
    assert mailbox.by_property.looked_at == 3


def test_a_first_page_looks_at_a_page_however_long_the_list_is(call: Any, words: Any) -> None:
    tenant = call.running.tenant
    tenant.load([(words.worker, [body(n % 90, owner="b07", key=f"k{n}") for n in range(300)])])
    mailbox = tenant.mailbox(words.worker)
    path = f"users/{words.worker}/events?$filter={words.owned_by('b07')}"
    mailbox.by_property.looked_at = 0
    assert len(call("GET", path).json()["value"]) == 10
    assert mailbox.by_property.looked_at == 11  # one more, to know whether there is a next page


def test_of_two_tags_the_rarer_one_is_looked_up(call: Any, words: Any) -> None:
    tenant = call.running.tenant
    tenant.load([(words.worker, [body(n % 90, owner="b07", key=f"k{n}") for n in range(300)])])
    mailbox = tenant.mailbox(words.worker)
    key = f"singleValueExtendedProperties/any(ep: ep/id eq '{KEY}' and ep/value eq 'k7')"
    mailbox.by_property.looked_at = 0
    condition = quote(f"{words.owned_by('b07')} and {key}")
    assert len(call("GET", f"users/{words.worker}/events?$filter={condition}").json()["value"]) == 1
    assert mailbox.by_property.looked_at == 1


def test_a_day_of_a_full_diary_is_looked_at_without_the_rest(call: Any, words: Any) -> None:
    tenant = call.running.tenant
    tenant.load([(words.worker, [body(24 * n + 9) for n in range(300)])])
    mailbox = tenant.mailbox(words.worker)
    window = "startDateTime=2026-11-24T00:00:00Z&endDateTime=2026-11-25T00:00:00Z"
    mailbox.by_start.looked_at = 0
    assert len(call("GET", f"users/{words.worker}/calendarView?{window}").json()["value"]) == 1
    assert mailbox.by_start.looked_at <= 2


@pytest.mark.parametrize(
    ("query", "found", "shown"),
    [
        ("", 100, 100),
        ("?$top=5", 5, 5),
        ("?$top=5&$skip=400", 5, 5),
        ("?$top=5&$orderby=displayName", 5, 5),
        ("?$filter=mail eq 'W7@Council.example'", 1, 2),
        ("?$filter=userPrincipalName eq 'w7@council.example' and startswith(displayName, 'W')", 1, 2),
        ("?$filter=mail eq 'w7@council.example' or mail eq 'w8@council.example'", 2, 4),
        ("?$filter=startswith(displayName, 'w 049')", 10, 20),
        ("?$filter=mail eq 'nobody@council.example'", 0, 0),
    ],
)
def test_no_more_people_are_read_than_are_answered(
    query: str, found: int, shown: int, monkeypatch: pytest.MonkeyPatch, call: Any
) -> None:
    told: list[Person] = []
    show = Tenant.show
    monkeypatch.setattr(Tenant, "show", lambda self, person: told.append(person) or show(self, person))
    for n in range(500):
        call.running.tenant.add_person(Person(f"w{n}@council.example", f"W {n:04}"))
    assert len(call("GET", f"users{query}").json()["value"]) == found
    assert len(told) == shown


# what is kept


def test_an_event_takes_a_fraction_of_what_graph_says_of_it() -> None:
    """Of the same five hundred events: kept by the stand-in, with every index, and as Graph's own answers."""
    tenant = council()
    sent = [body(n % 90, owner="b07", key=f"{n:016x}") for n in range(500)]
    mailbox = tenant.mailbox(ANN)
    tenant.load([(ANN, sent[:1])])
    answers: list[Any] = []

    def keep() -> None:
        tenant.load([(ANN, sent[1:])])

    def answer() -> None:
        # Read back from JSON, as whoever keeps an answer would.
        answers.extend(json.loads(json.dumps(show_event(item))) for item in mailbox.events.values())

    assert grown(keep) < 0.2 * grown(answer)


def grown(do: Callable[[], None]) -> int:
    """How many bytes more are in use after something was done."""
    gc.collect()
    tracemalloc.start()
    try:
        before = tracemalloc.get_traced_memory()[0]
        do()
        gc.collect()
        return tracemalloc.get_traced_memory()[0] - before
    finally:
        tracemalloc.stop()


BODIES = st.one_of(
    st.text(max_size=20).map(framed),
    st.text(max_size=20),
    st.just(framed("").replace("\r\n\r\n", "\r\n")),
)


@given(
    st.fixed_dictionaries(
        {
            "subject": st.text(max_size=20),
            "body": BODIES.map(lambda content: {"contentType": "html", "content": content}),
            "isAllDay": st.booleans(),
            "categories": st.lists(st.text(max_size=5), max_size=2),
            "reminderMinutesBeforeStart": st.integers(0, 30),
            "start": st.just({"dateTime": "2026-12-04T09:00:00", "timeZone": "Europe/London"}),
        },
        optional={"transactionId": st.text(max_size=5), "extra": st.none()},
    )
)
def test_an_event_says_what_it_was_given_after_it_was_made_small_and_after_it_was_kept_in_a_file(
    props: dict[str, Any],
) -> None:
    item = Item("event", Ids(b"a" * 16), 1, props)
    assert item.props == {**usual.EVENT, **props}
    again = Item.unpacked(json.loads(json.dumps(item.packed())), Ids(b"a" * 16))
    assert (again.props, again.key, again.id, again.etag) == (item.props, item.key, item.id, item.etag)


@given(st.binary(min_size=16, max_size=16), st.integers(1, 2**40), st.integers(0, 2**20))
def test_an_id_is_read_by_the_mailbox_that_wrote_it_in_its_own_case_alone(
    seed: bytes, number: int, moves: int
) -> None:
    ids, others = Ids(seed), Ids(bytes(one ^ 1 for one in seed))
    for which in (BY_PLACE, IMMUTABLE):
        written = ids.write(which, number, moves)
        assert ids.read(written) == (which, number, moves)
        assert len(written) == 118
        assert others.read(written) is None
        for wrong in (
            written.swapcase(),
            written.lower(),
            written[:-2] + ("A=" if written[-2] != "A" else "B="),
            written[1:],
            written + "A",
            "",
        ):
            assert ids.read(wrong) is None


def test_ids_differ_among_items_moves_mailboxes_and_kinds_of_id() -> None:
    written = Counter(
        ids.write(which, number, moves)
        for ids in (Ids(b"a" * 16), Ids(b"b" * 16))
        for which in (BY_PLACE, IMMUTABLE)
        for number in range(1, 50)
        for moves in range(3)
    )
    assert max(written.values()) == 1


def test_a_loaded_event_is_checked_as_if_it_were_sent() -> None:
    tenant = council()
    with pytest.raises(Exception, match=r"'colour' does not exist on type 'microsoft.graph.event'"):
        tenant.load([(ANN, [body() | {"colour": "red"}])])
    assert tenant.load([(ANN, [body(), body()])]) == 2
    item = next(iter(tenant.mailbox(ANN).events.values()))
    assert show_event(item)["organizer"] == {"emailAddress": {"name": "Ann Bee", "address": ANN}}


# what is read and written in a folder


@pytest.fixture
def files(monkeypatch: pytest.MonkeyPatch) -> Counter[str]:
    """Which mailboxes' files were read and written."""
    seen: Counter[str] = Counter()
    read, write = saving.Keeper.mailbox, saving.write_atomically

    def reading(self: saving.Keeper, user_id: str, unsaved: set[Mailbox]) -> Mailbox | None:
        seen[f"read {user_id}"] += 1
        return read(self, user_id, unsaved)

    def writing(path: Path, data: bytes, mode: int = 0o600) -> None:
        seen[f"wrote {path.stem}"] += 1
        write(path, data, mode)

    monkeypatch.setattr(saving, "EVERY_SECONDS", 3600)
    monkeypatch.setattr(saving.Keeper, "mailbox", reading)
    monkeypatch.setattr(saving, "write_atomically", writing)
    return seen


def test_only_what_changed_is_written_and_only_what_is_asked_for_is_read(
    tmp_path: Path, files: Counter[str]
) -> None:
    people = [Person(f"w{n}@council.example", f"W {n:04}") for n in range(50)]
    first = Tenant(people, clock=Clock(), state_dir=tmp_path)
    first.load([(one.email, [body(owner="b07")]) for one in people])
    first.save()
    assert set(files) == {f"read {one.id}" for one in people} | {f"wrote {one.id}" for one in people} | {
        "wrote tenant"
    }
    files.clear()
    first.load([(people[3].email, [body()])])
    first.save()
    first.save()
    assert files == {f"wrote {people[3].id}": 1}
    first.close()

    files.clear()
    second = Tenant([], clock=Clock(), state_dir=tmp_path)
    assert not files
    assert len(second.mailbox(people[3].email).events) == 2
    assert second.mailbox(people[3].email) is second.mailbox(people[3].id)
    assert files == {f"read {people[3].id}": 1}
    second.close()
    assert files == {f"read {people[3].id}": 1}


def test_a_mailbox_that_vanished_is_gone_after_a_new_start_too_and_comes_back_whole(
    tmp_path: Path,
) -> None:
    first = Tenant([Person(ANN, "Ann Bee")], clock=Clock(), state_dir=tmp_path)
    first.load([(ANN, [body()])])
    first.set_gone(ANN, gone=True)
    first.close()
    second = Tenant([], clock=Clock(), state_dir=tmp_path)
    assert not second.has(ANN)
    second.set_gone(ANN, gone=False)
    assert len(second.mailbox(ANN).events) == 1
    second.close()


def test_a_folder_that_another_version_wrote_is_refused_with_the_way_out(tmp_path: Path) -> None:
    (tmp_path / "tenant.json").write_text(json.dumps({"days_ahead": 0, "people": []}))
    with pytest.raises(OSError, match=r"another version of the stand-in.* Name another folder, or delete"):
        Tenant([], clock=Clock(), state_dir=tmp_path)


@pytest.mark.skipif(sys.platform != "linux", reason="how much memory a process holds is read as on Linux")
def test_the_benchmark_that_the_documents_tell_of_runs() -> None:
    script = Path(__file__).parents[2] / "benchmarks" / "stand_in.py"
    asked = [sys.executable, str(script), "--mailboxes", "30", "--events", "12", "--rounds", "3"]
    done = subprocess.run(asked, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr
    assert "30 mailboxes, 12 events each: 360 events" in done.stdout
    for row in (
        "first page of the Owner-filtered list",
        "30 mailboxes to 26",
        "2,000 events in the diary to 12",
    ):
        assert f"| {row}" in done.stdout
