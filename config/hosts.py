"""Two host names, two faces: Tussenruimte (the tool) and, in the demo, the LMS (our platform side)."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponse


class HostMiddleware:
    """`request.is_platform` says which face; the LMS has its own addresses (`config.urls_platform`)."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        tool, platform = urlsplit(settings.BASE_URL).hostname, urlsplit(settings.PLATFORM_URL).hostname
        self.platform_host = platform if platform != tool else None

    def __call__(self, request: HttpRequest) -> HttpResponse:
        host = request.get_host().rsplit(":", 1)[0]
        request.is_platform = host == self.platform_host  # type: ignore[attr-defined]
        if host == self.platform_host:
            request.urlconf = "config.urls_platform"
        return self.get_response(request)
