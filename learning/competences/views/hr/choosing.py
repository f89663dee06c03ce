"""What HR chose to look at: a half-year, a team, a leerlijn. Only what there is can be chosen."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.http import Http404, HttpRequest

from learning.competences.queries.hr.figures import WHOLE, Place, Shape
from learning.competences.views.hr import words

MOST_AT_ONCE = 100
"""Of more teams than anybody reads, only those near the one that is looked at can be chosen."""

_A_ROW = re.compile("-?[1-9][0-9]{0,8}")


@dataclass(frozen=True)
class Option:
    value: str
    label: str
    chosen: bool


@dataclass(frozen=True)
class Field:
    """A list to choose from in the form above the figures."""

    name: str
    label: str
    options: Sequence[Option]


def one_of(request: HttpRequest, name: str, values: Sequence[str]) -> str:
    """The first where nothing was chosen. 404 for what there isn't."""
    wanted = request.GET.get(name) or values[0]
    if wanted not in values:
        raise Http404
    return wanted


def field(name: str, label: str, options: Iterable[tuple[str, str]], chosen: str) -> Field:
    return Field(name, label, [Option(value, words, value == chosen) for value, words in options])


@dataclass(frozen=True)
class Where:
    """`places`: those that can be chosen next. `missed`: the team that was asked for isn't shown by itself in that
    half-year. `whole`: what all of it is called, where that isn't the organisation."""

    period: str
    place: Place
    places: Sequence[Place]
    missed: bool
    whole: str = ""

    @property
    def label(self) -> str:
        return self.called(self.place)

    def called(self, place: Place) -> str:
        return self.whole if self.whole and place.row == WHOLE else words.place(place)


def where(request: HttpRequest, shape: Shape, whole: str = "") -> Where | None:
    """None where nothing may be shown at all."""
    periods = list(shape.periods)
    if not periods:
        return None
    period = one_of(request, "periode", periods)
    wanted = request.GET.get("team", "")
    places = shape.around(period, int(wanted) if _A_ROW.fullmatch(wanted) else WHOLE, most=MOST_AT_ONCE)
    found = next((each for each in places if str(each.row) == wanted), None)
    return Where(period, found or places[0], places, bool(wanted) and found is None, whole)


def fields(shape: Shape, here: Where, period_label: str, team_label: str) -> list[Field]:
    periods = ((each, words.period(each)) for each in shape.periods)
    places = ((str(each.row), "\u2003" * each.depth + here.called(each)) for each in here.places)
    return [
        field("periode", period_label, periods, here.period),
        field("team", team_label, places, str(here.place.row)),
    ]
