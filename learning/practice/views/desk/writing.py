"""One form, that keeps itself; each of its buttons keeps all that was typed, whatever else it does."""

from __future__ import annotations

from dataclasses import dataclass, replace
from http import HTTPStatus
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import time_format
from django.utils.translation import gettext as _

from learning.files import fields
from learning.files.checks import Refused
from learning.files.services import erase
from learning.files.store import StoreTrouble
from learning.practice.models import Assessment, Part, Stage, State
from learning.practice.queries import desk
from learning.practice.queries.comments import plain
from learning.practice.queries.learner import first_name
from learning.practice.queries.rounds import Hat
from learning.practice.services import calibrating, doing, phrasing, reading, second_reader, seconding
from learning.practice.services.doing import Incomplete
from learning.practice.services.moving import NotNow
from learning.practice.services.reading import InOtherHands, Stale, StaleNote
from learning.practice.views.desk import form as forms
from learning.practice.views.desk import remarks, words
from learning.practice.views.desk.access import Seat
from learning.practice.views.desk.drawing import SPOKEN, page
from learning.practice.views.desk.form import ReadingForm

MOST_USED = 20


@dataclass(frozen=True)
class Turn:
    """What came in, and the reading in which it was kept. `rest`: what follows the name of the button."""

    request: HttpRequest
    seat: Seat
    form: ReadingForm
    assessment: Assessment
    rest: str


def write(request: HttpRequest, seat: Seat) -> HttpResponse:
    """As a trainer of the group or as the draw's second assessor."""
    do = request.POST.get("doe", "bewaar")
    if seat.hat is Hat.SECOND and do == "niet":
        return _decline(request, seat)
    if calibrating.is_due(seat.person, seat.work.assignment.version.case):
        return redirect("desk:calibrate", seat.work.key)
    form = forms.sent(request.POST, doing.document_of(seat.work))
    try:
        return _keep_and_do(request, seat, form, do)
    except Incomplete as incomplete:
        return _refused(request, seat, form, incomplete)
    except (Stale, StaleNote, InOtherHands, NotNow) as error:
        return _not_kept(request, seat, form, error)


def _keep_and_do(request: HttpRequest, seat: Seat, form: ReadingForm, do: str) -> HttpResponse:
    """First all that was typed is kept, then comes what the button says."""
    if do == "terughalen":
        return _call_back(seat)
    assessment = _kept(seat, form, must=do != "bewaar")
    note = _keep_note(request, seat)
    for used in request.POST.getlist("gebruikt")[:MOST_USED]:
        phrasing.use(seat.person, forms.number(used))
    verb, _dash, rest = do.partition("-")
    if assessment is None or verb not in VERBS:
        return _said_kept(request, seat, assessment, note)
    return VERBS[verb](Turn(request, seat, form, assessment, rest))


def _kept(seat: Seat, form: ReadingForm, *, must: bool) -> Assessment | None:
    """Whoever begins to write has taken it up; a note for oneself alone doesn't do that. `must`: something follows for
    which it must be theirs."""
    begun = seat.work.state == State.READING and seat.work.assessor_id == seat.person.pk
    if seat.hat is Hat.SECOND:
        assessment = seat.asked
    elif form.is_blank and not must and not begun:
        return None
    else:
        assessment = reading.take_up(seat.work.pk, by=seat.person)
    assert assessment is not None  # a second assessor was asked
    return reading.save(
        assessment.pk,
        levels=form.levels,
        words=form.said,
        based_on=form.version,
        learning_level=form.learning_level,
    )


def _keep_note(request: HttpRequest, seat: Seat) -> int | None:
    if seat.hat is not Hat.TRAINER or "notitie" not in request.POST:
        return None
    based_on = forms.number(request.POST.get("notitie-versie", ""))
    text = plain(request.POST["notitie"]).strip()
    return reading.keep_note(seat.work, by=seat.person, text=text, based_on=based_on)


