"""What a council sets: the shape of its one TOML file, with the secrets that never stand in it.

A relative path in the file is relative to the file. A secret is never written in the TOML: it comes from
the environment (``VISIT_BOT_CLIENT_SECRET``, ``VISIT_BOT_CERTIFICATE_PASSPHRASE``, ``VISIT_BOT_KEY_SECRET``)
or from a file that the TOML names. Times are Europe/London.
"""

from __future__ import annotations

import re
from datetime import date, time
from pathlib import Path
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, SecretStr, model_validator
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict

from bot.policy.worktime import OwnDays

HOME = Path(__file__).resolve().parent.parent
ADDRESS = re.compile(r"[^@\s<>,;]+@[^@\s<>,;]+\.[^@\s<>,;]+")
NAMED = ("{worker}", "{file}")  # what a link to a sheet is filled with
Weekday = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]


def _address(value: str) -> str:
    if not ADDRESS.fullmatch(value):
        raise ValueError("is not one e-mail address")
    return value.lower()


def _domain(value: str) -> str:
    if not re.fullmatch(r"[a-z0-9-]+(\.[a-z0-9-]+)+", value.lower()):
        raise ValueError("is not a domain such as council.gov.uk")
    return value.lower()


def _https(value: str) -> str:
    if not value.startswith("https://"):
        raise ValueError("must start with https://")
    return value if value.endswith("/") else value + "/"


def _link(value: str) -> str:
    if value and not (value.startswith("https://") and all(value.count(one) == 1 for one in NAMED)):
        raise ValueError("is a link that is not https://… with {worker} and {file} in it, each once")
    return value


Address = Annotated[str, AfterValidator(_address)]
Domain = Annotated[str, AfterValidator(_domain)]
Url = Annotated[str, AfterValidator(_https)]
Link = Annotated[str, AfterValidator(_link)]


