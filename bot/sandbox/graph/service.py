"""Graph itself: who may come, how many at once, how long it takes, what goes wrong, and the answer."""

from __future__ import annotations

import asyncio
import logging
import random
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from bot.sandbox.faults.fault import Fault, Faults
from bot.sandbox.graph import routes
from bot.sandbox.graph.context import Context
from bot.sandbox.graph.limits import Limits
from bot.sandbox.graph.wire import GraphRequest, GraphResponse, Line, refusal
from bot.sandbox.settings import SandboxSettings
from bot.sandbox.tenant import Tenant
from bot.sandbox.tenant.record import Call
from bot.sandbox.tenant.refusal import GraphError
from bot.sandbox.tenant.zones import stamp

LOG = logging.getLogger("bot.sandbox")
Witness = Callable[[GraphRequest, GraphResponse], None]


class Graph:
    """Answers requests one at a time or in a batch; everything runs in one event loop."""

    witness: Witness | None = None  # told of every exchange: of a batch, each item and then the whole

    def __init__(self, tenant: Tenant, settings: SandboxSettings) -> None:
        self.tenant = tenant
        self.settings = settings
        self.faults = Faults(settings.seed)
        self.limits = Limits(settings, tenant.record)
        self.random = random.Random(settings.seed)  # noqa: S311 - the order of answers, not a secret

    def address(self, request: GraphRequest) -> str | None:
        """The address of the mailbox asked for, however it was named."""
        if request.mailbox is None:
            return None
        try:
            return self.tenant.find(request.mailbox).email.casefold()
        except GraphError:
            return request.mailbox.casefold()

    async def answer(self, request: GraphRequest) -> GraphResponse:
        """Answer one request, whatever happens to it, and write it down."""
        address = self.address(request)
        try:
            response = await self._work(request, address)
        except GraphError as error:
            response = refusal(error, request, self.tenant.clock.wall())
        except LineLost:
            self.write_down(request, 0, address)
            self.tell(request, GraphResponse(0, then="reset"))
            raise
        except Exception:  # a mistake of the stand-in's own must not look like a lost line
            LOG.exception("The stand-in failed at %s %s", request.verb, request.path)
            broken = GraphError(500, "InternalServerError", "The stand-in itself failed; see its log.")
            response = refusal(broken, request, self.tenant.clock.wall())
        self.write_down(request, response.status, address)
        self.tell(request, response)
        return response

    def tell(self, request: GraphRequest, response: GraphResponse) -> None:
        """To the witness, where there is one: what was asked, without the token, and what was answered."""
        if self.witness is not None:
            self.witness(request.without_token(), response)

    def write_down(self, request: GraphRequest, status: int, address: str | None = None) -> None:
        """Into the record."""
        at = stamp(self.tenant.clock.now())
        path = "/" + request.path.strip("/")
        self.tenant.record.add(Call(request.verb, path, address, status, request.in_batch, at))

    async def _work(self, request: GraphRequest, address: str | None) -> GraphResponse:
        self.limits.count(address if request.in_outlook else None, request.size)
        with self.limits.at_work(address or ""), self.struck(request, address) as fault:
            await self.pause(self.settings.item_ms if request.in_batch else self.settings.request_ms, fault)
            response = self._done(request)
            response.then = self.line(fault)
            return response

    async def pause(self, cost: float, fault: Fault | None) -> None:
        """Take as long as the work takes, and longer where a fault makes it slow."""
        if fault is not None and fault.do == "slow":
            cost += fault.ms
        if cost:
            await asyncio.sleep(cost / 1000)

    def line(self, fault: Fault | None) -> Line:
        """What a fault does to the connection once the work was done."""
        if fault is None:
            return ""
        return "reset" if fault.do == "reset_done" else "cut" if fault.do == "cut" else ""

    @contextmanager
    def struck(self, request: GraphRequest, address: str | None) -> Iterator[Fault | None]:
        """Let a fault strike before the work, or after it was done."""
        fault = self.faults.before(request, address)
        if fault is not None and not fault.is_done:
            if fault.status is None:
                raise LineLost
            raise fault.error(self.tenant.clock.wall())
        yield fault
        if fault is not None and fault.status is not None:
            raise fault.error(self.tenant.clock.wall())

    def _done(self, request: GraphRequest) -> GraphResponse:
        """The work itself: all of it or none, under the tenant's lock."""
        segments = request.segments
        route, named = routes.find(request.verb, segments)
        with self.tenant.lock:
            routes.check_permission(route, named, self.tenant, self.settings)
            return route.handler(Context(self.tenant, self.settings, request, named))


class LineLost(Exception):
    """The connection breaks before anything was done."""
