"""The front door."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe


@require_safe
def start(request: HttpRequest) -> HttpResponse:
    """Whoever is signed in goes on learning; anybody else hears how to come in. Nothing is shown before that."""
    if request.user.is_authenticated:
        return redirect("tracks:home")
    return render(request, "start.html", {"demo": settings.DEMO})
