"""Choosing content at a tool for a track (LTI Deep Linking): the tool in a frame, then what was chosen, then placed."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from design.components import Crumb
from learning.tracks import queries as tracks
from lti.platform import deeplinks, launches, services, words
from lti.platform.addresses import origins
from lti.platform.forms import ChoiceForm
from lti.platform.models import Tool
from lti.platform.pages.access import editors_only, own_tool
from lti.platform.pages.learner import framing
from lti.platform.pages.tools import crumbs
from lti.platform.views.authorization import framed, refusal

if TYPE_CHECKING:
    from learning.people.models import Person
    from learning.tracks.models import Track


@never_cache
@require_safe
@editors_only
def choose(request: HttpRequest, editor: Person, pk: int, track: str) -> HttpResponse:
    tool, found = _tool_and_track(editor, pk, track)
    shown = {
        "tool": tool,
        "track": found,
        "origins": origins(tool),
        "crumbs": crumbs(Crumb(tool.name, reverse("tools:tool", args=[tool.pk]), "nl"), Crumb(_("Kies inhoud"))),
    }
    return framing(render(request, "tools/choose.html", shown), origins(tool))


@never_cache
@require_safe
@editors_only
def start(request: HttpRequest, editor: Person, pk: int, track: str) -> HttpResponse:
    tool, found = _tool_and_track(editor, pk, track)
    target = "window" if request.GET.get("window") else "iframe"
    try:
        address = launches.begin_choosing(editor, tool, services.course_of(found), target=target, face="house")
    except launches.Refused as refused:
        return refusal(request, refused.code)
    return HttpResponseRedirect(address)


@never_cache
@require_safe
def chosen(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    """In the frame or window where was chosen: on to the preview, in the whole page. Shows nothing of what it is."""
    return framed(request, render(request, "tools/chosen.html", {"address": reverse("tools:choice", args=[key])}))


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@editors_only
def choice(request: HttpRequest, editor: Person, key: uuid.UUID) -> HttpResponse:
    """What was chosen, before it stands in the track."""
    made = deeplinks.choice_of(editor.pk, key)
    if made is None or made.course.track is None:
        raise Http404
    tool, track = made.tool, made.course.track
    if request.method == "POST" and "throw_away" in request.POST:
        deeplinks.throw_away(made)
        return redirect("tools:tool", tool.pk)
    form = ChoiceForm(request.POST or None, items=deeplinks.items_of(made), modules=tracks.modules_in(track))
    if request.method == "POST" and form.is_valid():
        placed = deeplinks.place(made, chosen=form.chosen(), after=form.cleaned_data.get("after"))
        told = ngettext(
            "Er staat één onderdeel bij in de leerlijn.", "Er staan %(n)s onderdelen bij in de leerlijn.", len(placed)
        )
        messages.success(request, told % {"n": len(placed)})
        return redirect("tools:tool", tool.pk)
    shown = {
        "choice": made,
        "form": form,
        "track": track,
        "refused": [(each["title"], words.WRONG_ITEM[each["code"]]) for each in made.refused],
        "crumbs": crumbs(Crumb(tool.name, reverse("tools:tool", args=[tool.pk]), "nl"), Crumb(_("Wat je koos"))),
    }
    return render(request, "tools/choice.html", shown)


def _tool_and_track(editor: Person, pk: int, slug: str) -> tuple[Tool, Track]:
    tool = own_tool(editor, pk)
    track = tracks.track_of(editor.organisation_id, slug)
    if track is None or not tool.active or not tool.choosing_url:
        raise Http404
    return tool, track
