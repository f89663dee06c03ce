"""The pages of a trainer about the groups they train."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from design.components import Crumb
from learning.people.models import Person
from learning.tracks import additions
from learning.tracks.groups import queries


@require_safe
@login_required
def mine(request: HttpRequest) -> HttpResponse:
    """Three queries."""
    return render(request, "groups/mine.html", {"groups": queries.groups_of(_person(request))})


@require_safe
@login_required
def group(request: HttpRequest, number: int) -> HttpResponse:
    """Who is in a group and how far they are. Eight queries, and one for each room that adds something."""
    found = queries.group_of(_person(request), number)
    if found is None:
        raise Http404
    return render(
        request,
        "groups/group.html",
        {
            "group": found,
            "progress": queries.progress_in(found, page=request.GET.get("page", "")),
            "modules": queries.modules_of(found),
            "trainers": queries.trainers_of(found),
            "asides": additions.asides_of_group(request, found.source),
            "crumbs": [Crumb(_("Mijn groepen"), reverse("groups:mine")), Crumb(found.name or _("Groep zonder naam"))],
        },
    )


def _person(request: HttpRequest) -> Person:
    assert isinstance(request.user, Person)
    return request.user
