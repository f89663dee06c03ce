"""From what happened to statements of xAPI 1.0.3 (curriculum 3.0). Plain data in and out; only settings are read.

Nobody is in one but as an account name of the LRS's own, and nothing anybody wrote.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import quote
from uuid import UUID, uuid5

from django.conf import settings

from xapi import vocabulary
from xapi.queries import Where

type Json = dict[str, Any]

# Longer than any id an author gave, and shorter than a sentence; who writes uses spaces.
LONGEST_ID = 100


@dataclass(frozen=True)
class Told:
    """The payload of a job (`xapi.services`)."""

    seed: UUID
    person: int
    usage: str
    at: datetime
    facts: Sequence[Mapping[str, Any]]

    @classmethod
    def of(cls, payload: Mapping[str, Any]) -> Told:
        at = datetime.fromisoformat(payload["at"])
        return cls(UUID(payload["id"]), payload["person"], payload["usage"], at, payload["told"])


def statements(told: Told, account: str, where: Where | None) -> list[Json]:
    """One for each thing that happened, a millisecond apart, so that their order is seen."""
    return [
        {
            "id": str(uuid5(told.seed, str(number))),
            "actor": {"objectType": "Agent", "account": {"homePage": settings.BASE_URL, "name": account}},
            "verb": {"id": vocabulary.verb(fact["verb"]), "display": {"en": fact["verb"]}},
            "object": _object(told.usage, _id(fact, "item"), where),
            **_result(fact),
            "context": _context(told.usage, fact, where),
            "timestamp": _moment(told.at + timedelta(milliseconds=number)),
        }
        for number, fact in enumerate(told.facts)
        if fact["verb"] in vocabulary.VERBS
    ]


# --- what it is about


def address(*steps: str) -> str:
    """The id of something of ours, for good; no page stands there."""
    return "/".join([f"{settings.BASE_URL}/xapi", *(quote(step, safe="") for step in steps)])


def _object(usage: str, item: str, where: Where | None) -> Json:
    if not usage:
        name = {"nl": "Journaal", "en": "Journal"}
        return _thing(address("journal"), vocabulary.activity_type("journal"), name)
    if item:
        return _thing(f"{_activity_address(usage)}/items/{quote(item, safe='')}", vocabulary.ITEM)
    return _activity(usage, where)


def _activity(usage: str, where: Where | None) -> Json:
    if where is None:
        return {"objectType": "Activity", "id": _activity_address(usage)}
    page = f"{settings.BASE_URL}/leren/{where.edition.module}/{where.unit.key}/"
    return _thing(
        _activity_address(usage),
        vocabulary.activity_type(where.activity.type),
        {_language(where): where.activity.title},
        page=f"{page}{where.activity.key}/" if where.activity.own_page else page,
    )


def _activity_address(usage: str) -> str:
    module, _, key = usage.partition("/")
    return address("modules", module, "activities", key)


def _thing(id_: str, type_: str, name: Mapping[str, str] | None = None, *, page: str = "") -> Json:
    definition: Json = {"type": type_}
    if name:
        definition["name"] = name
    if page:
        definition["moreInfo"] = page
    return {"objectType": "Activity", "id": id_, "definition": definition}


def _language(where: Where) -> str:
    return str(where.activity.fields["authored"].get("taal", "nl"))


# --- how it went


def _result(fact: Mapping[str, Any]) -> Json:
    result: Json = {}
    if fact.get("score") is not None:
        result["score"] = {"scaled": round(min(1.0, max(0.0, float(fact["score"]))), 4)}
    if fact.get("success") is not None:
        result["success"] = bool(fact["success"])
    if fact["verb"] == "completed":
        result["completion"] = True
    if response := _id(fact, "response"):
        result["response"] = response
    if fact.get("duration"):
        result["duration"] = duration(int(fact["duration"]))
    return {"result": result} if result else {}


def duration(seconds: int) -> str:
    """As ISO 8601: 3725 is "PT1H2M5S"."""
    minutes, rest = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    parts = [f"{count}{unit}" for count, unit in ((hours, "H"), (minutes, "M"), (rest, "S")) if count]
    return f"PT{''.join(parts) or '0S'}"


def _id(fact: Mapping[str, Any], name: str) -> str:
    """The id of an author, or "": what holds a space or a line end is words, and those never leave."""
    value = fact.get(name)
    fits = isinstance(value, str) and 0 < len(value) <= LONGEST_ID and not any(map(str.isspace, value))
    return str(value) if fits else ""


# --- in what


def _context(usage: str, fact: Mapping[str, Any], where: Where | None) -> Json:
    around: dict[str, list[Json]] = {"category": [_thing(settings.XAPI_PROFILE, vocabulary.PROFILE)]}
    extensions: Json = {name: fact[name] for name in ("attempt", "stream") if fact.get(name)}
    context: Json = {"platform": "Tussenruimte", "contextActivities": around}
    if usage:
        module = usage.partition("/")[0]
        named = {_language(where): where.edition.title} if where else None
        around["grouping"] = [_thing(address("modules", module), vocabulary.MODULE, named)]
        if _id(fact, "item"):
            around["grouping"].append(_activity(usage, where))
    if where:
        unit = address("modules", where.edition.module, "units", where.unit.key)
        around["parent"] = [_thing(unit, vocabulary.UNIT, {_language(where): where.unit.name})]
        context["language"] = _language(where)
        if codes := [competence["code"] for competence in where.activity.fields["authored"].get("competenties") or []]:
            extensions["competencies"] = codes
    if extensions:
        context["extensions"] = {vocabulary.extension(name): value for name, value in extensions.items()}
    return context


def _moment(at: datetime) -> str:
    return at.isoformat(timespec="milliseconds").replace("+00:00", "Z")
