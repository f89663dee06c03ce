"""Who sits at the desk, at which work. To anybody else it isn't there."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponseBase

from learning.people.guards import person
from learning.people.models import Person
from learning.practice.models import Assessment, Objection, Work
from learning.practice.queries import rounds
from learning.practice.queries.desk import Desk, desk_of
from learning.practice.queries.rounds import Hat

type View = Callable[..., HttpResponseBase]


@dataclass(frozen=True)
class Seat:
    """Somebody at a work, as what (`Hat`), with the reading or the objection it is about."""

    person: Person
    work: Work
    hat: Hat
    asked: Assessment | None
    objection: Objection | None


def at_desk(view: View) -> View:
    """The view gets the desk after the request."""

    @login_required
    @wraps(view)
    def guarded(request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
        return view(request, _desk(request), **kwargs)

    return guarded


def _desk(request: HttpRequest) -> Desk:
    found = desk_of(person(request))
    if found is None:
        raise Http404
    return found


def at_work(*hats: Hat) -> Callable[[View], View]:
    """The view gets the seat after the request, in place of `work_key`; without `hats` any will do."""

    def guard(view: View) -> View:
        @login_required
        @wraps(view)
        def guarded(request: HttpRequest, *, work_key: uuid.UUID, **kwargs: Any) -> HttpResponseBase:
            seat = _seat(person(request), work_key, request.GET.get("als", ""))
            if seat is None or (hats and seat.hat not in hats):
                raise Http404
            return view(request, seat, **kwargs)

        return guarded

    return guard


def _seat(trainer: Person, key: uuid.UUID, wanted: str) -> Seat | None:
    work = rounds.work_for(trainer, key)
    found = rounds.hat_of(trainer, work, wanted) if work else None
    return Seat(trainer, work, *found) if work and found else None
