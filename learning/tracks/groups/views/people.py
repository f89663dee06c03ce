"""Who is in a group that was made by hand."""

from __future__ import annotations

from http import HTTPStatus

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from learning.people import groups
from learning.people.models import Group, Person
from learning.tracks.groups import queries, telling
from learning.tracks.groups.forms import ColleagueForm
from learning.tracks.groups.views.access import around, in_own_group, in_own_handmade_group


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@in_own_handmade_group
def people(request: HttpRequest, trainer: Person, group: Group) -> HttpResponse:
    """Who learn in it, and with a post one colleague more."""
    form = ColleagueForm(request.POST if request.method == "POST" else None, trainer=trainer)
    if request.method == "POST" and form.is_valid() and form.colleague:
        if _added(group, [form.colleague]):
            messages.success(request, _("%(name)s zit nu in de groep.") % {"name": _called(form.colleague)})
        else:
            messages.info(request, _("%(name)s zat al in de groep.") % {"name": _called(form.colleague)})
        return redirect("groups:people", group.pk)
    context = {
        **around(group, "groups:people"),
        "form": form,
        "page": queries.learners_in(group, page=request.GET.get("page", "")),
        "others": queries.groups_of(trainer).exclude(pk=group.pk).exists(),
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
    return render(request, "groups/people.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@in_own_handmade_group
def from_group(request: HttpRequest, trainer: Person, group: Group) -> HttpResponse:
    """Choose from the people in another group of this trainer."""
    others = list(queries.groups_of(trainer).exclude(pk=group.pk))
    said = request.POST.get("groep") or request.GET.get("groep", "")
    other = next((each for each in others if str(each.pk) == said), None)
    if said and other is None:
        raise Http404
    page = queries.learners_in(other, page=request.GET.get("page", ""), outside=group) if other else None
    chosen = request.POST.getlist("wie")
    if request.method == "POST" and other and chosen:
        added = _added(group, queries.learners_named(other, chosen))
        words = ngettext("%(n)s mens erbij.", "%(n)s mensen erbij.", added) % {"n": added}
        messages.success(request, words)
        return redirect("groups:people", group.pk)
    missed = request.method == "POST"
    context = {**around(group, "groups:people"), "others": others, "other": other, "page": page, "missed": missed}
    status = HTTPStatus.UNPROCESSABLE_ENTITY if missed else HTTPStatus.OK
    return render(request, "groups/from_group.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@in_own_group
def take_out(request: HttpRequest, trainer: Person, group: Group, person: int) -> HttpResponse:
    """Somebody who learns in it or trains it, after a question."""
    member = queries.member_of(group, person)
    if member is None:
        raise Http404
    trouble = ""
    if request.method == "POST":
        try:
            groups.take_out(group, member.person)
        except groups.LastTrainer:
            trouble = _("Dan heeft de groep geen trainer meer. Zet er eerst een collega bij.")
        except groups.Follows:
            trouble = _("Deze groep volgt de lijst van je leeromgeving. Daar gaat iemand eruit.")
        else:
            messages.success(request, _("%(name)s is uit de groep.") % {"name": _called(member.person)})
            if member.person_id == trainer.pk:
                return redirect("groups:mine")
            return redirect("groups:settings" if member.is_trainer else "groups:people", group.pk)
    context = {
        **around(group, "groups:settings" if member.is_trainer else "groups:people"),
        "member": member,
        "me": trainer,
        "trouble": trouble,
    }
    status = HTTPStatus.CONFLICT if trouble else HTTPStatus.OK
    return render(request, "groups/take_out.html", context, status=status)


@transaction.atomic
def _added(group: Group, people: list[Person]) -> int:
    new = groups.add_people(group, people)
    telling.tell_learners(group, new)
    return len(new)


def _called(person: Person) -> str:
    return person.name or _("Je collega")
