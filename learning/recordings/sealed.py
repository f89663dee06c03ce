"""What this room seals, for a change of keys (`learning.resealing`)."""

from __future__ import annotations

from learning.recordings.models import Recording
from learning.recordings.queries import place
from learning.resealing import FILES_AT_ONCE, column

column(Recording, "sealed", lambda row: place(row.person_id, row.token), at_once=FILES_AT_ONCE)
