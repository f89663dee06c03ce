"""Worked examples, rated before a trainer reads what people themselves handed in."""

from __future__ import annotations

from http import HTTPStatus

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from learning.practice.services import calibrating
from learning.practice.services.calibrating import Example, Family
from learning.practice.services.doing import Incomplete
from learning.practice.views.desk import words
from learning.practice.views.desk.access import Seat, at_work
from learning.practice.views.desk.form import LEVEL_TEXTS


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@at_work()
def calibrate(request: HttpRequest, seat: Seat) -> HttpResponse:
    """One example at a time: first one's own levels, then those of who wrote it, and why. Twelve queries at most."""
    family = calibrating.family_of(seat.work.assignment.version.case)
    if family is None:
        raise Http404
    if request.method != "POST":
        return _page(request, seat, family, shown=request.GET.get("gezien", ""))
    example = next((each for each in family.examples if each.key == request.POST.get("voorbeeld")), None)
    if example is None:
        raise Http404
    criteria = [criterion.id for criterion in family.document.rubric]
    levels = {
        id_: LEVEL_TEXTS[text] for id_ in criteria if (text := request.POST.get(f"niveau-{id_}", "")) in LEVEL_TEXTS
    }
    try:
        calibrating.rate(seat.person, family, example, levels)
    except Incomplete as incomplete:
        wrong = {name: words.wrong(name, why) for name, why in incomplete.missing.items()}
        return _page(request, seat, family, levels=levels, wrong=wrong)
    return redirect(f"{request.path}?gezien={family.examples.index(example) + 1}")


def _page(
    request: HttpRequest,
    seat: Seat,
    family: Family,
    *,
    shown: str = "",
    levels: dict[str, int] | None = None,
    wrong: dict[str, str] | None = None,
) -> HttpResponse:
    """The one that was just rated, with what its writers said; else the first that wasn't."""
    rated = calibrating.rated(seat.person, family)
    number = int(shown) if shown in {str(n + 1) for n in range(len(family.examples))} else 0
    seen = family.examples[number - 1] if number and family.examples[number - 1].key in rated else None
    todo = next((each for each in family.examples if each.key not in rated), None)
    example = seen or todo
    if example is None:
        return redirect("desk:work", seat.work.key)
    own = rated.get(example.key, levels or {})
    context = {
        "work": seat.work,
        "case": seat.work.assignment.version.case,
        "example": example,
        "number": family.examples.index(example) + 1,
        "total": len(family.examples),
        "seen": seen is not None,
        "done": todo is None,
        "rows": _rows(family, example, own, wrong or {}, told=seen is not None),
        "has_errors": bool(wrong),
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if wrong else HTTPStatus.OK
    return render(request, "practice/desk/calibration.html", context, status=status)


def _rows(
    family: Family, example: Example, own: dict[str, int], wrong: dict[str, str], *, told: bool
) -> list[dict[str, object]]:
    """Per criterion what is chosen; what its writers gave only when it was rated."""
    return [
        {
            "criterion": criterion,
            "levels": [(number, level) for number, level in enumerate(criterion.levels, start=1)],
            "own": own.get(criterion.id),
            "wrong": wrong.get(f"niveau-{criterion.id}", ""),
            "said": example.said.get(criterion.id) if told else None,
        }
        for criterion in family.document.rubric
    ]
