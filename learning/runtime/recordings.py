"""The service `recordings` of an activity: what came with the form that is being handled, kept for its learner."""

from __future__ import annotations

import hashlib

from django.urls import reverse

from learning.people.models import Person
from learning.recordings import services
from learning.recordings.sound import NotSound, Take, measured, whole_seconds

# What came with a form: sound, something else, or nothing.
type Sent = Take | NotSound | None

FIELD = "opname"


def sent(data: bytes | None) -> Sent:
    """Measured before any transaction begins: that takes longer than others should wait for a lock. Raises Busy."""
    if not data:
        return None
    try:
        return measured(data)
    except NotSound as refused:
        return refused


class Studio:
    """See `RecordingsService` in `modules/blocks/recording.py`. Bound to one learner and one activity."""

    def __init__(self, person: Person, usage: str, came: Sent = None) -> None:
        self._person, self._usage, self._came = person, usage, came

    def taken(self) -> Take | None:
        """What came with this form. Raises NotSound."""
        if isinstance(self._came, NotSound):
            raise self._came
        return self._came

    def keep(self, take: Take, token: str) -> dict[str, object]:
        form = hashlib.sha256(f"{self._usage}|{token}|{take.mark}".encode()).hexdigest()
        number = services.keep(self._person, take, token=form, usage=self._usage)
        return {"id": number, "seconds": whole_seconds(take), "mark": take.mark}

    def erase(self, number: int) -> None:
        services.erase(self._person, number)

    def url(self, number: int) -> str:
        return reverse("runtime:recording", args=[number])
