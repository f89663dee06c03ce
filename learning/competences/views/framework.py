"""The framework itself, for HR and redacteurs: its versions, in and out; and what HR puts beside it of others.

The framework holds for everybody here, so a new version is a redacteur's, as content is. What lies beside it is of one
organisation, and HR's.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import wraps
from http import HTTPStatus
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core import signing
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from design.components import Crumb
from learning.bodies import largest_body
from learning.competences import framework, mapping
from learning.competences.forms import FileForm, PairForm
from learning.competences.framework import CantBeRead
from learning.competences.mapping import Pair
from learning.competences.queries import framework as queries
from learning.competences.rules import CODES
from learning.competences.services import frameworks
from learning.competences.views.access import View, crumbs, person_of, private
from learning.people.models import Role
from learning.people.queries import roles_of

SHOWN_FOR = 60 * 60
# .2: it also says with which version the text was compared.
_SALT = "learning.competences.framework.2"


def for_roles(*roles: Role) -> Callable[[View], View]:
    """To anybody else it isn't there."""

    def guard(view: View) -> View:
        @private
        @wraps(view)
        def guarded(request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
            held = roles_of(person_of(request))
            if not held & set(roles):
                raise Http404
            return view(request, **kwargs)

        return guarded

    return guard


def _crumbs(*here: str) -> list[Crumb]:
    return (
        crumbs(Crumb(_("Competentiekader"), reverse("growth:framework")), *here)
        if here
        else crumbs(_("Competentiekader"))
    )


@require_safe
@for_roles(Role.HR, Role.REDACTEUR)
def versions(request: HttpRequest) -> HttpResponse:
    found = queries.versions()
    held = roles_of(person_of(request))
    shown = queries.version(request.GET.get("versie", ""))
    if shown is None:
        raise Http404
    context = {
        "versions": found,
        "shown": shown,
        "may_bring_in": Role.REDACTEUR in held,
        "may_map": Role.HR in held,
        "crumbs": _crumbs(),
    }
    return render(request, "competences/framework.html", context)


@require_safe
@for_roles(Role.HR, Role.REDACTEUR)
def as_csv(request: HttpRequest) -> HttpResponse:
    shown = _version(request)
    return _file(framework.to_csv(shown.read), "text/csv; charset=utf-8", f"competenties-{shown.number}.csv")


@require_safe
@for_roles(Role.HR, Role.REDACTEUR)
def as_case(request: HttpRequest) -> HttpResponse:
    shown = _version(request)
    changed = (shown.made_at or timezone.now()).isoformat()
    package = framework.to_case(shown.read, base_url=settings.BASE_URL, changed=changed)
    return _file(json.dumps(package, ensure_ascii=False), "application/json", f"competenties-{shown.number}.json")


def _version(request: HttpRequest) -> queries.Version:
    found = queries.version(request.GET.get("versie", ""))
    if found is None:
        raise Http404
    return found


def _file(text: str, content_type: str, name: str) -> HttpResponse:
    return HttpResponse(text, content_type, headers={"Content-Disposition": f'attachment; filename="{name}"'})


@largest_body(framework.LARGEST)
@require_http_methods(["GET", "HEAD", "POST"])
@for_roles(Role.REDACTEUR)
def bring_in(request: HttpRequest) -> HttpResponse:
    """A file, and what would come of it: every problem by row, or what differs. Nothing changes yet."""
    form = _file_form(request, ".csv,.json,.txt", _("Een CSV zoals je die hier ophaalt, of een CASE-bestand (JSON)."))
    context: dict[str, Any] = {"form": form, "crumbs": _crumbs(_("Lees een versie in"))}
    if request.method != "POST":
        return render(request, "competences/framework_in.html", context)
    if form.is_valid():
        try:
            read = _read(form.cleaned_data["file"])
        except CantBeRead as problem:
            context["wrong"] = problem.wrong
        else:
            found = queries.versions()
            shown = {"kader": framework.document_of(read), "na": found[0].number}
            context |= {
                "changed": queries.differences(found[0].read, read),
                "newest": found[0],
                "older": queries.first_with(read, found),
                "token": signing.dumps(shown, salt=_SALT, compress=True),
            }
            return render(request, "competences/framework_preview.html", context)
    return render(request, "competences/framework_in.html", context, status=HTTPStatus.UNPROCESSABLE_ENTITY)


def _read(text: str) -> framework.Framework:
    """CASE begins with a brace, a CSV with its heading."""
    if text.lstrip("\ufeff \r\n\t").startswith(("{", "[")):
        return framework.from_case(text.removeprefix("\ufeff"), known=CODES)
    return framework.from_csv(text, known=CODES)


def _file_form(request: HttpRequest, accept: str, help_text: str) -> FileForm:
    if request.method == "POST":
        return FileForm(request.POST, request.FILES, accept=accept, help_text=help_text)
    return FileForm(accept=accept, help_text=help_text)


@largest_body(framework.LARGEST)
@require_POST
@for_roles(Role.REDACTEUR)
def confirm(request: HttpRequest) -> HttpResponse:
    """What was shown becomes the version that counts."""
    try:
        shown = signing.loads(request.POST.get("kader", ""), salt=_SALT, max_age=SHOWN_FOR)
    except signing.BadSignature:
        messages.warning(request, _("Wat je bekeek, is niet meer geldig. Kies je bestand opnieuw."))
        return redirect("growth:framework-in")
    try:
        made = frameworks.bring_in(framework.read(shown["kader"]), after=shown["na"])
    except frameworks.AlreadyThere as there:
        messages.info(request, _("Dit staat er al, als versie %(n)s.") % {"n": there.number})
    except frameworks.Overtaken:
        messages.warning(
            request, _("Er is intussen een andere versie. Kies je bestand opnieuw en kijk wat er anders wordt.")
        )
        return redirect("growth:framework-in")
    else:
        messages.success(request, _("Versie %(n)s geldt vanaf nu.") % {"n": made.number})
    return redirect("growth:framework")


# --- beside other frameworks


@require_http_methods(["GET", "HEAD", "POST"])
@for_roles(Role.HR, Role.REDACTEUR)
def mappings(request: HttpRequest) -> HttpResponse:
    """The table; a post of HR adds a line."""
    person = person_of(request)
    may_map = Role.HR in roles_of(person)
    if request.method == "POST" and not may_map:
        raise Http404
    newest = queries.versions()[0].read
    names = [(each.code, f"{each.code} {each.name}") for each in newest.competences]
    form = PairForm(request.POST if request.method == "POST" else None, names=names)
    if request.method == "POST" and _add(request, form):
        messages.success(request, _("Toegevoegd."))
        return redirect("growth:mappings")
    context = {
        "rows": [(row, newest.of(row.competence)) for row in queries.mappings(person.organisation)],
        "form": form,
        "may_map": may_map,
        "crumbs": _crumbs(_("Naast andere kaders")),
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
    return render(request, "competences/mappings.html", context, status=status)


def _add(request: HttpRequest, form: PairForm) -> bool:
    if not form.is_valid():
        return False
    said = form.cleaned_data
    pair = Pair(said["competentie"], said["kader"], said["code"], said["naam"])
    for column, reason in mapping.problems(pair).items():
        form.add_error(column, reason)
    if form.errors:
        return False
    try:
        frameworks.put_beside(person_of(request).organisation, pair)
    except frameworks.TooMany:
        form.add_error(None, _("Er staan al %(n)s regels. Haal er eerst een weg.") % {"n": frameworks.MOST_MAPPINGS})
    return not form.errors


@require_POST
@for_roles(Role.HR)
def take_away(request: HttpRequest, mapping: int) -> HttpResponse:
    if not frameworks.take_away(person_of(request).organisation, mapping):
        raise Http404
    messages.success(request, _("Weggehaald."))
    return redirect("growth:mappings")


@require_safe
@for_roles(Role.HR, Role.REDACTEUR)
def mappings_csv(request: HttpRequest) -> HttpResponse:
    text = mapping.to_csv(queries.pairs(person_of(request).organisation))
    return _file(text, "text/csv; charset=utf-8", "naast-andere-kaders.csv")


@largest_body(framework.LARGEST)
@require_http_methods(["GET", "HEAD", "POST"])
@for_roles(Role.HR)
def mappings_in(request: HttpRequest) -> HttpResponse:
    """A file in place of the table: first shown, with every problem by row."""
    form = _file_form(request, ".csv,.txt", _("Een CSV zoals je die hier ophaalt. Hij komt in de plaats van je tabel."))
    context: dict[str, Any] = {
        "form": form, "columns": mapping.COLUMNS, "crumbs": _crumbs(_("Lees een tabel in"))
    }  # fmt: skip
    if request.method != "POST":
        return render(request, "competences/mappings_in.html", context)
    if form.is_valid():
        try:
            pairs = mapping.from_csv(form.cleaned_data["file"])
        except CantBeRead as problem:
            context["wrong"] = problem.wrong
        else:
            there = set(queries.pairs(person_of(request).organisation))
            context |= {
                "pairs": pairs,
                "gone": sorted(there - set(pairs), key=lambda pair: (pair.competence, pair.label)),
                "token": signing.dumps([_plain(pair) for pair in pairs], salt=_salt(request), compress=True),
            }
            return render(request, "competences/mappings_preview.html", context)
    return render(request, "competences/mappings_in.html", context, status=HTTPStatus.UNPROCESSABLE_ENTITY)


@largest_body(framework.LARGEST)
@require_POST
@for_roles(Role.HR)
def mappings_confirm(request: HttpRequest) -> HttpResponse:
    try:
        rows = signing.loads(request.POST.get("tabel", ""), salt=_salt(request), max_age=SHOWN_FOR)
    except signing.BadSignature:
        messages.warning(request, _("Wat je bekeek, is niet meer geldig. Kies je bestand opnieuw."))
        return redirect("growth:mappings-in")
    n = frameworks.replace_all(person_of(request).organisation, [Pair(*row) for row in rows])
    messages.success(request, _("Ingelezen: %(n)s regels.") % {"n": n})
    return redirect("growth:mappings")


def _plain(pair: Pair) -> list[str]:
    return [pair.competence, pair.framework, pair.code, pair.label]


def _salt(request: HttpRequest) -> str:
    """What was shown to one can't be confirmed by another."""
    return f"{_SALT}.mapping.{person_of(request).pk}"
