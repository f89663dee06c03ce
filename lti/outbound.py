"""Requests to the addresses of another party: an LMS's keys, access tokens and scores; a tool's keys.

What somebody else typed in is not trusted: only https (http on the loopback where a setting says so), only
public addresses, checked on the very address that is connected to, no redirects, and bounds on size and on the whole
time taken, however slowly the answer drips.
"""

from __future__ import annotations

import functools
import ipaddress
import json
import os
import re
import socket
import threading
import time
import zlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import httpcore
import httpx
from django.conf import settings

type IPAddress = ipaddress.IPv4Address | ipaddress.IPv6Address

CONNECT_SECONDS = 3.0
MAX_URL = 1000
_HOST = re.compile(r"[a-z0-9._-]+|[0-9a-f:.]+")
_INTRANETS = tuple(map(ipaddress.ip_network, ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "fc00::/7")))
"""What LTI_ALLOW_PRIVATE opens (RFC 1918 and 4193). Not link-local and `_CLOUD`, where clouds keep their secrets."""

_CLOUD = ipaddress.IPv6Network("fd00:ec2::/32")

_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")
_LIMITS = httpx.Limits(max_connections=32, max_keepalive_connections=32, keepalive_expiry=30)
_deadline = threading.local()
_PIECE = 64 * 1024
_HEADERS = {"User-Agent": "Tussenruimte LTI", "Accept": "*/*", "Accept-Encoding": "gzip"}
_EXTENSIONS = {"timeout": httpx.Timeout(60, connect=CONNECT_SECONDS).as_dict()}


class NotAllowed(Exception):
    """We don't send requests to this address. The reason is for an operator and repeats nothing of the address."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class NoAnswer(Exception):
    """No whole answer within the bounds; `reason` says what happened, for an operator."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    headers: httpx.Headers
    body: bytes


def check_address(url: str) -> None:
    """Whether the text may be an address of another party. Raises NotAllowed. What its name resolves to is checked when
    connecting."""
    if len(url) > MAX_URL or not url.isascii() or not url.isprintable() or " " in url or "\\" in url:
        raise NotAllowed("not a web address")
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname, parts.port
    except ValueError:
        raise NotAllowed("not a web address") from None
    if (
        not host
        or not _HOST.fullmatch(host)
        or parts.username is not None
        or parts.password is not None
        or parts.fragment
    ):
        raise NotAllowed("not a web address")
    if parts.scheme != "https" and not (parts.scheme == "http" and settings.LTI_ALLOW_LOOPBACK and is_loopback(host)):
        raise NotAllowed("must be https://")
    literal = _literal(host)
    if literal is not None and not _may_connect(literal):
        raise NotAllowed("is a private address")
    if host == "localhost" and not settings.LTI_ALLOW_LOOPBACK:
        raise NotAllowed("is a private address")


def is_loopback(host: str) -> bool:
    literal = _literal(host)
    return host == "localhost" or (literal is not None and literal.is_loopback)


def origin(url: str) -> str:
    """scheme://host[:port] of an address that passed `check_address`."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}".lower()


def site(url: str) -> tuple[str, int]:
    """Host and port of such an address, the same however they are written."""
    parts = urlsplit(url)
    return (parts.hostname or "").rstrip("."), parts.port or (443 if parts.scheme == "https" else 80)


def request(
    method: str,
    url: str,
    *,
    headers: Mapping[str, str],
    content: bytes | None = None,
    largest: int,
    seconds: float,
) -> Answer:
    """One request on a kept connection. Raises NotAllowed or NoAnswer.

    `largest` bounds the body in bytes, after decompression; `seconds` the whole of it.
    """
    check_address(url)
    _deadline.at = time.monotonic() + seconds
    try:
        asked = httpx.Request(method, url, headers={**_HEADERS, **headers}, content=content, extensions=_EXTENSIONS)
        response = _client(os.getpid()).handle_request(asked)
        try:
            return Answer(response.status_code, response.headers, _read(response, largest))
        finally:
            response.close()
    except _Refused as error:
        raise NotAllowed("is a private address") from error
    except httpx.TimeoutException as error:
        raise NoAnswer("no answer in time") from error
    except (httpx.HTTPError, httpx.InvalidURL, OSError, UnicodeError, zlib.error) as error:
        raise NoAnswer(f"connection failed ({type(error).__name__})") from error


def get_json(url: str, *, largest: int, seconds: float) -> Any:
    """What stands at an address, of any JSON type. Raises NotAllowed or NoAnswer, also where it isn't JSON."""
    answer = request("GET", url, headers={"Accept": "application/json"}, largest=largest, seconds=seconds)
    if answer.status != 200:
        raise NoAnswer(f"status {answer.status}")
    try:
        return json.loads(answer.body)
    except (ValueError, RecursionError) as error:
        raise NoAnswer("not JSON") from error


