"""Microsoft's own library against the stand-in: what its users would do, signed in by its own credential.

It asks otherwise than the bot and O365 do: it sends `@odata.type`, the words of an action with a capital, and
addresses inside a batch's URLs encoded (`users/w%40x`). All that passes is held against Graph's description.
"""

from __future__ import annotations

import asyncio
import datetime as dt
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

import pytest

pytest.importorskip("msgraph", reason="optional: .ci/run --full")

import httpx
from azure.identity.aio import ClientSecretCredential
from kiota_abstractions.api_error import APIError
from kiota_abstractions.base_request_configuration import RequestConfiguration
from kiota_authentication_azure.azure_identity_authentication_provider import (
    AzureIdentityAuthenticationProvider,
)
from msgraph import GraphRequestAdapter, GraphServiceClient
from msgraph.generated.models.automatic_replies_setting import AutomaticRepliesSetting
from msgraph.generated.models.automatic_replies_status import AutomaticRepliesStatus
from msgraph.generated.models.body_type import BodyType
from msgraph.generated.models.category_color import CategoryColor
from msgraph.generated.models.date_time_time_zone import DateTimeTimeZone
from msgraph.generated.models.email_address import EmailAddress
from msgraph.generated.models.event import Event
from msgraph.generated.models.file_attachment import FileAttachment
from msgraph.generated.models.free_busy_status import FreeBusyStatus
from msgraph.generated.models.item_body import ItemBody
from msgraph.generated.models.mailbox_settings import MailboxSettings
from msgraph.generated.models.message import Message
from msgraph.generated.models.outlook_category import OutlookCategory
from msgraph.generated.models.recipient import Recipient
from msgraph.generated.models.sensitivity import Sensitivity
from msgraph.generated.models.single_value_legacy_extended_property import (
    SingleValueLegacyExtendedProperty,
)
from msgraph.generated.users.item.calendar.get_schedule.get_schedule_post_request_body import (
    GetSchedulePostRequestBody,
)
from msgraph.generated.users.item.calendar_view.calendar_view_request_builder import (
    CalendarViewRequestBuilder,
)
from msgraph.generated.users.item.events.events_request_builder import EventsRequestBuilder
from msgraph.generated.users.item.send_mail.send_mail_post_request_body import SendMailPostRequestBody
from msgraph.generated.users.users_request_builder import UsersRequestBuilder
from msgraph_core import GraphClientFactory
from msgraph_core.requests.batch_request_content import BatchRequestContent
from msgraph_core.requests.batch_request_item import BatchRequestItem
from msgraph_core.tasks.page_iterator import PageIterator
from witness.watching import watched  # noqa: F401 - every test here is heard

from bot.sandbox.server import Running, start
from bot.sandbox.tenant import Person

ANN, BO = "ann@council.example", "bo@council.example"
OWNER = "String {66f5a359-4659-4830-9070-00047ec6ac6e} Name Owner"
OURS = f"singleValueExtendedProperties/any(ep: ep/id eq '{OWNER}' and ep/value eq 'b07')"
DECEMBER = (dt.datetime(2026, 12, 1, tzinfo=dt.UTC), dt.datetime(2027, 1, 1, tzinfo=dt.UTC))
PNG = b"\x89PNG\r\n\x1a\n tiny"


@asynccontextmanager
async def _signed_in(running: Running) -> AsyncIterator[GraphServiceClient]:
    authority = running.authority.removeprefix("https://").strip("/")
    credential = ClientSecretCredential(
        running.tenant_id,
        running.client_id,
        running.client_secret,
        authority=authority,
        disable_instance_discovery=True,
        connection_verify=str(running.ca_file),
    )
    door = AzureIdentityAuthenticationProvider(
        credential,
        scopes=["https://graph.microsoft.com/.default"],
        allowed_hosts=[authority.partition(":")[0]],
    )
    http = httpx.AsyncClient(verify=str(running.ca_file), base_url=running.graph_url, trust_env=False)
    http = GraphClientFactory.create_with_default_middleware(client=http)
    adapter = GraphRequestAdapter(door, http)
    adapter.base_url = running.graph_url.rstrip("/")
    try:
        yield GraphServiceClient(request_adapter=adapter)
    finally:
        await http.aclose()
        await credential.close()


Act = Callable[[GraphServiceClient], Awaitable[None]]


@pytest.fixture
def running() -> Any:
    people = [Person(ANN, "Ann Bee", "Social worker", BO), Person(BO, "Bo Eff", "Team manager")]
    with start(people=people) as one:
        yield one


@pytest.fixture
def act(running: Running) -> Callable[[Act], None]:
    def go(what: Act) -> None:
        async def signed_in() -> None:
            async with _signed_in(running) as graph:
                await what(graph)

        asyncio.run(signed_in())

    return go


