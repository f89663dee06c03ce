"""The mix of a reflection table (curriculum 4.2). Whether a manager sits there with their own people is asked."""

from __future__ import annotations

from collections.abc import Mapping

from modules.blocks.drafts import verdict
from modules.blocks.formfields import Value, filled_rows, number, text

GUEST, ROUND = ("functie", "laag", "praktijk"), ("naam", "minuten", "open")
LEAST_GUESTS, MOST_GUESTS = 8, 14
LEAST_LAYERS, LEAST_PRACTICE, MOST_KEYNOTE, LEAST_OPEN = 3, 0.25, 20, 0.5
# More than is wise can be written down too: then the check can say so.
GUEST_ROWS, ROUND_ROWS = 18, 16
NO = "nee"

FIELDS = (
    "thema", "leidvraag", "gastheer", "keynote", "casusinbrenger", "schrijver", "deelnemers", "leidinggevende_paar",
    "keynote_minuten", "rondes",
)  # fmt: skip
NEEDED = tuple(name for name in FIELDS if name not in ("deelnemers", "rondes"))
CHECKS = ("lagen", "praktijk", "geen_leidinggevende", "keynote", "open_rondes", "aantal")


def guests(values: Mapping[str, Value]) -> list[dict[str, str]]:
    """Who sits there. A box alone is nobody."""
    return [row for row in filled_rows("deelnemers", values, GUEST, GUEST_ROWS) if row["functie"] or row["laag"]]


def rounds(values: Mapping[str, Value]) -> list[dict[str, str]]:
    return [row for row in filled_rows("rondes", values, ROUND, ROUND_ROWS) if row["naam"] or row["minuten"]]


def minutes(row: Mapping[str, str]) -> float:
    return number(row["minuten"]) or 0


def outcome(values: Mapping[str, Value]) -> dict[str, str]:
    """{check: good or mind}, in the order of CHECKS."""
    people, agenda = guests(values), rounds(values)
    total = sum(minutes(row) for row in agenda)
    keynote = number(text(values, "keynote_minuten")) or 0
    good = {
        "lagen": len({row["laag"] for row in people if row["laag"]}) >= LEAST_LAYERS,
        "praktijk": bool(people) and sum(bool(row["praktijk"]) for row in people) >= LEAST_PRACTICE * len(people),
        "geen_leidinggevende": text(values, "leidinggevende_paar") == NO,
        "keynote": 0 < keynote <= MOST_KEYNOTE,
        "open_rondes": total > 0 and sum(minutes(row) for row in agenda if row["open"]) >= LEAST_OPEN * total,
        "aantal": LEAST_GUESTS <= len(people) <= MOST_GUESTS,
    }
    return {check: verdict(good[check]) for check in CHECKS}
