"""/groepen/<group>/competenties/: the levels of who learn in a group, for its trainers (curriculum 4.5).

Each look is written down before anything is shown, as with HR: by group, and not of whom.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from design.components import Crumb
from learning.competences import cells, words
from learning.competences.framework import Competence
from learning.competences.queries import framework
from learning.competences.queries import group as queries
from learning.competences.queries.group import Own, Standing
from learning.competences.queries.growth import competence_of
from learning.competences.seedlings import Seedling, seedling
from learning.competences.services import looking
from learning.people.models import Group, Person
from learning.tracks import additions
from learning.tracks.groups.views.access import around, in_own_group, name_of


@additions.on_group
def link(request: HttpRequest, group: Group) -> str:
    """No query."""
    return render_to_string("competences/group_link.html", {"group": group}, request)


@require_safe
@never_cache
@in_own_group
def levels(request: HttpRequest, trainer: Person, group: Group) -> HttpResponse:
    """A page of learners by name. Ten queries with those of the session, however many there are."""
    own, page = queries.own(group), queries.page_of(group, page=request.GET.get("page", ""))
    shown = bool(own.codes and page.object_list)
    if shown:
        _write_down(trainer, group, "list")
    people = list(page)
    found = queries.standings([person.pk for person in people], own.codes) if shown else {}
    rows = [(person, [_cell(each) for each in _row(found, person, own)]) for person in people]
    context = {
        **_around(group),
        "own": own,
        "heads": [(each, words.SHORT.get(each.name, each.name)) for each in _competences(own)] if shown else [],
        "page": page,
        "rows": rows if shown else [],
        "plants": _plants(cell for _person, cells in rows for cell in cells),
        "any_grey": any(cell.standing.is_grey for _person, cells in rows for cell in cells),
    }
    return render(request, "competences/group.html", context)


@require_safe
@never_cache
@in_own_group
def as_csv(request: HttpRequest, trainer: Person, group: Group) -> HttpResponse:
    """The same of everybody in the group, by name. As many queries as the page has."""
    own, people = queries.own(group), list(queries.learners_of(group))
    if not own.codes or not people:
        raise Http404
    _write_down(trainer, group, "csv")
    found = queries.standings([person.pk for person in people], own.codes)
    parts = [(code, part) for code in own.codes for part in (_("niveau"), _("breedte"))]
    lines = [[_("Naam"), *(f"{code} {part}" for code, part in parts)]]
    lines += [[_name(person), *_said(_row(found, person, own))] for person in people]
    headers = {"Content-Disposition": f'attachment; filename="competenties-groep-{group.pk}.csv"'}
    return HttpResponse(cells.written(lines), "text/csv; charset=utf-8", headers=headers)


@require_safe
@never_cache
@in_own_group
def learner(request: HttpRequest, trainer: Person, group: Group, person: int) -> HttpResponse:
    """Of one of them what each level rests on. Eleven queries with those of the session."""
    own, found = queries.own(group), queries.learners_of(group).filter(pk=person).first()
    if found is None or not own.codes:
        raise Http404
    _write_down(trainer, group, "learner")
    whys = [(why, _cell(why.standing)) for why in queries.whys(found, group, own, framework.current())]
    context = {
        **_around(group, Crumb(_name(found))),
        "name": _name(found),
        "whys": whys,
        "plants": _plants(cell for _why, cell in whys),
    }
    return render(request, "competences/group_learner.html", context)


def _write_down(trainer: Person, group: Group, name: str) -> None:
    choices = {"groep": name_of(group), "nummer": str(group.pk)}
    looking.write_down(trainer, page=f"group-levels:{name}", choices=choices)


def _around(group: Group, *here: Crumb) -> dict[str, Any]:
    """What the pages of a group have, one level below its own."""
    context = around(group, "")
    pages = [
        Crumb(name_of(group), reverse("groups:group", args=[group.pk])),
        Crumb(_("Competenties"), reverse("group-levels:list", args=[group.pk]) if here else ""),
        *here,
    ]
    return {**context, "crumbs": [context["crumbs"][0], *pages]}


def _name(person: Person) -> str:
    return person.name or _("naam niet gedeeld")


def _competences(own: Own) -> list[Competence]:
    """One query."""
    read = framework.current()
    return [competence_of(read, code) for code in own.codes]


# --- what stands in a cell


@dataclass(frozen=True)
class Cell:
    """`plant`: the same, drawn."""

    standing: Standing
    plant: Seedling


def _cell(standing: Standing) -> Cell:
    return Cell(standing, seedling(standing.level.level, standing.breadth, grey=standing.is_grey))


def _plants(cells: Iterable[Cell]) -> Collection[Seedling]:
    """Each that is used, once."""
    return {cell.plant.name: cell.plant for cell in cells}.values()


def _row(found: Mapping[int, Mapping[str, Standing]], person: Person, own: Own) -> list[Standing]:
    there = found.get(person.pk, {})
    return [there.get(code, queries.NOWHERE) for code in own.codes]


def _said(row: Iterable[Standing]) -> Iterator[str]:
    for each in row:
        yield _level(each)
        yield str(each.breadth)


def _level(standing: Standing) -> str:
    level = f"N{standing.level.level}"
    if not standing.is_grey:
        return level
    grey = _("aangetoond in %(year)s, nog niet opnieuw") % {"year": standing.level.shown_in}
    return f"{level}, {grey}"