def _said_kept(request: HttpRequest, seat: Seat, assessment: Assessment | None, note: int | None) -> HttpResponse:
    if not _is_fragment(request):
        messages.success(request, _("Bewaard. Nog niemand anders ziet het."))
        return _back(seat)
    said = _("Bewaard om %(time)s.") % {"time": time_format(timezone.localtime(), "H.i")}
    return JsonResponse({"said": said, "version": assessment.version if assessment else 0, "note": note})


# --- what a button does, after all was kept


def _give(turn: Turn) -> HttpResponse:
    seat, request = turn.seat, turn.request
    given = reading.give(
        turn.assessment.pk,
        by=seat.person,
        levels=turn.form.levels,
        words=turn.form.said,
        based_on=turn.assessment.version,
        verdict=forms.verdict_of(turn.form),
        reader=turn.form.chosen_reader(reading.readers_for(turn.assessment)),
        learning_level=turn.form.learning_level,
    )
    name = first_name(seat.work.person, _("je deelnemer"))
    if seat.hat is Hat.SECOND:
        messages.success(request, _("Dank je. Je niveaus liggen nu naast die van de eerste."))
    elif given.moved is None:
        reader = first_name(given.assessment.reader, _("je collega"))
        said = _("%(reader)s leest het eerst. Daarna gaat het naar %(name)s.")
        messages.success(request, said % {"reader": reader, "name": name})
    else:
        messages.success(request, _("Gegeven. %(name)s kan het nu lezen.") % {"name": name})
    return redirect(_next(seat))


def _next(seat: Seat) -> str:
    """Whoever waits longest now; the queue when nobody does."""
    found = desk.desk_of(seat.person)
    after = desk.neighbours(found, seat.work, None)[1] if found else None
    return reverse("desk:work", args=[after]) if after else reverse("desk:queue")


def _remark(turn: Turn) -> HttpResponse:
    comment = remarks.take(turn.request.POST, turn.assessment, by=turn.seat.person)
    return _back(turn.seat, f"#opmerking-{comment.pk}" if comment else "#ronde")


def _add_phrase(turn: Turn) -> HttpResponse:
    """A sentence of one's own behind what is there, for who has no script."""
    phrase = phrasing.use(turn.seat.person, forms.number(turn.request.POST.get("zin", "")))
    said = turn.form.said
    if phrase and turn.rest == "zag":
        said = replace(said, saw=f"{said.saw} {phrase.text}".strip())
    elif phrase and turn.rest == "vraag":
        said = replace(said, asks=f"{said.asks} {phrase.text}".strip())
    reading.save(
        turn.assessment.pk,
        levels=turn.form.levels,
        words=said,
        based_on=turn.assessment.version,
        learning_level=turn.form.learning_level,
    )
    return _back(turn.seat, "#zag" if turn.rest == "zag" else "#vraag")


