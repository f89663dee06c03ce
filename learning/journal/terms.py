"""How long what this room keeps of people is kept: as long as they want, and are here."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from learning.journal.models import (
    JournalEntry,
    JournalExport,
    JournalExportDay,
    JournalShare,
    JournalShareView,
    SpentJournalForm,
)
from learning.people.retention import GONE, SHORT, falls_under

falls_under(GONE, JournalEntry, said=_("tot je het wist, of tot %(term)s nadat je hier weg bent"))
falls_under(GONE, JournalShare, JournalShareView, said=_("zolang het stuk in het journaal er is"))
falls_under(SHORT, JournalExport, said=_("een dag nadat hij gemaakt is"))
falls_under(SHORT, JournalExportDay, said=_("tot je op een andere dag om je journaal vraagt"))
falls_under(SHORT, SpentJournalForm, said=_("twee dagen, en dan tot je weer iets in je journaal schrijft of wist"))
