"""Behind the proxy that does TLS: who is asking, as the proxy says."""

from __future__ import annotations

import contextlib
import ipaddress
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse


class ProxyMiddleware:
    """REMOTE_ADDR becomes the last address of X-Forwarded-For: the one our own proxy put there.

    Without this all visitors are one to whatever counts misses, and a single one could shut the others out. What
    stands before the last address is a visitor's own word.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        last = request.META.get("HTTP_X_FORWARDED_FOR", "").rpartition(",")[2].strip()
        with contextlib.suppress(ValueError):
            request.META["REMOTE_ADDR"] = str(ipaddress.ip_address(last))
        return self.get_response(request)
