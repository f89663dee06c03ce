"""Two host names, two faces: Tussenruimte (the tool) and, in the demo, the LMS (our platform side)."""

from __future__ import annotations

from collections.abc import Callable
from http import HTTPStatus
from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import DisallowedHost
from django.http import HttpRequest, HttpResponse
from django.http.request import split_domain_port
from django.template.loader import render_to_string


class HostMiddleware:
    """`request.is_platform` says which face; the LMS has its own addresses (`config.urls_platform`).

    A host that isn't ours is refused here, without a line in the log: anybody can send as many as they like.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        tool, platform = urlsplit(settings.BASE_URL).hostname, urlsplit(settings.PLATFORM_URL).hostname
        self.platform_host = platform if platform != tool else None

    def __call__(self, request: HttpRequest) -> HttpResponse:
        try:
            # As Django compares it with ALLOWED_HOSTS: in small letters, without a dot at the end.
            host = split_domain_port(request.get_host())[0].strip("[]")
        except DisallowedHost:
            return HttpResponse(render_to_string("400.html"), status=HTTPStatus.BAD_REQUEST)
        request.is_platform = host == self.platform_host  # type: ignore[attr-defined]
        if host == self.platform_host:
            request.urlconf = "config.urls_platform"
        return self.get_response(request)