def _read(response: httpx.Response, largest: int) -> bytes:
    """The body, unpacked here and never further than it may be: a few bytes can be packed to unpack to gigabytes."""
    encoding = response.headers.get("content-encoding", "identity").strip().lower()
    if encoding not in {"identity", "gzip"}:
        raise NoAnswer("the answer is packed in a way we didn't ask")
    unpacker = zlib.decompressobj(zlib.MAX_WBITS | 16) if encoding == "gzip" else None
    body, is_begun = bytearray(), False
    for chunk in response.iter_raw():
        is_begun = is_begun or bool(chunk)
        for piece in _unpacked(unpacker, chunk) if unpacker else (chunk,):
            body += piece
            if len(body) > largest:
                body.clear()  # the exception's traceback would keep it
                raise NoAnswer("the answer is too large")
    if unpacker and is_begun and not unpacker.eof:
        raise NoAnswer("the answer isn't whole")
    return bytes(body)


def _unpacked(unpacker: zlib._Decompress, chunk: bytes) -> Iterator[bytes]:
    while chunk:
        yield unpacker.decompress(chunk, _PIECE)
        chunk = unpacker.unconsumed_tail


@functools.lru_cache(maxsize=1)
def _client(pid: int) -> _Transport:
    """Kept for the life of a process: connections and the TLS context (16 ms to make) are used again. A forked process
    makes its own, hence `pid`. A transport follows no redirects, keeps no cookies and looks at no settings of the
    machine; leaving out the client that does halves what a request costs us."""
    return _Transport()


class _Transport(httpx.HTTPTransport):
    """httpx's own, on connections that are checked and have a deadline."""

    def __init__(self) -> None:
        super().__init__(trust_env=False)
        self._pool.close()
        self._pool = httpcore.ConnectionPool(
            ssl_context=httpx.create_ssl_context(trust_env=False),
            max_connections=_LIMITS.max_connections,
            max_keepalive_connections=_LIMITS.max_keepalive_connections,
            keepalive_expiry=_LIMITS.keepalive_expiry,
            network_backend=_CheckedBackend(),
        )


class _Refused(Exception):
    """The name resolves to an address we don't connect to."""


class _CheckedBackend(httpcore.NetworkBackend):
    def __init__(self) -> None:
        self._sockets = httpcore.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        address = _resolve(host, port)
        stream = self._sockets.connect_tcp(address, port, _left(timeout), local_address, socket_options)
        return _BoundedStream(stream)


class _BoundedStream(httpcore.NetworkStream):
    """A connection of which no read or write outlives the deadline of the request that is being made."""

    def __init__(self, stream: httpcore.NetworkStream) -> None:
        self._stream = stream

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._stream.read(max_bytes, _left(timeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._stream.write(buffer, _left(timeout))

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self, ssl_context: Any, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        return _BoundedStream(self._stream.start_tls(ssl_context, server_hostname, _left(timeout)))

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)


def _left(timeout: float | None) -> float:
    left: float = _deadline.at - time.monotonic()
    if left <= 0:
        raise httpcore.ReadTimeout("deadline")
    return left if timeout is None else min(left, timeout)


def _resolve(host: str, port: int) -> str:
    """The first address of a host; raises _Refused when any of them is not for us."""
    try:
        found = [ipaddress.ip_address(entry[4][0]) for entry in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]
    except (OSError, UnicodeError, ValueError) as error:
        raise httpcore.ConnectError("name not found") from error
    if not all(_may_connect(address) for address in found):
        raise _Refused
    return str(found[0])


def _literal(host: str) -> IPAddress | None:
    try:
        return ipaddress.ip_address(host)
    except ValueError:
        return None


def _may_connect(address: IPAddress) -> bool:
    """Public, whatever it is wrapped in: an IPv6 address may carry an IPv4 one (mapped, 6to4, Teredo, NAT64)."""
    if isinstance(address, ipaddress.IPv6Address):
        if address.ipv4_mapped:
            return _may_connect(address.ipv4_mapped)
        inner = [address.sixtofour, *(address.teredo or ())]
        if address in _NAT64:
            inner.append(ipaddress.IPv4Address(int(address) & 0xFFFFFFFF))
        if any(each is not None and not each.is_global for each in inner):
            return False
    if address.is_loopback:
        return bool(settings.LTI_ALLOW_LOOPBACK)
    if any(address in network for network in _INTRANETS):
        return bool(settings.LTI_ALLOW_PRIVATE) and address not in _CLOUD
    return address.is_global and not address.is_multicast
