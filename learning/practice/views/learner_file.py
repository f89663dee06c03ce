"""A whole case as a PDF, for the learner's own file."""

from __future__ import annotations

import uuid

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from learning.practice.queries import learner as queries
from learning.practice.services import exporting
from learning.practice.views.learner import crumbs, own, private


@require_http_methods(["GET", "HEAD", "POST"])
@private
def file(request: HttpRequest, work_key: uuid.UUID) -> HttpResponse:
    """How far it is; a post asks for one. With `X-Fragment` only that part, for who waits."""
    work = own(request, work_key)
    if request.method == "POST":
        exporting.ask(work)
        return redirect("practice:file", work_key)
    there = queries.file_of(work)
    context = {
        "work": work,
        "there": there,
        "until": there.made_at + exporting.KEPT if there and there.made_at else None,
        "is_over": bool(there and there.made_at and there.made_at <= timezone.now() - exporting.KEPT),
        "crumbs": crumbs(work, _("Bewaar de case als PDF")),
    }
    template = "file_state" if request.headers.get("X-Fragment") else "file"
    return render(request, f"practice/learner/{template}.html", context)


@require_safe
@private
def pdf(request: HttpRequest, work_key: uuid.UUID) -> HttpResponse:
    there = queries.file_of(own(request, work_key))
    content = exporting.opened(there) if there else None
    if content is None:
        raise Http404
    name = f"praktijkcase-{timezone.localdate():%Y-%m-%d}.pdf"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(content, content_type="application/pdf", headers=headers)
