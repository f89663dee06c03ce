"""What this room keeps of people."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from learning.people.personal import Facts, columns, personal
from lti.platform.models import Choice, CourseMember, Result, ToolInvitation


@personal(CourseMember, "person", _("Cursussen waar je aan meedoet"), along=["course"])
def _member(row: CourseMember) -> Facts:
    return {"cursus": row.course.title, **columns(row)}


@personal(Result, "person", _("Resultaten bij gereedschap van anderen"), along=["line_item"])
def _result(row: Result) -> Facts:
    return {"title": row.line_item.label, **columns(row)}


@personal(ToolInvitation, "invited_by", _("Gereedschap dat je uitnodigde"))
def _invitation(row: ToolInvitation) -> Facts:
    return columns(row, "digest")


personal(Choice, "person", _("Wat je koos voor een cursus"))(columns)
