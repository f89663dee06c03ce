"""What a second reader does with what lies before them, and who answers an objection."""

from __future__ import annotations

from http import HTTPStatus

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from learning.practice.queries.comments import plain
from learning.practice.queries.learner import first_name
from learning.practice.services import calibrating, doing, objecting, second_reader
from learning.practice.services.doing import Incomplete
from learning.practice.services.moving import NotNow
from learning.practice.views.desk import form as forms
from learning.practice.views.desk import words
from learning.practice.views.desk.access import Seat
from learning.practice.views.desk.drawing import page


def read_along(request: HttpRequest, seat: Seat) -> HttpResponse:
    assert seat.asked is not None
    name = first_name(seat.work.person, _("je deelnemer"))
    remark = plain(request.POST.get("lezer-opmerking", ""))
    try:
        if request.POST.get("doe") == "akkoord":
            second_reader.agree(seat.asked.pk, by=seat.person)
            messages.success(request, _("Het is nu bij %(name)s.") % {"name": name})
        else:
            second_reader.send_back(seat.asked.pk, by=seat.person, remark=remark)
            messages.success(request, _("Je collega heeft het terug, met je opmerking."))
    except Incomplete as incomplete:
        wrong = words.wrong("lezer-opmerking", incomplete.missing["opmerking"])
        return page(request, seat, status=HTTPStatus.UNPROCESSABLE_ENTITY, remark=remark, remark_wrong=wrong)
    except NotNow:
        messages.warning(request, _("Dit ligt niet meer bij jou: je collega haalde het terug, of gaf het uit handen."))
    return redirect("desk:queue")


def answer(request: HttpRequest, seat: Seat) -> HttpResponse:
    assert seat.objection is not None
    if calibrating.is_due(seat.person, seat.work.assignment.version.case):
        return redirect("desk:calibrate", seat.work.key)
    form = forms.sent(request.POST, doing.document_of(seat.work))
    changed = request.POST.get("uitkomst", "")
    try:
        if changed not in ("blijft", "anders"):
            raise Incomplete({"uitkomst": "kies"})
        objecting.answer(
            seat.objection.pk,
            by=seat.person,
            levels=form.levels,
            words=form.said,
            overturn=changed == "anders",
            learning_level=form.learning_level,
        )
    except Incomplete as incomplete:
        typed = form.with_errors(incomplete.missing)
        return page(request, seat, form=typed, outcome=changed, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    except NotNow:
        messages.warning(request, _("Iemand anders gaf al antwoord, of de case is intussen verder."))
        return redirect("desk:queue")
    name = first_name(seat.work.person, _("je deelnemer"))
    messages.success(request, _("Je antwoord is nu bij %(name)s.") % {"name": name})
    return redirect("desk:queue")
