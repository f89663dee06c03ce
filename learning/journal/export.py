"""A journal as a file for its owner's other programs. The one for people is in `pdf`."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping

from django.utils import timezone

from learning.journal.envelope import Entry
from learning.tracks.queries import Place


def as_json(entries: Iterable[Entry], places: Mapping[str, Place]) -> str:
    """Moments in ISO 8601 with their offset; `activiteit` is the title of where it was written, or null."""
    found = [
        {
            "geschreven": timezone.localtime(entry.written_at).isoformat(timespec="seconds"),
            "gewijzigd": timezone.localtime(entry.changed_at).isoformat(timespec="seconds"),
            "activiteit": places[entry.usage].activity.title if entry.usage in places else None,
            "labels": list(entry.tags),
            "tekst": entry.text,
        }
        for entry in entries
    ]
    made = timezone.localtime().isoformat(timespec="seconds")
    return json.dumps({"gemaakt": made, "notities": found}, ensure_ascii=False, indent=2)
