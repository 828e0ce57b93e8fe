"""What a run acts on: settings, store and Microsoft 365, opened once and closed at the end."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property

from bot.agenda import Daily, Through, Weekly
from bot.diary.day import DiaryRules
from bot.diary.entry import CategoryNames, Colour
from bot.errors import WronglyUsed
from bot.outlook.connection import Connection, connect
from bot.outlook.credential import Certificate, Credential, Pfx, Secret
from bot.outlook.manners import Manners
from bot.policy.pack import Pack
from bot.run.sent_before import SentBefore
from bot.run.snapshot import load_packs
from bot.settings import Settings
from bot.store import sending
from bot.store.database import Store, open_store

PRESETS = {
    Colour.VISIT: "yellow",
    Colour.CHILD_PROTECTION: "red",
    Colour.TYPE_UP: "orange",
    Colour.MINUTES: "blue",
}
LONGEST_TOLD = timedelta(days=1)  # a moment beyond it was written by a clock that ran wrong


@dataclass(frozen=True)
class World:
    """Everything outside that a run touches. Packs are read at the start, not at 07:00."""

    settings: Settings
    store: Store
    packs: tuple[Pack, ...]
    connects: Callable[..., Connection] | None = None  # null: as ``connect`` does, by the machine's own clock

    @cached_property
    def connection(self) -> Connection:
        """Microsoft 365; the sign-in itself comes with the first request. What an earlier process was told of
        waiting holds for this one."""
        microsoft, outlook = self.settings.microsoft, self.settings.outlook
        connection = (self.connects or connect)(
            tenant_id=microsoft.tenant_id,
            client_id=microsoft.client_id,
            credential=credential(self.settings),
            graph_url=microsoft.graph_url,
            authority=microsoft.authority,
            ca_file=microsoft.ca_file,
            manners=Manners(
                at_once=outlook.at_once,
                at_once_a_mailbox=outlook.at_once_a_mailbox,
                longest_wait=outlook.longest_wait_seconds,
                tries_to_reach=outlook.tries_to_reach,
            ),
        )
        now = connection.clock()
        for sender, until in sending.told_to_stay_away(self.store).items():
            if now < until <= now + LONGEST_TOLD:
                connection.waits.stay_away(sender, (until - now).total_seconds())
        return connection

    @cached_property
    def sent_before(self) -> SentBefore:
        """What other stores had sent before this process began."""
        return SentBefore(self.connection)

    @property
    def names(self) -> CategoryNames:
        """What the four colours are called in Outlook."""
        chosen = self.settings.diary.categories
        return CategoryNames(chosen.visit, chosen.child_protection, chosen.type_up, chosen.minutes)

    @property
    def categories(self) -> dict[str, str]:
        """The name and preset colour of each category that every diary shall have (C.7b)."""
        return {self.names.of(colour): preset for colour, preset in PRESETS.items()}

    @property
    def key_secret(self) -> bytes:
        """What the keys of entries and the references of mails are made with: a deployment's own."""
        if self.settings.key_secret is None:
            raise WronglyUsed("The secret that keys are made with is missing; `check` says where it belongs.")
        return self.settings.key_secret.get_secret_value().encode()

    @property
    def diary_rules(self) -> DiaryRules:
        """The settings of entries, as the diary takes them."""
        diary = self.settings.diary
        return DiaryRules(
            key_secret=self.key_secret,
            reminder_time=diary.reminder_time,
            reminder_minutes_long=diary.reminder_minutes_long,
            marker=diary.marker,
            identify=diary.identify,
            keep_achieved_days=diary.keep_achieved_days,
            wrong_tell=diary.wrong_tell,
            sheet_from=diary.sheet_from,
        )

    @property
    def timetable(self) -> tuple[Daily | Weekly | Through, ...]:
        """When jobs are due: diaries first, so that lists speak of what stands."""
        schedule = self.settings.schedule
        every = timedelta(minutes=schedule.notices_every_minutes)
        return (
            Daily("diaries", schedule.diaries_at),
            Through("notices", schedule.notices_from, schedule.notices_until, every),
            *([Daily("morning_mail", schedule.morning_mail_at)] if schedule.morning_mail else []),
            Weekly("worker_list", schedule.worker_list_day, schedule.worker_list_at),
            Weekly("manager_digest", schedule.manager_digest_day, schedule.manager_digest_at),
        )

    def close(self) -> None:
        """Let the store go."""
        self.store.close()


def open_world(settings: Settings, connects: Callable[..., Connection] | None = None) -> World:
    """Read the packs and open the store; raises with what is wrong before anything is done."""
    packs = load_packs(settings.packs, settings.rules)
    return World(settings, open_store(settings.store.url), packs, connects)


def credential(settings: Settings) -> Credential:
    """How the settings sign in; raises WronglyUsed where a file cannot be read."""
    microsoft = settings.microsoft
    passphrase = settings.certificate_passphrase
    words = passphrase.get_secret_value() if passphrase else None
    if microsoft.pfx_file is not None:
        return Pfx(microsoft.pfx_file, words)
    if microsoft.certificate_file is not None and microsoft.private_key_file is not None:
        try:
            return Certificate(
                microsoft.private_key_file.read_text(encoding="ascii"),
                microsoft.certificate_file.read_text(encoding="ascii"),
                words,
            )
        except (OSError, UnicodeDecodeError) as error:
            raise WronglyUsed(
                f"The certificate or its key cannot be read as PEM text ({type(error).__name__}). "
                "Check microsoft.certificate_file and microsoft.private_key_file, and their rights."
            ) from None
    if settings.client_secret is None:
        raise WronglyUsed("No way to sign in is set; `check` says which there are.")
    return Secret(settings.client_secret.get_secret_value())
