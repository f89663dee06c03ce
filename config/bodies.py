"""How much may be sent to us at all."""

from __future__ import annotations

from collections.abc import Callable
from http import HTTPStatus

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


class BodyLimitMiddleware:
    """Nothing here takes files, so no body is larger than the largest form: DATA_UPLOAD_MAX_MEMORY_SIZE.

    Django's own bound passes files over: those it would write to disk first, whole, for whoever sends them. Stands
    above everything that reads a form. A body without a length (chunked) is none to WSGI.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        length = request.META.get("CONTENT_LENGTH") or "0"
        if not length.isdecimal() or int(length[:20]) > settings.DATA_UPLOAD_MAX_MEMORY_SIZE:
            return render(request, "400.html", status=HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
        return self.get_response(request)