class Part(BaseModel):
    """A table of the settings file: unknown keys are errors, values do not change."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Microsoft(Part):
    """How to sign in, and where Microsoft 365 is. Certificate or secret, one of the two."""

    tenant_id: str = Field(min_length=1)
    client_id: str = Field(min_length=1)
    client_secret_file: Path | None = None
    certificate_file: Path | None = None  # PEM, the public part
    private_key_file: Path | None = None  # PEM
    pfx_file: Path | None = None  # both in one
    graph_url: Url = "https://graph.microsoft.com/v1.0/"
    authority: Url = "https://login.microsoftonline.com/"
    ca_file: Path | None = None  # only for a proxy's or a local certificate authority


class Outlook(Part):
    """How much is asked of Microsoft 365 at once, and how long a run waits (docs/operating.md)."""

    at_once: int = Field(4, ge=1, le=64)  # in all of Outlook, items of a batch among them
    at_once_a_mailbox: int = Field(4, ge=1, le=20)
    longest_wait_seconds: int = Field(120, ge=1, le=3600)
    tries_to_reach: int = Field(3, ge=1, le=10)  # unanswered requests in a row that end a run's asking


class MailSettings(Part):
    """Who mails are from, where answers go, and where mail may go at all."""

    sender: Address
    more_senders: tuple[Address, ...] = ()  # each may send 30 a minute
    reply_to: Address | None = None
    redirect_to: Address | None = None  # every mail to this one box, while piloting
    allowed_domains: tuple[Domain, ...] = Field(min_length=1)
    quiet_from: time = time(19, 0)  # the service sends nothing but what is urgent; none where both are equal
    quiet_until: time = time(7, 0)
    quiet_days: tuple[Weekday, ...] = ()  # whole days
    wrong_tell_managers: str = Field("whoever keeps the caseload, who can mend the case record", min_length=1)
    wrong_tell_iros: str = Field("the worker's manager", min_length=1)  # workers: diary.wrong_tell

    @property
    def senders(self) -> tuple[str, ...]:
        """Every mailbox that mails are sent from."""
        return (self.sender, *self.more_senders)

    def allows(self, address: str) -> bool:
        """Whether it is one address, of one person, in a domain that mail may go to."""
        is_one = ADDRESS.fullmatch(address) is not None and address.isprintable()
        return is_one and address.rsplit("@", 1)[-1].lower() in self.allowed_domains

    @model_validator(mode="after")
    def _senders_differ(self) -> MailSettings:
        if len(set(self.senders)) < len(self.senders):
            raise ValueError("has a sender twice; name each mailbox once, in sender or in more_senders")
        return self


class CategoryNames(Part):
    """Outlook's names for the guide's four colours (C.7b)."""

    visit: str = Field("Visit", min_length=1, max_length=255)
    child_protection: str = Field("Visit (red)", min_length=1, max_length=255)
    type_up: str = Field("Type up", min_length=1, max_length=255)
    minutes: str = Field("Others' minutes", min_length=1, max_length=255)

    @model_validator(mode="after")
    def _distinct(self) -> CategoryNames:
        names = [n.casefold() for n in (self.visit, self.child_protection, self.type_up, self.minutes)]
        if len(set(names)) < len(names):
            raise ValueError("has one name for two colours; Outlook's category names must differ")
        return self


class Diary(Part):
    """What entries look like."""

    reminder_time: time = time(9, 0)
    reminder_minutes_long: int = Field(15, ge=5, le=480)
    marker: bool = True
    identify: Literal["initials_and_number", "number", "nothing"] = "initials_and_number"
    keep_achieved_days: int = Field(28, ge=0, le=365)
    wrong_tell: str = Field("your manager, and mend the case record", min_length=1)
    sheet_from: str = "your manager"  # empty: an entry says nothing of the preparation sheet
    key_secret_file: Path | None = None
    categories: CategoryNames = CategoryNames()


class Sheets(Part):
    """Where preparation sheets lie for reminders to link to; nowhere by default."""

    folder: Path | None = None  # in it a folder for each worker, named by worker id, made by the council
    link: Link = ""  # where that is in a browser, with {worker} and {file}
    days_ahead: int = Field(7, ge=1, le=28)  # how long before the day to act a sheet is put there

    @model_validator(mode="after")
    def _leads_somewhere(self) -> Sheets:
        if (self.folder is None) != (not self.link):
            raise ValueError("has folder without link, or link without folder; name both, or neither")
        return self


class Guard(Part):
    """Limits beyond which a run refuses to go on by itself: shares of what there was, and floors beneath."""

    # the caseload, against the last accepted one
    max_age_hours: int = Field(48, ge=1)
    max_children_gone_share: float = Field(0.20, ge=0, le=1)
    max_episodes_gone_share: float = Field(0.20, ge=0, le=1)
    max_visits_gone_share: float = Field(0.02, ge=0, le=1)
    max_list_gone_share: float = Field(0.50, ge=0, le=1)
    max_rows_gone_share: float = Field(0.50, ge=0, le=1)
    max_gone_floor: int = Field(5, ge=0)
    max_visits_gone_floor: int = Field(20, ge=0)
    # one diary
    max_removed_share: float = Field(0.30, gt=0, le=1)
    max_removed_floor: int = Field(5, ge=0)
    # all diaries of a run
    max_removed_share_of_all: float = Field(0.20, ge=0, le=1)
    max_removed_floor_of_all: int = Field(25, ge=0)
    max_unread_share: float = Field(0.50, ge=0, le=1)
    max_unread_floor: int = Field(3, ge=0)
    max_mails: int = Field(2000, ge=0)


class Notices(Part):
    """What people are told when it happens."""

    merge_minutes: int = Field(60, ge=0, le=1440)  # one mail a person in this time, but for what is urgent
    leave_working_days: int = Field(5, ge=0, le=30)  # before planned leave: when its cover is told (C.8a)
    out_of_office: bool = False  # whether Outlook's own automatic replies are asked for too (C.8b)


class Schedule(Part):
    """When things happen, London time."""

    diaries_at: time = time(6, 30)
    worker_list_day: Weekday = "mon"
    worker_list_at: time = time(7, 30)
    morning_mail: bool = False  # a short mail on days when something is due today or tomorrow
    morning_mail_at: time = time(7, 15)
    manager_digest_day: Weekday = "mon"
    manager_digest_at: time = time(8, 0)
    notices_from: time = time(7, 0)
    notices_until: time = time(18, 0)
    notices_every_minutes: int = Field(60, ge=5, le=720)

    @model_validator(mode="after")
    def _day_runs_forward(self) -> Schedule:
        if self.notices_until < self.notices_from:
            raise ValueError("has notices_until before notices_from; a day's looks end after they begin")
        return self


class StoreSettings(Part):
    """Where the bot remembers: SQLite beside the settings by default, PostgreSQL for several machines."""

    url: str = "sqlite:///visit-bot.db"


class Service(Part):
    """The health endpoint of ``serve``."""

    host: str = "127.0.0.1"
    port: int = Field(8087, ge=0, le=65535)


class Settings(BaseSettings):
    """The whole file. Secrets are filled from the environment, or from the files named."""

    model_config = SettingsConfigDict(extra="forbid", frozen=True, env_prefix="VISIT_BOT_")

    caseload: Path
    packs: tuple[str, ...] = Field(min_length=1)
    rules: Path = HOME / "rules"
    templates: Path = HOME / "templates"
    pilot: tuple[str, ...] = ()
    closures: tuple[date, ...] = ()
    holidays_confirmed_until: date | None = None
    microsoft: Microsoft
    outlook: Outlook = Outlook()
    mail: MailSettings
    diary: Diary = Diary()
    sheets: Sheets = Sheets()
    guard: Guard = Guard()
    schedule: Schedule = Schedule()
    notices: Notices = Notices()
    store: StoreSettings = StoreSettings()
    service: Service = Service()
    client_secret: SecretStr | None = None
    certificate_passphrase: SecretStr | None = None
    key_secret: SecretStr | None = None

    @property
    def own_days(self) -> OwnDays:
        """The council's own calendar, as judging takes it."""
        return OwnDays(self.closures, self.holidays_confirmed_until)

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """The file says everything; the environment only fills what the file may not hold."""
        del settings_cls, dotenv_settings, file_secret_settings
        return init_settings, env_settings


SECRETS = {
    "client_secret": "VISIT_BOT_CLIENT_SECRET",
    "certificate_passphrase": "VISIT_BOT_CERTIFICATE_PASSPHRASE",
    "key_secret": "VISIT_BOT_KEY_SECRET",
}
