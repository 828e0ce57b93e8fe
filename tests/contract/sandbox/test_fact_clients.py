"""How msal and requests behave towards a server on this machine, measured anew at every upgrade."""

from __future__ import annotations

import base64
import json
import time
from pathlib import Path
from typing import Any

import msal
import pytest
import requests
import trustme
from certificates import in_pem
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.serialization import pkcs12

SCOPE = ["https://graph.microsoft.com/.default"]


@pytest.fixture(autouse=True)
def _no_other_authority(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"):
        monkeypatch.delenv(name, raising=False)


def _application(call: Any, credential: Any = None, **more: Any) -> Any:
    running = call.running
    wanted = {"instance_discovery": False, "verify": str(running.ca_file)} | more
    return msal.ConfidentialClientApplication(
        running.client_id,
        authority=wanted.pop("authority", running.authority + running.tenant_id),
        client_credential=credential or running.client_secret,
        **wanted,
    )


def _token_calls(call: Any) -> list[int]:
    calls = call.control("GET", "record").json()["calls"]
    return [one["status"] for one in calls if one["path"].endswith("/token")]


@pytest.mark.fact("msal-keeps-tokens")
def test_msal_asks_for_an_applications_token_once_and_keeps_it(call: Any) -> None:
    """acquire_token_for_client: the second is from memory; it takes no scopes but /.default."""
    application = _application(call)
    call.control("DELETE", "record")
    tokens = {application.acquire_token_for_client(SCOPE)["access_token"] for _ in range(50)}
    assert len(tokens) == 1
    assert _token_calls(call) == [200]


@pytest.mark.fact("msal-https-only")
def test_msal_takes_no_authority_without_https(call: Any) -> None:
    """http:// raises before anything is asked."""
    plain = call.running.authority.replace("https://", "http://") + call.running.tenant_id
    with pytest.raises(ValueError, match="https"):
        _application(call, authority=plain)


@pytest.mark.fact("msal-instance-discovery")
def test_msal_asks_microsoft_about_an_unknown_authority_unless_told_not_to(
    call: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With instance_discovery=False it asks only the server that is named."""
    asked: list[str] = []
    get = requests.Session.request

    def listen(session: requests.Session, verb: str, url: str, **more: Any) -> Any:
        asked.append(url)
        if "login.microsoftonline.com" in url or "login.microsoft.com" in url:
            raise requests.ConnectionError("nobody asks Microsoft here")
        return get(session, verb, url, **more)

    monkeypatch.setattr(requests.Session, "request", listen)
    assert "access_token" in _application(call).acquire_token_for_client(SCOPE)
    assert {url.split("//")[1].split("/")[0] for url in asked} == {
        call.running.authority.split("//")[1].rstrip("/")
    }
    asked.clear()
    with pytest.raises(requests.ConnectionError):
        _application(call, instance_discovery=None).acquire_token_for_client(SCOPE)
    assert any("login.microsoft" in url for url in asked)


@pytest.mark.fact("msal-two-endpoints")
def test_msal_reads_where_the_tokens_are_and_fetches_one_there(call: Any) -> None:
    """Two paths serve it: the tenant's openid-configuration and the token endpoint that it names."""
    running = call.running
    found = call.session.get(
        f"{running.authority}{running.tenant_id}/v2.0/.well-known/openid-configuration"
    ).json()
    assert found["token_endpoint"] == f"{running.authority}{running.tenant_id}/oauth2/v2.0/token"
    assert {"issuer", "authorization_endpoint", "jwks_uri"} <= set(found)
    assert call.token().json()["token_type"] == "Bearer"


@pytest.mark.fact("msal-certificate-forms")
def test_msal_signs_ps256_for_a_certificate_and_the_old_way_for_a_thumbprint(
    stand_in: Any, self_signed: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A certificate as text or as PFX gives PS256 with x5t#S256; key and thumbprint give RS256 with x5t."""
    key, certificate = self_signed
    private, pem = in_pem(key, certificate)
    pfx = tmp_path / "bot.pfx"
    sealed = serialization.BestAvailableEncryption(b"open")
    pfx.write_bytes(pkcs12.serialize_key_and_certificates(b"bot", key, certificate, None, sealed))
    call = stand_in(certificates=(pem,))
    sent: list[dict[str, Any]] = []
    post = requests.Session.request

    def listen(session: requests.Session, verb: str, url: str, **more: Any) -> Any:
        if assertion := (more.get("data") or {}).get("client_assertion"):
            text = assertion if isinstance(assertion, str) else assertion.decode()
            sent.append(json.loads(base64.urlsafe_b64decode(text.split(".")[0] + "==")))
        return post(session, verb, url, **more)

    monkeypatch.setattr(requests.Session, "request", listen)
    for credential, algorithm, named, other in (
        ({"private_key": private, "public_certificate": pem}, "PS256", "x5t#S256", "x5t"),
        ({"private_key_pfx_path": str(pfx), "passphrase": "open"}, "PS256", "x5t#S256", "x5t"),
        ({"private_key": private, "thumbprint": _sha1(certificate)}, "RS256", "x5t", "x5t#S256"),
    ):
        assert "access_token" in _application(call, credential).acquire_token_for_client(SCOPE)
        header = sent.pop()
        assert header["alg"] == algorithm
        assert named in header
        assert other not in header


def _sha1(certificate: x509.Certificate) -> str:
    return certificate.fingerprint(hashes.SHA1()).hex()


@pytest.mark.fact("msal-remembers-errors")
@pytest.mark.parametrize("status", ["429", "503"])
def test_msal_repeats_an_error_of_the_sign_in_server_for_five_seconds(
    call: Any, monkeypatch: pytest.MonkeyPatch, status: str
) -> None:
    """Entra in trouble is not asked again meanwhile, though it may be well: msal gives the old answer."""
    application = _application(call)
    application.acquire_token_for_client(SCOPE)
    application.remove_tokens_for_client()
    call.control("POST", "faults", {"do": status, "path": "oauth2/v2.0/token"})
    call.control("DELETE", "record")

    def ask() -> bool:
        try:
            return "access_token" in application.acquire_token_for_client(SCOPE)
        except msal.exceptions.MsalServiceError:
            return False

    assert [ask(), ask()] == [False, False]
    assert _token_calls(call) == [int(status)]
    real = time.time
    monkeypatch.setattr(time, "time", lambda: real() + 6)
    assert ask()
    assert _token_calls(call) == [int(status), 200]


@pytest.mark.fact("environment-outranks-verify")
@pytest.mark.parametrize("name", ["REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"])
def test_an_authority_in_the_environment_outranks_the_one_of_a_session(
    call: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    """requests reads both variables, and either undoes session.verify; trust_env=False stops that."""
    stranger = tmp_path / "ca.pem"
    trustme.CA().cert_pem.write_to_path(str(stranger))
    url = f"{call.running.authority}{call.running.tenant_id}/v2.0/.well-known/openid-configuration"
    session = requests.Session()
    session.verify = str(call.running.ca_file)
    assert session.get(url, timeout=10).ok
    monkeypatch.setenv(name, str(stranger))
    with pytest.raises(requests.exceptions.SSLError):
        session.get(url, timeout=10)
    session.trust_env = False
    assert session.get(url, timeout=10).ok


@pytest.mark.fact("environment-trusts-local-ca")
def test_a_client_that_takes_no_settings_trusts_the_stand_in_by_the_environment(
    call: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """REQUESTS_CA_BUNDLE names the local authority; CURL_CA_BUNDLE is only looked at without it."""
    stranger = tmp_path / "ca.pem"
    trustme.CA().cert_pem.write_to_path(str(stranger))
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(call.running.ca_file))
    monkeypatch.setenv("CURL_CA_BUNDLE", str(stranger))
    url = f"{call.running.authority}{call.running.tenant_id}/v2.0/.well-known/openid-configuration"
    assert requests.get(url, timeout=10).ok


@pytest.mark.fact("sdk-spelling")
def test_what_the_official_sdk_writes_is_taken_in_a_batch_too(call: Any, words: Any) -> None:
    """It writes @odata.type into bodies and %40 into the addresses of a batch's items."""
    who = words.worker.replace("@", "%40")
    body = words.event(**{"@odata.type": "#microsoft.graph.event"})
    item = {"id": "1", "method": "POST", "url": f"users/{who}/events", "body": body}
    item["headers"] = {"Content-Type": "application/json"}
    (answer,) = call("POST", "$batch", {"requests": [item]}).json()["responses"]
    assert answer["status"] == 201
    assert len(call("GET", f"users/{who}/events").json()["value"]) == 1
