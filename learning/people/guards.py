"""Views for one role. To anybody else they aren't there."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import TYPE_CHECKING, Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponseBase

from learning.people.models import Role
from learning.people.queries import roles_of

if TYPE_CHECKING:
    from learning.people.models import Person

type View = Callable[..., HttpResponseBase]


def editors_only(view: View) -> View:
    """The view gets the redacteur after the request."""
    return _holders_only(view, Role.REDACTEUR)


def trainers_only(view: View) -> View:
    """The view gets the trainer after the request."""
    return _holders_only(view, Role.TRAINER)


def holders_only(*roles: Role) -> Callable[[View], View]:
    """For who has one of these roles; the view gets them after the request."""
    return lambda view: _holders_only(view, *roles)


def _holders_only(view: View, *roles: Role) -> View:
    @login_required
    @wraps(view)
    def guarded(request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
        holder = person(request)
        if roles_of(holder).isdisjoint(roles):
            raise Http404
        return view(request, holder, **kwargs)

    return guarded


def person(request: HttpRequest) -> Person:
    return request.user  # type: ignore[return-value]  # behind login_required
