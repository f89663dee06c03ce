"""Asking a tool's server for its public keys: the only request this side makes to an address somebody else gave.

The address is https (http on the loopback where LTI_ALLOW_LOOPBACK says so), its host resolves to public addresses
only, the connection goes to the very address that was checked, redirects aren't followed, and size and time are
bounded whatever the server does.
"""

from __future__ import annotations

import ipaddress
import json
import socket
import time
from typing import Any
from urllib.parse import SplitResult, urlsplit

import httpx
from django.conf import settings

LARGEST = 64 * 1024  # bytes
CONNECT_TIME = 3.0  # seconds
WHOLE_TIME = 6.0  # seconds, however slowly it drips


class NotToBeHad(Exception):
    """The address may not be asked, or didn't answer with a small JSON object in time."""


def get_json(address: str) -> dict[str, Any]:
    """Raises NotToBeHad, and nothing else."""
    try:
        parts = urlsplit(address)
        checked = _checked(parts)
        return _read(parts, checked)
    except (httpx.HTTPError, httpx.InvalidURL, OSError, ValueError, RecursionError) as error:
        raise NotToBeHad(type(error).__name__) from error


def _checked(parts: SplitResult) -> str:
    """An IP address of the host that we may connect to."""
    host = parts.hostname
    if not host or parts.username or parts.scheme not in ("https", "http"):
        raise NotToBeHad("address")
    port = parts.port or (443 if parts.scheme == "https" else 80)
    found = {ipaddress.ip_address(entry[4][0]) for entry in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)}
    loopback = all(address.is_loopback for address in found)
    if loopback and settings.LTI_ALLOW_LOOPBACK:
        return str(min(found, key=lambda address: address.version))
    if parts.scheme != "https" or not all(address.is_global for address in found):
        raise NotToBeHad("address")
    return str(min(found, key=lambda address: address.version))


def _read(parts: SplitResult, address: str) -> dict[str, Any]:
    host = f"[{address}]" if ":" in address else address
    netloc = f"{host}:{parts.port}" if parts.port else host
    until = time.monotonic() + WHOLE_TIME
    body = b""
    timeout = httpx.Timeout(WHOLE_TIME, connect=CONNECT_TIME)
    with (
        httpx.Client(timeout=timeout, follow_redirects=False, trust_env=False) as client,
        client.stream(
            "GET",
            parts._replace(netloc=netloc, fragment="").geturl(),
            headers={"Host": parts.netloc, "Accept": "application/json", "Accept-Encoding": "identity"},
            extensions={"sni_hostname": parts.hostname or ""},
        ) as response,
    ):
        if response.status_code != 200:
            raise NotToBeHad("status")
        for chunk in response.iter_raw():
            body += chunk
            if len(body) > LARGEST or time.monotonic() > until:
                raise NotToBeHad("too much")
    answer = json.loads(body)
    if not isinstance(answer, dict):
        raise NotToBeHad("shape")
    return answer
