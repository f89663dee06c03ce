"""What a certificate attests: written once as JSON, read ever after by this very code."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from learning.tracks.queries import EnrolmentFacts

VERSION = 1


@dataclass(frozen=True)
class Facts:
    """`name` as it was then; empty when the learning platform kept it to itself. `units`: (number, title)."""

    name: str
    organisation: str
    number: str
    title: str
    edition: str
    units: tuple[tuple[str, str], ...]
    minutes: int

    def to_json(self) -> dict[str, Any]:
        return {"version": VERSION, **asdict(self)}


def read(data: dict[str, Any]) -> Facts:
    """Raises ValueError for a version of another time: a document must not be drawn from what isn't understood."""
    fields = dict(data)
    if fields.pop("version", None) != VERSION:
        raise ValueError("facts of an unknown version")
    fields["units"] = tuple((number, title) for number, title in fields["units"])
    return Facts(**fields)


def of_enrolment(enrolment: EnrolmentFacts) -> Facts:
    return Facts(
        name=" ".join(enrolment.person_name.split()),
        organisation=enrolment.organisation_name,
        number=enrolment.module_number,
        title=enrolment.module_title,
        edition=enrolment.edition_hash,
        units=enrolment.unit_titles,
        minutes=enrolment.minutes,
    )
