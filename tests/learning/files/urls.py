"""Our addresses, and a page as a room above makes one: a form with a file in it, and a player."""

from __future__ import annotations

from http import HTTPStatus
from pathlib import Path

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template import engines
from django.urls import include, path, reverse

from learning.files import fields, hearing, queries
from learning.files.checks import Refused
from learning.files.models import StoredFile
from learning.files.store import StoreTrouble
from learning.people.models import Person
from tests.learning.files.conftest import PURPOSE

PAGE = (Path(__file__).parent / "page.html").read_text()


@fields.takes_file(PURPOSE)
@login_required
def page(request: HttpRequest) -> HttpResponse:
    person = request.user
    assert isinstance(person, Person)
    file, wrong = None, ""
    if request.method == "POST":
        try:
            file = fields.chosen(request, PURPOSE)
        except Refused as refused:
            wrong = fields.sentence_of(refused, PURPOSE)
        except StoreTrouble:
            wrong = "even niet"
        words = request.POST.get("woorden", "")
        if file and words and not wrong:
            return redirect(f"{reverse('proef')}?bestand={file.key}")
    kept = queries.of(person, request.GET.get("bestand", ""))
    marks = [hearing.Mark(1, "Hier zei je iets", "#woorden")]
    context = {
        "scripts": ["blocks/shared/recorder.js", "files/upload.js", "files/player.js"],
        "field": fields.field(person, purpose=PURPOSE, legend="Spreek het in", anchor="proef", file=file, wrong=wrong),
        "sounds": [hearing.sound(kept, person, marks=marks)] if kept else [],
        "woorden": request.POST.get("woorden", ""),
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if request.method == "POST" else HTTPStatus.OK
    return HttpResponse(engines["django"].from_string(PAGE).render(context, request), status=status)


@fields.takes_file(PURPOSE)
@login_required
def careless(request: HttpRequest) -> HttpResponse:
    """A view that never asks for what came."""
    return HttpResponse(str(len(request.POST) + StoredFile.objects.count()))


urlpatterns = [
    path("proef/", page, name="proef"),
    path("slordig/", careless, name="slordig"),
    path("", include("config.urls")),
]
