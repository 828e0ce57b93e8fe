"""Graph and its sign-in over HTTP: one application for everything behind the TLS port."""

from __future__ import annotations

import json
import time
import uuid
from dataclasses import replace
from email.utils import format_datetime
from urllib.parse import parse_qsl

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bot.sandbox.control import control_routes
from bot.sandbox.faults.lines import Lines
from bot.sandbox.faults.waits import Connection
from bot.sandbox.graph import batch
from bot.sandbox.graph.doors import door_routes
from bot.sandbox.graph.reply import Reply
from bot.sandbox.graph.service import Graph, LineLost
from bot.sandbox.graph.signin import SignIn, SignInError
from bot.sandbox.graph.wire import GraphRequest, GraphResponse, refusal
from bot.sandbox.tenant.refusal import GraphError

BODY_MOST = 4 * 1024 * 1024
HERE = ["127.0.0.1", "localhost", "[::1]"]
VERBS = ["GET", "POST", "PATCH", "PUT", "DELETE"]


class Site:
    """The HTTP side of Graph and of sign-in."""

    def __init__(self, graph: Graph, sign_in: SignIn, lines: Lines) -> None:
        self.graph, self.sign_in, self.lines = graph, sign_in, lines
        self._wall = graph.tenant.clock.wall

    def _headers(self, request: Request) -> dict[str, str]:
        asked = request.headers.get("client-request-id")
        request_id = str(uuid.uuid4())
        return {
            "request-id": request_id,
            "client-request-id": asked or request_id,
            "Date": format_datetime(self._wall(), usegmt=True),
            "Cache-Control": "no-store",
        }

    async def graph_request(self, request: Request) -> Response:
        """Everything below /v1.0/."""
        raw = bytes(request.scope["raw_path"]).decode("ascii", "replace").partition("?")[0]
        asked = GraphRequest(
            verb=request.method,
            path=raw.removeprefix("/v1.0/").strip("/"),
            query=request.scope["query_string"].decode("utf-8", "replace"),
            headers={name.lower(): value for name, value in request.headers.items()},
            base=f"{request.url.scheme}://{request.url.netloc}/v1.0/",
            came=self.graph.tenant.clock.moment(),
            connection=Connection(request.client, self.lines.since(request.client)),
        )
        try:
            answer = await self._answer(asked, request)
        except LineLost as lost:
            return Reply(self.lines, 500, then=lost.then)
        headers = self._headers(request)
        if answer.status >= 400 and isinstance(answer.body, dict) and "error" in answer.body:
            inner = answer.body["error"]["innerError"]
            headers["request-id"], headers["client-request-id"] = (
                inner["request-id"],
                inner["client-request-id"],
            )
        reply = Reply(self.lines, answer.status, answer.body, headers | answer.headers, answer.then)
        sent = int(request.headers.get("content-length") or 0)
        self.graph.tenant.record.carried(received=sent, sent=len(reply.body))
        return reply

    async def _answer(self, asked: GraphRequest, request: Request) -> GraphResponse:
        try:
            self.sign_in.check(request.headers.get("authorization"))
            asked = await _with_body(asked, request)
        except GraphError as error:
            self.graph.write_down(asked, error.status, self.graph.address(asked))
            answer = refusal(error, asked, self._wall())
            self.graph.tell(asked, answer)
            return answer
        return await (batch.answer(self.graph, asked) if asked.is_batch else self.graph.answer(asked))

    async def discovery(self, request: Request) -> Response:
        """/{tenant}/v2.0/.well-known/openid-configuration."""
        tenant = request.path_params["tenant"]
        try:
            self.sign_in.check_tenant(tenant)
        except SignInError as error:
            return Reply(
                self.lines, error.status, error.body(self.graph.tenant.clock), self._headers(request)
            )
        here, tenant_id = f"https://{request.url.netloc}", self.sign_in.application.tenant_id
        found = {
            "token_endpoint": f"{here}/{tenant}/oauth2/v2.0/token",
            "token_endpoint_auth_methods_supported": ["client_secret_post", "private_key_jwt"],
            "jwks_uri": f"{here}/{tenant}/discovery/v2.0/keys",
            "response_types_supported": ["code"],
            "scopes_supported": ["openid"],
            "subject_types_supported": ["pairwise"],
            "id_token_signing_alg_values_supported": ["RS256"],
            "issuer": f"{here}/{tenant_id}/v2.0",
            "authorization_endpoint": f"{here}/{tenant}/oauth2/v2.0/authorize",
            "device_authorization_endpoint": f"{here}/{tenant}/oauth2/v2.0/devicecode",
        }
        return Reply(self.lines, 200, found, self._headers(request))

    async def token(self, request: Request) -> Response:
        """/{tenant}/oauth2/v2.0/token."""
        tenant = request.path_params["tenant"]
        came, began = self.graph.tenant.clock.moment(), time.perf_counter()
        asked = GraphRequest("POST", request.url.path.strip("/"), "", {}, came=came)
        here = f"https://{request.url.netloc}"
        endpoints = [f"{here}/{tenant}/oauth2/v2.0/token", f"{here}/{tenant}/v2.0"]
        form = dict(parse_qsl((await request.body()).decode("utf-8", "replace"), keep_blank_values=True))
        try:
            with self.graph.heeded(asked, None), self.graph.struck(asked, None) as fault:
                await self.graph.hold_up(fault)
                self.sign_in.check_tenant(tenant)
                token = self.sign_in.token(form, endpoints, [here])
                answer = GraphResponse(200, token, then=self.graph.line(fault))
        except SignInError as error:
            answer = GraphResponse(error.status, error.body(self.graph.tenant.clock))
        except GraphError as error:  # a fault: the door itself is broken
            words = {"error": "temporarily_unavailable", "error_description": error.message}
            answer = GraphResponse(error.status, words, dict(error.headers))
        except LineLost as lost:
            answer = GraphResponse(0, then=lost.then)
        self.graph.write_down(asked, answer.status, began=began)
        headers = self._headers(request) | {"Cache-Control": "no-store, no-cache"}
        return Reply(self.lines, answer.status, answer.body, headers | answer.headers, answer.then)


async def _with_body(asked: GraphRequest, request: Request) -> GraphRequest:
    content = await request.body()
    if len(content) > BODY_MOST:
        raise GraphError(413, "RequestEntityTooLarge", "The maximum request length supported is 4MB.")
    if not content:
        return asked
    if not request.headers.get("content-type", "").startswith("application/json"):
        raise GraphError(
            415, "RequestBodyRead", "A supported MIME type could not be found for the request body."
        )
    try:
        body = json.loads(content)
    except ValueError:
        raise GraphError(
            400,
            "BadRequest",
            "Unable to read JSON request payload. Please ensure Content-Type header is set and payload is of "
            "valid JSON format.",
        ) from None
    return replace(asked, body=body, size=len(content))


def graph_app(graph: Graph, sign_in: SignIn, lines: Lines) -> Starlette:
    """The application behind the TLS port."""
    site = Site(graph, sign_in, lines)
    return Starlette(
        routes=[
            *control_routes(graph, sign_in),
            *door_routes(graph, lines),
            Route("/{tenant}/v2.0/.well-known/openid-configuration", site.discovery),
            Route("/{tenant}/oauth2/v2.0/token", site.token, methods=["POST"]),
            Route("/v1.0/{rest:path}", site.graph_request, methods=VERBS),
        ],
        middleware=[Middleware(TrustedHostMiddleware, allowed_hosts=HERE, www_redirect=False)],
    )