def _speak(turn: Turn) -> HttpResponse:
    request, seat = turn.request, turn.seat
    try:
        file = fields.chosen(request, SPOKEN)
        wrong = "" if file else _("Neem eerst iets op, of kies een bestand.")
    except Refused as refused:
        file, wrong = None, fields.sentence_of(refused, SPOKEN)
    except StoreTrouble:
        file, wrong = None, _("We kunnen nu even niets bewaren. Probeer het straks nog eens.")
    before = turn.assessment.file
    try:
        if file:
            reading.speak(turn.assessment.pk, file=file)
    except Incomplete:  # it was said at another reading, and belongs there
        file, wrong = None, _("Neem eerst iets op, of kies een bestand.")
    if file is None:
        return page(request, _again(seat), spoken_wrong=wrong, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    if before and before.pk != file.pk:
        erase(before)
    messages.success(request, _("Je opname staat erbij. Die gaat mee als je dit geeft."))
    return _back(seat, "#gesproken")


def _fall_silent(turn: Turn) -> HttpResponse:
    before = turn.assessment.file
    reading.speak(turn.assessment.pk, file=None)
    if before:
        erase(before)
    return _back(turn.seat, "#gesproken")


VERBS = {
    "geef": _give, "opm": _remark, "hoor": _remark, "weg": _remark, "erbij": _add_phrase,
    "spreek": _speak, "zwijg": _fall_silent,
}  # fmt: skip


def _decline(request: HttpRequest, seat: Seat) -> HttpResponse:
    assert seat.asked is not None
    seconding.decline(seat.asked.pk, by=seat.person)
    messages.success(request, _("Prima. We vragen een ander."))
    return redirect("desk:queue")


def _call_back(seat: Seat) -> HttpResponse:
    lying = Assessment.objects.filter(work=seat.work, person=seat.person, stage=Stage.TO_READ).first()
    if lying is None:
        raise NotNow(seat.work.state)
    second_reader.call_back(lying.pk, by=seat.person)
    return _back(seat)


# --- what can't be


def _is_fragment(request: HttpRequest) -> bool:
    """The script asks; it draws nothing anew."""
    return request.headers.get("X-Fragment") == "1"


def _refused(request: HttpRequest, seat: Seat, form: ReadingForm, incomplete: Incomplete) -> HttpResponse:
    """What was typed is kept as far as it can be; beside each field stands what to do."""
    if _is_fragment(request):
        said = words.wrong(*next(iter(incomplete.missing.items())))
        return JsonResponse({"said": said}, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    at = request.POST.get("doe", "").removeprefix(remarks.ADD).removeprefix(remarks.HEAR)
    more = {
        "typed_at": at,
        "typed": request.POST.get(f"opmerking-{at}", ""),
        "typed_moment": request.POST.get(f"moment-{at}", ""),
        "typed_sentence": request.POST.get(f"zin-{at}", ""),
        **_note_typed(request),
    }
    shown = _now(seat, form.with_errors(incomplete.missing))
    return page(request, _again(seat), form=shown, status=HTTPStatus.UNPROCESSABLE_ENTITY, **more)


def _not_kept(request: HttpRequest, seat: Seat, form: ReadingForm, error: Exception) -> HttpResponse:
    """Another was first: in another window, or another trainer. What was typed stands on the page."""
    trouble = _trouble(error)
    if _is_fragment(request):
        return JsonResponse({"said": trouble, "stop": True}, status=HTTPStatus.CONFLICT)
    more: dict[str, Any] = {"trouble": trouble, **_note_typed(request)}
    if isinstance(error, Stale):
        form = form.after_another(error.assessment)
    if isinstance(error, StaleNote):
        form = _now(seat, form)
        more["note_there"] = error.text
    return page(request, _again(seat), form=form, status=HTTPStatus.CONFLICT, **more)


def _trouble(error: Exception) -> str:
    if isinstance(error, InOtherHands):
        name = first_name(error.by, _("Een collega"))
        return _("%(name)s leest dit nu. Wat jij schreef, staat nog op deze bladzijde.") % {"name": name}
    if isinstance(error, Stale):
        return _("In een ander venster is dit ook veranderd. Druk nog eens op de knop om te houden wat hier staat.")
    if isinstance(error, StaleNote):
        return _("Je notitie is ook in een ander venster veranderd. Druk nog eens om te houden wat hier staat.")
    return _("Dit kan nu niet meer: er is intussen iets mee gebeurd. Wat je schreef, staat nog op deze bladzijde.")


def _now(seat: Seat, form: ReadingForm) -> ReadingForm:
    """The reading itself may have been kept before something else couldn't: the page goes on from there."""
    mine = Assessment.objects.filter(
        work=seat.work, person=seat.person, part__in=[Part.TRAINER, Part.SECOND], stage__in=[Stage.ASKED, Stage.BUSY]
    )
    kept = mine.order_by("-round__number", "-pk").first()
    if kept is None or kept.version <= form.version:
        return form
    return replace(form, version=kept.version) if reading.words_of(kept).saw == form.said.saw else form


def _note_typed(request: HttpRequest) -> dict[str, Any]:
    return {"note_typed": plain(request.POST["notitie"])} if "notitie" in request.POST else {}


def _again(seat: Seat) -> Seat:
    """As it is now: what was asked may have taken it up."""
    seat.work.refresh_from_db(fields=["state", "round", "assessor", "waiting_since", "due_on"])
    return seat


def _back(seat: Seat, place: str = "") -> HttpResponse:
    return redirect(reverse("desk:work", args=[seat.work.key]) + place)
