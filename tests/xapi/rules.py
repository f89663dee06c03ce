"""What xAPI 1.0.3 asks of a statement that is sent, as far as ours can go wrong (part 2, Data). Raises AssertionError.

Stricter than an LRS on one point: a property nobody named here is refused, so that nothing slips in unseen.
"""

from __future__ import annotations

import re
import uuid
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

_DURATION = re.compile(r"P(?!$)(\d+Y)?(\d+M)?(\d+D)?(T(?=\d)(\d+H)?(\d+M)?(\d+(\.\d+)?S)?)?|P\d+W")
_LANGUAGE = re.compile(r"[a-zA-Z]{2,3}(-[a-zA-Z0-9]{2,8})*")
# An IRI of a scheme and something in it, without what RFC 3987 leaves out.
_NOT_IN_IRI = re.compile(r'[\s<>"{}|\\^`]')


def conforms(statement: Mapping[str, Any]) -> None:
    has(statement, {"id", "actor", "verb", "object", "context", "timestamp"}, {"result"})
    assert is_uuid(statement["id"])
    agent(statement["actor"])
    has(statement["verb"], {"id", "display"})
    iri(statement["verb"]["id"])
    language_map(statement["verb"]["display"])
    activity(statement["object"])
    if "result" in statement:
        result(statement["result"])
    context(statement["context"])
    moment(statement["timestamp"])
    no_nulls(statement)


def has(thing: Mapping[str, Any], needed: set[str], allowed: set[str] = frozenset()) -> None:  # type: ignore[assignment]
    assert isinstance(thing, dict)
    assert needed <= thing.keys() <= needed | set(allowed), thing.keys()


def is_uuid(text: str) -> bool:
    """In its standard form, RFC 4122 variant (2.4.1)."""
    value = uuid.UUID(text)
    return str(value) == text and value.variant == uuid.RFC_4122


def agent(actor: Mapping[str, Any]) -> None:
    """An account and nothing else: exactly one inverse functional identifier, no name, no mailbox (2.4.2.1)."""
    has(actor, {"objectType", "account"})
    assert actor["objectType"] == "Agent"
    has(actor["account"], {"homePage", "name"})
    iri(actor["account"]["homePage"])
    assert isinstance(actor["account"]["name"], str)
    assert actor["account"]["name"]


def activity(thing: Mapping[str, Any]) -> None:
    has(thing, {"objectType", "id"}, {"definition"})
    assert thing["objectType"] == "Activity"
    iri(thing["id"])
    if "definition" in thing:
        definition = thing["definition"]
        has(definition, {"type"}, {"name", "description", "moreInfo"})
        iri(definition["type"])
        # That one would need an interactionType (2.4.4.1).
        assert not definition["type"].endswith("cmi.interaction")
        for name in ("name", "description"):
            language_map(definition.get(name, {"nl": "-"}))
        iri(definition.get("moreInfo", "https://example.nl/"))


def result(thing: Mapping[str, Any]) -> None:
    assert thing
    has(thing, set(), {"score", "success", "completion", "response", "duration"})
    if "score" in thing:
        has(thing["score"], {"scaled"})
        scaled = thing["score"]["scaled"]
        assert isinstance(scaled, int | float)
        assert not isinstance(scaled, bool)
        assert -1 <= scaled <= 1
    for name in ("success", "completion"):
        assert isinstance(thing.get(name, True), bool)
    assert isinstance(thing.get("response", ""), str)
    if "duration" in thing:
        assert _DURATION.fullmatch(thing["duration"]), thing["duration"]


def context(thing: Mapping[str, Any]) -> None:
    has(thing, {"platform", "contextActivities"}, {"language", "extensions"})
    assert isinstance(thing["platform"], str)
    assert _LANGUAGE.fullmatch(thing.get("language", "nl"))
    around = thing["contextActivities"]
    has(around, {"category"}, {"parent", "grouping", "other"})
    for several in around.values():
        assert isinstance(several, list)
        assert several
        for each in several:
            activity(each)
    for name in thing.get("extensions", {}):
        iri(name)


def language_map(words: Mapping[str, str]) -> None:
    assert words
    for language, text in words.items():
        assert _LANGUAGE.fullmatch(language)
        assert isinstance(text, str)
        assert text


def iri(text: str) -> None:
    assert isinstance(text, str)
    assert not _NOT_IN_IRI.search(text), text
    parts = urlsplit(text)
    assert parts.scheme in ("http", "https"), text
    assert parts.netloc


def moment(text: str) -> None:
    """ISO 8601 with its zone; no negative zero (2.4.7, 4.5)."""
    value = datetime.fromisoformat(text)
    assert value.utcoffset() == timedelta()
    assert text.endswith("Z")


def no_nulls(value: Any) -> None:
    """Only an extension may hold null (2.2)."""
    assert value is not None
    if isinstance(value, dict):
        assert all(isinstance(name, str) for name in value)
        for each in value.values():
            no_nulls(each)
    elif isinstance(value, list):
        for each in value:
            no_nulls(each)