def _event(subject: str = "Visit due", day: int = 4, **more: Any) -> Event:
    return Event(
        subject=subject,
        start=DateTimeTimeZone(date_time=f"2026-12-{day:02}T09:00:00", time_zone="Europe/London"),
        end=DateTimeTimeZone(date_time=f"2026-12-{day:02}T09:15:00", time_zone="Europe/London"),
        body=ItemBody(content_type=BodyType.Html, content="<p>Why</p>"),
        **more,
    )


def _mail(subject: str, **more: Any) -> Message:
    return Message(
        subject=subject,
        body=ItemBody(content_type=BodyType.Html, content="<p>Hello</p>"),
        to_recipients=[Recipient(email_address=EmailAddress(address=BO))],
        **more,
    )


def test_it_finds_people_and_their_managers(act: Callable[[Act], None]) -> None:
    async def what(graph: GraphServiceClient) -> None:
        assert (await graph.users.by_user_id(ANN).mailbox_settings.get()).time_zone
        asked = UsersRequestBuilder.UsersRequestBuilderGetQueryParameters(
            select=["displayName", "mail"], top=1
        )
        found: list[str] = []
        pages = PageIterator(
            await graph.users.get(RequestConfiguration(query_parameters=asked)), graph.request_adapter
        )
        await pages.iterate(lambda one: found.append(one.mail) or True)
        assert sorted(found) == [ANN, BO]
        assert (await graph.users.by_user_id(ANN).get()).display_name == "Ann Bee"
        assert (await graph.users.by_user_id(ANN).manager.get()).mail == BO
        with pytest.raises(APIError) as refused:
            await graph.users.by_user_id("gone@council.example").get()
        assert refused.value.response_status_code == 404

    act(what)


def test_it_makes_finds_changes_and_deletes_events(act: Callable[[Act], None]) -> None:
    async def what(graph: GraphServiceClient) -> None:
        events = graph.users.by_user_id(ANN).events
        tag = [SingleValueLegacyExtendedProperty(id=OWNER, value="B07")]
        made = await events.post(
            _event(
                show_as=FreeBusyStatus.Free,
                sensitivity=Sensitivity.Private,
                categories=["Visit"],
                transaction_id="t1",
                single_value_extended_properties=tag,
            )
        )
        await events.post(_event("Their own", day=5))
        asked = EventsRequestBuilder.EventsRequestBuilderGetQueryParameters(
            filter=OURS,
            expand=[f"singleValueExtendedProperties($filter=id eq '{OWNER}')"],
            orderby=["subject"],
        )
        wanted = RequestConfiguration(query_parameters=asked)
        wanted.headers.add("Prefer", 'IdType="ImmutableId", outlook.timezone="Europe/London"')
        (found,) = (await events.get(wanted)).value
        assert (found.subject, found.show_as, found.sensitivity) == (
            "Visit due",
            FreeBusyStatus.Free,
            Sensitivity.Private,
        )
        assert found.single_value_extended_properties[0].value == "B07"
        assert found.start.date_time.startswith("2026-12-04T09:00")
        with pytest.raises(APIError) as refused:
            await events.post(_event(transaction_id="t1"))
        assert refused.value.response_status_code in (400, 409)
        one = events.by_event_id(made.id)
        matching = RequestConfiguration()
        matching.headers.add("If-Match", made.additional_data["@odata.etag"])
        assert (
            await one.patch(Event(subject="Visit due tomorrow"), matching)
        ).subject == "Visit due tomorrow"
        with pytest.raises(APIError) as stale:
            await one.patch(Event(subject="Too late"), matching)
        assert stale.value.response_status_code == 412
        await one.delete()
        assert [left.subject for left in (await events.get()).value] == ["Their own"]

    act(what)


def test_it_looks_at_a_week_and_asks_who_is_free(act: Callable[[Act], None]) -> None:
    async def what(graph: GraphServiceClient) -> None:
        ann = graph.users.by_user_id(ANN)
        await ann.events.post(_event("Court", show_as=FreeBusyStatus.Busy))
        window = CalendarViewRequestBuilder.CalendarViewRequestBuilderGetQueryParameters(
            start_date_time="2026-12-01T00:00:00Z", end_date_time="2026-12-08T00:00:00Z"
        )
        seen = await ann.calendar_view.get(RequestConfiguration(query_parameters=window))
        assert [one.subject for one in seen.value] == ["Court"]
        body = GetSchedulePostRequestBody(
            schedules=[ANN],
            start_time=DateTimeTimeZone(date_time="2026-12-04T08:00:00", time_zone="Europe/London"),
            end_time=DateTimeTimeZone(date_time="2026-12-04T12:00:00", time_zone="Europe/London"),
            availability_view_interval=60,
        )
        (free,) = (await graph.users.by_user_id(BO).calendar.get_schedule.post(body)).value
        assert free.availability_view == "0200"
        calendars = (await ann.calendars.get()).value
        assert [one.is_default_calendar for one in calendars] == [True]

    act(what)


