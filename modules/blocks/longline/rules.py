"""The long line (curriculum 3.q): shown in 1, 3 and 7 to 10 years, for whom, with whom, what remains, who goes on."""

from __future__ import annotations

from collections.abc import Mapping

from modules.blocks.drafts import verdict
from modules.blocks.formfields import Value

YEARS = ("jaar1", "jaar3", "jaar7_10")
FIELDS = ("werkt_al", *YEARS, "voor_wie", "met_wie", "blijft", "eerste_stap", "wie_pakt_de_bal_op")
CHECKS = ("jaren", "mensen", "blijft", "eerste_stap", "bal")


def outcome(values: Mapping[str, Value]) -> dict[str, str]:
    """{check: good or mind}. An honest "nog niemand" is an answer to who picks up the ball."""
    asked = {
        "jaren": YEARS,
        "mensen": ("voor_wie", "met_wie"),
        "blijft": ("blijft",),
        "eerste_stap": ("eerste_stap",),
        "bal": ("wie_pakt_de_bal_op",),
    }
    return {check: verdict(all(values.get(name) for name in names)) for check, names in asked.items()}
