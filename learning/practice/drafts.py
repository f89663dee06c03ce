"""What somebody is writing for a case: fields by name, each with the version in which it last changed.

That is how two tabs find each other: what changed in one place only is taken; what changed in both, the learner is
asked about, with both texts before them. Names of fields:
    voorbereiding-0   answer to a question before the talk
    veilig-0          "ja" or "overlegd" to a question of the safety check
    verslag-0         answer to a question after the talk
    niveau-<id>, bewijs-<id>   of the own rubric, per criterion: "1" to "4", and a sentence that shows it
    vorm-<form>       "ja": somebody shows it in this form (`models.Form`)
    gevoerd           the day of the talk, "2026-11-30"
    leerniveau        at which of the four learning levels it was (`rules.LearningLevel`): the learner's proposal
    ervaring          "ja": somebody did this before and asks that it counts directly (curriculum 4.3)
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

LONGEST = 5_000
EXPERIENCED = "ervaring"
LEARNING_LEVEL = "leerniveau"


@dataclass(frozen=True)
class Draft:
    """`fields`: {name: text}; an emptied one isn't there. `versions`: {name: version in which it last changed}."""

    version: int = 0
    fields: Mapping[str, str] = field(default_factory=dict)
    versions: Mapping[str, int] = field(default_factory=dict)

    def starting(self, start: str) -> dict[str, str]:
        """{what follows `start`: text}"""
        return {name[len(start) :]: text for name, text in self.fields.items() if name.startswith(start)}


@dataclass(frozen=True)
class Merged:
    """`clashes`: {name: (what is there, what was sent)}; those fields stayed as they were."""

    draft: Draft
    clashes: Mapping[str, tuple[str, str]]
    changed: bool


def read(version: int, document: Mapping[str, Any] | None) -> Draft:
    document = document or {}
    return Draft(version, document.get("velden", {}), document.get("versies", {}))


def written(draft: Draft) -> dict[str, Any]:
    """What `read` reads."""
    return {"velden": dict(draft.fields), "versies": dict(draft.versions)}


def merge(draft: Draft, sent: Mapping[str, str], *, based_on: int, insist: Iterable[str] = ()) -> Merged:
    """The draft with what was sent by a page that was drawn at version `based_on`. `insist`: names whose clash the
    learner has seen and decided: those are taken."""
    insisted = frozenset(insist)
    fields, versions = dict(draft.fields), dict(draft.versions)
    clashes: dict[str, tuple[str, str]] = {}
    version, changed = draft.version + 1, False
    for name, text in sent.items():
        there = fields.get(name, "")
        if text == there:
            continue
        if versions.get(name, 0) > based_on and name not in insisted:
            clashes[name] = (there, text)
            continue
        changed = True
        versions[name] = version
        if text:
            fields[name] = text
        else:
            fields.pop(name, None)
    return Merged(Draft(version, fields, versions) if changed else draft, clashes, changed)
