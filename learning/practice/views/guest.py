"""/observatie/: a colleague without an account answers three questions. The link is all there is: it shows one thing.

Nothing of it goes into a log, a search engine or the address of another page, and whoever guesses must wait.
"""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from django.views.decorators.http import require_http_methods

from learning.people import guesses
from learning.practice.models import Observation
from learning.practice.queries import learner as queries
from learning.practice.services import observing
from learning.practice.services.doing import Incomplete
from learning.practice.services.observing import QUESTIONS, Shut, Standing
from learning.practice.views import learner_words as words

WHAT = "observation"


# The link is the proof; there is no session to misuse, and a browser that sends no referrer has no origin to compare.
@csrf_exempt
@sensitive_variables()
@sensitive_post_parameters()
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def answer(request: HttpRequest, link: str) -> HttpResponse:
    response = _answer(request, link)
    response["X-Robots-Tag"] = "noindex, nofollow"
    response["Referrer-Policy"] = "no-referrer"
    return response


def _answer(request: HttpRequest, link: str) -> HttpResponse:
    if guesses.too_many(request, WHAT):
        response = _shut(request, "te_vaak", HTTPStatus.TOO_MANY_REQUESTS)
        response["Retry-After"] = str(guesses.WINDOW)
        return response
    found = queries.observation(link)
    if found is None:
        guesses.missed(request, WHAT)
        return _shut(request, "onbekend", HTTPStatus.NOT_FOUND)
    if request.method == "POST":
        return _sent(request, found)
    if (standing := observing.standing(found)) is not Standing.OPEN:
        return _closed(request, standing)
    return _form(request, found)


def _sent(request: HttpRequest, observation: Observation) -> HttpResponse:
    typed = {name: request.POST.get(name, "").replace("\r\n", "\n").replace("\x00", "") for name in QUESTIONS}
    try:
        observing.answer(observation.pk, typed)
    except Incomplete as incomplete:
        wrong = {name: words.wrong(name, why) for name, why in incomplete.missing.items()}
        return _form(request, observation, typed=typed, wrong=wrong, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    except Shut as shut:
        return _closed(request, shut.standing, typed=typed)
    return _shut(request, "bedankt", HTTPStatus.OK)


def _form(
    request: HttpRequest,
    observation: Observation,
    *,
    typed: Mapping[str, str] | None = None,
    wrong: Mapping[str, str] | None = None,
    status: int = HTTPStatus.OK,
) -> HttpResponse:
    context = {
        "name": queries.first_name(observation.work.person, ""),
        "asked": observing.words_with(observation),
        "until": observation.expires_at,
        "typed": typed or {},
        "wrong": wrong or {},
        "longest": observing.LONGEST,
    }
    return render(request, "practice/learner/guest.html", context, status=status)


def _closed(request: HttpRequest, standing: Standing, *, typed: Mapping[str, str] | None = None) -> HttpResponse:
    """Sent a second time, what was answered stands: it says so once more."""
    if standing is Standing.ANSWERED:
        return _shut(request, "beantwoord", HTTPStatus.OK)
    return _shut(request, standing.value, HTTPStatus.GONE, typed=typed)


def _shut(request: HttpRequest, why: str, status: int, **more: Any) -> HttpResponse:
    return render(request, "practice/learner/guest_shut.html", {"why": why, **more}, status=status)
