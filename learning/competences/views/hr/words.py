"""What values, half-years and pages of HR are called."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from django.utils.translation import gettext as _

from learning.competences.queries.hr.figures import WHOLE, Place
from learning.competences.services.tables import LEVEL, NOT_BEGUN, NOT_STUCK


def levels() -> list[str]:
    return ["N0", "N1", "N2", "N3", "N4"]


def breadths() -> list[str]:
    """On how many of the four learning levels."""
    return ["0", "1", "2", "3", "4"]


def steps() -> list[str]:
    """How far somebody is in a leerlijn, each in one of these."""
    return [_("nog niet begonnen"), _("begonnen"), _("een module af"), _("alles af")]


def reached() -> list[str]:
    """The same, with who is further."""
    return [_("toegewezen"), _("begonnen"), _("minstens één module af"), _("alle modules af")]


def from_levels() -> list[str]:
    """Who is at a level or above."""
    return [*(_("%(level)s of hoger") % {"level": level} for level in levels()[:-1]), levels()[-1]]


def from_breadths() -> list[str]:
    return [_("%(n)s of meer leerniveaus") % {"n": n} for n in breadths()[:-1]] + [_("alle vier de leerniveaus")]


def together(names: Sequence[str], values: Sequence[int]) -> str:
    """What a bin holds: "N2", "N0 of N1", "N1 tot en met N4". `values` there is no name for (yet) are
    left out."""
    known = [names[value] for value in values if value < len(names) and names[value]]
    if len(known) > 2:
        return _("%(first)s tot en met %(last)s") % {"first": known[0], "last": known[-1]}
    if len(known) == 2:
        return _("%(first)s of %(second)s") % {"first": known[0], "second": known[1]}
    return known[0] if known else _("iets wat er niet meer is")


def standing(units: Sequence[str], values: Sequence[int]) -> str:
    """Where people of a bin are in a module with these units: "1.1 Twee stromen", "klaar of bezig", "klaar of bezig, of
    stil bij 1.1 Twee stromen"."""
    others = [name for value, name in _not_still().items() if value in values]
    still = [value - 1 for value in values if value not in _not_still()]
    if not others:
        return together(units, still)
    known = [value for value in still if value < len(units)]
    if known:
        others.append(_("of stil bij %(units)s") % {"units": together(units, known)})
    return ", ".join(others)


def _not_still() -> dict[int, str]:
    """In the order of the table."""
    return {NOT_BEGUN: _("nog niet begonnen aan de leerlijn"), NOT_STUCK: _("klaar of bezig")}


def period(code: str) -> str:
    """ "2026H2": "tweede helft van 2026"."""
    year, half = code.split("H")
    return (_("eerste helft van %(year)s") if half == "1" else _("tweede helft van %(year)s")) % {"year": year}


def place(each: Place) -> str:
    if each.row == WHOLE:
        return _("Hele organisatie")
    return _("Overige teams samen") if each.is_rest else each.name


def said(choices: Mapping[str, str]) -> list[tuple[str, str]]:
    """What was chosen at a look, in words: [(which, what)]. `choices`: as it was written down, `rij` with `team`."""
    names = {
        "leerlijn": _("leerlijn"), "module": _("module"), "maat": _("wat"), "competentie": _("competentie"),
        "periode": _("half jaar"), "team": _("team"), "bladzijde": _("bladzijde"),
        "groep": _("groep"),
    }  # fmt: skip
    return [(names[name], _meant(name, choices)) for name in choices if name in names]


def _meant(name: str, choices: Mapping[str, str]) -> str:
    value = choices[name]
    match name:
        case "maat":
            return _("diepte") if value == LEVEL else _("breedte")
        case "periode":
            return period(value)
        case "team":
            return place(Place(int(choices.get("rij", 1)), None, value))
    return value


def page(name: str) -> str:
    """A page that shows figures about others, for the log."""
    pages = {
        "hr:tracks": (_("Leerlijnen"), _("Leerlijnen, opgehaald als bestand")),
        "hr:competences": (_("Competenties"), _("Competenties, opgehaald als bestand")),
        "hr:stuck": (_("Waar het vastloopt"), _("Waar het vastloopt, opgehaald als bestand")),
        "hr:effect": (_("Effect"), _("Effect, opgehaald als bestand")),
        "hr:register": (_("Certificaten per persoon"), _("Certificaten per persoon, opgehaald als bestand")),
        "group-levels:list": (_("Niveaus van een groep"), ""),
        "group-levels:csv": (_("Niveaus van een groep, opgehaald als bestand"), ""),
        "group-levels:learner": (_("Waar de niveaus van een deelnemer in een groep op rusten"), ""),
    }
    base, _dash, form = (name, "", "") if name in pages else name.partition("-")
    return pages[base][bool(form)] if base in pages else name
