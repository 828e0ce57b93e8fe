"""Sign-in: as Entra answers it, by raw HTTP and by the real msal."""

from __future__ import annotations

import time
import uuid
from typing import Any

import jwt
import msal
import pytest
from certificates import in_pem
from cryptography import x509
from cryptography.hazmat.primitives import hashes

SCOPE = ["https://graph.microsoft.com/.default"]


@pytest.fixture(scope="module")
def papers(self_signed: Any) -> tuple[str, str]:
    """A key and its certificate, in PEM."""
    return in_pem(*self_signed)


def _msal(call: Any, credential: Any, tenant: str | None = None, client: str | None = None) -> Any:
    running = call.running
    return msal.ConfidentialClientApplication(
        client or running.client_id,
        authority=running.authority + (tenant or running.tenant_id),
        client_credential=credential,
        instance_discovery=False,
        verify=str(running.ca_file),
    )


@pytest.fixture(autouse=True)
def _no_other_authority(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"):
        monkeypatch.delenv(name, raising=False)


def test_the_real_msal_signs_in_by_secret(call: Any) -> None:
    found = _msal(call, call.running.client_secret).acquire_token_for_client(SCOPE)
    assert found["token_type"] == "Bearer"
    call.session.headers["Authorization"] = f"Bearer {found['access_token']}"
    assert call("GET", "users").status_code == 200


@pytest.mark.parametrize("way", ["certificate", "thumbprint"])
@pytest.mark.fact("msal-certificate-forms")
def test_the_real_msal_signs_in_by_certificate(stand_in: Any, papers: tuple[str, str], way: str) -> None:
    """msal: a certificate signs PS256 with x5t#S256; a thumbprint is the old SHA-1 form."""
    key, certificate = papers
    call = stand_in(certificates=(certificate,))
    print_ = x509.load_pem_x509_certificate(certificate.encode()).fingerprint(hashes.SHA1()).hex()
    credential = {"private_key": key} | (
        {"public_certificate": certificate} if way == "certificate" else {"thumbprint": print_}
    )
    found = _msal(call, credential).acquire_token_for_client(SCOPE)
    assert "access_token" in found, found
    assert call("GET", "users", headers={"Authorization": f"Bearer {found['access_token']}"}).ok


def test_a_certificate_that_was_not_registered_is_refused(call: Any, papers: tuple[str, str]) -> None:
    key, certificate = papers
    found = _msal(call, {"private_key": key, "public_certificate": certificate}).acquire_token_for_client(
        SCOPE
    )
    assert found["error_codes"] == [700027]
    call.running.sign_in.register(certificate)
    fresh = _msal(call, {"private_key": key, "public_certificate": certificate})
    assert "access_token" in fresh.acquire_token_for_client(SCOPE)


@pytest.mark.parametrize(
    ("claims", "number"),
    [
        ({}, None),
        ({"aud": "https://elsewhere"}, 700027),
        ({"iss": "somebody"}, 700027),
        ({"sub": "somebody"}, 700027),
        ({"exp": 1}, 700024),
        ({"nbf": 4_000_000_000, "exp": 4_000_000_600}, 700024),
        ({"jti": None}, 700027),
    ],
)
def test_an_assertion_is_held_to_its_claims(
    stand_in: Any, papers: tuple[str, str], claims: dict[str, Any], number: int | None
) -> None:
    key, certificate = papers
    call = stand_in(certificates=(certificate,))
    running, now = call.running, int(time.time())
    payload = {
        "aud": f"{running.authority}{running.tenant_id}/oauth2/v2.0/token",
        "iss": running.client_id,
        "sub": running.client_id,
        "jti": str(uuid.uuid4()),
        "nbf": now,
        "exp": now + 600,
    } | claims
    payload = {name: value for name, value in payload.items() if value is not None}
    print_ = x509.load_pem_x509_certificate(certificate.encode()).fingerprint(hashes.SHA256())
    headers = {"x5t#S256": jwt.utils.base64url_encode(print_).decode()}
    form = {
        "client_secret": "",
        "client_assertion_type": "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
        "client_assertion": jwt.encode(payload, key, algorithm="PS256", headers=headers),
    }
    answer = call.token(**form)
    if number is None:
        assert answer.status_code == 200, answer.text
        assert call.token(**form).status_code == 200, "msal uses one assertion for minutes"
        return
    assert (answer.status_code, answer.json()["error_codes"]) == (401, [number])


@pytest.mark.parametrize(
    ("form", "status", "error", "number"),
    [
        ({"client_secret": "guess"}, 401, "invalid_client", 7000215),
        ({"client_secret": ""}, 401, "invalid_client", 7000218),
        ({"client_id": "11111111-0000-4000-8000-000000000000"}, 400, "unauthorized_client", 700016),
        ({"client_id": ""}, 400, "invalid_request", 900144),
        ({"scope": "User.Read"}, 400, "invalid_scope", 1002012),
        ({"grant_type": "password"}, 400, "unsupported_grant_type", 70003),
    ],
)
def test_a_sign_in_that_fails_says_why_in_entras_words(
    call: Any, form: dict[str, str], status: int, error: str, number: int
) -> None:
    answer = call.token(**form)
    body = answer.json()
    assert (answer.status_code, body["error"], body["error_codes"]) == (status, error, [number])
    assert body["error_description"].startswith(f"AADSTS{number}: ")
    assert body["trace_id"]


def test_a_tenant_that_does_not_exist_is_unknown(call: Any) -> None:
    url = f"{call.running.authority}nowhere.example/v2.0/.well-known/openid-configuration"
    answer = call.session.get(url)
    assert (answer.status_code, answer.json()["error_codes"]) == (400, [90002])
    url = f"{call.running.authority}nowhere.example/oauth2/v2.0/token"
    sent = {"grant_type": "client_credentials", "client_id": call.running.client_id, "scope": SCOPE[0]}
    assert call.session.post(url, data=sent).json()["error_codes"] == [90002]


def test_a_token_expires(stand_in: Any) -> None:
    call = stand_in(token_seconds=60)
    assert call("GET", "users").status_code == 200
    call.control("POST", "clock", {"skew_seconds": 61})
    assert call.refused("GET", "users") == (401, "InvalidAuthenticationToken")
    call.sign_in()
    assert call("GET", "users").status_code == 200


def test_moving_the_date_forward_leaves_the_token_good(call: Any) -> None:
    call.control("POST", "clock", {"today": "2031-05-06"})
    assert call("GET", "users").status_code == 200


def test_a_revoked_token_holds_no_more(call: Any) -> None:
    call.control("DELETE", "tokens")
    answer = call("GET", "users")
    assert answer.status_code == 401
    assert answer.headers["WWW-Authenticate"].startswith("Bearer")
    call.sign_in()
    assert call("GET", "users").status_code == 200


@pytest.mark.parametrize("header", [None, "Bearer", "Basic abc", "Bearer a.b.c"])
def test_without_a_good_token_nothing_is_answered(call: Any, header: str | None) -> None:
    del call.session.headers["Authorization"]
    headers = {"Authorization": header} if header else {}
    assert call.refused("GET", "users", headers=headers) == (401, "InvalidAuthenticationToken")
