"""The groups somebody trains and learns in, and who is where in one of them."""

from __future__ import annotations

from http import HTTPStatus

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from design.components import Crumb
from learning.people import groups
from learning.people.guards import person as person_of
from learning.people.guards import trainers_only
from learning.people.models import Group, Person, Role
from learning.people.queries import roles_of
from learning.tracks import additions
from learning.tracks.groups import queries
from learning.tracks.groups.forms import NewGroupForm
from learning.tracks.groups.views.access import around, in_own_group


@require_safe
@never_cache
@login_required
def mine(request: HttpRequest) -> HttpResponse:
    """Six queries, of which two are the session's."""
    person, today = person_of(request), timezone.localdate()
    trained = list(queries.groups_of(person))
    context = {
        "running": [group for group in trained if not group.ends_on or group.ends_on >= today],
        "ended": [group for group in trained if group.ends_on and group.ends_on < today],
        "learning": queries.learning_in(person),
        "may_make": Role.TRAINER in roles_of(person),
    }
    return render(request, "groups/mine.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@trainers_only
def new(request: HttpRequest, trainer: Person) -> HttpResponse:
    """Make a group by hand."""
    form = NewGroupForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        group = groups.make_group(trainer, name=form.cleaned_data["name"], ends_on=form.cleaned_data["ends_on"])
        messages.success(request, _("De groep is er. Zet er nu mensen in."))
        return redirect("groups:people", group.pk)
    crumbs = [Crumb(_("Groepen"), reverse("groups:mine")), Crumb(_("Maak een groep"))]
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
    return render(request, "groups/new.html", {"form": form, "crumbs": crumbs}, status=status)


@require_safe
@never_cache
@in_own_group
def group(request: HttpRequest, trainer: Person, found: Group) -> HttpResponse:
    """Who is in a group and how far they are. Seven queries, and those of the rooms that add something."""
    progress = queries.progress_in(found, page=request.GET.get("page", ""))
    columns = additions.columns_of_learners(found, [learner.person for learner in progress.learners])
    context = {
        **around(found, "groups:group"),
        "progress": progress,
        "columns": columns,
        "rows": [
            (learner, [column.notes.get(learner.person.pk, "") for column in columns]) for learner in progress.learners
        ],
        "modules": queries.modules_of(found),
        "trainers": queries.trainers_of(found),
        "asides": additions.asides_of_group(request, found),
        "ended": bool(found.ends_on and found.ends_on < timezone.localdate()),
    }
    return render(request, "groups/group.html", context)
