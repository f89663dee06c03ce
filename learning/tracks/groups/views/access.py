"""Who may come in: the trainers of a group. To anybody else it isn't there."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from design.components import Crumb, Step
from learning.people.guards import person
from learning.people.models import Group
from learning.tracks.groups import queries

type View = Callable[..., HttpResponse]


def in_own_group(view: View) -> View:
    """The view gets its trainer and the group after the request. One query."""

    @login_required
    @wraps(view)
    def guarded(request: HttpRequest, number: int, **kwargs: Any) -> HttpResponse:
        trainer = person(request)
        group = queries.group_of(trainer, number)
        if group is None:
            raise Http404
        return view(request, trainer, group, **kwargs)

    return guarded


def in_own_handmade_group(view: View) -> View:
    """The same, where trainers decide who is in it."""

    @in_own_group
    @wraps(view)
    def guarded(request: HttpRequest, trainer: Any, group: Group, **kwargs: Any) -> HttpResponse:
        if group.source:
            raise Http404
        return view(request, trainer, group, **kwargs)

    return guarded


def name_of(group: Group) -> str:
    return group.name or _("Groep zonder naam")


def around(group: Group, here: str) -> dict[str, Any]:
    """What every page about a group has: the group, the way to it, and the pages beside this one (`here`)."""
    pages = [("groups:group", _("Wie is waar"))]
    if not group.source:
        pages.append(("groups:people", _("Mensen")))
    pages.append(("groups:settings", _("Instellingen")))
    return {
        "group": group,
        "crumbs": [Crumb(_("Groepen"), reverse("groups:mine")), Crumb(name_of(group))],
        "tabs": [
            Step(label, "hier" if name == here else "straks", reverse(name, args=[group.pk])) for name, label in pages
        ],
    }
