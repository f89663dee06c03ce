"""The style of what an author wrote (curriculum 0 and 6.3: B1 to B2, short sentences, no jargon), by file and line.

Between quotation marks people speak as people speak, and a text that is there to be rewritten is stiff on purpose: both
are left alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from modules.authoring import Path as Place
from modules.blocks.taal.stijl import check_style
from modules.olx import ActivitySource, Finding, ModuleSource

RULE = "stijl"

# Names of fields that hold something else than words for a reader.
_NOT_READ = frozenset({"id", "bronnen", "sleutel", "stem", "uitspraak", "captions", "audio", "src", "herkomst", "taal"})
_QUOTED = re.compile(r"“[^”]*”|‘[^’]*’(?!\w)")
_TAG = re.compile(r"<[^>]+>")
_BLOCK_END = re.compile(r"</(?:p|li|h\d|td|th|blockquote)>")

_SAYS = {
    "lange_zin": "deze zin is lang: knip hem",
    "jargon": "schrijf liever",
    "geslacht": "schrijf liever",
    "gemiddelde": "de zinnen zijn lang: gemiddeld",
    "lijdend": "er staan veel lijdende zinnen:",
}


def style_of_module(module: ModuleSource) -> list[Finding]:
    """What could be said more plainly, in the order of the activities; of a file they share, once."""
    files = {activity.file: activity for activity in module.activities()}
    return [finding for activity in files.values() for finding in style_of(activity)]


def style_of(activity: ActivitySource) -> list[Finding]:
    """Of one file: each word and sentence by line, then what holds for the whole."""
    found, whole = list[Finding](), list[str]()
    for place, text in _prose(activity.authored.data, activity.block.block_type):
        whole.append(text)
        line = activity.authored.line(place)
        for one in check_style(text, mean=float("inf"), passive=1.0):
            found.append(Finding(activity.file, line, _reason(one.kind, one.words, one.instead), RULE))
    for one in check_style("\n".join(whole), longest=10_000):
        if one.kind in ("gemiddelde", "lijdend"):
            found.append(Finding(activity.file, 1, _reason(one.kind, one.words, one.instead), RULE))
    return found


def _reason(kind: str, words: str, instead: str) -> str:
    if kind in ("jargon", "geslacht"):
        return f"‘{words}’: {_SAYS[kind]} ‘{instead}’"
    return f"{_SAYS[kind]} {words}" if kind != "lange_zin" else f"{_SAYS[kind]} (‘{words[:60]}…’)"


def _prose(value: Any, block_type: str, place: Place = ()) -> Iterator[tuple[Place, str]]:
    if isinstance(value, Mapping):
        for key, inner in value.items():
            stiff = block_type == "rewrite" and place[:1] == ("items",) and key == "tekst"
            if key not in _NOT_READ and not stiff:
                yield from _prose(inner, block_type, (*place, key))
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from _prose(inner, block_type, (*place, index))
    elif isinstance(value, str):
        text = _QUOTED.sub("…", _TAG.sub("", _BLOCK_END.sub("\n", value)))
        if " " in text.strip():
            yield place, text
