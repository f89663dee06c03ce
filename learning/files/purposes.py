"""What files may be sent for. The room that has a use for one registers it, in its `receivers`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.conf import settings

from learning.files.models import StoredFile
from learning.people.models import Person

MayHear = Callable[[Person, StoredFile], bool]


@dataclass(frozen=True)
class Purpose:
    """`days`: after how many, from when its form came, it is wiped when nobody says otherwise. `may_hear`: whether
    somebody may hear a file that isn't theirs; asked at every piece that is played, so that a right that is withdrawn
    counts at once."""

    name: str
    seconds: int
    bytes: int
    days: int
    may_hear: MayHear

    @property
    def most_seconds(self) -> int:
        """As the room says, unless the operator said otherwise."""
        return settings.UPLOAD_SECONDS.get(self.name, self.seconds)

    @property
    def most_bytes(self) -> int:
        return min(self.bytes, settings.UPLOAD_MOST_BYTES)


_purposes: dict[str, Purpose] = {}


def register(
    name: str, *, most_seconds: int, days: int, may_hear: MayHear, most_bytes: int = 200 * 1024 * 1024
) -> Purpose:
    """Again under the same name replaces what was there."""
    _purposes[name] = Purpose(name, most_seconds, most_bytes, days, may_hear)
    return _purposes[name]


def find(name: str) -> Purpose | None:
    return _purposes.get(name)
