"""HTTP as this program speaks it: its certificate authorities, its proxies, its patience.

requests lets REQUESTS_CA_BUNDLE in the environment outrank a session's own ``verify``, and a line in ~/.netrc
outrank its Authorization header. Both are settled here by saying them with each request, so that the process
environment need not be changed and proxies named there still serve.
"""

from __future__ import annotations

import ssl
from http.cookiejar import DefaultCookiePolicy
from pathlib import Path
from typing import Any

import requests
from requests.adapters import HTTPAdapter

from bot.errors import Permanent

CONNECT_SECONDS = 5.0
READ_SECONDS = 100.0  # a full batch on a slow day takes most of a minute
USER_AGENT = "visit-bot"


class Session(requests.Session):
    """A session that trusts ``ca_file`` (else the usual authorities) and never waits for ever.

    ``at_once`` threads may use it together: its connections are urllib3's, each used by one thread at a time.
    """

    def __init__(self, ca_file: Path | None, *, at_once: int = 1, read_seconds: float = READ_SECONDS) -> None:
        super().__init__()
        if ca_file is not None:
            _check(ca_file)
        self._ca_file = str(ca_file) if ca_file is not None else None
        self._timeout = (CONNECT_SECONDS, read_seconds)
        self.auth = _as_it_is
        self.headers["User-Agent"] = USER_AGENT
        self.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))  # so that threads share no state
        adapter = HTTPAdapter(max_retries=0, pool_maxsize=at_once + 1)
        self.mount("https://", adapter)
        self.mount("http://", adapter)

    def request(self, method: str | bytes, url: str | bytes, *args: Any, **kwargs: Any) -> requests.Response:
        """One request; redirects are answers, not something to follow with a token in hand."""
        kwargs.setdefault("timeout", self._timeout)
        kwargs.setdefault("allow_redirects", False)
        if self._ca_file is not None:
            kwargs["verify"] = self._ca_file
        return super().request(method, url, *args, **kwargs)


def _check(ca_file: Path) -> None:
    try:
        ssl.create_default_context(cafile=str(ca_file))
    except OSError:  # ssl's own errors are OSErrors too
        raise Permanent(
            f"The file of trusted certificates {ca_file} is missing or holds no certificate as PEM text. "
            "Correct microsoft.ca_file."
        ) from None


def _as_it_is(request: requests.PreparedRequest) -> requests.PreparedRequest:
    return request
