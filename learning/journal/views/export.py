"""Taking the whole journal along: at once as JSON, or as a PDF that is made in the background."""

from __future__ import annotations

from http import HTTPStatus

from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
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
    status = HTTPStatus.OK
    if request.method == "POST":
        try:
            services.ask_export(person)
        except services.TooOften:
            status = HTTPStatus.TOO_MANY_REQUESTS
        else:
            return redirect("journal:export")
    context = {
        "export": queries.export_state(person),
        "too_often": services.MOST_EXPORTS_A_DAY if status == HTTPStatus.TOO_MANY_REQUESTS else 0,
        "crumbs": crumbs(_("Bewaar je journaal als bestand")),
    }
    template = "journal/export_state.html" if request.headers.get("X-Fragment") else "journal/export.html"
    return render(request, template, context, status=status)


@require_safe
@private
def json_file(request: HttpRequest) -> StreamingHttpResponse:
    person = person_of(request)
    places = tracks.places(person, queries.usages(person))
    content = as_json(queries.entries(person), places, lambda entry: queries.own_sound(person, entry.id))
    return StreamingHttpResponse(content, content_type="application/json", headers=_as_file("json"))


@require_safe
@private
def pdf_file(request: HttpRequest) -> HttpResponse:
    file = queries.export_file(person_of(request))
    if file is None:
        raise Http404
    return HttpResponse(file, content_type="application/pdf", headers=_as_file("pdf"))


def _as_file(ending: str) -> dict[str, str]:
    name = f"journaal-{timezone.localdate():%Y-%m-%d}.{ending}"
    return {"Content-Disposition": f'attachment; filename="{name}"'}
