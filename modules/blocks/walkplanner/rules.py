"""What makes a walk a good one (curriculum 3.m, the seed's do's and don'ts). Each check says good or mind."""

from __future__ import annotations

import re
from collections.abc import Mapping

from modules.blocks.drafts import verdict
from modules.blocks.formfields import Value, filled_rows, number, text

STOP, COMPANY = ("plek", "smaakmaker", "vraag", "minuten"), ("functie", "wereld")
MOST_STOPS, MOST_PEOPLE, MOST_KM, MOST_MINUTES = 4, 20, 6, 180
LEAST_TASTEMAKERS, LEAST_TALK, LEAST_CLOSING = 2, 0.5, 20
# More than is wise can be written down too: then the check can say so.
STOP_ROWS, COMPANY_ROWS = 6, 26

FIELDS = (
    "streek", "vraag", "contact", "contact_datum", "km", "haltes", "gezelschap", "gesprek_minuten", "totaal_minuten",
    "afsluiting_minuten", "rolverdeling", "toegankelijk", "plan_b", "zonder_titels", "lessen", "gelopen",
)  # fmt: skip
# Without these there is no plan to look at.
NEEDED = ("streek", "vraag", "contact", "totaal_minuten")
LESSONS = ("les-0-tekst", "les-1-tekst", "les-2-tekst")
CHECKS = (
    "voorbereid", "smaakmakers", "gezelschap", "gesprek", "afsluiting", "niet_overladen", "route",
    "zonder_hierarchie", "verwachting",
)  # fmt: skip

# A purpose that is about deciding or winning over, in any of its forms.
_DECIDES = re.compile(r"\b(besluit\w*|besliss?\w*|overtuig\w*|overhal\w*|overreed\w*|meekrijg\w*|draagvlak)", re.I)


def stops(values: Mapping[str, Value]) -> list[dict[str, str]]:
    return filled_rows("haltes", values, STOP, STOP_ROWS)


def company(values: Mapping[str, Value]) -> list[dict[str, str]]:
    return filled_rows("gezelschap", values, COMPANY, COMPANY_ROWS)


def lessons(values: Mapping[str, Value]) -> list[str]:
    return [lesson for name in LESSONS if (lesson := text(values, name))]


def listens(purpose: str) -> bool:
    """It begins with listening, looking and understanding, not with deciding or winning over."""
    return bool(purpose.strip()) and not _DECIDES.search(purpose)


def minutes(values: Mapping[str, Value], name: str) -> float:
    return number(text(values, name)) or 0


def outcome(values: Mapping[str, Value]) -> dict[str, str]:
    """{check: good or mind}, in the order of CHECKS."""
    places, people, total = stops(values), company(values), minutes(values, "totaal_minuten")
    worlds = {each["wereld"].casefold() for each in people if each["wereld"]}
    tastemakers = {stop["smaakmaker"].casefold() for stop in places if stop["smaakmaker"]}
    good = {
        "voorbereid": bool(text(values, "contact") and text(values, "contact_datum")),
        "smaakmakers": len(tastemakers) >= LEAST_TASTEMAKERS,
        "gezelschap": 0 < len(people) <= MOST_PEOPLE,
        "gesprek": total > 0 and minutes(values, "gesprek_minuten") >= LEAST_TALK * total,
        "afsluiting": minutes(values, "afsluiting_minuten") >= LEAST_CLOSING,
        "niet_overladen": 0 < len(places) <= MOST_STOPS and 0 < total <= MOST_MINUTES,
        "route": 0 < minutes(values, "km") <= MOST_KM,
        "zonder_hierarchie": bool(values.get("zonder_titels")) and len(worlds) > 1,
        "verwachting": listens(text(values, "vraag")),
    }
    return {check: verdict(good[check]) for check in CHECKS}
