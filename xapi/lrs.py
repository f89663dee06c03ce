"""The learning record store: one address, which the operator chose (`XAPI_URL`).

Sent as requests to others are (`lti.outbound`): no redirects, nothing of the machine's own proxies and passwords, and
bounds on size and time. But where it stands isn't judged: an operator may have it beside us, on a private address.
"""

from __future__ import annotations

import base64
import functools
import json
import os
import time
from collections.abc import Sequence
from typing import Any
from urllib.parse import urlsplit

import httpx
from django.conf import settings

from jobs.asked import retry_after
from jobs.registry import TryLater

SECONDS, CONNECT_SECONDS = 15.0, 3.0
LARGEST_ANSWER = 256 * 1024
_LIMITS = httpx.Limits(max_connections=8, max_keepalive_connections=8, keepalive_expiry=30)
# A wrong password or address: our operator can mend that within the day in which a job is tried.
_TO_MEND = frozenset({401, 403, 404, 405})
_LATER = frozenset({408, 425, 429}) | _TO_MEND
CONFLICT = 409


def receiver() -> str:
    """Who gets a rest when it doesn't answer well."""
    parts = urlsplit(settings.XAPI_URL)
    return f"xapi {parts.scheme}://{parts.netloc}"[:200]


def post(statements: Sequence[dict[str, Any]]) -> int:
    """Send these, all or none (xAPI 1.0.3, part 3, 2.1.2). Returns the status: 2xx, 409, or another 4xx, which is about
    the statements. Raises TryLater."""
    content = json.dumps(statements, separators=(",", ":")).encode()
    return _request("POST", f"{settings.XAPI_URL}/statements", content)


def ask() -> None:
    """Whether it answers and knows us: for the statements of a day that hasn't come. Raises TryLater."""
    status = _request("GET", f"{settings.XAPI_URL}/statements?limit=1&since=2999-01-01T00:00:00Z")
    if status != 200:
        raise TryLater(f"the LRS answered {status}")


def _request(method: str, url: str, content: bytes | None = None) -> int:
    until = time.monotonic() + SECONDS
    try:
        with _client(os.getpid()).stream(method, url, content=content, headers=_headers()) as answer:
            _read(answer, until)
    except httpx.TimeoutException as error:
        raise TryLater("no answer in time", receiver=receiver()) from error
    except (httpx.HTTPError, httpx.InvalidURL, OSError, UnicodeError) as error:
        raise TryLater(f"connection failed ({type(error).__name__})", receiver=receiver()) from error
    status = answer.status_code
    if not (answer.is_success or answer.is_client_error) or status in _LATER:
        raise TryLater(f"the LRS answered {status}", retry_after(answer.headers), receiver=receiver())
    return status


def _read(answer: httpx.Response, until: float) -> None:
    """To its end, so that the connection can be used again; nothing in it is of use to us."""
    size = 0
    for piece in answer.iter_raw():
        size += len(piece)
        if size > LARGEST_ANSWER:
            return
        if time.monotonic() > until:
            raise httpx.ReadTimeout("deadline")


def _headers() -> dict[str, str]:
    login = base64.b64encode(f"{settings.XAPI_KEY}:{settings.XAPI_SECRET}".encode()).decode()
    return {
        "Authorization": f"Basic {login}",
        "Content-Type": "application/json",
        "X-Experience-API-Version": "1.0.3",
    }


@functools.lru_cache(maxsize=1)
def _client(pid: int) -> httpx.Client:
    """Kept for the life of a process, its connections with it; a forked process makes its own, hence `pid`."""
    return httpx.Client(
        timeout=httpx.Timeout(SECONDS, connect=CONNECT_SECONDS),
        limits=_LIMITS,
        follow_redirects=False,
        trust_env=False,
        headers={"User-Agent": "Tussenruimte xAPI", "Accept-Encoding": "identity"},
    )
