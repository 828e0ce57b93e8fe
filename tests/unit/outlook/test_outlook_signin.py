"""What cannot sign in is refused before anything is sent, and every refusal of Microsoft's says the mend."""

from __future__ import annotations

import base64
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import pkcs12

from bot.errors import Temporary
from bot.outlook.connection import connect
from bot.outlook.credential import Certificate, Credential, Pfx, Secret, expires
from bot.outlook.faults import SignInRefused
from bot.outlook.signin import claims_in, refusal

NOW = datetime(2026, 11, 22, tzinfo=UTC)
KEY = rsa.generate_private_key(65537, 2048)
OTHER_KEY = rsa.generate_private_key(65537, 2048)


def certificate(*, starts: datetime = NOW - timedelta(days=1), days: int = 30) -> x509.Certificate:
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "visit-bot")])
    return (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(KEY.public_key())
        .serial_number(1)
        .not_valid_before(starts)
        .not_valid_after(starts + timedelta(days=days))
        .sign(KEY, hashes.SHA256())
    )


def pem(key: rsa.RSAPrivateKey, passphrase: bytes | None = None) -> str:
    return key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.BestAvailableEncryption(passphrase) if passphrase else serialization.NoEncryption(),
    ).decode()


def as_pem(made: x509.Certificate) -> str:
    return made.public_bytes(serialization.Encoding.PEM).decode()


def try_to_connect(credential: Credential) -> None:
    connect(tenant_id="t", client_id="c", credential=credential, clock=lambda: NOW)


@pytest.mark.parametrize("passphrase", [None, b"open sesame"])
def test_a_good_certificate_is_taken_as_text_or_as_a_file(tmp_path: Path, passphrase: bytes | None) -> None:
    made = certificate()
    text = passphrase.decode() if passphrase else None
    credential = Certificate(pem(KEY, passphrase), as_pem(made), text)
    try_to_connect(credential)
    encryption = (
        serialization.BestAvailableEncryption(passphrase) if passphrase else serialization.NoEncryption()
    )
    file = tmp_path / "bot.pfx"
    file.write_bytes(pkcs12.serialize_key_and_certificates(b"bot", KEY, made, None, encryption))
    try_to_connect(Pfx(file, text))
    assert expires(credential) == expires(Pfx(file, text)) == made.not_valid_after_utc
    assert expires(Secret("s")) is None


@pytest.mark.parametrize(
    ("credential", "words"),
    [
        (Secret("  "), "secret is empty"),
        (Certificate(pem(KEY), "not a certificate"), "BEGIN CERTIFICATE"),
        (Certificate("not a key", as_pem(certificate())), "private key cannot be read"),
        (Certificate(pem(KEY, b"x"), as_pem(certificate())), "passphrase"),
        (Certificate(pem(KEY, b"x"), as_pem(certificate()), "wrong"), "passphrase"),
        (Certificate(pem(OTHER_KEY), as_pem(certificate())), "not that of the certificate"),
        (Certificate(pem(KEY), as_pem(certificate(days=0))), "expired on 21 November 2026"),
        (Certificate(pem(KEY), as_pem(certificate(starts=NOW + timedelta(days=9)))), "not valid before"),
        (Pfx(Path("no-such.pfx")), "no-such.pfx cannot be read"),
        (Pfx(Path(__file__)), "not a PFX file"),
    ],
)
def test_a_credential_that_cannot_work_is_refused_before_anything_is_sent(
    credential: Credential, words: str
) -> None:
    with pytest.raises(SignInRefused, match=words):
        try_to_connect(credential)


@pytest.mark.parametrize(
    ("error", "number", "words"),
    [
        ("invalid_client", 7000215, "secret is wrong"),
        ("invalid_client", 7000222, "secret has expired"),
        ("invalid_client", 700027, "does not know the certificate"),
        ("invalid_client", 700024, "clock"),
        ("unauthorized_client", 700016, "no such app"),
        ("invalid_request", 90002, "no such tenant"),
        ("invalid_client", 0, "microsoft.client_id"),
        ("something_new", 0, "microsoft.tenant_id"),
    ],
)
def test_a_refused_sign_in_says_what_to_mend_and_repeats_nothing(error: str, number: int, words: str) -> None:
    description = f"AADSTS{number}: '5ecret!' is not right." if number else "'5ecret!' is not right."
    fault = refusal({"error": error, "error_description": description})
    assert isinstance(fault, SignInRefused)
    assert words in str(fault)
    assert "5ecret" not in str(fault)
    assert ("AADSTS" in str(fault)) == bool(number)


def test_a_sign_in_server_in_difficulty_is_temporary() -> None:
    assert isinstance(refusal({"error": "temporarily_unavailable"}), Temporary)
    assert isinstance(refusal({"error": "invalid_grant", "error_codes": [90033]}), Temporary)


def test_the_claims_of_a_challenge_are_read_for_the_next_token() -> None:
    claims = '{"access_token":{"nbf":{"essential":true,"value":"1604106651"}}}'
    coded = base64.urlsafe_b64encode(claims.encode()).decode().rstrip("=")
    assert claims_in(f'Bearer error="insufficient_claims", claims="{coded}"') == claims
    assert claims_in('Bearer error="invalid_token"') is None
