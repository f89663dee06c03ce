"""The tools of an organisation: bring one in, say what it may, switch it off."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any

from csp.constants import SELF
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from design.components import Crumb
from learning.tracks import queries as tracks
from lti import outbound
from lti.platform import queries, registration, services, words
from lti.platform.addresses import host
from lti.platform.endpoints import endpoint, issuer
from lti.platform.forms import ConsentForm, NameForm, RegistrationForm, ToolForm
from lti.platform.models import Tool
from lti.platform.pages.access import editors_only, own_tool

if TYPE_CHECKING:
    from learning.people.models import Person


def crumbs(*rest: Crumb) -> list[Crumb]:
    return [Crumb(_("Gereedschap"), reverse("tools:overview")), *rest]


@require_safe
@editors_only
def overview(request: HttpRequest, editor: Person) -> HttpResponse:
    """Five queries."""
    return render(request, "tools/overview.html", {"tools": queries.tools_of(editor.organisation_id)})


@require_http_methods(["GET", "HEAD", "POST"])
@editors_only
def add(request: HttpRequest, editor: Person) -> HttpResponse:
    """By the address where a tool registers itself. What comes next is that address, in a frame of this page."""
    form = RegistrationForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        address = form.cleaned_data["address"]
        invitation, invited = registration.invite(editor, address)
        shown = {
            "crumbs": crumbs(Crumb(_("Aanmelden"))),
            "address": invited,
            "host": host(address),
            "origin": outbound.origin(address),
            "next": reverse("tools:registered", args=[invitation.key]),
        }
        response = render(request, "tools/registering.html", shown)
        response._csp_replace = {"frame-src": [SELF, outbound.origin(address)]}  # type: ignore[attr-defined]
        return response
    return render(request, "tools/add.html", {"form": form, "crumbs": crumbs(Crumb(_("Voeg toe")))})


@require_safe
@editors_only
def registered(request: HttpRequest, editor: Person, key: uuid.UUID) -> HttpResponse:
    """When the tool says that it is done: on to what came of it."""
    invitation = queries.invitation_of(editor, key)
    if invitation is None:
        raise Http404
    if invitation.tool is not None:
        return redirect("tools:tool", invitation.tool.pk)
    return render(request, "tools/not_registered.html", {"crumbs": crumbs(Crumb(_("Aanmelden")))})


@require_http_methods(["GET", "HEAD", "POST"])
@editors_only
def add_by_hand(request: HttpRequest, editor: Person) -> HttpResponse:
    form = ToolForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        return redirect("tools:tool", form.add(editor.organisation).pk)
    return render(request, "tools/by_hand.html", {"form": form, "crumbs": crumbs(Crumb(_("Vul zelf in")))})


@require_http_methods(["GET", "HEAD", "POST"])
@editors_only
def tool(request: HttpRequest, editor: Person, pk: int) -> HttpResponse:
    """What it is, what it may, where it stands. To post is to say what it may; one that waits is on from then."""
    found = own_tool(editor, pk)
    if request.method == "POST":
        form = ConsentForm(request.POST)
        if form.is_valid():
            form.keep(found)
            if found.awaits_approval:
                services.approve(found)
                messages.success(request, _("Het gereedschap staat aan. Zet het nu in een leerlijn."))
            else:
                messages.success(request, _("Bewaard. Het geldt meteen."))
            return redirect("tools:tool", found.pk)
    return _tool_page(request, editor, found)


def _tool_page(request: HttpRequest, editor: Person, found: Tool, **changed: Any) -> HttpResponse:
    shown = {
        "tool": found,
        "crumbs": crumbs(Crumb(found.name, language="nl")),
        "consent": ConsentForm.of(found),
        "naming": NameForm(initial={"name": found.name}),
        "asked": words.asked(found),
        "hosts": sorted({host(address) for address in _addresses(found)}),
        "places": queries.places_of(found),
        "tracks": tracks.tracks_of_organisation(editor.organisation_id),
        "ours": _ours(found),
    }
    return render(request, "tools/tool.html", shown | changed)


def _addresses(tool: Tool) -> list[str]:
    return [tool.login_url, tool.jwks_url, *tool.target_link_uris, *tool.redirect_uris]


def _ours(tool: Tool) -> list[tuple[str, str]]:
    """What the other side has to know of us, when it couldn't find out by itself. Names as LTI has them."""
    return [
        ("Issuer", issuer()),
        ("Client ID", tool.client_id),
        ("Deployment ID", tool.deployment_id),
        ("Authorization URL", endpoint("auth")),
        ("Token URL", endpoint("token")),
        ("JWKS URL", endpoint("jwks")),
        ("OpenID configuration", endpoint("configuration")),
    ]


@require_POST
@editors_only
def reject(request: HttpRequest, editor: Person, pk: int) -> HttpResponse:
    services.reject(own_tool(editor, pk))
    messages.success(request, _("Het gereedschap is weg. Er is niets van bewaard."))
    return redirect("tools:overview")


@require_POST
@editors_only
def switch(request: HttpRequest, editor: Person, pk: int) -> HttpResponse:
    found = own_tool(editor, pk)
    on = request.POST.get("on") == "1"
    services.switch(found, on=on)
    if on:
        messages.success(request, _("Het gereedschap staat weer aan."))
    else:
        messages.success(request, _("Het gereedschap staat uit. Niemand kan het nu openen; wat er was, is bewaard."))
    return redirect("tools:tool", found.pk)


@require_POST
@editors_only
def rename(request: HttpRequest, editor: Person, pk: int) -> HttpResponse:
    found = own_tool(editor, pk)
    form = NameForm(request.POST)
    if not form.is_valid():
        return _tool_page(request, editor, found, naming=form)
    services.rename(found, name=form.cleaned_data["name"])
    messages.success(request, _("De naam is veranderd."))
    return redirect("tools:tool", found.pk)
