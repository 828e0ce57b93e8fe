"""Papers for TLS: a certificate authority of this machine's own, kept, so that trust given once holds."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import trustme

from bot.sandbox.tenant.saving import write_atomically


@dataclass(frozen=True, slots=True)
class Papers:
    """Where the authority and the server's certificate with its key lie."""

    ca_file: Path
    server_file: Path


def papers(folder: Path) -> Papers:
    """The papers in that folder, made where they are missing."""
    ca_file, ca_key, server = (folder / name for name in ("ca.pem", "ca.key.pem", "server.pem"))
    if not (ca_file.exists() and ca_key.exists() and server.exists()):
        authority = trustme.CA(organization_name="Microsoft 365 stand-in")
        leaf = authority.issue_cert("127.0.0.1", "localhost", "::1")
        write_atomically(server, leaf.private_key_and_cert_chain_pem.bytes())
        write_atomically(ca_key, authority.private_key_pem.bytes())
        write_atomically(ca_file, authority.cert_pem.bytes(), 0o644)
    return Papers(ca_file, server)
