"""How long what this room keeps of people is kept."""

from __future__ import annotations

from datetime import datetime

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from learning.people.retention import GONE, HOUSE, LEARNING, SHORT, deleted, falls_under, wipes
from lti.platform.models import Choice, CourseMember, Result, ToolInvitation

falls_under(GONE, CourseMember, said=_("zolang je aan de cursus meedoet"))
falls_under(LEARNING, Result, said=_("%(term)s nadat het voor het laatst veranderde"))
falls_under(
    HOUSE,
    ToolInvitation,
    said=_("zolang het gereedschap er is; van een uitnodiging zonder gereedschap tot een dag nadat ze verliep"),
)
falls_under(SHORT, Choice, said=_("een dag, of tot het geplaatst is"))


def _long_unchanged(organisation_id: int, before: datetime) -> QuerySet[Result]:
    return Result.objects.filter(person__organisation=organisation_id, changed_at__lte=before)


wipes(LEARNING, due=_long_unchanged)(deleted)
