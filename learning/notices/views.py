"""What somebody should know, and which of it they want to."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control, never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_http_methods, require_POST, require_safe

from design.components import Crumb
from learning import mailing
from learning.notices import digest, queries, services
from learning.notices.kinds import kinds_for
from learning.people import carried
from learning.people.guards import person as person_of
from learning.people.retention import NOTICES


@require_safe
@never_cache
@login_required
def mine(request: HttpRequest) -> HttpResponse:
    """What is new first. Five queries with those of the session, and those of the kinds on the page."""
    person = person_of(request)
    page = queries.notices_of(person, page=request.GET.get("page", ""))
    context = {
        "page": page,
        "notices": queries.shown(person, list(page)),
        "newest": queries.newest(person),
        "any_new": any(notice.seen_at is None for notice in page),
        "term": NOTICES.term,
    }
    return render(request, "notices/mine.html", context)


@require_GET
@never_cache
@login_required
def notice(request: HttpRequest, notice: int) -> HttpResponse:
    """On to what it is about; with that it is read. A GET that writes, because it may be done by anything that opens a
    link of this person's: twice is the same, nothing is lost, and the subject itself says whether they may see it."""
    person = person_of(request)
    found = services.see(person, notice)
    if found is None:
        raise Http404
    (shown,) = queries.shown(person, [found])
    if shown.line is None:
        messages.info(request, _("Waar dit bericht over ging, is er niet meer."))
        return redirect("notices:mine")
    return redirect(shown.line.href)


@require_POST
@login_required
def see_all(request: HttpRequest) -> HttpResponse:
    """Up to the newest that was on the page."""
    until = request.POST.get("tot", "")
    if until.isascii() and until.isdigit() and len(until) < 19:
        services.see_all(person_of(request), until=int(until))
    return redirect("notices:mine")


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def choices(request: HttpRequest) -> HttpResponse:
    """Which kinds I want here, and which by mail. Three queries."""
    person = person_of(request)
    if request.method == "POST":
        services.choose(
            person,
            [kind.name for kind in kinds_for(carried.roles(person))],
            on_page=request.POST.getlist("hier"),
            by_mail=request.POST.getlist("mail"),
            mail="alle-mail" in request.POST,
        )
        messages.success(request, _("Bewaard."))
        return redirect("notices:choices")
    context = {
        "wishes": queries.wishes(person),
        "can_mail": mailing.can_mail(),
        "address": person.email,
        "mails": mailing.can_mail() and bool(person.email),
        "crumbs": [Crumb(_("Berichten"), reverse("notices:mine")), Crumb(_("Instellingen"))],
    }
    return render(request, "notices/choices.html", context)


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
@cache_control(private=True, no_store=True)
def no_mail(request: HttpRequest, wish: str) -> HttpResponse:
    """From the mail, without signing in: one press, in the mail program itself (RFC 8058) or on this page.

    Only a post switches anything: what scans a mail for danger opens its links too. The address itself is the proof.
    """
    try:
        person_id = digest.person_of(wish)
    except mailing.TooOld:
        return render(request, "learning/old_mail.html", {"settings": reverse("notices:choices")}, status=410)
    if person_id is None:
        raise Http404
    if request.method == "POST":
        services.want_mail(person_id, on=request.POST.get("mail") == "aan")
    return render(request, "notices/no_mail.html", {"wish": wish, "on": queries.wants_mail(person_id)})