def test_it_keeps_categories_and_an_out_of_office(act: Callable[[Act], None]) -> None:
    async def what(graph: GraphServiceClient) -> None:
        ann = graph.users.by_user_id(ANN)
        categories = ann.outlook.master_categories
        made = await categories.post(OutlookCategory(display_name="Visit", color=CategoryColor.Preset3))
        one = categories.by_outlook_category_id(made.id)
        assert (await one.patch(OutlookCategory(color=CategoryColor.Preset0))).color is CategoryColor.Preset0
        assert [
            (each.display_name, each.color) for each in (await categories.get()).value if each.id == made.id
        ]
        await one.delete()
        away = AutomaticRepliesSetting(
            status=AutomaticRepliesStatus.Scheduled,
            internal_reply_message="Away",
            external_reply_message="Away",
            scheduled_start_date_time=DateTimeTimeZone(date_time="2026-12-01T00:00:00", time_zone="UTC"),
            scheduled_end_date_time=DateTimeTimeZone(date_time="2026-12-08T00:00:00", time_zone="UTC"),
        )
        await ann.mailbox_settings.patch(MailboxSettings(automatic_replies_setting=away))
        settings = await ann.mailbox_settings.get()
        assert settings.automatic_replies_setting.status is AutomaticRepliesStatus.Scheduled
        assert settings.working_hours.days_of_week
        assert settings.time_zone

    act(what)


@pytest.mark.fact("sdk-spelling")
def test_it_sends_drafts_and_reads_mail(act: Callable[[Act], None], running: Running) -> None:
    async def what(graph: GraphServiceClient) -> None:
        ann, bo = graph.users.by_user_id(ANN), graph.users.by_user_id(BO)
        picture = FileAttachment(
            odata_type="#microsoft.graph.fileAttachment",
            name="chart.png",
            content_type="image/png",
            content_bytes=PNG,
            content_id="chart",
            is_inline=True,
        )
        await ann.send_mail.post(
            SendMailPostRequestBody(
                message=_mail("Your week", attachments=[picture]), save_to_sent_items=True
            )
        )
        tag = [SingleValueLegacyExtendedProperty(id=OWNER, value="m1")]
        draft = await ann.messages.post(_mail("Draft", single_value_extended_properties=tag))
        assert draft.is_draft
        await ann.messages.by_message_id(draft.id).send.post()
        inbox = (await bo.mail_folders.by_mail_folder_id("inbox").messages.get()).value
        assert sorted(one.subject for one in inbox) == ["Draft", "Your week"]
        (got,) = (one for one in inbox if one.subject == "Your week")
        (kept,) = (await bo.messages.by_message_id(got.id).attachments.get()).value
        assert (kept.content_bytes, kept.content_id) == (PNG, "chart")
        read = await bo.messages.by_message_id(got.id).patch(Message(is_read=True))
        assert read.is_read
        sent = (await ann.mail_folders.by_mail_folder_id("sentitems").messages.get()).value
        assert sorted(one.subject for one in sent) == ["Draft", "Your week"]
        await bo.messages.by_message_id(got.id).delete()

    act(what)
    assert [one["subject"] for one in running.tenant.messages(BO, "inbox")] == ["Draft"]


@pytest.mark.fact("sdk-spelling")
def test_it_asks_much_at_once(act: Callable[[Act], None], running: Running) -> None:
    """Addresses come encoded inside a batch's URLs."""

    async def what(graph: GraphServiceClient) -> None:
        batch = BatchRequestContent()
        for number, day in enumerate((4, 5, 6), 1):
            info = graph.users.by_user_id(ANN).events.to_post_request_information(_event(day=day))
            info.headers.add("Content-Type", "application/json")
            batch.add_request(str(number), BatchRequestItem(request_information=info, id=str(number)))
        waits = BatchRequestItem(
            request_information=graph.users.by_user_id(ANN).events.to_get_request_information(),
            id="9",
            depends_on=["3"],
        )
        batch.add_request("9", waits)
        answers = await graph.batch.post(batch)
        found = {one: answers.responses[one].status for one in answers.responses}
        assert found == {"1": 201, "2": 201, "3": 201, "9": 200}

    act(what)
    assert len(running.tenant.events_between(ANN, *DECEMBER)) == 3


def test_its_dates_are_dates(act: Callable[[Act], None]) -> None:
    async def what(graph: GraphServiceClient) -> None:
        made = await graph.users.by_user_id(ANN).events.post(_event())
        assert isinstance(made.created_date_time, dt.datetime)
        assert made.created_date_time.tzinfo is not None

    act(what)
