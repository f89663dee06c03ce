"""Reading along with a colleague of one's group."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from design.components import Crumb
from learning.practice.documents import Document
from learning.practice.feedback import LONGEST, Words
from learning.practice.models import Assessment
from learning.practice.queries import learner as queries
from learning.practice.services import commenting, doing, hiding, peers, reading
from learning.practice.services.commenting import Moment, Passage
from learning.practice.services.doing import Incomplete
from learning.practice.services.moving import NotNow
from learning.practice.services.reading import Stale
from learning.practice.views import learner_words as words
from learning.practice.views.learner import person_of, private
from learning.practice.views.learner_form import Box, Choice


@require_http_methods(["GET", "HEAD", "POST"])
@private
def peer(request: HttpRequest, work_key: uuid.UUID) -> HttpResponse:
    """The round of a colleague, and what one makes of it. Six queries to read."""
    assessment = queries.peer_reading(person_of(request), work_key)
    if assessment is None:
        raise Http404
    if request.method != "POST":
        return _page(request, assessment)
    if not queries.along(assessment).is_open:
        return redirect("practice:peer", work_key)
    does = {"weg": _decline, "haal": _take_away}.get(request.POST.get("doe", ""), _write)
    try:
        return does(request, assessment)
    except (NotNow, Assessment.DoesNotExist):  # given in another window, or taken back by its maker
        return redirect("practice:peer", work_key)


def _page(
    request: HttpRequest,
    assessment: Assessment,
    *,
    typed: tuple[Mapping[str, int], Words] | None = None,
    wrong: Mapping[str, str] | None = None,
    status: int = HTTPStatus.OK,
    **more: Any,
) -> HttpResponse:
    """`wrong`: {field: reason}."""
    along = queries.along(assessment)
    levels, said = typed or (assessment.levels, along.words)
    work = assessment.work
    context = {
        "along": along,
        "work": work,
        "assessment": assessment,
        "said": said,
        "boxes": _boxes(along.document, levels, said, wrong or {}),
        "wrong": {name: words.wrong(name, why) for name, why in (wrong or {}).items()},
        "sounds": queries.heard_by(person_of(request), along.evidence, along.remarks),
        "longest": LONGEST,
        "hidden_because": hiding.reason_of(assessment) if assessment.hidden_at else "",
        "crumbs": [Crumb(_("Praktijk"), "/praktijk/"), Crumb(work.assignment.version.case.title, language="nl")],
        **more,
    }
    return render(request, "practice/learner/peer.html", context, status=status)


def _boxes(document: Document, levels: Mapping[str, int], said: Words, wrong: Mapping[str, str]) -> list[Any]:
    """(the level of a criterion, what was seen there, what is asked there)"""
    found = []
    for criterion in document.rubric:
        name = f"niveau-{criterion.id}"
        saw, asks = said.criteria.get(criterion.id, ("", ""))
        choices = [
            Choice(str(n), level.label, level.behaviour, chosen=levels.get(criterion.id) == n)
            for n, level in enumerate(criterion.levels, start=1)
        ]
        level = Box(
            name, criterion.name, wrong=words.wrong(name, wrong[name]) if name in wrong else "", choices=choices
        )
        found.append((level, Box(f"zag-{criterion.id}", "", saw), Box(f"vraag-{criterion.id}", "", asks)))
    return found


def _read(request: HttpRequest, document: Document) -> tuple[dict[str, int], Words]:
    def text(name: str) -> str:
        return request.POST.get(name, "").replace("\r\n", "\n").replace("\x00", "").strip()

    ids = [criterion.id for criterion in document.rubric]
    levels = {
        id_: int(request.POST[f"niveau-{id_}"])
        for id_ in ids
        if request.POST.get(f"niveau-{id_}", "") in {"1", "2", "3", "4"}
    }
    per = {id_: (text(f"zag-{id_}"), text(f"vraag-{id_}")) for id_ in ids}
    return levels, Words(text("zag"), text("vraag"), {id_: pair for id_, pair in per.items() if any(pair)})


def _write(request: HttpRequest, assessment: Assessment) -> HttpResponse:
    """Keep it, put a remark with it, or give it. Whichever button was pressed, nothing that was typed is left out."""
    what, _colon, field = request.POST.get("doe", "").partition(":")
    if refused := _remarked(request, assessment) or _kept(request, assessment):
        return refused
    if what == "geef":
        if refused := _kept(request, assessment, gives=True):
            return refused
        name = queries.first_name(assessment.work.person, _("Je collega"))
        messages.success(request, _("Gegeven. %(name)s leest het, en de trainer ook.") % {"name": name})
    elif what == "bewaar":
        messages.success(request, _("Bewaard. Nog niemand ziet het."))
    return redirect(f"{request.path}#{field}" if field else request.path)


def _kept(request: HttpRequest, assessment: Assessment, *, gives: bool = False) -> HttpResponse | None:
    """Keep what was typed, whichever button was pressed, and give it where that was it. A page where it was refused."""
    levels, said = typed = _read(request, doing.document_of(assessment.work))
    version = request.POST.get("versie", "")
    based_on = int(version) if version.isdecimal() and len(version) < 10 else 0
    try:
        if gives:
            reading.give(
                assessment.pk, by=person_of(request), levels=levels, words=said, based_on=based_on, verdict=None
            )
        else:
            reading.save(assessment.pk, levels=levels, words=said, based_on=based_on)
    except Incomplete as incomplete:
        return _page(
            request, assessment, typed=typed, wrong=incomplete.missing, status=HTTPStatus.UNPROCESSABLE_ENTITY
        )  # fmt: skip
    except Stale as stale:
        newer = queries.peer_reading(person_of(request), assessment.work.key) or stale.assessment
        return _page(request, newer, typed=typed, other=reading.words_of(newer), status=HTTPStatus.CONFLICT)
    return None


def _decline(request: HttpRequest, assessment: Assessment) -> HttpResponse:
    peers.decline(assessment.pk, by=person_of(request))
    messages.success(request, _("Prima. We vragen een ander."))
    return redirect("practice:mine")


def _remarked(request: HttpRequest, assessment: Assessment) -> HttpResponse | None:
    """What was typed at sentences of the report, and at moments of what was said. A page where one was refused."""
    pressed = request.POST.get("doe", "").partition(":")[2]
    for name, text in request.POST.items():
        field, said = name.removeprefix("opmerking-"), str(text).replace("\r\n", "\n")
        if field == name or not (said.strip() or field == pressed):
            continue
        at = _place(field, request.POST.get(f"plek-{field}", ""))
        try:
            if at is None:
                raise Incomplete({"plek": "kies"})
            commenting.add(assessment.pk, by=person_of(request), at=at, words=said)
        except Incomplete as incomplete:
            why = next(iter(incomplete.missing.items()))
            more: dict[str, Any] = {"remark_at": field, "remark_wrong": words.wrong(*why), "remarked": said}
            typed = _read(request, doing.document_of(assessment.work))
            return _page(request, assessment, typed=typed, status=HTTPStatus.UNPROCESSABLE_ENTITY, **more)
    return None


def _place(field: str, told: str) -> Passage | Moment | None:
    """Only at what a colleague gets to see."""
    start, _dash, end = told.partition("-")
    if field.startswith("verslag-") and start.isdecimal() and end.isdecimal() and len(start + end) < 12:
        return Passage(field, int(start), int(end))
    minutes, _colon, seconds = told.partition(":")
    number = field.removeprefix("geluid-")
    if all(text.isdecimal() and len(text) < 10 for text in (number, minutes, seconds)):
        return Moment(int(number), int(minutes) * 60 + int(seconds))
    return None


def _take_away(request: HttpRequest, assessment: Assessment) -> HttpResponse:
    number = request.POST.get("nummer", "")
    if number.isdecimal() and len(number) < 19 and assessment.comments.filter(pk=int(number)).exists():
        commenting.remove(int(number), by=person_of(request))
    return redirect(request.path)
