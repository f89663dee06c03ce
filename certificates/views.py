"""My certificates, the file, and the page where anybody checks one."""

from __future__ import annotations

from typing import cast

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.text import slugify
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_POST, require_safe

from certificates import codes, queries, services, words
from certificates.forms import CodeForm
from certificates.models import Certificate, Kind
from certificates.queries import Stage
from learning.people import guesses
from learning.people.models import Person

TOO_MANY = 429
WHAT = "certificates"


def _person(request: HttpRequest) -> Person:
    return cast(Person, request.user)


@require_safe
@login_required
@cache_control(private=True, no_store=True)
def mine(request: HttpRequest) -> HttpResponse:
    """Each document and how far it is; those that are being made, the page asks about again by itself."""
    documents = queries.documents_of(_person(request))
    newest = next((document for document in documents if document.stage == Stage.READY), None)
    making = any(document.stage == Stage.MAKING for document in documents)
    return render(request, "certificates/mine.html", {"documents": documents, "newest": newest, "making": making})


@require_safe
@login_required
def pdf(request: HttpRequest, code: str) -> HttpResponseBase:
    """The file, for whose it is: to anybody else it doesn't exist."""
    certificate = queries.own(_person(request), code)
    if certificate is None or certificate.revoked_at or not certificate.digest:
        raise Http404
    content = services.file_of(certificate)
    if content is None:
        return redirect("certificates:mine")
    response = HttpResponse(content, content_type="application/pdf")
    response["Content-Disposition"] = f'attachment; filename="{_file_name(certificate)}"'
    response["Cache-Control"] = "private, no-store"
    return response


def _file_name(certificate: Certificate) -> str:
    return f"{slugify(Kind(certificate.kind).label)}-{certificate.subject}.pdf"


@require_POST
@login_required
def again(request: HttpRequest, subject: str) -> HttpResponseBase:
    """Somebody whose document didn't come asks for it once more."""
    try:
        services.try_again(_person(request), subject)
    except services.NotComplete:
        raise Http404 from None
    return redirect("certificates:mine")


@require_safe
@cache_control(no_store=True)
def verify(request: HttpRequest, code: str = "") -> HttpResponseBase:
    """Public: who has the code may know what the document says and whether it holds."""
    response = _verify(request, code)
    response["X-Robots-Tag"] = "noindex"
    return response


def _verify(request: HttpRequest, code: str) -> HttpResponseBase:
    if not code:
        return _form(request)
    if guesses.too_many(request, WHAT):
        response = render(request, "certificates/verify.html", {"form": CodeForm(), "too_many": True}, status=TOO_MANY)
        response["Retry-After"] = str(guesses.WINDOW)
        return response
    normal = codes.normalised(code)
    if normal and normal != code:
        return redirect("certificates:verify", normal)
    found = queries.verify(normal) if normal else None
    if found is None:
        guesses.missed(request, WHAT)
        form = CodeForm(initial={"code": code})
        return render(request, "certificates/verify.html", {"form": form, "unknown": True}, status=404)
    return render(
        request,
        "certificates/verify.html",
        {
            "form": CodeForm(),
            "found": found,
            "hours": words.hours(found.facts.minutes) if found.facts else "",
            "version": words.version(found.facts.number, found.facts.edition) if found.facts else "",
        },
    )


def _form(request: HttpRequest) -> HttpResponseBase:
    form = CodeForm(request.GET if "code" in request.GET else None)
    if form.is_valid():
        return redirect("certificates:verify", form.cleaned_data["code"])
    return render(request, "certificates/verify.html", {"form": form}, status=400 if form.is_bound else 200)
