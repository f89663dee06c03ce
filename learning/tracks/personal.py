"""What this room keeps of people."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from learning.people.personal import Facts, about, columns, personal
from learning.tracks import reminders
from learning.tracks.models import ActivityProgress, Enrolment, LinkProgress, NoReminders, Reminder


@personal(Enrolment, "person", _("Modules die je volgt"), along=["module"])
def _enrolment(row: Enrolment) -> Facts:
    return {"module": row.module.title, **columns(row)}


@personal(ActivityProgress, "enrolment__person", _("Hoever je bent"), along=["enrolment__module"])
def _progress(row: ActivityProgress) -> Facts:
    return {"module": row.enrolment.module.title, **columns(row)}


@personal(LinkProgress, "person", _("Hoever je bent in wat van anderen is"), along=["link"])
def _link(row: LinkProgress) -> Facts:
    return {"title": row.link.title, **columns(row)}


personal(Reminder, "enrolment__person", _("Herinneringen die je kreeg"))(columns)
personal(NoReminders, "person", _("Dat je geen herinneringen wilt"))(columns)
about(reminders.KIND, "enrolment", Enrolment, "person")
