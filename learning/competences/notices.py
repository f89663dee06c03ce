"""What people are told of competences: an objection and its answer, a deelkaart, that HR reads whether they have a
certificate. Names, never words of anybody."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from learning.competences.models import Deelkaart, EvidenceObjection
from learning.competences.permissions import is_open, objections_for
from learning.notices.kinds import Facts, Line, kind
from learning.people.models import Person
from learning.tracks.models import Track

OBJECTED = "groei.bezwaar"
ANSWERED = "groei.bezwaar_beantwoord"
SHARED = "groei.deelkaart"
DEMANDED = "groei.eis"


@kind(OBJECTED, label=gettext_lazy("Iemand vraagt je om een bewijs nog eens te bekijken"))
def _objected(person: Person, facts: Sequence[Facts]) -> Sequence[Line | None]:
    """Two queries."""
    numbers = [each["objection"] for each in facts]
    known = dict(objections_for(person).filter(pk__in=numbers).values_list("pk", "item__person__name"))
    words = _("%(name)s zegt bij een bewijs: dit klopt niet. Kijk jij nog eens?")
    mailed = _("Iemand vraagt je om een bewijs nog eens te bekijken.")
    return [
        Line(words % {"name": known[n] or _("Een collega")}, reverse("growth:objection", args=[n]), mailed)
        if n in known
        else None
        for n in numbers
    ]


@kind(ANSWERED, label=gettext_lazy("Antwoord op jouw “dit klopt niet”"))
def _answered(person: Person, facts: Sequence[Facts]) -> Sequence[Line | None]:
    """One query."""
    numbers = [each["objection"] for each in facts]
    mine = EvidenceObjection.objects.filter(pk__in=numbers, item__person=person)
    known = dict(mine.values_list("pk", "item__competence"))
    words = _("Een tweede beoordelaar keek naar je bewijs bij %(code)s.")
    mailed = _("Een tweede beoordelaar keek naar je bewijs.")
    return [
        Line(words % {"code": known[n]}, reverse("growth:why", args=[known[n]]), mailed) if n in known else None
        for n in numbers
    ]


@kind(SHARED, label=gettext_lazy("Iemand deelt een deelkaart met je"))
def _shared(person: Person, facts: Sequence[Facts]) -> Sequence[Line | None]:
    """One query."""
    found = Deelkaart.objects.filter(pk__in=[each["card"] for each in facts], recipient=person)
    known = {card.pk: card for card in found.select_related("person")}
    return [_shared_line(known.get(each["card"])) for each in facts]


def _shared_line(card: Deelkaart | None) -> Line | None:
    if card is None or not is_open(card):
        return None
    words = _("%(name)s deelt een deelkaart met je.") % {"name": card.person.name or _("Een collega")}
    mailed = _("Een collega deelt een deelkaart met je.")
    return Line(words, reverse("growth:card", args=[card.key]), mailed)


@kind(DEMANDED, label=gettext_lazy("HR kan zien of je een certificaat hebt"))
def _demanded(person: Person, facts: Sequence[Facts]) -> Sequence[Line | None]:
    """Also of what was taken away since. One query."""
    titles = dict(Track.objects.filter(pk__in=[each["track"] for each in facts]).values_list("pk", "title"))
    words = _(
        "Het certificaat van “%(track)s” is een formele eis voor je werk. HR kan vanaf %(day)s zien of je het hebt."
    )
    mailed = _("HR kan zien of je een certificaat hebt dat een formele eis is voor je werk.")
    return [
        Line(
            words % {"track": titles[each["track"]], "day": date_format(date.fromisoformat(each["on"]), "j F Y")},
            reverse("owndata:mine"),
            mailed,
        )
        if each["track"] in titles
        else None
        for each in facts
    ]
