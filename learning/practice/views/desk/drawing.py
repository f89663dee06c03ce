"""The page of a round, drawn: what was handed in, the scale, and what a trainer has at hand."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from learning.files import fields
from learning.practice import hearing, rules
from learning.practice.feedback import LONGEST
from learning.practice.flow import CLOSED, WAITING, possible
from learning.practice.models import Assessment, Stage, State, Verdict, Work
from learning.practice.permissions import assesses
from learning.practice.queries import desk, rounds
from learning.practice.queries.phrases import phrases_of
from learning.practice.queries.rounds import Hat, Sheet
from learning.practice.services import calibrating, reading
from learning.practice.views.desk import form as forms
from learning.practice.views.desk import words
from learning.practice.views.desk.access import Seat
from learning.practice.views.desk.form import ReadingForm
from learning.practice.views.desk.queue import WEEKS, lines

SPOKEN = hearing.FEEDBACK


def page(
    request: HttpRequest,
    seat: Seat,
    *,
    form: ReadingForm | None = None,
    trouble: str = "",
    status: int = HTTPStatus.OK,
    **more: Any,
) -> HttpResponse:
    """`form`: what was typed, where it wasn't kept as it is; `trouble`: why, in a sentence."""
    sheet = rounds.sheet(seat.person, seat.work, seat.hat, seat.asked, seat.objection)
    form = form or forms.of(sheet.mine)
    context = {
        "sheet": sheet,
        "work": seat.work,
        "case": seat.work.assignment.version.case,
        "hat": str(seat.hat),
        "form": form,
        "trouble": trouble,
        "rows": form.rows(rounds.lines(sheet, form.levels)),
        "learning_levels": form.learning_levels(sheet.turn.kept.learning_level if sheet.turn else ""),
        "longest": LONGEST,
        "longest_note": reading.LONGEST_NOTE,
        "enough": rules.ENOUGH,
        **_standing(seat, sheet),
        **(_at_hand(seat, sheet, form) if seat.hat is Hat.TRAINER else {}),
        **more,
    }
    return render(request, "practice/desk/work.html", context, status=status)


def _standing(seat: Seat, sheet: Sheet) -> dict[str, Any]:
    """What can be done now by who looks."""
    work, mine = seat.work, sheet.mine
    lying = bool(mine and mine.stage == Stage.TO_READ)
    # Who may not read yet rates examples first; of a second assessor too.
    writes = seat.hat in (Hat.SECOND, Hat.OBJECTION) or (seat.hat is Hat.TRAINER and work.state in WAITING)
    calibrate = writes and calibrating.is_due(seat.person, work.assignment.version.case)
    return {
        "lying": lying,
        "writes": writes and not lying,
        # Of an objection the answer is words; what the draw's second says is for nobody to read.
        "remarks": writes and not lying and not calibrate and seat.hat is Hat.TRAINER,
        "calibrate": calibrate,
        "steps": [(step, words.step(step.event)) for step in sheet.steps],
        "events": {str(event) for event in possible(State(work.state), round=work.round, rounds_max=_rounds(work))},
        "trains": seat.hat in (Hat.READER, Hat.OBJECTION) and assesses(seat.person, work),
        "can_overturn": work.state in (State.RETURNED, State.GOES_ON),
    }


def _rounds(work: Work) -> int:
    return work.assignment.rounds_max


def _at_hand(seat: Seat, sheet: Sheet, form: ReadingForm) -> dict[str, Any]:
    """What only a trainer of the group has beside them: the queue, their note, their sentences, their colleagues."""
    found = desk.desk_of(seat.person)
    assert found is not None  # who has this hat trains a group
    work = seat.work
    note, note_version = reading.note_of(work, seat.person)
    before, after = desk.neighbours(found, work, work.waiting_since)
    readers = reading.readers_for(sheet.mine or Assessment(work=work, person=seat.person))
    return {
        "heading": words.waiting(desk.waiting_for(found)),
        "queue": lines(desk.rows(found, desk.head(found))),
        "before": before,
        "after": after,
        "holder": found.holder(work),
        "late": desk.is_late(work),
        "colleagues": [
            each
            for each in found.beside.get(work.group_id, {}).values()
            if each.pk not in (seat.person.pk, work.assessor_id)
        ],
        "verdicts": _verdicts(sheet),
        "readers": readers,
        "note": note,
        "note_version": note_version,
        "phrases": phrases_of(seat.person),
        "weeks": WEEKS,
        "can_extend": work.state not in CLOSED and work.state not in WAITING,
        "can_hand_over": work.state not in CLOSED,
        "spoken": _spoken(seat, sheet),
    }


def _verdicts(sheet: Sheet) -> list[tuple[str, str, str]]:
    """(value, label, what it means). In the last round nothing goes back."""
    said = {
        Verdict.RETURN: (_("Terug met een vraag"), _("Er is iets wat je nog wilt zien. Er is een ronde over.")),
        Verdict.ENOUGH: (_("Voldoende"), _("Vanaf gemiddeld 2,5, met geen enkele 1.")),
        Verdict.GO_ON: (_("Loopt door"), _("Het is nog niet rond en gaat buiten verder. Niemand zakt.")),
    }
    if sheet.is_last:
        del said[Verdict.RETURN]
    return [(str(verdict), *words) for verdict, words in said.items()]


def _spoken(seat: Seat, sheet: Sheet) -> fields.Field | None:
    if sheet.turn is None:
        return None
    file = sheet.mine.file if sheet.mine else None
    anchor = f"{seat.work.key}-{sheet.turn.number}"
    return fields.field(seat.person, purpose=SPOKEN, legend=_("Spreek je antwoord in"), anchor=anchor, file=file)
