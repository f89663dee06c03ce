"""Beside a group that follows a course of an LMS: how its class list is, and a button to have it read now."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from learning.people.models import Group, Person
from learning.tracks import additions
from learning.tracks.groups import queries as groups
from lti.tool import rosters, scores
from lti.tool.models import Context


def trouble_in_words(trouble: str) -> str:
    """Of a class list: why it isn't up to date, for its trainer; "" when it is."""
    words = {
        rosters.UNREACHABLE: _("Je leeromgeving antwoordt nu niet. We proberen het vanzelf nog eens."),
        rosters.REFUSED: _("Je leeromgeving geeft ons de lijst niet. Vraag je beheerder om hulp."),
        rosters.UNREADABLE: _("Wat je leeromgeving stuurt, kunnen we niet lezen. Vraag je beheerder om hulp."),
        rosters.TOO_LONG: _("De lijst is te lang. Vraag je beheerder om hulp."),
        rosters.EMPTY: _("De lijst was leeg. We halen niemand weg, tenzij hij de volgende keer weer leeg is."),
        rosters.MANY_LEFT: _(
            "Volgens de lijst is meer dan de helft weg. We halen niemand weg, tenzij de lijst dat de volgende keer "
            "weer zegt."
        ),
    }
    return words.get(trouble, "")


@additions.on_group
def class_list(request: HttpRequest, group: Group) -> str:
    """One query."""
    found = rosters.of_group(group.source)
    if found is None:
        return ""
    context = {"class_list": found, "trouble": trouble_in_words(found.trouble)}
    return render_to_string("lti/class_list.html", context, request)


@additions.on_module
def numbers_are_shown(person: Person, module: str) -> str:
    """One query."""
    return _("Je leeromgeving krijgt ook je score te zien.") if scores.shows_numbers(person.pk, module) else ""


@require_POST
@login_required
def update(request: HttpRequest, context: int) -> HttpResponse:
    """Have the class list read, by a trainer of its group."""
    found = Context.objects.filter(pk=context).first()
    if found is None or not isinstance(request.user, Person):
        raise Http404
    group = groups.trains(request.user, source=found.group_source)
    if group is None:
        raise Http404
    rosters.read(found)
    messages.success(request, _("We halen de lijst op. Kijk over een minuut nog eens."))
    return redirect("groups:group", group.pk)
