"""The figures: how far people are in a leerlijn, at which level and how broad, and where they stand still.

Each look is written down before anything is shown (`services.looking`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from learning.competences import privacy
from learning.competences.queries.framework import versions
from learning.competences.queries.hr import arranged, figures
from learning.competences.queries.hr.figures import Figure, Part
from learning.competences.rules import CODES
from learning.competences.services import looking
from learning.competences.services.tables import (
    BREADTH,
    KINDS,
    LEVEL,
    NOT_BEGUN,
    NOT_STUCK,
    places_in,
    progress_in,
    stuck_in,
)
from learning.competences.views.hr import choosing, files, sheets, trend, words
from learning.competences.views.hr.access import for_hr, tabs
from learning.competences.views.hr.choosing import Field, Where
from learning.competences.views.hr.sheets import Row, Sheet
from learning.competences.views.hr.trend import Line
from learning.people.models import Person
from learning.tracks.queries import edition, newest_in_tracks

DARKEST = 4


@dataclass(frozen=True)
class Screen:
    """`choices`: what was chosen, for the log (`words.said`). `extra`: what only this page has."""

    page: str
    choices: dict[str, str] = field(default_factory=dict)
    fields: Sequence[Field] = ()
    where: Where | None = None
    figure: Figure | None = None
    sheets: Sequence[Sheet] = ()
    trend: Sequence[Line] = ()
    extra: dict[str, Any] = field(default_factory=dict)


def _shown(request: HttpRequest, person: Person, screen: Screen, template: str) -> HttpResponse:
    looking.write_down(person, page=screen.page, choices=screen.choices)
    context = {
        "screen": screen,
        "tabs": tabs(screen.page),
        "k": privacy.least(settings.FIGURES_K),
        "rounded_below": privacy.ROUNDED_BELOW,
        "files": files.offered(screen.page, request.GET.urlencode()),
        **screen.extra,
    }
    return render(request, f"competences/hr/{template}.html", context)


def _file(person: Person, screen: Screen, name: str, form: str) -> HttpResponseBase:
    looking.write_down(person, page=f"{screen.page}-{form}", choices=screen.choices)
    return sheets.as_file(screen.sheets, name, form)


def _drill(request: HttpRequest, row: int) -> str:
    """Here, with another team."""
    kept = {name: value for name, value in request.GET.items() if name != "team"}
    return "?" + urlencode({**kept, "team": row})


def _named(figure: Figure) -> str:
    return words.place(figures.Place(figure.row, None, figure.name))


def _teams(request: HttpRequest, title: str, inside: Sequence[Figure], names: Sequence[str]) -> list[Sheet]:
    """Of the teams in the one that was chosen, by name."""
    rows = [
        sheets.row_of(each, _named(each), names, href=_drill(request, each.row) if each.row > 0 else "")
        for each in inside
    ]
    return [Sheet("teams", title, _("Team"), names, rows)] if rows else []


def _times(before: Sequence[Figure], names: Sequence[str], title: str) -> list[Sheet]:
    """By half-year, where there is more than one."""
    rows = [sheets.row_of(each, words.period(each.period), names) for each in before]
    return [Sheet("verloop", title, _("Half jaar"), names, rows)] if len(rows) > 1 else []


# --- leerlijnen


@require_safe
@for_hr
def tracks(request: HttpRequest, person: Person) -> HttpResponse:
    return _shown(request, person, _tracks(request, person), "tracks")


@require_safe
@for_hr
def tracks_file(request: HttpRequest, person: Person, form: str) -> HttpResponseBase:
    return _file(person, _tracks(request, person), "leerlijn", form)


def _tracks(request: HttpRequest, person: Person) -> Screen:
    """Five queries."""
    page, found = "hr:tracks", arranged.tracks(person.organisation_id)
    if not found:
        return Screen(page)
    number = choosing.one_of(request, "leerlijn", [str(each.pk) for each in found])
    track = next(each for each in found if str(each.pk) == number)
    choose = choosing.field("leerlijn", _("Leerlijn"), ((str(each.pk), each.title) for each in found), number)
    kind = progress_in(track.pk)
    shape = figures.shape(person.organisation_id, kind, "")
    where = choosing.where(request, shape)
    choices = {"leerlijn": track.title}
    if where is None:
        return Screen(page, choices, [choose])
    read = figures.read(person.organisation_id, kind, period=where.period, row=where.place.row, competence="")
    figure, names = read.now.get(""), words.steps()
    return Screen(
        page,
        {**choices, **_said(where)},
        [choose, *choosing.fields(shape, where, _("Half jaar"), _("Team"))],
        where,
        figure,
        [
            Sheet(
                "nu",
                _("Hoe ver zijn mensen?"),
                _("Team"),
                names,
                [sheets.row_of(figure, where.label, names)],
                _shares(),
            ),
            *_teams(request, _("Per team"), read.inside, names),
            *_times(read.before, names, _("Per half jaar")),
        ],
        trend.lines(read.before, words.reached()),
        {"stairs": _stairs(figure)},
    )


def _stairs(figure: Figure | None) -> list[tuple[str, Part | None, bool]]:
    """[(what was reached, who is there or further, whether they are many enough to be counted out)]."""
    if figure is None:
        return []
    counted = figure.n >= privacy.ROUNDED_BELOW
    return [(label, figure.from_on(value), counted or not value) for value, label in enumerate(words.reached())]


def _shares() -> str:
    return _("In procenten van de mensen in die rij. Donkerder is verder.")


def _said(where: Where) -> dict[str, str]:
    return {"periode": where.period, "team": where.place.name, "rij": str(where.place.row)}


# --- competences


@require_safe
@for_hr
def competences(request: HttpRequest, person: Person) -> HttpResponse:
    return _shown(request, person, _competences(request, person), "competences")


@require_safe
@for_hr
def competences_file(request: HttpRequest, person: Person, form: str) -> HttpResponseBase:
    return _file(person, _competences(request, person), "competenties", form)


def _competences(request: HttpRequest, person: Person) -> Screen:
    """Of the ten at once for who was chosen, and of one for the teams inside and by half-year. Six queries, one more
    for a leerlijn, and one for each half-year of that."""
    page = "hr:competences"
    kind, code = choosing.one_of(request, "maat", KINDS), choosing.one_of(request, "competentie", CODES)
    measures = {LEVEL: _("Diepte: N0 tot en met N4"), BREADTH: _("Breedte: op hoeveel leerniveaus")}
    known = {each.code: each.name for each in versions()[0].read.competences}
    labels = {each: f"{each} {known.get(each, '')}".strip() for each in CODES}
    tracks = {str(each.pk): each.title for each in arranged.tracks(person.organisation_id)}
    track = choosing.one_of(request, "leerlijn", ["", *tracks])
    shape = figures.shape(person.organisation_id, kind, code)
    if track:
        shape = shape.within(arranged.followed_in(person.organisation_id, int(track), list(shape.periods)))
    where = choosing.where(request, shape, _("Alle teams die de leerlijn volgen") if track else "")
    choose = [
        choosing.field("leerlijn", _("Leerlijn"), [("", _("Alle leerlijnen")), *tracks.items()], track),
        choosing.field("maat", _("Wat"), measures.items(), kind),
        choosing.field("competentie", _("Competentie per team en half jaar"), labels.items(), code),
    ]
    choices = {"leerlijn": tracks[track]} if track else {}
    choices |= {"maat": kind, "competentie": code}
    if where is None:
        return Screen(page, choices, choose, extra={"track": tracks.get(track, "")})
    added = track and where.place.row == figures.WHOLE
    read = (
        figures.read_added(person.organisation_id, kind, shape=shape, period=where.period, competence=code)
        if added
        else figures.read(person.organisation_id, kind, period=where.period, row=where.place.row, competence=code)
    )
    names = words.levels() if kind == LEVEL else words.breadths()
    ten = [sheets.row_of(read.now.get(each), labels[each], names, language="nl") for each in CODES]
    title = _("Hoe diep, per competentie") if kind == LEVEL else _("Hoe breed, per competentie")
    return Screen(
        page,
        {**choices, **_said(where)},
        [*choosing.fields(shape, where, _("Half jaar"), _("Team")), *choose],
        where,
        read.now.get(code),
        [
            Sheet("nu", title, _("Competentie"), names, ten, _shares()),
            *_teams(request, _("%(code)s per team") % {"code": code}, read.inside, names),
            *_times(read.before, names, _("%(code)s per half jaar") % {"code": code}),
        ],
        trend.lines(read.before, words.from_levels() if kind == LEVEL else words.from_breadths()),
        {"is_breadth": kind == BREADTH, "code": code, "added": len(read.inside) if added else 0},
    )


# --- where it stands still


@require_safe
@for_hr
def stuck(request: HttpRequest, person: Person) -> HttpResponse:
    return _shown(request, person, _stuck(request, person), "stuck")


@require_safe
@for_hr
def stuck_file(request: HttpRequest, person: Person, form: str) -> HttpResponseBase:
    return _file(person, _stuck(request, person), "waar-het-vastloopt", form)


def _stuck(request: HttpRequest, person: Person) -> Screen:
    """Four queries, one more for an edition that isn't remembered."""
    page, modules = "hr:stuck", newest_in_tracks(person.organisation_id)
    if not modules:
        return Screen(page)
    slug = choosing.one_of(request, "module", list(modules))
    module, newest = modules[slug]
    choose = choosing.field("module", _("Module"), ((slug, each.title) for slug, (each, _new) in modules.items()), slug)
    kind, choices = stuck_in(module.pk), {"module": module.title}
    shape = figures.shape(person.organisation_id, kind, "")
    where = choosing.where(request, shape)
    if where is None:
        return Screen(page, choices, [choose])
    read = figures.read(person.organisation_id, kind, period=where.period, row=where.place.row, competence="")
    figure, units = read.now.get(""), [unit.name for unit in places_in(edition(*newest))]
    still = [part for part in figure.parts if not {NOT_BEGUN, NOT_STUCK} & set(part.values)] if figure else []
    most = max(still, key=lambda part: part.n, default=None)
    return Screen(
        page,
        {**choices, **_said(where)},
        [choose, *choosing.fields(shape, where, _("Half jaar"), _("Team"))],
        where,
        figure,
        [
            Sheet(
                "nu", _("Waar staan mensen stil?"), _("Unit"), [_("Van wie de leerlijn volgt")], _by_unit(figure, units)
            )
        ],
        extra={"most": words.standing(units, most.values) if most else "", "share": most.share if most else 0},
    )


def _by_unit(figure: Figure | None, units: Sequence[str]) -> list[Row]:
    """A row for each part, for units are many."""
    if figure is None or not figure.is_parted:
        return [Row(_("Alle units samen"), figure.n if figure else None)]
    return [
        Row(
            words.standing(units, part.values), figure.n, [Part((DARKEST,), part.n, part.share, 0, part.share)],
            [sheets.Cell(words.standing(units, part.values), part.share, 1)],
            language="" if {NOT_BEGUN, NOT_STUCK} & set(part.values) else "nl",
        )
        for part in figure.parts
    ]  # fmt: skip
