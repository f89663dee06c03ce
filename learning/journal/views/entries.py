"""Reading back, searching, writing, changing and deleting: all by the owner alone."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from django.contrib import messages
from django.core.paginator import Page
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from design.components import Crumb
from learning.journal import queries, services
from learning.journal.envelope import Entry, opened
from learning.journal.forms import EntryForm, SearchForm, mark
from learning.journal.queries import Label, Reader
from learning.journal.views.access import person_of, private
from learning.people.models import Person
from learning.tracks import queries as tracks
from learning.tracks.queries import Place
from learning.tracks.views import activity_address


@dataclass(frozen=True)
class Line:
    """An entry as the list shows it. `place`: the activity it was written at, with `href` to it."""

    entry: Entry
    labels: list[Label]
    readers: list[Reader]
    place: Place | None

    @property
    def href(self) -> str:
        return activity_address(self.place.module, self.place.unit, self.place.activity) if self.place else ""


def lines(person: Person, entries: list[Entry]) -> list[Line]:
    """Two queries, however many there are."""
    readers = queries.readers(person, [entry.id for entry in entries])
    places = tracks.places(person, [entry.usage for entry in entries if entry.usage])
    return [
        Line(
            entry,
            [Label(tag, queries.label_code(person, tag), 1) for tag in entry.tags],
            readers.get(entry.id, []),
            places.get(entry.usage),
        )
        for entry in entries
    ]


@require_safe
@private
def entries(request: HttpRequest) -> HttpResponse:
    """What I wrote, the newest first; with ?label= what has that label. Eight queries, with a label six."""
    person = person_of(request)
    newest = queries.newest(person)
    labels = queries.labels(person, newest)
    code = request.GET.get("label", "")
    if not code:
        page = queries.page(person, request.GET.get("page", "1"))
        return _list(request, [opened(row) for row in page], labels, page=page)
    chosen = next((label for label in labels if label.code == code), None)
    if chosen is None:
        return redirect("journal:entries")
    having = [entry for entry in newest if code in {queries.label_code(person, tag) for tag in entry.tags}]
    return _list(request, having, labels, chosen=chosen)


@require_http_methods(["GET", "POST"])
@private
def search(request: HttpRequest) -> HttpResponse:
    """My own entries with these words. A post, so that no address or log ever holds what somebody looks for in it."""
    person = person_of(request)
    if request.method != "POST":
        return redirect("journal:entries")
    form = SearchForm(request.POST)
    newest = queries.newest(person)
    found: list[Entry] = []
    if form.is_valid():
        words = form.cleaned_data["words"].split()
        found = [entry for entry in newest if entry.has_words(words)]
    status = HTTPStatus.OK if form.is_valid() else HTTPStatus.UNPROCESSABLE_ENTITY
    return _list(request, found, queries.labels(person, newest), search=form, status=status)


def _list(
    request: HttpRequest,
    shown: list[Entry],
    labels: list[Label],
    *,
    page: Page[Any] | None = None,
    chosen: Label | None = None,
    search: SearchForm | None = None,
    status: int = HTTPStatus.OK,
) -> HttpResponse:
    person = person_of(request)
    most = queries.MOST_SHOWN
    context = {
        "lines": lines(person, shown[:most]),
        "found": len(shown),
        "more": len(shown) > most,
        "page": page,
        "labels": labels,
        "chosen": chosen,
        "search": search or SearchForm(),
        "searched": search is not None and search.is_valid(),
        "shared_count": queries.shared_count(person),
    }
    return render(request, "journal/entries.html", context, status=status)


@require_http_methods(["GET", "POST"])
@private
def new(request: HttpRequest) -> HttpResponse:
    """Something of my own, at no activity."""
    form = EntryForm(request.POST) if request.method == "POST" else EntryForm.blank()
    if form.is_bound and form.is_valid():
        data = form.cleaned_data
        services.write(person_of(request), text=data["text"], tags=data["labels"], token=data["token"])
        messages.success(request, _("Bewaard. Alleen jij leest dit."))
        return _kept(request, reverse("journal:entries"))
    return _form(request, form, _("Schrijf iets voor jezelf"))


@require_http_methods(["GET", "POST"])
@private
def edit(request: HttpRequest, entry: int) -> HttpResponse:
    person = person_of(request)
    held = _own(person, entry)
    form = EntryForm(request.POST) if request.method == "POST" else EntryForm.of(held)
    if form.is_bound and form.is_valid():
        data = form.cleaned_data
        same = (data["text"], tuple(data["labels"])) == (held.text, held.tags)
        if same or data["seen"] == mark(held):
            if not same:
                services.replace(person, entry_id=entry, text=data["text"], tags=data["labels"])
            messages.success(request, _("Bewaard."))
            return _kept(request, f"{reverse('journal:entries')}#notitie-{entry}")
        form = form.redrawn(held)
    readers = queries.readers(person, [entry]).get(entry, [])
    return _form(request, form, _("Wijzig je tekst"), held, readers)


def _kept(request: HttpRequest, address: str) -> HttpResponse:
    """On to `address`. `draft.js` goes there itself: it must tell this from being sent on to sign in."""
    if request.headers.get("X-Fragment"):
        return HttpResponse(status=HTTPStatus.NO_CONTENT, headers={"X-Location": address})
    return redirect(address)


def _form(
    request: HttpRequest, form: EntryForm, title: str, entry: Entry | None = None, readers: Iterable[Reader] = ()
) -> HttpResponse:
    if readers:
        # "Alleen voor jou" would be untrue: the page says who reads along.
        form.fields["text"].seen_by = ""  # type: ignore[attr-defined]
    context = {"form": form, "title": title, "entry": entry, "readers": readers, "crumbs": crumbs(title)}
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
    return render(request, "journal/form.html", context, status=status)


@require_http_methods(["GET", "POST"])
@private
def delete(request: HttpRequest, entry: int) -> HttpResponse:
    """Asks once, then it is gone. A second post of the same page finds nothing and says the same."""
    person = person_of(request)
    if request.method == "POST":
        services.delete(person, entry_id=entry)
        messages.success(request, _("Gewist. Je tekst is weg en komt niet terug."))
        return redirect("journal:entries")
    held = _own(person, entry)
    readers = queries.readers(person, [entry]).get(entry, [])
    context = {"entry": held, "readers": readers, "crumbs": crumbs(_("Wis je tekst"))}
    return render(request, "journal/delete.html", context)


def _own(person: Person, entry_id: int) -> Entry:
    held = queries.entry(person, entry_id)
    if held is None:
        raise Http404
    return held


def crumbs(here: str) -> list[Crumb]:
    return [Crumb(_("Journaal"), reverse("journal:entries")), Crumb(here)]
