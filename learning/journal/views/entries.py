"""Reading back, searching, writing, changing and deleting: all by the owner alone."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache, partial
from http import HTTPStatus
from typing import Any

from django.contrib import messages
from django.core.paginator import Page
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from design.components import Crumb
from learning.bodies import largest_body
from learning.journal import queries, services
from learning.journal.envelope import Entry, opened
from learning.journal.forms import EntryForm, SearchForm, mark
from learning.journal.queries import Label, Reader
from learning.journal.views.access import person_of, private
from learning.people.models import Person
from learning.recordings.hearing import heard
from learning.recordings.sound import MOST_BYTES, Busy, NotSound, Take, can_measure, measured
from learning.tracks import queries as tracks
from learning.tracks.queries import Place
from learning.tracks.views import activity_address
from modules.blocks import recording as recording_form
from modules.blocks.journal import rules

_NUMBER = re.compile(r"[0-9]{1,18}")


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
    """What I wrote, the newest first; with ?label= what has that label (with ?voor= among older entries than that).

    Nine queries, with a label the same.
    """
    person = person_of(request)
    code = request.GET.get("label", "")
    if not code:
        page = queries.page(person, request.GET.get("page", "1"))
        return _list(request, [opened(row) for row in page], page=page)
    code_of = cache(partial(queries.label_code, person))
    having = queries.found(person, lambda entry: code in map(code_of, entry.tags), before=_before(request.GET))
    if not having.entries and having.older is None:
        return redirect("journal:entries")
    texts = {code_of(tag): tag for entry in having.entries for tag in entry.tags}
    chosen = Label(texts.get(code, ""), code, len(having.entries))
    return _list(request, having.entries, chosen=chosen, older=having.older)


def _before(asked: QueryDict) -> int | None:
    """Where a search goes on; None is at the newest entry."""
    number = asked.get("voor", "")
    return int(number) if _NUMBER.fullmatch(number) else None


@require_http_methods(["GET", "POST"])
@private
def search(request: HttpRequest) -> HttpResponse:
    """My own entries with these words. A post, so that no address or log ever holds what somebody looks for in it."""
    person = person_of(request)
    if request.method != "POST":
        return redirect("journal:entries")
    form = SearchForm(request.POST)
    if not form.is_valid():
        return _list(request, [], search=form, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    words = form.cleaned_data["words"].split()
    found = queries.found(person, lambda entry: entry.has_words(words), before=_before(request.POST))
    return _list(request, found.entries, search=form, older=found.older)


def _list(
    request: HttpRequest,
    shown: list[Entry],
    *,
    page: Page[Any] | None = None,
    chosen: Label | None = None,
    search: SearchForm | None = None,
    older: int | None = None,
    status: int = HTTPStatus.OK,
) -> HttpResponse:
    person = person_of(request)
    context = {
        "lines": lines(person, shown),
        "found": len(shown),
        "older": older,
        "page": page,
        "labels": queries.labels(person, queries.stretch(person).entries),
        "chosen": chosen,
        "search": search or SearchForm(),
        "searched": search is not None and search.is_valid(),
        "shared_count": queries.shared_count(person),
    }
    return render(request, "journal/entries.html", context, status=status)


@largest_body(MOST_BYTES)
@require_http_methods(["GET", "POST"])
@private
def new(request: HttpRequest) -> HttpResponse:
    """Something of my own, written or said, at no activity."""
    title = _("Schrijf iets voor jezelf")
    if request.method != "POST":
        return _form(request, EntryForm.blank(), title, recorder=_recorder())
    take, wrong = _taken(request)
    form = EntryForm(request.POST, said=bool(take or wrong))
    if wrong:
        form.add_error(None, wrong)
    if form.is_valid():
        data = form.cleaned_data
        services.write(person_of(request), text=data["text"], tags=data["labels"], token=data["token"], take=take)
        messages.success(request, _("Bewaard. Alleen jij leest dit."))
        return _kept(request, reverse("journal:entries"))
    return _form(request, form, title, recorder=_recorder(wrong))


def _taken(request: HttpRequest) -> tuple[Take | None, str]:
    """What was recorded with this form; else why it can't be kept."""
    file = request.FILES.get(recording_form.FIELD)
    if file is None or not can_measure():
        return None, ""
    try:
        take = measured(file.read())
        reason = recording_form.too_much(take, seconds=rules.MAX_SECONDS, size=rules.MAX_SOUND)
    except NotSound as refused:
        reason = refused.reason
    except Busy:
        return None, _("Er komen nu veel opnamen tegelijk binnen. Probeer het over een halve minuut opnieuw.")
    if reason:
        return None, recording_form.sentence(get_language() or "nl", reason, rules.MAX_SECONDS)
    return take, ""


def _recorder(wrong: str = "") -> str:
    if not can_measure():
        return ""
    language = get_language() or "nl"
    return recording_form.drawn(language, "nieuw", seconds=rules.MAX_SECONDS, size=rules.MAX_SOUND, wrong=wrong)


@require_http_methods(["GET", "POST"])
@private
def edit(request: HttpRequest, entry: int) -> HttpResponse:
    person = person_of(request)
    held = _own(person, entry)
    said = held.seconds > 0
    form = EntryForm(request.POST, said=said) if request.method == "POST" else EntryForm.of(held)
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
    request: HttpRequest,
    form: EntryForm,
    title: str,
    entry: Entry | None = None,
    readers: Iterable[Reader] = (),
    *,
    recorder: str = "",
) -> HttpResponse:
    if readers:
        # "Alleen voor jou" would be untrue: the page says who reads along.
        form.fields["text"].seen_by = ""  # type: ignore[attr-defined]
    context = {
        "form": form,
        "title": title,
        "entry": entry,
        "readers": readers,
        "recorder": recorder,
        "crumbs": crumbs(title),
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
    return render(request, "journal/form.html", context, status=status)


@require_safe
@private
def recording(request: HttpRequest, entry: int) -> HttpResponse:
    """What I said with an entry."""
    sound = queries.own_sound(person_of(request), entry)
    if sound is None:
        raise Http404
    return heard(request, sound)


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
