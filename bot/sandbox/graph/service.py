"""Graph itself: who may come, how many at once, how long it takes, what goes wrong, and the answer."""

from __future__ import annotations

import asyncio
import logging
import random
import time
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager

from bot.sandbox.faults import lists
from bot.sandbox.faults.fault import Fault, Faults
from bot.sandbox.faults.waits import Waits
from bot.sandbox.graph import routes
from bot.sandbox.graph.context import Context
from bot.sandbox.graph.limits import Limits
from bot.sandbox.graph.signin import SignIn, SignInError
from bot.sandbox.graph.wire import GraphRequest, GraphResponse, Line, refusal
from bot.sandbox.settings import SandboxSettings
from bot.sandbox.tenant import Tenant
from bot.sandbox.tenant.record import Call
from bot.sandbox.tenant.refusal import GraphError
from bot.sandbox.tenant.zones import stamp

LATE_BELL = 0.005  # seconds
LOG = logging.getLogger("bot.sandbox")
Witness = Callable[[GraphRequest, GraphResponse], None]
# What faults that strike after the work do to the answer.
_ON_ITS_WAY: Mapping[str, Line] = {
    "reset_done": "reset",
    "cut": "cut",
    "half": "half",
    "left_out": "left_out",
    "told_twice": "told_twice",
}


