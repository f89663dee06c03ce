"""What this room seals, for a change of keys (`learning.resealing`)."""

from __future__ import annotations

from learning.journal.envelope import place_of
from learning.journal.models import JournalEntry, JournalExport
from learning.journal.queries import export_place
from learning.resealing import FILES_AT_ONCE, column

column(JournalEntry, "sealed", place_of)
column(JournalExport, "sealed", lambda row: export_place(row.pk), at_once=FILES_AT_ONCE)
