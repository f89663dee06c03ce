"""Before a trainer reads people's own work they rate worked examples, and see what those who wrote them saw.

The examples come with a case of a module (`modules.blocks.practicecase.examples`), once for a case and all that were
copied from it. A case that comes from nowhere has none: nothing is asked then.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from learning.people.models import Person
from learning.practice import documents, feedback, rules
from learning.practice.documents import Document
from learning.practice.models import Calibration, Case
from learning.practice.services.doing import Incomplete
from learning.tracks import queries as tracks
from modules.blocks.practicecase.examples import FEWEST


@dataclass(frozen=True)
class Said:
    """What the writers of an example gave a criterion, and where they saw it."""

    level: int
    why: str


@dataclass(frozen=True)
class Example:
    """`key`: as it is kept. `said`: {criterion: …}."""

    key: str
    text: str
    said: Mapping[str, Said]

    @property
    def paragraphs(self) -> list[str]:
        return [line for line in self.text.split("\n") if line.strip()]


@dataclass(frozen=True)
class Family:
    """A case of a module and its examples, as its newest edition has them; copies belong to it."""

    usage: str
    document: Document
    examples: tuple[Example, ...]


def family_of(case: Case) -> Family | None:
    """None where there is nothing to rate. Two queries at most."""
    usage = case.usage or (case.copied_from.usage if case.copied_from else "")
    edition = tracks.newest(usage.partition("/")[0]) if usage else None
    if edition is None:
        return None
    found = (activity for _, activity in edition.activities() if activity.usage == usage)
    authored = next((activity.fields["authored"] for activity in found), None)
    if authored is None or not authored.get("voorbeelden"):
        return None
    examples = tuple(
        Example(
            f"{usage}#{each['id']}",
            each["tekst"],
            {name: Said(told["niveau"], told["waarom"]) for name, told in each["niveaus"].items()},
        )
        for each in authored["voorbeelden"]
    )
    return Family(usage, documents.read(authored), examples)


def rated(trainer: Person, family: Family) -> dict[str, dict[str, int]]:
    """{example: levels} that this trainer gave. One query."""
    keys = [example.key for example in family.examples]
    found = Calibration.objects.filter(trainer=trainer, example__in=keys)
    return dict(found.values_list("example", "levels"))


def is_due(trainer: Person, case: Case) -> bool:
    """Whether this trainer still has to rate examples before they read for this case. Who rated as many as there had to
    be isn't asked again when an author adds one. Three queries at most."""
    usage = case.usage or (case.copied_from.usage if case.copied_from else "")
    if not usage or Calibration.objects.filter(trainer=trainer, example__startswith=f"{usage}#").count() >= FEWEST:
        return False
    family = family_of(case)
    return family is not None and len(rated(trainer, family)) < min(FEWEST, len(family.examples))


@transaction.atomic
def rate(trainer: Person, family: Family, example: Example, levels: Mapping[str, int]) -> Calibration:
    """Once: what somebody saw before they knew what the writers saw stays. Raises Incomplete."""
    criteria = [criterion.id for criterion in family.document.rubric]
    levels = {id_: level for id_, level in levels.items() if id_ in criteria and level in rules.LEVELS}
    if missing := feedback.missing_levels(criteria, levels):
        raise Incomplete(missing)
    return Calibration.objects.get_or_create(
        trainer=trainer, example=example.key, defaults={"levels": levels, "done_at": timezone.now()}
    )[0]
