"""The page of a trainer about the exercises of a group they train."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from design.components import Crumb
from learning.people.guards import person
from learning.runtime.exercises import exercises_of
from learning.tracks.groups import queries as groups


@require_safe
@never_cache
@login_required
def exercises(request: HttpRequest, number: int, module: str) -> HttpResponse:
    """How the exercises of a module go in a group. Six queries with those of the session, seven of a module with an
    exit card, however many of either; more in the look that counts the next five of those."""
    trainer = person(request)
    group = groups.group_of(trainer, number)
    edition = groups.edition_in(group, module) if group else None
    if group is None or edition is None:
        raise Http404
    return render(
        request,
        "groups/exercises.html",
        {
            "group": group,
            "edition": edition,
            "units": exercises_of(trainer, group, edition),
            "crumbs": [
                Crumb(_("Groepen"), reverse("groups:mine")),
                Crumb(group.name or _("Groep zonder naam"), reverse("groups:group", args=[group.pk])),
                Crumb(edition.title, language="nl"),
            ],
        },
    )
