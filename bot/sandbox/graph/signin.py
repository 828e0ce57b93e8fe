"""Sign-in for applications, as Entra does it: a secret or a signed assertion for a token that expires."""

from __future__ import annotations

import hashlib
import hmac
import json
import secrets
import time
import uuid
from base64 import b64encode, urlsafe_b64encode
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from functools import lru_cache
from typing import Any

import jwt
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from bot.sandbox.settings import SandboxSettings
from bot.sandbox.tenant.clock import Clock
from bot.sandbox.tenant.refusal import GraphError

CLIENT_ID = "b07c0de0-0000-4000-8000-000000000b07"
DOMAIN = "sandbox.onmicrosoft.com"
GRAPH = "https://graph.microsoft.com"
ASSERTION = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
LEEWAY = timedelta(minutes=5)
EXPIRED = "Lifetime validation failed, the token is expired."
REVOKED = (
    "Continuous access evaluation resulted in challenge with result: InteractionRequired and code: "
    "TokenIssuedBeforeRevocationTimestamp"
)


class SignInError(Exception):
    """A refusal of the token endpoint."""

    def __init__(self, status: int, error: str, number: int, words: str) -> None:
        super().__init__(words)
        self.status, self.error, self.number, self.words = status, error, number, words

    def body(self, clock: Clock) -> dict[str, Any]:
        """In Entra's shape."""
        trace, correlation = str(uuid.uuid4()), str(uuid.uuid4())
        at = f"{clock.wall():%Y-%m-%d %H:%M:%SZ}"
        return {
            "error": self.error,
            "error_description": f"AADSTS{self.number}: {self.words} Trace ID: {trace} "
            f"Correlation ID: {correlation} Timestamp: {at}",
            "error_codes": [self.number],
            "timestamp": at,
            "trace_id": trace,
            "correlation_id": correlation,
            "error_uri": f"https://login.microsoftonline.com/error?code={self.number}",
        }


@dataclass(frozen=True, slots=True)
class Application:
    """The one registered application."""

    tenant_id: str
    client_id: str
    client_secret: str
    signing_key: str


