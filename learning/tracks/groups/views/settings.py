"""The name, the last day and the trainers of a group."""

from __future__ import annotations

from http import HTTPStatus

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from learning.people import groups
from learning.people.models import Group, Person
from learning.tracks.groups import queries, telling
from learning.tracks.groups.forms import GroupForm, TrainerForm
from learning.tracks.groups.views.access import around, in_own_group, in_own_handmade_group


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@in_own_group
def settings(request: HttpRequest, trainer: Person, group: Group) -> HttpResponse:
    if request.method != "POST":
        return _page(request, trainer, group)
    form = GroupForm(request.POST, group=group)
    if not form.is_valid():
        return _page(request, trainer, group, form=form)
    groups.set_group(group, name=form.cleaned_data.get("name", group.name), ends_on=form.cleaned_data["ends_on"])
    messages.success(request, _("Bewaard."))
    return redirect("groups:settings", group.pk)


@require_POST
@in_own_group
def add_trainer(request: HttpRequest, trainer: Person, group: Group) -> HttpResponse:
    """Somebody to train it too, or to stand in."""
    form = TrainerForm(request.POST, trainer=trainer, standing_in=bool(group.source))
    if form.is_valid() and form.colleague:
        try:
            with transaction.atomic():
                groups.add_trainer(group, form.colleague, until=form.cleaned_data["until"])
                telling.tell_trainers(group, [form.colleague])
        except groups.NoTrainer:
            form.add_error("email", _("Deze collega heeft hier niet de rol van trainer. Vraag beheer daarom."))
        except groups.Learns:
            form.add_error("email", _("Deze collega leert in deze groep. Haal die er eerst uit."))
        except groups.Trains:
            form.add_error("email", _("Deze collega traint deze groep al."))
        else:
            messages.success(request, _("Je collega traint deze groep nu mee."))
            return redirect("groups:settings", group.pk)
    return _page(request, trainer, group, adding=form)


@require_POST
@in_own_handmade_group
def close(request: HttpRequest, trainer: Person, group: Group) -> HttpResponse:
    groups.close(group)
    messages.success(request, _("De groep is gesloten. Met een andere laatste dag open je hem weer."))
    return redirect("groups:settings", group.pk)


def _page(
    request: HttpRequest,
    trainer: Person,
    group: Group,
    *,
    form: GroupForm | None = None,
    adding: TrainerForm | None = None,
) -> HttpResponse:
    today = timezone.localdate()
    context = {
        **around(group, "groups:settings"),
        "form": form or GroupForm(group=group),
        "adding": adding or TrainerForm(trainer=trainer, standing_in=bool(group.source)),
        "seats": queries.seats_of_trainers(group),
        "me": trainer,
        "today": today,
        "open": not group.ends_on or group.ends_on >= today,
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form or adding else HTTPStatus.OK
    return render(request, "groups/settings.html", context, status=status)
