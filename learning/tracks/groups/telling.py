"""Who is put in a group hears of it: from then on others see how far they are."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from learning.notices.kinds import Facts, Line, kind
from learning.notices.services import Telling, tell_many
from learning.people.models import Group, GroupMember, Person, Role

LEARNS, TRAINS = "groep.leert", "groep.traint"


def tell_learners(group: Group, people: Iterable[Person]) -> None:
    """Inside the transaction that put them there. Two statements for each five hundred."""
    tell_many(LEARNS, _tellings(group, people))


def tell_trainers(group: Group, people: Iterable[Person]) -> None:
    """As above."""
    tell_many(TRAINS, _tellings(group, people))


def _tellings(group: Group, people: Iterable[Person]) -> list[Telling]:
    return [Telling(person.pk, f"group:{group.pk}", {"group": group.pk}) for person in people]


@kind(LEARNS, label=gettext_lazy("Je trainer zet je in een groep"))
def in_a_group(person: Person, facts: Sequence[Facts]) -> list[Line | None]:
    """One query."""
    return [
        Line(
            _(
                "Je leert nu in de groep “%(group)s”. De trainers ervan zien hoe ver je bent, je niveaus bij wat de "
                "groep leert, en wat je bij ze inlevert. Verder niet wat je schrijft."
            )
            % {"group": name},
            reverse("groups:mine"),
            mailed=_("Je leert nu in de groep “%(group)s”.") % {"group": name},
        )
        if name is not None
        else None
        for name in _names(person, facts, trains=False)
    ]


@kind(TRAINS, label=gettext_lazy("Een collega zet je als trainer bij een groep"), role=Role.TRAINER)
def with_a_group(person: Person, facts: Sequence[Facts]) -> list[Line | None]:
    """One query."""
    lines: list[Line | None] = []
    for each, name in zip(facts, _names(person, facts, trains=True), strict=True):
        if name is None:
            lines.append(None)
            continue
        words = _("Je bent trainer van de groep “%(group)s”.") % {"group": name}
        lines.append(Line(words, reverse("groups:group", args=[each["group"]]), mailed=words))
    return lines


def _names(person: Person, facts: Sequence[Facts], *, trains: bool) -> list[str | None]:
    """Of the groups they are still in, in that part."""
    numbers = [each["group"] for each in facts]
    members = GroupMember.objects.filter(person=person, group__in=numbers, is_trainer=trains)
    names = dict(members.values_list("group", "group__name"))
    return [names.get(number) for number in numbers]