class SignIn:
    """Checks who asks, gives tokens, and tells whether a token still holds."""

    def __init__(self, application: Application, settings: SandboxSettings, clock: Clock) -> None:
        self.application = application
        self._settings = settings
        self._clock = clock
        self._generation = 0
        self._ended: dict[int, str] = {}  # how the tokens of a generation ended before their time
        self._certificates = list(map(_load, settings.certificates))

    def register(self, pem: str) -> None:
        """Let one more certificate sign."""
        self._certificates.append(_load(pem))

    def revoke(self) -> None:
        """No token given so far holds any more."""
        self.end_tokens(revoked=True)

    def end_tokens(self, *, revoked: bool) -> GraphError:
        """No token given so far holds any more; gives what whoever comes with one is told."""
        self._ended[self._generation] = REVOKED if revoked else EXPIRED
        self._generation += 1
        return self._ended_early(self._generation - 1)

    def check_tenant(self, tenant: str) -> None:
        """Only this tenant is known here."""
        if tenant.casefold() not in (self.application.tenant_id, DOMAIN):
            raise SignInError(
                400,
                "invalid_request",
                90002,
                f"Tenant '{tenant}' not found. Check to make sure you have the correct tenant ID and are "
                "signing into the correct cloud.",
            )

    def token(
        self, form: Mapping[str, str], endpoints: Iterable[str], resources: Iterable[str]
    ) -> dict[str, Any]:
        """Answer the token endpoint's form."""
        for name in ("grant_type", "client_id", "scope"):
            if not form.get(name):
                raise SignInError(
                    400,
                    "invalid_request",
                    900144,
                    f"The request body must contain the following parameter: '{name}'.",
                )
        if form["grant_type"] != "client_credentials":
            raise SignInError(
                400,
                "unsupported_grant_type",
                70003,
                f"The grant type '{form['grant_type']}' is not supported.",
            )
        if form["client_id"].casefold() != self.application.client_id:
            raise SignInError(
                400,
                "unauthorized_client",
                700016,
                f"Application with identifier '{form['client_id']}' was not found in the directory.",
            )
        self._check_credential(form, endpoints)
        allowed = {f"{resource.rstrip('/')}/.default" for resource in (GRAPH, *resources)}
        if not set(form["scope"].split()) - {"openid", "profile", "offline_access"} <= allowed:
            raise SignInError(
                400,
                "invalid_scope",
                1002012,
                f"The provided value for scope {form['scope']} is not valid. Client credential flows must "
                "have a scope value with /.default suffixed to the resource identifier.",
            )
        return {
            "token_type": "Bearer",
            "expires_in": self._settings.token_seconds,
            "ext_expires_in": self._settings.token_seconds,
            "access_token": self._issue(),
        }

    def _check_credential(self, form: Mapping[str, str], endpoints: Iterable[str]) -> None:
        if form.get("client_assertion"):
            if form.get("client_assertion_type") != ASSERTION:
                raise SignInError(
                    400, "invalid_request", 90014, "The client_assertion_type is missing or wrong."
                )
            self._check_assertion(form["client_assertion"], endpoints)
        elif "client_secret" in form:
            if not hmac.compare_digest(
                form["client_secret"].encode(), self.application.client_secret.encode()
            ):
                raise SignInError(
                    401,
                    "invalid_client",
                    7000215,
                    "Invalid client secret provided. Ensure the secret being sent in the request is the "
                    "client secret value, not the client secret ID, for a secret added to app "
                    f"'{self.application.client_id}'.",
                )
        else:
            raise SignInError(
                401,
                "invalid_client",
                7000218,
                "The request body must contain the following parameter: 'client_assertion' or "
                "'client_secret'.",
            )

    def _check_assertion(self, assertion: str, endpoints: Iterable[str]) -> None:
        try:
            header = jwt.get_unverified_header(assertion)
            certificate = self._signer(header)
            claims = jwt.decode(
                assertion,
                key=certificate.public_key(),  # type: ignore[arg-type]  # a certificate may hold other kinds
                algorithms=["PS256", "RS256"],
                audience=list(endpoints),
                issuer=self.application.client_id,
                options={
                    "require": ["aud", "exp", "iss", "sub", "jti"],
                    "verify_exp": False,
                    "verify_nbf": False,
                    "verify_iat": False,
                },
            )
        except (jwt.PyJWTError, LookupError, TypeError, ValueError) as error:
            raise _bad_assertion(str(error)) from None
        now, leeway = self._clock.wall().timestamp(), LEEWAY.total_seconds()
        if claims["sub"] != self.application.client_id:
            raise _bad_assertion("The subject is not the application.")
        if not claims.get("nbf", 0) - leeway <= now <= claims["exp"] + leeway:
            raise SignInError(
                401,
                "invalid_client",
                700024,
                "Client assertion is not within its valid time range.",
            )
        # An assertion may come again while it is valid: msal signs one for ten minutes and uses it meanwhile.

    def _signer(self, header: Mapping[str, Any]) -> x509.Certificate:
        """The registered certificate that the header's thumbprint names."""
        for certificate in self._certificates:
            der = certificate.public_bytes(Encoding.DER)
            prints = {
                "x5t#S256": hashlib.sha256(der).digest(),
                "x5t": hashlib.sha1(der).digest(),  # noqa: S324 - the thumbprint of old clients
            }
            for name, digest in prints.items():
                if str(header.get(name, "")).rstrip("=") == urlsafe_b64encode(digest).decode().rstrip("="):
                    return certificate
        raise LookupError("The key was not found: no registered certificate has that thumbprint.")

    def _issue(self) -> str:
        now = self._clock.wall()
        claims = {
            "aud": GRAPH,
            "iss": f"https://sts.windows.net/{self.application.tenant_id}/",
            "iat": int(now.timestamp()),
            "nbf": int(now.timestamp()),
            "exp": int((now + timedelta(seconds=self._settings.token_seconds)).timestamp()),
            "appid": self.application.client_id,
            "tid": self.application.tenant_id,
            # A role over some mailboxes is Exchange Online's: Entra, and so the token, knows nothing of it.
            "roles": sorted(name for name, reach in self._settings.grants.items() if reach is None),
            "uti": secrets.token_urlsafe(12),
            "generation": self._generation,
            "ver": "1.0",
        }
        return jwt.encode(claims, self.application.signing_key, algorithm="HS256")

    def check(self, authorization: str | None) -> None:
        """Graph's side: whether the token in that header holds now."""
        scheme, _, token = (authorization or "").partition(" ")
        if scheme.casefold() != "bearer" or not token.strip():
            raise self._unauthorized("Access token is empty.")
        try:
            claims = _signed(token.strip(), self.application.signing_key)
        except jwt.PyJWTError:
            raise self._unauthorized(
                "Access token validation failure. Invalid signature or audience."
            ) from None
        if claims["exp"] <= self._clock.wall().timestamp():
            raise self._unauthorized(EXPIRED)
        if claims["generation"] != self._generation:
            raise self._ended_early(claims["generation"])

    def _ended_early(self, generation: int) -> GraphError:
        """The refusal of a token that should still hold; one revoked comes with what the next must prove."""
        words = self._ended.get(generation, REVOKED)
        if words == EXPIRED:
            return self._unauthorized(EXPIRED)
        asked = {"access_token": {"nbf": {"essential": True, "value": str(int(time.time()))}}}
        claims = b64encode(json.dumps(asked).encode()).decode()
        return self._unauthorized(words, f', error="insufficient_claims", claims="{claims}"')

    def _unauthorized(self, words: str, more: str = "") -> GraphError:
        challenge = f'Bearer realm="", client_id="{self.application.client_id}"{more}'
        return GraphError(401, "InvalidAuthenticationToken", words, {"WWW-Authenticate": challenge})


@lru_cache(maxsize=64)  # a token comes with every request, and who signed it does not change meanwhile
def _signed(token: str, signing_key: str) -> Mapping[str, Any]:
    """What a token says, if it was made here for Graph; whether it still holds is asked each time."""
    return jwt.decode(
        token,
        signing_key,
        algorithms=["HS256"],
        audience=GRAPH,
        options={"verify_exp": False, "verify_nbf": False, "verify_iat": False},
    )


def _load(pem: str) -> x509.Certificate:
    return x509.load_pem_x509_certificate(pem.encode())


def _bad_assertion(why: str) -> SignInError:
    return SignInError(
        401,
        "invalid_client",
        700027,
        f"The certificate used to sign the client assertion is not registered, or the assertion failed its "
        f"signature validation. Reason - {why}",
    )
