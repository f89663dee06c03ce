"""What this room keeps of people."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from learning.competences import notices
from learning.competences.models import (
    Deelkaart,
    DeelkaartView,
    EvidenceItem,
    EvidenceObjection,
    HRBasis,
    Look,
    Reached,
    ShownOf,
    Stale,
)
from learning.competences.sealed import opened
from learning.notices.models import Notice
from learning.people.models import Person
from learning.people.personal import Facts, columns, goes_along, personal

personal(EvidenceItem, "person", _("Bewijs van wat je kunt"))(columns)
personal(
    EvidenceItem, "assessor", _("Bewijs van anderen dat op jouw oordeel rust"),
    stays=_("Het is van wie het liet zien; jouw naam gaat eraf."), but="person",
)(columns)  # fmt: skip


@personal(EvidenceObjection, "item__person", _("Waar je het niet mee eens was"))
def _objection(row: EvidenceObjection) -> Facts:
    answer = opened(row.sealed_answer, "answer", row.item_id)
    return {"waarom": opened(row.sealed, "objection", row.item_id), "antwoord": answer, **columns(row)}


@personal(
    EvidenceObjection, "assessor", _("Bezwaren van anderen die jij beoordeelde"),
    stays=_("Het is van wie bezwaar maakte; jouw naam gaat eraf."), but="item__person",
)  # fmt: skip
def _answer(row: EvidenceObjection) -> Facts:
    return {"antwoord": opened(row.sealed_answer, "answer", row.item_id), **columns(row)}


personal(Reached, "person", _("Je niveaus"))(columns)
personal(Stale, "person", _("Dat je niveaus opnieuw worden uitgerekend"))(columns)
personal(ShownOf, "person", _("In welke cijfers je meetelt"))(columns)


@personal(Deelkaart, "person", _("Je deelkaarten"), along=["recipient"])
def _card(row: Deelkaart) -> Facts:
    return {"waarom": opened(row.sealed_purpose, "purpose", row.key), "lezer": row.recipient.name, **columns(row)}


@personal(Deelkaart, "recipient", _("Deelkaarten die anderen je gaven"))
def _received(row: Deelkaart) -> Facts:
    """It is about somebody else: that it was given, not what is on it."""
    return columns(row, "shows")


personal(DeelkaartView, "card__person", _("Wanneer iemand je deelkaart las"))(columns)
personal(DeelkaartView, "card__recipient", _("Wanneer je een deelkaart las"))(columns)
personal(
    HRBasis, "recorded_by", _("Wat je vastlegde voor HR"),
    stays=_("De organisatie moet kunnen laten zien wat is afgesproken; jouw naam gaat eraf."),
)(columns)  # fmt: skip
personal(
    Look, "person", _("Wanneer je cijfers over anderen bekeek"),
    stays=_("De ondernemingsraad mag zien dat er gekeken is; jouw naam gaat eraf."),
)(columns)  # fmt: skip


@goes_along
def _notices(person: Person) -> None:
    cards = list(Deelkaart.objects.filter(person=person).values_list("pk", flat=True))
    Notice.objects.filter(kind=notices.SHARED, facts__card__in=cards).delete()
    objections = list(EvidenceObjection.objects.filter(item__person=person).values_list("pk", flat=True))
    Notice.objects.filter(kind=notices.OBJECTED, facts__objection__in=objections).delete()
