"""Somebody's tracks, and the way through a module."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from learning.people.models import Person
from learning.tracks import queries, services


@require_safe
@login_required
def home(request: HttpRequest) -> HttpResponse:
    """The tracks of my organisation. Six queries."""
    return render(request, "tracks/home.html", {"tracks": queries.tracks_of(_person(request))})


@require_safe
@login_required
def module(request: HttpRequest, module: str) -> HttpResponse:
    """The way through a module: where I was, each unit, what is still asked. Four queries."""
    person = _person(request)
    way = queries.way(person, module)
    if way is None:
        found = queries.module(module)
        if found is None or not queries.may_follow(person, module):
            raise Http404
        return render(request, "tracks/begin.html", {"module": found})
    return render(request, "tracks/module.html", {"way": way})


@require_POST
@login_required
def begin(request: HttpRequest, module: str) -> HttpResponse:
    """Begin with a module of my own tracks."""
    person = _person(request)
    found = queries.module(module)
    if found is None or not queries.may_follow(person, module):
        raise Http404
    try:
        services.enrol(person, module=found)
    except services.NothingPublished as error:
        raise Http404 from error
    return redirect("tracks:module", module)


def _person(request: HttpRequest) -> Person:
    assert isinstance(request.user, Person)
    return request.user
