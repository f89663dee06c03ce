"""What this room keeps of people. Without their account whoever is launched again is somebody new."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from learning.people.personal import Facts, about, columns, personal
from lti.tool import scores
from lti.tool.models import Account, Participation, Seat, Selection

personal(Account, "person", _("Wie je bent in je leeromgeving"))(columns)


@personal(Participation, "account__person", _("Cursussen in je leeromgeving"), along=["context"])
def _participation(row: Participation) -> Facts:
    return {"cursus": row.context.title, **columns(row)}


@personal(Seat, "account__person", _("Wat je leeromgeving van je weet"), along=["resource_link"])
def _seat(row: Seat) -> Facts:
    return {"title": row.resource_link.title, **columns(row)}


@personal(Selection, "person", _("Wat je aan het kiezen bent voor een cursus"))
def _selection(row: Selection) -> Facts:
    """Without the letters of the LMS, which are no data of theirs."""
    return columns(row, "key", "data", "answer", "return_url")


about(scores.KIND, "seat", Seat, "account__person")