class Graph:
    """Answers requests one at a time or in a batch; everything runs in one event loop."""

    witness: Witness | None = None  # told of every exchange: of a batch, each item and then the whole

    def __init__(self, tenant: Tenant, settings: SandboxSettings, sign_in: SignIn | None = None) -> None:
        self.tenant = tenant
        self.settings = settings
        clock = tenant.clock
        self.faults = Faults(
            settings.seed,
            moment=clock.moment,
            today=clock.today_without_faults,
            who=self._mailbox,
            known=lambda: [person.email for person in list(tenant.people_by_id.values())],
        )
        clock.wrong_by = self.faults.skew
        self.waits = Waits(clock.moment)
        self.faults.when_cleared = self.waits.clear
        self.limits = Limits(settings, tenant.record, clock=clock.moment)
        self.random = random.Random(settings.seed)  # noqa: S311 - the order of answers, not a secret
        self._sign_in = sign_in
        self._pages = lists.Pages()

    def address(self, request: GraphRequest) -> str | None:
        """The address of the mailbox asked for, however it was named."""
        if request.mailbox is None:
            return None
        return self._mailbox(request.mailbox) or request.mailbox.casefold()

    def _mailbox(self, id_or_address: str) -> str | None:
        try:
            return self.tenant.find(id_or_address).email.casefold()
        except GraphError:
            return None

    async def answer(self, request: GraphRequest) -> GraphResponse:
        """Answer one request, whatever happens to it, and write it down."""
        address, began = self.address(request), time.perf_counter()
        try:
            response = await self._work(request, address)
        except GraphError as error:
            response = refusal(error, request, self.tenant.clock.wall())
            response.refused = error
        except LineLost as lost:
            self.write_down(request, 0, address, began=began)
            self.tell(request, GraphResponse(0, then=lost.then))
            raise
        except Exception:  # a mistake of the stand-in's own must not look like a lost line
            LOG.exception("The stand-in failed at %s %s", request.verb, request.path)
            broken = GraphError(500, "InternalServerError", "The stand-in itself failed; see its log.")
            response = refusal(broken, request, self.tenant.clock.wall())
        self.write_down(request, response.status, address, began=began)
        self.tell(request, response)
        return response

    def tell(self, request: GraphRequest, response: GraphResponse) -> None:
        """To the witness, where there is one: what was asked, without the token, and what was answered."""
        if self.witness is not None:
            self.witness(request.without_token(), response)

    def write_down(
        self, request: GraphRequest, status: int, address: str | None = None, *, began: float | None = None
    ) -> None:
        """Into the record."""
        at = stamp(self.tenant.clock.now())
        path = "/" + request.path.strip("/")
        ms = 0.0 if began is None else (time.perf_counter() - began) * 1000
        self.tenant.record.add(Call(request.verb, path, address, status, request.in_batch, at, ms))

    async def _work(self, request: GraphRequest, address: str | None) -> GraphResponse:
        with (
            self.heeded(request, address),
            self.limits.at_work(address or ""),
            self.struck(request, address) as fault,
        ):
            held_up = await self.hold_up(fault)
            cost = self.settings.item_ms if request.in_batch else self.settings.request_ms
            async with self.taking(cost, None if held_up else request.since) as over:
                response = self._listed(request, address, self._done(request))
            response.then, response.over = self.line(fault), over
            return response

    async def hold_up(self, fault: Fault | None) -> bool:
        """Begin late where a fault makes it slow: whoever has given up by then sees it done later still."""
        if fault is None or fault.do != "slow":
            return False
        await asyncio.sleep(fault.ms / 1000)
        return True

    @asynccontextmanager
    async def taking(self, milliseconds: float, since: float | None = None) -> AsyncIterator[float]:
        """Let work take so long, the stand-in's own among it; from ``since``, the end of what it waited for.

        Gives when it will be over: what waits for it begins then, so that a bell that rings a little late
        does not add up along a chain. What came much later than that is not caught up with.
        """
        clock = asyncio.get_running_loop().time
        now = clock()
        began = since if since is not None and now - since < LATE_BELL else now
        over = began + milliseconds / 1000
        try:
            yield over
        finally:
            if milliseconds and clock() < over:
                await asyncio.sleep(over - clock())

    def line(self, fault: Fault | None) -> Line:
        """What a fault does to the answer once the work was done."""
        if fault is None:
            return ""
        return _ON_ITS_WAY.get(fault.do, "")

    @contextmanager
    def heeded(self, request: GraphRequest, address: str | None) -> Iterator[None]:
        """Count a request, hold who was told to wait to it, and remember who is told so now.

        Who asked in a batch is told when the batch is answered: nobody can heed before that.
        """
        where = _where(request, address)
        try:
            early = self.waits.early(where, request.came, self.tenant.clock.wall(), request.connection)
            try:
                self.limits.count(address if request.in_outlook else None, request.size)
            finally:  # who came too early is told so, whatever else there is to say
                if early is not None:
                    self.tenant.record.saw_early()
                    raise early
            yield
        except GraphError as error:
            if not request.in_batch:
                self.waits.told(where, error, request.connection)
            raise

    def tell_to_wait(self, request: GraphRequest, refused: GraphError) -> None:
        """An item's refusal is on its way to whoever asked."""
        self.waits.told(_where(request, self.address(request)), refused, request.connection)

    @contextmanager
    def struck(self, request: GraphRequest, address: str | None) -> Iterator[Fault | None]:
        """Let a fault strike before the work, or after it was done."""
        page = self._pages.number(request) if self.faults else None
        fault = self.faults.before(request, address, page)
        if fault is not None and not fault.is_done:
            raise self._refusing(fault)
        yield fault
        if fault is not None and fault.status is not None:
            raise fault.error(self.tenant.clock.wall())

    def _refusing(self, fault: Fault) -> Exception:
        """What a fault that strikes before the work does."""
        if fault.do == "secret_expired":
            return SignInError(
                401,
                "invalid_client",
                7000222,
                "The provided client secret keys for the app are expired. Create new keys for the app, or "
                "consider using certificate credentials for added security.",
            )
        if fault.on_tokens and self._sign_in is not None:
            return self._sign_in.end_tokens(revoked=fault.do == "token_revoked")
        if fault.do == "reset":
            return LineLost()
        if fault.do == "web_page":
            return LineLost("web_page")
        return fault.error(self.tenant.clock.wall())

    def _listed(self, request: GraphRequest, address: str | None, response: GraphResponse) -> GraphResponse:
        """A list as faults have it; where its next page is, is remembered."""
        if not lists.is_list(response) or not (self.faults or lists.NEXT in response.body):
            return response
        page = self._pages.number(request)
        if page is None:
            return response
        fault = self.faults.on_list(request, address, page, lambda do: lists.can_suffer(do, response))
        if fault is not None:
            response = lists.spoil(fault, request, response)
        if link := response.body.get(lists.NEXT):
            self._pages.given(page, link)
        return response

    def _done(self, request: GraphRequest) -> GraphResponse:
        """The work itself: all of it or none, under the tenant's lock."""
        segments = request.segments
        route, named = routes.find(request.verb, segments)
        with self.tenant.lock:
            routes.check_permission(route, named, self.tenant, self.settings)
            return route.handler(Context(self.tenant, self.settings, request, named))


class LineLost(Exception):
    """The request is stopped on its way, and nothing was done; `then` is what comes back."""

    def __init__(self, then: Line = "reset") -> None:
        super().__init__(then)
        self.then = then


def _where(request: GraphRequest, address: str | None) -> str:
    """What a wait is for: Graph holds them by mailbox; what concerns none waits by itself."""
    if address is not None and not request.in_outlook:
        return f"directory/{address}"
    return address or ("$batch" if request.is_batch else "sign-in" if request.is_sign_in else "directory")
