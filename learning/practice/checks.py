"""What is still asked before a next step, as {field: reason}. Rules on plain data; the words are the page's.

Reasons: "leeg" (nothing there), "zin" (a sentence is asked), "kies" (choose one), "lang" (too long), "vorm" (no form of
evidence is complete), "toestemming" (nobody's consent is written down), "datum", "toekomst" (a day that has yet to
come), "vraag" (at least one question).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date
from typing import TYPE_CHECKING

from learning.practice.drafts import EXPERIENCED, LEARNING_LEVEL, LONGEST, Draft
from learning.practice.models import Form
from learning.practice.rules import LEARNING_LEVELS
from modules.blocks.rubric.rules import LEVELS, is_sentence

if TYPE_CHECKING:
    from learning.practice.documents import Document

SAFE = ("ja", "overlegd")
Missing = dict[str, str]


def fields_of(document: Document) -> list[str]:
    """The names of all fields that a draft of this case may have."""
    criteria = [criterion.id for criterion in document.rubric]
    return [
        *(f"voorbereiding-{index}" for index in range(len(document.preparation.lines))),
        *(f"veilig-{index}" for index in range(len(document.safety))),
        "gevoerd",
        *(f"verslag-{index}" for index in range(len(document.after.lines))),
        *(f"vorm-{form}" for form in document.forms),
        *(f"{start}-{criterion}" for criterion in criteria for start in ("niveau", "bewijs")),
        LEARNING_LEVEL,
        EXPERIENCED,
    ]


def too_long(sent: Mapping[str, str]) -> Missing:
    return {name: "lang" for name, text in sent.items() if len(text) > LONGEST}


def to_prepare(document: Document, draft: Draft) -> Missing:
    """Something about the talk that is coming, and each question of the safety check answered."""
    missing: Missing = {}
    if not draft.starting("voorbereiding-"):
        missing["voorbereiding-0"] = "leeg"
    safe = draft.starting("veilig-")
    for index in range(len(document.safety)):
        if safe.get(str(index)) not in SAFE:
            missing[f"veilig-{index}"] = "kies"
    return missing


def to_hold(draft: Draft, *, today: date) -> Missing:
    """The day of the talk, today or before."""
    try:
        held_on = date.fromisoformat(draft.fields.get("gevoerd", ""))
    except ValueError:
        return {"gevoerd": "datum"}
    return {"gevoerd": "toekomst"} if held_on > today else {}


def forms_chosen(document: Document, draft: Draft) -> list[Form]:
    """Those of the case that the learner wants to show it in; text when nothing else was chosen."""
    chosen = [Form(form) for form in document.forms if draft.fields.get(f"vorm-{form}") == "ja"]
    return chosen or [Form.TEXT]


def to_hand_in(document: Document, draft: Draft, *, ready: Collection[str], consents: int) -> Missing:
    """Every chosen form complete, the own rubric filled in (curriculum 3.g, 4) and a learning level proposed (4.2).
    `ready`: forms of which there is sound that plays, or an observation that was written."""
    missing: Missing = {}
    for form in forms_chosen(document, draft):
        if form is Form.TEXT:
            missing |= _text(document, draft)
        elif form not in ready:
            missing[f"vorm-{form}"] = "vorm"
        if form is Form.RECORDED and not consents:
            missing["toestemming"] = "toestemming"
    missing |= _rubric(document, draft)
    return missing if draft.fields.get(LEARNING_LEVEL) in LEARNING_LEVELS else {**missing, LEARNING_LEVEL: "kies"}


def _text(document: Document, draft: Draft) -> Missing:
    told = draft.starting("verslag-")
    return {
        f"verslag-{index}": "leeg" for index in range(len(document.after.lines)) if not told.get(str(index), "").strip()
    }


def _rubric(document: Document, draft: Draft) -> Missing:
    levels, proofs = draft.starting("niveau-"), draft.starting("bewijs-")
    missing = {
        f"niveau-{criterion.id}": "kies"
        for criterion in document.rubric
        if levels.get(criterion.id, "") not in map(str, LEVELS)
    }
    return missing | {
        f"bewijs-{criterion.id}": "zin"
        for criterion in document.rubric
        if not is_sentence(proofs.get(criterion.id, ""))
    }


def own_levels(document: Document, draft: Draft) -> dict[str, int]:
    """How somebody saw themselves, of a draft that may be handed in."""
    return {criterion.id: int(draft.fields[f"niveau-{criterion.id}"]) for criterion in document.rubric}
