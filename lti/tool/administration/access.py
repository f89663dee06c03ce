"""Who may see these pages: `beheer` of an organisation, and of it alone. For all others they aren't there."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache

from learning.people.models import Organisation, Person, Role
from learning.people.queries import roles_of
from lti.tool import connections
from lti.tool.models import Platform

type OfOrganisation = Callable[[HttpRequest, Organisation], HttpResponse]
type OfPlatform = Callable[[HttpRequest, Platform], HttpResponse]


def for_beheer(view: OfOrganisation) -> Callable[[HttpRequest], HttpResponse]:
    """The view gets the organisation."""

    @wraps(view)
    def guarded(request: HttpRequest) -> HttpResponse:
        return view(request, _organisation(request))

    return never_cache(login_required(guarded))


def for_beheer_of(view: OfPlatform) -> Callable[[HttpRequest, int], HttpResponse]:
    """The view gets the platform, which is the organisation's own."""

    @wraps(view)
    def guarded(request: HttpRequest, number: int) -> HttpResponse:
        platform = connections.platform(_organisation(request), number)
        if platform is None:
            raise Http404
        return view(request, platform)

    return never_cache(login_required(guarded))


def _organisation(request: HttpRequest) -> Organisation:
    person = request.user
    assert isinstance(person, Person)
    if Role.BEHEER not in roles_of(person):
        raise Http404
    return person.organisation
