"""/groepen/<group>/<module>/ingeleverd/: what learners handed in at activities, for the trainer of their group."""

from __future__ import annotations

from http import HTTPStatus
from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from design.components import Crumb
from learning.people.models import Group, Person
from learning.practice.queries import handed_in as queries
from learning.practice.services import handed_in as services
from learning.tracks.content import Edition
from learning.tracks.groups.queries import edition_in
from learning.tracks.groups.views.access import in_own_group
from modules.blocks.handingin import RATINGS


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@in_own_group
def handed_in(request: HttpRequest, trainer: Person, group: Group, module: str) -> HttpResponse:
    """To read, and with a post to rate one. Seven queries at most with those of the session, however many there
    are; names are off until they are asked for."""
    edition = edition_in(group, module)
    if edition is None:
        raise Http404
    if request.method != "POST":
        return _page(request, group, edition)
    number, value = _whole(request.POST.get("stuk")), _whole(request.POST.get("waarde"))
    if number is None:
        raise Http404
    if value not in RATINGS:
        return _page(request, group, edition, wrong=number)
    try:
        services.rate(trainer, group, edition, number=number, mark=request.POST.get("merk", ""), value=value)
    except services.TakenBack:
        messages.warning(request, _("Dit is intussen veranderd of teruggehaald. Je waardering is niet bewaard."))
        return redirect(_here(request, group, edition))
    messages.success(request, _("Je waardering staat erbij. Je deelnemer ziet die met je voornaam."))
    return redirect(f"{_here(request, group, edition)}#stuk-{number}")


def _page(request: HttpRequest, group: Group, edition: Edition, *, wrong: int = 0) -> HttpResponse:
    """`wrong`: the number of what was sent without a rating."""
    named = request.GET.get("namen") == "ja"
    page, handed = queries.page_of(group, edition, page=request.GET.get("page", ""), named=named)
    context = {
        "group": group,
        "edition": edition,
        "page": page,
        "handed": handed,
        "named": named,
        "can_hand_in": bool(queries.activities_of(edition)),
        "ratings": [(value, _WORDS[value]()) for value in RATINGS],
        "wrong": wrong,
        "crumbs": [
            Crumb(_("Groepen"), reverse("groups:mine")),
            Crumb(group.name or _("Groep zonder naam"), reverse("groups:group", args=[group.pk])),
            Crumb(edition.title, reverse("runtime:exercises", args=[group.pk, edition.module]), language="nl"),
            Crumb(_("Ingeleverd")),
        ],
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if wrong else HTTPStatus.OK
    return render(request, "practice/handed_in.html", context, status=status)


_WORDS = {
    0: lambda: _("nog niet"),
    1: lambda: _("een begin"),
    2: lambda: _("goed op weg"),
    3: lambda: _("sterk"),
}


def _here(request: HttpRequest, group: Group, edition: Edition) -> str:
    """The same page of the list, with or without names."""
    asked = {name: request.GET[name] for name in ("namen", "page") if name in request.GET}
    address = reverse("handed-in:list", args=[group.pk, edition.module])
    return f"{address}?{urlencode(asked)}" if asked else address


def _whole(typed: str | None) -> int | None:
    """Not every number fits in a database."""
    return int(typed) if typed and typed.isascii() and typed.isdigit() and len(typed) < 19 else None
