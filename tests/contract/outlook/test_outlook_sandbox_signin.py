"""Signing in for real: by secret and by certificate, through expiry and refusal, and never in the logs."""

from __future__ import annotations

import logging
import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import trustme
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import pkcs12

from bot.errors import Permanent, Temporary
from bot.outlook.calendar import CreateOp, list_ours, write
from bot.outlook.credential import Certificate, Pfx, Secret
from bot.outlook.event import Draft
from bot.outlook.faults import SignInRefused

KEY = rsa.generate_private_key(65537, 2048)
BOX = "w1@council.test"


def made(*, days: int) -> x509.Certificate:
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "visit-bot")])
    now = datetime.now(UTC)
    return (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(KEY.public_key())
        .serial_number(7)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=days))
        .sign(KEY, hashes.SHA256())
    )


@pytest.fixture(scope="module")
def own_certificate() -> x509.Certificate:
    return made(days=30)


def write_pfx(file: Path, certificate: x509.Certificate) -> Path:
    plain = serialization.NoEncryption()
    file.write_bytes(pkcs12.serialize_key_and_certificates(b"bot", KEY, certificate, None, plain))
    return file


def pem(certificate: x509.Certificate) -> str:
    return certificate.public_bytes(serialization.Encoding.PEM).decode()


def as_text(certificate: x509.Certificate) -> Certificate:
    key = KEY.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    return Certificate(key.decode(), pem(certificate))


@pytest.mark.fact("bot-signs-the-new-way")
def test_a_certificate_signs_in_as_text_and_as_a_file(
    start_cloud: Callable[..., Any], own_certificate: x509.Certificate, tmp_path: Path
) -> None:
    cloud = start_cloud(certificates=(pem(own_certificate),))
    assert list_ours(cloud.connect(credential=as_text(own_certificate)), BOX) == ()
    file = tmp_path / "bot.pfx"
    encryption = serialization.BestAvailableEncryption(b"open sesame")
    file.write_bytes(pkcs12.serialize_key_and_certificates(b"bot", KEY, own_certificate, None, encryption))
    assert list_ours(cloud.connect(credential=Pfx(file, "open sesame")), BOX) == ()


def test_a_certificate_nobody_registered_is_refused_with_the_mend(
    cloud: Any, own_certificate: x509.Certificate
) -> None:
    with pytest.raises(SignInRefused, match="does not know the certificate"):
        cloud.connect(credential=as_text(own_certificate)).sign_in()


def test_a_certificate_file_put_right_serves_without_a_restart(
    start_cloud: Callable[..., Any], own_certificate: x509.Certificate, tmp_path: Path
) -> None:
    cloud = start_cloud(certificates=(pem(own_certificate),))
    file = tmp_path / "bot.pfx"
    connection = cloud.connect(credential=Pfx(write_pfx(file, made(days=3))))
    with pytest.raises(SignInRefused):
        connection.sign_in()
    write_pfx(file, own_certificate)
    connection.sign_in()


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"credential": Secret("wr0ng-hush")}, "client secret is wrong"),
        ({"client_id": "00000000-0000-4000-8000-000000000000"}, "no such app"),
        ({"tenant_id": "elsewhere.onmicrosoft.com"}, "no such tenant"),
    ],
)
def test_a_wrong_sign_in_is_permanent_in_words(cloud: Any, changes: dict[str, Any], words: str) -> None:
    connection = cloud.connect(**changes)
    with pytest.raises(SignInRefused, match=words) as caught:
        list_ours(connection, BOX)
    assert "wr0ng-hush" not in str(caught.value)
    assert "Traceback" not in str(caught.value)


@pytest.mark.fact("bot-token-before-each-request")
def test_a_token_that_expires_in_the_middle_of_a_run_is_renewed(
    start_cloud: Callable[..., Any], a_draft: Callable[..., Draft]
) -> None:
    cloud = start_cloud(token_seconds=1)
    connection = cloud.connect()
    for number in range(3):
        (outcome,) = write(connection, [CreateOp(BOX, a_draft(f"a{number}"), f"t{number}")])
        assert outcome.status == "done"
        cloud.ask("POST", "clock", {"skew_seconds": 10 * (number + 1)})
    assert len(list_ours(connection, BOX)) == 3


@pytest.mark.fact("bot-token-before-each-request")
def test_a_token_withdrawn_while_msal_still_keeps_it_is_fetched_anew_once(cloud: Any) -> None:
    connection = cloud.connect()
    list_ours(connection, BOX)
    cloud.ask("DELETE", "tokens")
    cloud.forget()
    assert list_ours(connection, BOX) == ()
    assert [status for _, _, status in cloud.calls(like="$batch")] == [401, 200]
    assert len(cloud.calls(like="token")) == 1
    cloud.forget()
    list_ours(connection, BOX)
    assert cloud.calls(like="token") == []


