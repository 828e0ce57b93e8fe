"""Starts the stand-in on this machine: Graph over TLS, the page beside it, both ready on return."""

from __future__ import annotations

import asyncio
import json
import logging
import secrets
import shutil
import socket
import tempfile
import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import uvicorn
from starlette.middleware.trustedhost import TrustedHostMiddleware

from bot.sandbox.faults.fault import Fault
from bot.sandbox.faults.lines import Lines
from bot.sandbox.graph.app import HERE, graph_app
from bot.sandbox.graph.service import Graph, Witness
from bot.sandbox.graph.signin import CLIENT_ID, Application, SignIn
from bot.sandbox.settings import SandboxSettings
from bot.sandbox.tenant import TENANT_ID, Person, Tenant
from bot.sandbox.tenant.clock import Clock
from bot.sandbox.tenant.saving import write_atomically
from bot.sandbox.tls import papers

HOST = "127.0.0.1"
READY_SECONDS = 15.0
Asgi = Callable[..., Any]


@dataclass(slots=True)
class Running:
    """A stand-in that answers: where it is, and what a bot needs to sign in."""

    tenant: Tenant
    graph: Graph
    sign_in: SignIn
    tenant_id: str
    client_id: str
    client_secret: str = field(repr=False)
    ca_file: Path
    graph_url: str
    authority: str
    page_url: str | None
    _servers: list[_Served] = field(default_factory=list, repr=False)
    _folder: Path | None = field(default=None, repr=False)  # to be thrown away at the end

    def stop(self) -> None:
        """Stop answering and save; a second time does nothing."""
        while self._servers:
            self._servers.pop().stop()
        self.tenant.close()
        if self._folder is not None:
            shutil.rmtree(self._folder, ignore_errors=True)
            self._folder = None

    def __enter__(self) -> Running:
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()


class _Server(uvicorn.Server):
    """uvicorn that ends when it is told to, not at its next tick and not when idle clients hang up."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self._loop: asyncio.AbstractEventLoop | None = None
        self._ending: asyncio.Event | None = None

    async def main_loop(self) -> None:
        """Wait for the end."""
        self._ending = asyncio.Event()
        self._loop = asyncio.get_running_loop()
        if not self.should_exit:
            await self._ending.wait()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Close what is open; nobody is waited for."""
        for server in self.servers:
            server.close()
        for sock in sockets or []:
            sock.close()
        for connection in list(self.server_state.connections):
            connection.transport.abort()
        await asyncio.sleep(0)

    def end(self) -> None:
        """From any thread: stop."""
        self.should_exit = True
        if self._loop is not None and self._ending is not None:
            self._loop.call_soon_threadsafe(self._ending.set)


class _Served:
    """One uvicorn server in a thread of its own."""

    def __init__(self, config: uvicorn.Config, sock: socket.socket) -> None:
        self._server = _Server(config)
        self._socket = sock
        self._thread = threading.Thread(
            target=self._server.run, kwargs={"sockets": [sock]}, name="sandbox", daemon=True
        )
        self._thread.start()
        until = time.monotonic() + READY_SECONDS
        while not self._server.started:
            if not self._thread.is_alive() or time.monotonic() > until:
                raise OSError("The stand-in could not start its server; see the log above for the reason.")
            time.sleep(0.002)

    def stop(self) -> None:
        self._server.end()
        self._thread.join(timeout=5)
        self._socket.close()


def _bind(port: int, what: str, option: str) -> socket.socket:
    """A listening socket on this machine alone, or a message that says which port to change."""
    # The protocol is named, or asyncio leaves Nagle's delay on and every answer takes 40 ms.
    sock = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        sock.bind((HOST, port))
        sock.listen(128)
    except OSError as error:
        sock.close()
        raise OSError(
            error.errno,
            f"Port {port} for {what} cannot be used ({error.strerror}). Stop what is using it, or choose "
            f"another with {option} (0 takes any free one).",
        ) from None
    return sock


def _application(folder: Path) -> Application:
    """The registered application; its secret is made once a folder."""
    path = folder / "application.json"
    if not path.exists():
        made = {"client_secret": secrets.token_urlsafe(30), "signing_key": secrets.token_urlsafe(48)}
        write_atomically(path, json.dumps(made).encode())
    return Application(TENANT_ID, CLIENT_ID, **json.loads(path.read_bytes()))


def _config(app: Asgi, **more: Any) -> uvicorn.Config:
    return uvicorn.Config(
        app,
        log_config=None,
        log_level=logging.WARNING,
        access_log=False,
        server_header=False,
        lifespan="off",
        loop="asyncio",
        timeout_keep_alive=75,
        date_header=False,
        **more,
    )


def start(
    *,
    people: Iterable[Person],
    state_dir: Path | None = None,
    port: int = 0,
    graph_port: int = 0,
    settings: SandboxSettings | None = None,
    faults: Iterable[Fault] = (),
    page: Asgi | None = None,
    page_for: Callable[[Running], Asgi] | None = None,
    witness: Witness | None = None,
) -> Running:
    """Start it; ready when this returns, and gone with this process.

    `page` is an application to be served in plain HTTP on `port`; `page_for` makes one that knows the
    running stand-in (where Graph is, how to sign in). `witness` is told of every exchange
    with Graph. A port in use raises OSError before anything starts, and a fault for nobody here Misspelt.
    """
    settings = settings or SandboxSettings()
    with_page = page is not None or page_for is not None
    graph_socket = _bind(graph_port, "Graph", "graph_port")
    try:
        page_socket = _bind(port, "the page", "--port") if with_page else None
    except OSError:
        graph_socket.close()
        raise
    folder = state_dir or Path(tempfile.mkdtemp(prefix="sandbox-"))
    folder.mkdir(parents=True, exist_ok=True)
    tenant = Tenant(people, clock=Clock(), state_dir=state_dir)
    application = _application(folder)
    sign_in = SignIn(application, settings, tenant.clock)
    graph, lines, paper = Graph(tenant, settings, sign_in), Lines(tenant.clock.moment), papers(folder)
    graph_socket = lines.watch(graph_socket)
    if witness is not None:
        graph.witness = witness
    here = f"https://{HOST}:{graph_socket.getsockname()[1]}/"
    running = Running(
        tenant=tenant,
        graph=graph,
        sign_in=sign_in,
        tenant_id=application.tenant_id,
        client_id=application.client_id,
        client_secret=application.client_secret,
        ca_file=paper.ca_file,
        graph_url=f"{here}v1.0/",
        authority=here,
        page_url=f"http://{HOST}:{page_socket.getsockname()[1]}/" if page_socket else None,
        _folder=None if state_dir else folder,
    )
    tls = {
        "ssl_certfile": str(paper.server_file),
        "ssl_keyfile": str(paper.server_file),
    }
    try:
        graph.faults.order(faults)
        app = graph_app(graph, sign_in, lines)
        running._servers.append(_Served(_config(app, http=lines.protocol(), **tls), graph_socket))
        if page_socket is not None:
            shown = page_for(running) if page_for else page
            guarded = TrustedHostMiddleware(shown, allowed_hosts=HERE, www_redirect=False)  # type: ignore[arg-type]
            running._servers.append(_Served(_config(guarded), page_socket))
    except BaseException:
        running.stop()
        for one in (graph_socket, page_socket):
            if one is not None:
                one.close()
        raise
    return running
