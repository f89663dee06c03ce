"""What is fixed about a practice case (curriculum 3.g)."""

from __future__ import annotations

from typing import Any

FORMS = ("tekst", "gesproken", "observatie", "opname")
"""How somebody shows what they did: in text, spoken, by a colleague who watched, or a recording of the talk itself."""

# The three parts of the case, each with what it is a list of.
PARTS = {"voorbereiding": "vragen", "gesprek": "stappen", "na": "vragen"}
# Wat gebeurde er – wat deed ik – wat deed dat – wat nu. A case may ask more.
FEWEST_AFTER = 4
MINUTES_MAX = 24 * 60
DAYS_MAX = 365
ROUNDS_MAX = 5
PEERS_MAX = 2

DEFAULTS: dict[str, Any] = {
    "termijn_dagen": 28, "rondes_max": 3, "peers": 0, "tweede_lezer": False, "varianten": [], "gebied": "",
}  # fmt: skip
"""What holds where a case doesn't say."""
