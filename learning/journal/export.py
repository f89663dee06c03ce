"""A journal as a file for its owner's other programs. The one for people is in `pdf`."""

from __future__ import annotations

import json
from base64 import b64encode
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from django.utils import timezone

from learning.journal.envelope import Entry
from learning.recordings.queries import Sound
from learning.tracks.queries import Place


def as_json(
    entries: Iterable[Entry], places: Mapping[str, Place], sound: Callable[[Entry], Sound | None]
) -> Iterator[str]:
    """In pieces. Moments in ISO 8601 with their offset; `activiteit` is the title of where it was written, or null;
    `opname` what was said, the sound itself in base64, or null."""
    made = timezone.localtime().isoformat(timespec="seconds")
    yield f'{{"gemaakt": {json.dumps(made)}, "notities": ['
    for number, entry in enumerate(entries):
        held = {
            "geschreven": timezone.localtime(entry.written_at).isoformat(timespec="seconds"),
            "gewijzigd": timezone.localtime(entry.changed_at).isoformat(timespec="seconds"),
            "activiteit": places[entry.usage].activity.title if entry.usage in places else None,
            "labels": list(entry.tags),
            "tekst": entry.text,
            "opname": _recording(entry, sound(entry)) if entry.seconds else None,
        }
        yield ("," if number else "") + "\n" + json.dumps(held, ensure_ascii=False, indent=2)
    yield "\n]}\n"


def _recording(entry: Entry, sound: Sound | None) -> dict[str, Any] | None:
    if sound is None:  # deleted while this is being downloaded
        return None
    return {"seconden": entry.seconds, "soort": sound.media_type, "base64": b64encode(sound.data).decode()}
