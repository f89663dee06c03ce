"""What every page here shares: signed in, kept out of caches, and what was typed out of error reports."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters

from design.components import Crumb
from learning.competences.queries.growth import Standing, standing
from learning.competences.rules import CODES
from learning.competences.services import evidence
from learning.people.models import Person

View = Callable[..., HttpResponseBase]


def private(view: View) -> View:
    guarded: View = sensitive_post_parameters()(never_cache(login_required(view)))
    return guarded


def person_of(request: HttpRequest) -> Person:
    assert isinstance(request.user, Person)
    return request.user


def crumbs(*here: Crumb | str) -> list[Crumb]:
    """`here`: what stands below the page of the ten; the last is the page itself."""
    return [
        Crumb(_("Groei"), reverse("growth:growth")),
        *(each if isinstance(each, Crumb) else Crumb(each) for each in here),
    ]


def up_to_date(person: Person) -> Standing:
    """What waits to be worked out is worked out before somebody reads it: a GET that writes, because twice is the same
    and what it writes only follows from what was done. One query where nothing waits."""
    found = standing(person)
    if found.behind:
        evidence.work_out(person.pk)
        found = standing(person)
    return found


def known(competence: str) -> str:
    if competence not in CODES:
        raise Http404
    return competence
