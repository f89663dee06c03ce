"""The token endpoint (RFC 6749, 3.2)."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from lti.platform import tokens


@csrf_exempt
@require_POST
def token(request: HttpRequest) -> HttpResponse:
    try:
        response = JsonResponse(tokens.grant(_form(request)))
    except tokens.TokenRefused as refused:
        status = 401 if refused.code == "invalid_client" else 400
        response = JsonResponse({"error": refused.code, "error_description": refused.description}, status=status)
    response["Cache-Control"] = "no-store"
    response["Pragma"] = "no-cache"
    return response


def _form(request: HttpRequest) -> dict[str, str]:
    """Each parameter once. Raises TokenRefused (RFC 6749, 5.2: repeats a parameter)."""
    if request.content_type != "application/x-www-form-urlencoded":
        raise tokens.TokenRefused("invalid_request", "the body must be application/x-www-form-urlencoded")
    if any(len(values) > 1 for _name, values in request.POST.lists()):
        raise tokens.TokenRefused("invalid_request", "a parameter is repeated")
    return request.POST.dict()
