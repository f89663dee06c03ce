"""How much may be sent to us at all."""

from __future__ import annotations

from collections.abc import Callable
from http import HTTPStatus

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import Resolver404, resolve


class BodyLimitMiddleware:
    """No body is larger than the largest form, DATA_UPLOAD_MAX_MEMORY_SIZE, but where a view says it takes a recording
    (`learning.bodies`): that is kept in memory, never on a disk as it came.

    Django's own bound passes files over: those it would write to disk first, whole, for whoever sends them. Stands
    above everything that reads a form. A body without a length (chunked) is none to WSGI.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        length = request.META.get("CONTENT_LENGTH") or "0"
        if not length.isdecimal():
            return self._too_large(request)
        size = int(length[:20])
        if size > settings.DATA_UPLOAD_MAX_MEMORY_SIZE and size > _largest(request):
            return self._too_large(request)
        return self.get_response(request)

    def _too_large(self, request: HttpRequest) -> HttpResponse:
        return render(request, "400.html", {"too_large": True}, status=HTTPStatus.REQUEST_ENTITY_TOO_LARGE)


def _largest(request: HttpRequest) -> int:
    """Of a form with a file in it."""
    if request.content_type != "multipart/form-data":
        return 0
    try:
        view = resolve(request.path_info, getattr(request, "urlconf", None)).func
    except Resolver404:
        return 0
    return int(getattr(view, "largest_body", 0))
