"""What this room keeps of people: their voice."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext_lazy as _

from learning.people.personal import Sound, columns, personal
from learning.recordings.models import Recording
from learning.recordings.queries import place
from learning.sealing import WontOpen, unseal_file


def _sound(row: Recording) -> Sound:
    return Sound(row.kind, lambda: _opened(row))


def _opened(row: Recording) -> Iterator[bytes]:
    """One is three minutes at most. What won't open is an empty file: its row says that it is there."""
    try:
        yield unseal_file(row.sealed, place(row.person_id, row.token))
    except WontOpen:
        return


personal(Recording, "person", _("Wat je insprak"), sound=_sound)(columns)
