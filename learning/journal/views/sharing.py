"""Letting one named person read one entry, and reading what others let me read."""

from __future__ import annotations

from http import HTTPStatus

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST, require_safe

from learning.journal import queries, services
from learning.journal.envelope import Entry
from learning.journal.forms import FindReaderForm, ShareForm
from learning.journal.views.access import person_of, private
from learning.journal.views.entries import crumbs
from learning.recordings.hearing import heard


@require_http_methods(["GET", "POST"])
@private
def sharing(request: HttpRequest, entry: int) -> HttpResponse:
    """Who may read this entry and when they looked; with a post, who can be found to share it with."""
    held = _held(request, entry)
    if request.method != "POST":
        return _page(request, held, FindReaderForm())
    find = FindReaderForm(request.POST)
    if not find.is_valid():
        return _page(request, held, find)
    who = find.cleaned_data["who"]
    found = queries.possible_readers(person_of(request), who)
    return _page(request, held, find, ShareForm(found=found, initial={"who": who}) if found else None, len(found))


@require_POST
@private
def share(request: HttpRequest, entry: int) -> HttpResponse:
    """Share with one of those who were found."""
    person, held = person_of(request), _held(request, entry)
    who = request.POST.get("who", "")[:200]
    found = queries.possible_readers(person, who)
    form = ShareForm(request.POST, found=found)
    if form.is_valid():
        try:
            services.share(person, entry_id=entry, reader=form.chosen, last_day=form.cleaned_data["last_day"])
        except services.EndsWrong:
            form.add_error("last_day", _("Kies een dag vanaf vandaag, hoogstens een jaar vooruit."))
        except services.OneAtATime:
            form.add_error("reader", _("Deze tekst is gevoelig en iemand anders leest al mee. Trek dat eerst in."))
        else:
            name = queries.name_of(form.chosen)
            messages.success(request, _("Gedeeld. %(name)s kan deze tekst nu lezen.") % {"name": name})
            return redirect("journal:sharing", entry)
    return _page(request, held, FindReaderForm(initial={"who": who}), form, len(found))


@require_POST
@private
def withdraw(request: HttpRequest, entry: int, share: int) -> HttpResponse:
    if not services.withdraw(person_of(request), entry_id=entry, share_id=share):
        raise Http404
    messages.success(request, _("Ingetrokken. Deze tekst is voor die ander niet meer te openen."))
    return redirect("journal:sharing", entry)


def _page(
    request: HttpRequest, held: Entry, find: FindReaderForm, form: ShareForm | None = None, found: int = 0
) -> HttpResponse:
    shares = queries.own_shares(person_of(request), held.id)
    context = {
        "entry": held,
        "open": [share for share in shares if share.state == "open"],
        "past": [share for share in shares if share.state != "open"],
        "find": find,
        "form": form,
        "looked": find.is_bound and find.is_valid(),
        "more": found > queries.MOST_FOUND,
        "crumbs": crumbs(_("Deel een tekst")),
    }
    wrong = bool((find.is_bound and find.errors) or (form and form.is_bound and form.errors))
    status = HTTPStatus.UNPROCESSABLE_ENTITY if wrong else HTTPStatus.OK
    return render(request, "journal/sharing.html", context, status=status)


def _held(request: HttpRequest, entry_id: int) -> Entry:
    held = queries.entry(person_of(request), entry_id)
    if held is None:
        raise Http404
    return held


@require_safe
@private
def shared_with_me(request: HttpRequest) -> HttpResponse:
    """What others let me read. Three queries."""
    context = {"lines": queries.shared_with(person_of(request)), "crumbs": crumbs(_("Met jou gedeeld"))}
    return render(request, "journal/shared.html", context)


@require_GET
@private
def shared_entry(request: HttpRequest, share: int) -> HttpResponse:
    """One of them. Its owner sees that I looked. Not there, over or withdrawn: all the same 404."""
    shared = services.look(person_of(request), share_id=share)
    if shared is None:
        raise Http404
    return render(request, "journal/shared_entry.html", {"shared": shared, "crumbs": crumbs(_("Met jou gedeeld"))})


@require_GET
@private
def shared_recording(request: HttpRequest, share: int) -> HttpResponse:
    """What was said with it. Its owner sees that I listened."""
    sound = services.listen(person_of(request), share_id=share)
    if sound is None:
        raise Http404
    return heard(request, sound)
