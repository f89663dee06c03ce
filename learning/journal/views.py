"""The learner's own journal. Nobody else's view leads here."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from learning.journal import services
from learning.people.models import Person


@require_safe
@never_cache
@login_required
def entries(request: HttpRequest) -> HttpResponse:
    """Everything I wrote, newest first. Three queries."""
    assert isinstance(request.user, Person)
    return render(request, "journal/entries.html", {"entries": services.entries(request.user)})
