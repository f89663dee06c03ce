"""Taking the whole journal along: at once as JSON, or as a PDF that is made in the background."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from learning.journal import queries, services
from learning.journal.export import as_json
from learning.journal.views.access import person_of, private
from learning.journal.views.entries import crumbs
from learning.tracks import queries as tracks


@require_http_methods(["GET", "POST"])
@private
def export(request: HttpRequest) -> HttpResponse:
    """How far my PDF is; a post asks for one. With `X-Fragment` only that part, for who waits."""
    person = person_of(request)
    if request.method == "POST":
        services.ask_export(person)
        return redirect("journal:export")
    context = {"export": queries.export_state(person), "crumbs": crumbs(_("Bewaar je journaal als bestand"))}
    template = "journal/export_state.html" if request.headers.get("X-Fragment") else "journal/export.html"
    return render(request, template, context)


@require_safe
@private
def json_file(request: HttpRequest) -> HttpResponse:
    person = person_of(request)
    own = queries.entries(person)
    content = as_json(own, tracks.places(person, [entry.usage for entry in own if entry.usage]))
    return _download(content.encode(), "application/json", "json")


@require_safe
@private
def pdf_file(request: HttpRequest) -> HttpResponse:
    file = queries.export_file(person_of(request))
    if file is None:
        raise Http404
    return _download(file, "application/pdf", "pdf")


def _download(content: bytes, kind: str, ending: str) -> HttpResponse:
    name = f"journaal-{timezone.localdate():%Y-%m-%d}.{ending}"
    return HttpResponse(content, content_type=kind, headers={"Content-Disposition": f'attachment; filename="{name}"'})
