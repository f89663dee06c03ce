"""What this room keeps of people: opened here for whose it is, and for nobody else."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from learning.journal import queries
from learning.journal.envelope import opened
from learning.journal.models import (
    JournalEntry,
    JournalExport,
    JournalExportDay,
    JournalShare,
    JournalShareView,
    SpentJournalForm,
)
from learning.people.models import Person
from learning.people.personal import Facts, about, columns, personal


@personal(JournalEntry, "person", _("Wat je in je journaal schreef"))
def _entry(row: JournalEntry) -> Facts:
    entry = opened(row)
    return {"tekst": entry.text, "labels": list(entry.tags), "seconds": entry.seconds, **columns(row)}


@personal(JournalShare, "entry__person", _("Wie van jou iets uit je journaal mag lezen"), along=["reader"])
def _share(row: JournalShare) -> Facts:
    return {"lezer": row.reader.name, **columns(row)}


personal(JournalShare, "reader", _("Wat anderen uit hun journaal met je deelden"))(columns)
personal(JournalShareView, "share__entry__person", _("Wanneer iemand las wat je deelde"))(columns)
personal(JournalShareView, "share__reader", _("Wanneer je las wat iemand met je deelde"))(columns)
personal(SpentJournalForm, "person", _("Dat je pas iets uit je journaal wiste"))(columns)
personal(JournalExport, "person", _("Je journaal als pdf: een dag lang"))(columns)
personal(JournalExportDay, "person", _("Hoe vaak je op een dag om die pdf vroeg"))(columns)
about(queries.EXPORT, "person", Person, "pk")
about("journal.forget_export", "export", JournalExport, "person")
