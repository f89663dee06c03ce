"""The four steps of an I-message (curriculum 3.k and 1.6, after Rosenberg), and what is looked at in each."""

from __future__ import annotations

from collections.abc import Mapping

STEPS = ("waarneming", "gevoel", "behoefte", "verzoek")
# Names of rules of `modules.blocks.taal`.
HINTS: dict[str, tuple[str, ...]] = {
    "waarneming": ("oordeel", "gevoel_dat", "identiteit"),
    "gevoel": ("gevoel_dat", "schijngevoel", "oordeel"),
    "behoefte": ("ander_in_behoefte", "oordeel"),
    "verzoek": ("eis", "oordeel"),
}
_ENDS = ".!?…"


def message(texts: Mapping[str, str]) -> str:
    """The four as one message, each a sentence with a capital and an end; what is empty is left out."""
    sentences = [text[0].upper() + text[1:] for step in STEPS if (text := texts.get(step, "").strip())]
    return " ".join(text if text.rstrip("\"'”’)")[-1:] in _ENDS else f"{text}." for text in sentences)
