"""Where a tool stands in a track: put it there by hand, change what people read, take it out."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from design.components import Crumb
from learning.tracks import queries as tracks
from lti.platform import queries, services
from lti.platform.forms import NewPlaceForm, PlaceForm
from lti.platform.models import Placement
from lti.platform.pages.access import editors_only, own_tool
from lti.platform.pages.tools import crumbs

if TYPE_CHECKING:
    from learning.people.models import Person


@require_http_methods(["GET", "HEAD", "POST"])
@editors_only
def add(request: HttpRequest, editor: Person, pk: int, track: str) -> HttpResponse:
    tool = own_tool(editor, pk)
    found = tracks.track_of(editor.organisation_id, track)
    if found is None or not tool.active:
        raise Http404
    form = NewPlaceForm(request.POST or None, tool=tool, modules=tracks.modules_in(found))
    if request.method == "POST" and form.is_valid():
        services.add_items(services.course_of(found), tool, [form.item()], after=form.cleaned_data["after"])
        messages.success(request, _("Het staat in de leerlijn “%(title)s”.") % {"title": found.title})
        return redirect("tools:tool", tool.pk)
    above = crumbs(Crumb(tool.name, reverse("tools:tool", args=[tool.pk]), "nl"), Crumb(_("Zet in een leerlijn")))
    return render(request, "tools/place.html", {"form": form, "track": found, "crumbs": above})


@require_http_methods(["GET", "HEAD", "POST"])
@editors_only
def change(request: HttpRequest, editor: Person, key: uuid.UUID) -> HttpResponse:
    placement = _own_place(editor, key)
    tool, track = placement.tool, placement.course.track
    assert tool is not None
    assert track is not None
    modules = tracks.modules_in(track)
    form = PlaceForm(request.POST, modules=modules) if request.method == "POST" else PlaceForm.of(placement, modules)
    if request.method == "POST" and form.is_valid():
        services.change_place(placement, **form.cleaned_data)
        messages.success(request, _("Bewaard."))
        return redirect("tools:tool", tool.pk)
    above = crumbs(Crumb(tool.name, reverse("tools:tool", args=[tool.pk]), "nl"), Crumb(placement.title, language="nl"))
    shown = {"form": form, "track": track, "placement": placement, "crumbs": above}
    return render(request, "tools/place.html", shown)


@require_POST
@editors_only
def take_out(request: HttpRequest, editor: Person, key: uuid.UUID) -> HttpResponse:
    placement = _own_place(editor, key)
    services.take_out(placement)
    messages.success(request, _("“%(title)s” staat niet meer in de leerlijn.") % {"title": placement.title})
    return redirect("tools:tool", placement.tool_id)


def _own_place(editor: Person, key: uuid.UUID) -> Placement:
    placement = queries.place_in_track(editor.organisation_id, key)
    if placement is None:
        raise Http404
    return placement
