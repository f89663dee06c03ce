"""Putting a list from a file in a group: first shown, row by row; then all at once, or nothing."""

from __future__ import annotations

from http import HTTPStatus

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from learning.bodies import largest_body
from learning.people.models import Group, Person
from learning.tracks.groups import importing, sheets
from learning.tracks.groups.forms import ImportForm, unreadable_words
from learning.tracks.groups.importing import Plan
from learning.tracks.groups.views.access import around, in_own_handmade_group


@largest_body(sheets.MOST_BYTES)
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@in_own_handmade_group
def read(request: HttpRequest, trainer: Person, group: Group) -> HttpResponse:
    """A file, and what would come of it. Nothing changes yet."""
    form = ImportForm(request.POST, request.FILES) if request.method == "POST" else ImportForm()
    if request.method == "POST" and form.is_valid():
        try:
            asked = importing.asked_in(form.cleaned_data["file"])
        except sheets.Unreadable as error:
            form.add_error("file", unreadable_words(error.why))
        else:
            return _shown(request, trainer, group, importing.plan(group, asked))
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
    return render(request, "groups/import.html", {**around(group, "groups:people"), "form": form}, status=status)


@require_POST
@never_cache
@in_own_handmade_group
def confirm(request: HttpRequest, trainer: Person, group: Group) -> HttpResponse:
    """All that was shown as coming in, if that is still so; else what it would be now."""
    shown = importing.opened(request.POST.get("lijst", ""), group, trainer)
    if shown is None:
        messages.warning(request, _("Wat je bekeek, is niet meer geldig. Kies je bestand opnieuw."))
        return redirect("groups:import", group.pk)
    asked, coming = shown
    try:
        added = importing.bring_in(trainer, group, asked, coming=coming)
    except importing.Changed:
        return _shown(request, trainer, group, importing.plan(group, asked), changed=True)
    messages.success(request, ngettext("%(n)s mens erbij.", "%(n)s mensen erbij.", added) % {"n": added})
    return redirect("groups:people", group.pk)


def _shown(request: HttpRequest, trainer: Person, group: Group, plan: Plan, *, changed: bool = False) -> HttpResponse:
    context = {
        **around(group, "groups:people"),
        "plan": plan,
        "token": importing.sealed(plan, group, trainer) if plan.coming else "",
        "changed": changed,
    }
    status = HTTPStatus.CONFLICT if changed else HTTPStatus.OK
    return render(request, "groups/preview.html", context, status=status)
