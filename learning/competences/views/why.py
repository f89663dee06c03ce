""" "Waarom staat hier N2?": what a level rests on, in words, and exactly what is missing."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from design.components import Crumb
from learning.competences import rules, words
from learning.competences.queries import growth as queries
from learning.competences.services.objecting import answer_of
from learning.competences.views.access import crumbs, known, person_of, private, up_to_date


@require_safe
@private
def why(request: HttpRequest, competence: str) -> HttpResponse:
    """Four queries where nothing waits to be worked out."""
    person = person_of(request)
    there = up_to_date(person)
    found = queries.why(person, there, known(competence))
    reached = found.level.level
    name = f"{found.competence.code} {found.competence.name}"
    context = {
        "why": found,
        "rule": words.rule_of(reached) if reached else "",
        "prior": words.prior_rule() if found.level.by_prior else "",
        "next_rule": words.rule_of(found.next_level) if found.next_level else "",
        "answers": {
            each.row.pk: answer_of(each.row.objection)
            for each in (*found.used, *found.beside)
            if each.state in _DECIDED
        },
        "version": rules.VERSION,
        "there": there,
        "crumbs": crumbs(Crumb(name, language="nl")),
    }
    return render(request, "competences/why.html", context)


_DECIDED = ("blijft", "vervalt")
