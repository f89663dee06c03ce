"""All that is kept of one person, as a ZIP: JSON for programs, a page for people, and what they said as sound.

Rows and sounds pass one by one, so what somebody did in years costs no more memory than what they did today. What was
sealed is opened on its way; nothing of it touches a disk but the file itself.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from itertools import count
from typing import IO, Any, Protocol, cast
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

from django.core.serializers.json import DjangoJSONEncoder
from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext as _

from learning.people.labels import HIDDEN, LABELS
from learning.people.models import Person
from learning.people.personal import Facts, Held, Sound, all_held
from learning.sealing import WontOpen

JSON, PAGE, SOUNDS = "gegevens.json", "lees-mij.html", "geluid"
_AT_ONCE = 100


class Target(Protocol):
    """What can be written to; it needn't be able to go back."""

    def write(self, data: bytes, /) -> int: ...

    def flush(self) -> None: ...


def write(person: Person, to: Target, *, going: Callable[[int], None] = lambda percentage: None) -> dict[str, int]:
    """Into a file that is open for writing; returns {title: rows}. In the person's own language. Tells `going` how far
    it is, in per cents of the tables it goes through."""
    told = [held for held in all_held() if held.say]
    spoken = [held for held in told if held.sound]
    done, all_of_them = count(1), 2 * len(told) + len(spoken)

    def each_of(kinds: Sequence[Held]) -> Iterator[Held]:
        for held in kinds:
            yield held
            going(100 * next(done) // all_of_them)

    with translation.override(person.language), ZipFile(cast("IO[bytes]", to), "w") as archive:
        _put(archive, JSON, (piece.encode() for piece in _json(person, each_of(told))))
        counts: dict[str, int] = {}
        _put(archive, PAGE, (piece.encode() for piece in _page(person, each_of(told), counts)))
        for name, sound in _sounds(person, each_of(spoken)):
            _put(archive, name, sound.chunks(), ZIP_STORED)  # sound is small already
    return counts


def _put(archive: ZipFile, name: str, chunks: Iterable[bytes], compression: int = ZIP_DEFLATED) -> None:
    now = timezone.localtime()
    info = ZipInfo(name, (now.year, now.month, now.day, now.hour, now.minute, now.second))
    info.compress_type, info.external_attr = compression, 0o600 << 16
    with archive.open(info, "w", force_zip64=True) as file:
        for chunk in chunks:
            file.write(chunk)


def _rows(held: Held, person: Person) -> Iterator[Facts]:
    for row in held.rows(person).iterator(chunk_size=_AT_ONCE):
        try:
            facts = held.say(row) if held.say else {}
        except WontOpen:
            facts = {"gaat_niet_open": True}
        sound = held.sound(row) if held.sound else None
        yield {**facts, "geluid": _name(row, sound)} if sound else facts


def _sounds(person: Person, kinds: Iterable[Held]) -> Iterator[tuple[str, Sound]]:
    for held in kinds:
        for row in held.rows(person).iterator(chunk_size=_AT_ONCE):
            if held.sound and (sound := held.sound(row)):
                yield _name(row, sound), sound


def _name(row: Any, sound: Sound) -> str:
    return f"{SOUNDS}/{row._meta.model_name}-{row.pk}.{sound.kind}"


# --- for programs


class _Encoder(DjangoJSONEncoder):
    def default(self, o: Any) -> Any:
        return str(o) if isinstance(o, Promise) else super().default(o)


def _json(person: Person, kinds: Iterable[Held]) -> Iterator[str]:
    made = timezone.localtime().isoformat(timespec="seconds")
    yield f'{{"gemaakt": {json.dumps(made)}, "soorten": ['
    for number, held in enumerate(kinds):
        head = {"tabel": held.model._meta.label, "soort": held.title, "blijft_na_wissen": held.stays or None}
        yield ("," if number else "") + "\n" + json.dumps(head, cls=_Encoder, ensure_ascii=False)[:-1] + ', "rijen": ['
        for index, facts in enumerate(_rows(held, person)):
            yield ("," if index else "") + "\n  " + json.dumps(facts, cls=_Encoder, ensure_ascii=False)
        yield "]}"
    yield "\n]}\n"


# --- for people

_STYLE = (
    "body{font:1rem/1.6 system-ui,sans-serif;max-width:46rem;margin:2rem auto;padding:0 1rem;color:#22302a}"
    "div.rij{border-top:1px solid #c5cec9;padding:.75rem 0}dl{margin:0}"
    "dd dl{border-left:3px solid #c5cec9;padding-left:.75rem}dt{font-weight:600}"
    "dd{margin:0 0 .5rem;white-space:pre-wrap;overflow-wrap:anywhere}h2{margin-top:2.5rem}audio{max-width:100%}"
)


def _page(person: Person, kinds: Iterable[Held], counts: dict[str, int]) -> Iterator[str]:
    title = _("Wat Tussenruimte van je bewaart")
    yield format_html(
        '<!doctype html>\n<html lang="{}"><head><meta charset="utf-8"><meta name="viewport" '
        'content="width=device-width"><title>{}</title><style>{}</style></head><body><main><h1>{}</h1>\n<p>{}</p>\n',
        person.language, title, _STYLE, title,
        _("Gemaakt op %(day)s. In gegevens.json staat hetzelfde voor programma’s, met de technische gegevens erbij.")
        % {"day": date_format(timezone.localdate(), "j F Y")},
    )  # fmt: skip
    for held in kinds:
        rows = 0
        for facts in _rows(held, person):
            if not rows:
                yield format_html("<section><h2>{}</h2>\n", held.title)
                if held.stays:
                    yield format_html("<p>{} {}</p>\n", _("Dit blijft als je alles laat wissen."), held.stays)
            rows += 1
            yield format_html('<div class="rij"><dl>{}</dl></div>\n', _entries(facts))
        if rows:
            yield "</section>\n"
            counts[str(held.title)] = counts.get(str(held.title), 0) + rows
    yield "</main></body></html>\n"


def _entries(facts: Mapping[str, Any]) -> Any:
    return format_html_join("", "{}", ([each] for each in _shown(facts)))


def _shown(facts: Mapping[str, Any]) -> Iterator[Any]:
    for name, value in facts.items():
        if name in HIDDEN or value in (None, "", [], {}):
            continue
        label = LABELS.get(name, name.replace("_", " ").replace("-", " "))
        yield format_html("<dt>{}</dt><dd>{}</dd>", label, _said(name, value))


def _said(name: str, value: Any) -> Any:
    match value:
        case str() if name == "geluid":
            return format_html('<audio controls preload="none" src="{}"></audio> <a href="{}">{}</a>', *[value] * 3)
        case Mapping():
            return format_html("<dl>{}</dl>", _entries(value))
        case list() | tuple():
            return format_html_join("", "<div>{}</div>", ([_said("", each)] for each in value))
        case bool():
            said: Any = _("ja") if value else _("nee")
        case datetime():
            said = date_format(timezone.localtime(value), "j F Y H:i")
        case date():
            said = date_format(value, "j F Y")
        case _:
            said = value
    return said
