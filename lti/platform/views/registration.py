"""The registration endpoint (LTI Dynamic Registration 1.0, 3.4)."""

from __future__ import annotations

import json
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from lti.platform import registration

LARGEST = 64 * 1024  # bytes


@csrf_exempt
@require_POST
def register(request: HttpRequest) -> HttpResponse:
    try:
        told = registration.register(request.headers.get("Authorization", ""), lambda: _sent(request))
        response = JsonResponse(told, status=201)
    except registration.Refused as no:
        body = {"error": no.code, "error_description": no.description}
        challenge = {"WWW-Authenticate": f'Bearer error="{no.code}"'} if no.status == 401 else {}
        response = JsonResponse(body, status=no.status, headers=challenge)
    response["Cache-Control"] = "no-store"
    return response


def _sent(request: HttpRequest) -> Any:
    if request.content_type != "application/json":
        raise registration.Refused(415, "invalid_client_metadata", "the body must be application/json")
    if int(request.headers.get("Content-Length") or 0) > LARGEST:
        raise registration.Refused(413, "invalid_client_metadata", f"the body must be at most {LARGEST} bytes")
    try:
        return json.loads(request.body)
    except (ValueError, RecursionError):
        raise registration.Refused(400, "invalid_client_metadata", "the body is not JSON") from None
