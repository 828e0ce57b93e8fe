"""How the program proves who it is: a secret, or a certificate as text or as a PFX file.

A certificate is the better proof (nothing that could be typed elsewhere), and two thirds of all sign-in
trouble is one that expired, so it is read and its dates looked at before anything is sent.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.types import CertificatePublicKeyTypes
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_pem_private_key, pkcs12

from bot.outlook.faults import SignInRefused

WHERE_TO_MAKE = "Entra admin centre, App registrations, this app, Certificates & secrets"


@dataclass(frozen=True, slots=True)
class Secret:
    """A client secret."""

    value: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Certificate:
    """A private key and its certificate as PEM text."""

    private_key_pem: str = field(repr=False)
    public_certificate_pem: str = field(repr=False)
    passphrase: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class Pfx:
    """A PFX (PKCS 12) file holding both."""

    path: Path
    passphrase: str | None = field(default=None, repr=False)


Credential = Secret | Certificate | Pfx


def expires(credential: Credential) -> datetime | None:
    """When a certificate ends; null for a secret, whose end only Microsoft knows."""
    match credential:
        case Secret():
            return None
        case Certificate():
            return _pem_certificate(credential).not_valid_after_utc
        case Pfx():
            return _pfx_certificate(credential).not_valid_after_utc


def for_msal(credential: Credential, now: datetime) -> str | dict[str, Any]:
    """The credential as msal takes it (signed with SHA-256), refused here if it cannot work."""
    match credential:
        case Secret(value):
            if not value.strip():
                raise SignInRefused(f"The client secret is empty. Make one at {WHERE_TO_MAKE}.")
            return value
        case Certificate():
            _check_dates(_pem_certificate(credential), now)
            return {
                "private_key": credential.private_key_pem,
                "public_certificate": credential.public_certificate_pem,
                **({"passphrase": credential.passphrase} if credential.passphrase else {}),
            }
        case Pfx():
            _check_dates(_pfx_certificate(credential), now)
            return {
                "private_key_pfx_path": str(credential.path),
                **({"passphrase": credential.passphrase} if credential.passphrase else {}),
            }


def _pem_certificate(credential: Certificate) -> x509.Certificate:
    try:
        certificate = x509.load_pem_x509_certificate(credential.public_certificate_pem.encode())
    except ValueError:
        raise SignInRefused(
            "The certificate cannot be read. It must be PEM text beginning with -----BEGIN CERTIFICATE-----."
        ) from None
    passphrase = credential.passphrase.encode() if credential.passphrase else None
    try:
        key = load_pem_private_key(credential.private_key_pem.encode(), passphrase)
    except (ValueError, TypeError):
        raise SignInRefused(
            "The certificate's private key cannot be read. It must be PEM text, and its passphrase set if it "
            "has one and only then."
        ) from None
    if _public(key.public_key()) != _public(certificate.public_key()):
        raise SignInRefused("The private key is not that of the certificate. Give the pair made together.")
    return certificate


def _pfx_certificate(credential: Pfx) -> x509.Certificate:
    try:
        content = credential.path.read_bytes()
    except OSError:
        raise SignInRefused(
            f"The certificate file {credential.path} cannot be read. Check its path and rights."
        ) from None
    try:
        key, certificate, _ = pkcs12.load_key_and_certificates(
            content, credential.passphrase.encode() if credential.passphrase else None
        )
    except (ValueError, TypeError):
        raise SignInRefused(
            f"The certificate file {credential.path} does not open: its passphrase is wrong, or it is not "
            "a PFX file."
        ) from None
    if key is None or certificate is None:
        raise SignInRefused(
            f"The certificate file {credential.path} must hold a certificate and its private key."
        )
    return certificate


def _check_dates(certificate: x509.Certificate, now: datetime) -> None:
    if certificate.not_valid_after_utc <= now:
        raise SignInRefused(
            f"The sign-in certificate expired on {certificate.not_valid_after_utc:%d %B %Y}. Make a new one, "
            f"add it at {WHERE_TO_MAKE}, and point the settings at it."
        )
    if certificate.not_valid_before_utc > now:
        raise SignInRefused(
            f"The sign-in certificate is not valid before {certificate.not_valid_before_utc:%d %B %Y}. "
            "Check this machine's clock."
        )


def _public(key: CertificatePublicKeyTypes | Any) -> bytes:
    return bytes(key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo))