@pytest.mark.fact("bot-token-before-each-request")
def test_threads_refused_together_fetch_one_new_token_between_them(cloud: Any) -> None:
    connection = cloud.connect()
    stale = connection.door.tokens.current()
    cloud.ask("DELETE", "tokens")
    cloud.forget()
    with ThreadPoolExecutor(4) as pool:
        fresh = set(pool.map(lambda _: connection.door.tokens.renew(stale, ""), range(4)))
    assert len(fresh) == 1
    assert fresh != {stale}
    assert len(cloud.calls(like="oauth2/v2.0/token")) == 1


def test_a_certificates_token_withdrawn_is_fetched_anew(
    start_cloud: Callable[..., Any], own_certificate: x509.Certificate
) -> None:
    cloud = start_cloud(certificates=(pem(own_certificate),))
    connection = cloud.connect(credential=as_text(own_certificate))
    assert list_ours(connection, BOX) == ()
    cloud.ask("DELETE", "tokens")
    assert list_ours(connection, BOX) == ()


def test_one_token_serves_a_whole_run(cloud: Any, boxes: tuple[str, ...]) -> None:
    connection = cloud.connect()
    for box in boxes[:5]:
        list_ours(connection, box)
    assert len(cloud.calls(like="oauth2/v2.0/token")) == 1


def test_a_server_nobody_vouches_for_is_refused_with_the_mend(cloud: Any, tmp_path: Path) -> None:
    stranger = tmp_path / "ca.pem"
    trustme.CA().cert_pem.write_to_path(str(stranger))
    with pytest.raises(SignInRefused, match=r"microsoft\.ca_file"):
        cloud.connect(ca_file=stranger).sign_in()
    with pytest.raises(SignInRefused, match=r"microsoft\.ca_file"):
        cloud.connect(ca_file=None).sign_in()


def test_the_settings_file_of_certificates_outranks_the_environments(
    cloud: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stranger = tmp_path / "ca.pem"
    trustme.CA().cert_pem.write_to_path(str(stranger))
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(stranger))
    monkeypatch.setenv("CURL_CA_BUNDLE", str(stranger))
    assert list_ours(cloud.connect(), BOX) == ()


def test_a_netrc_line_does_not_replace_the_token(
    cloud: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login somebody password else\n")
    netrc.chmod(0o600)
    monkeypatch.setenv("NETRC", str(netrc))
    assert list_ours(cloud.connect(), BOX) == ()


def test_a_server_that_is_not_there_is_temporary(cloud: Any, tmp_path: Path) -> None:
    kept = tmp_path / "ca.pem"
    kept.write_bytes(cloud.running.ca_file.read_bytes())
    connection = cloud.connect(ca_file=kept)
    cloud.running.stop()
    with pytest.raises(Temporary, match="could not be reached"):
        list_ours(connection, BOX)


def test_a_file_of_certificates_that_goes_away_while_running_is_told(cloud: Any) -> None:
    connection = cloud.connect()
    cloud.running.stop()  # takes the stand-in's own with it
    with pytest.raises(Permanent, match=r"microsoft\.ca_file"):
        list_ours(connection, BOX)


def test_a_sign_in_server_in_difficulty_is_temporary(cloud: Any) -> None:
    cloud.spoil(do="503", path="oauth2/v2.0/token", times=None)
    with pytest.raises(Temporary, match="sign-in server"):
        cloud.connect().sign_in()


def test_an_address_without_https_is_refused(cloud: Any) -> None:
    with pytest.raises(Permanent, match="https://"):
        cloud.connect(authority="http://127.0.0.1:1/").sign_in()


@pytest.mark.fact("bot-logs-no-secret")
def test_even_at_debug_no_token_secret_subject_or_address_reaches_a_log(
    cloud: Any, a_draft: Callable[..., Draft], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    connection = cloud.connect()
    write(connection, [CreateOp(BOX, a_draft(), "t1")])
    list_ours(connection, BOX)
    assert list_ours(connection, "w2@council.test") == ()
    logged = "\n".join(
        f"{record.getMessage()} {record.args} {record.exc_text}"
        for record in caplog.records
        if not record.name.startswith(("uvicorn", "asyncio"))
    )
    assert cloud.running.client_secret not in logged
    assert connection.door.tokens.current() not in logged
    assert not re.search(r"Bearer|eyJ|J\.S\. 20417|@council\.test", logged)
