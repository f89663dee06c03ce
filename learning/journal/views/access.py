"""What every page of the journal shares: signed in, kept out of caches, and what was typed out of error reports."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponseBase
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters

from learning.people.models import Person

View = Callable[..., HttpResponseBase]


def private(view: View) -> View:
    guarded: View = sensitive_post_parameters()(never_cache(login_required(view)))
    return guarded


def person_of(request: HttpRequest) -> Person:
    assert isinstance(request.user, Person)
    return request.user
