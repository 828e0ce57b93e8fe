"""Who is at the keyboard: written down with every plan that is saved and every guard that is lifted."""

from __future__ import annotations

import getpass
import socket


def operator() -> str:
    """The account and the machine, as an inquiry would ask for them."""
    try:
        user = getpass.getuser()
    except (OSError, KeyError, ImportError):  # an account without a name: a container's
        user = "an account without a name"
    return f"{user} at {socket.gethostname()}"
