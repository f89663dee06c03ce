"""From somebody's way through a module to what its certificate still asks, and how the module page says that."""

from __future__ import annotations

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from certificates import rules
from certificates.rules import Condition
from design.components import Asked
from learning.tracks import additions
from learning.tracks.addresses import unit_address
from learning.tracks.content import Kind, Unit
from learning.tracks.queries import Way
from learning.tracks.returning import Phase


def can_be_earned(way: Way) -> bool:
    """An edition from before Eindpunt and Herhaalmoment has a bewijs van deelname, and no certificate."""
    kinds = {unit.kind for unit in way.edition.units}
    return {Kind.END, Kind.RETURN} <= kinds


def facts_of(way: Way) -> rules.Facts:
    """No query, but for what the room that has practice cases must ask."""
    return rules.Facts(
        done=way.finished_at is not None,
        decision=_best(way, Kind.END, "decisiontask"),
        knowledge=_best(way, Kind.END, "quiz"),
        returned=way.returned_at is not None,
        later=_best(way, Kind.RETURN, "decisiontask"),
        practice=additions.practice_of(way.person_id, way.edition.module),
    )


def _best(way: Way, kind: Kind, block: str) -> float | None:
    """Of the activities of this type there; where there are more, the one that went least well."""
    scores = [way.scores.get(key) for key in _keys(way, kind, block)]
    known = [score for score in scores if score is not None]
    return min(known) if known and len(known) == len(scores) else None


def _keys(way: Way, kind: Kind, block: str) -> list[str]:
    return [step.key for unit, step in way.edition.activities() if unit.kind is kind and step.type == block]


@additions.on_way
def asked(way: Way) -> list[Asked]:
    """What the certificate of this module asks, beside each what is still to do. Nothing where none can be earned."""
    if not can_be_earned(way):
        return []
    facts = facts_of(way)
    open_still = rules.missing(facts)
    texts = {
        Condition.DONE: _("Alles van de module gedaan"),
        Condition.DECISION: _("Eindpunt: een nieuw gesprek met genoeg ruimte"),
        Condition.KNOWLEDGE: _("Eindpunt: de vragen"),
        Condition.RETURN: _("Herhaalmoment: de vragen en een nieuw gesprek"),
        Condition.PRACTICE: _("Praktijkcase"),
    }
    return [
        Asked(
            texts[condition],
            done=condition not in open_still,
            href=_where(way, condition) if condition in open_still else "",
            note=_note(way, facts, condition) if condition in open_still else "",
        )
        for condition in Condition
    ]


def _unit(way: Way, kind: Kind) -> Unit:
    return next(unit for unit in way.edition.units if unit.kind is kind)


def _where(way: Way, condition: Condition) -> str:
    """Where it can be done, when it can be done now."""
    if condition in (Condition.DECISION, Condition.KNOWLEDGE):
        return unit_address(way.edition.module, _unit(way, Kind.END).key)
    if condition is Condition.RETURN and way.window.is_open:
        return unit_address(way.edition.module, _unit(way, Kind.RETURN).key)
    return ""


def _note(way: Way, facts: rules.Facts, condition: Condition) -> str:
    match condition:
        case Condition.DECISION if facts.decision is not None:
            return _("voer nog een ander gesprek")
        case Condition.KNOWLEDGE if facts.knowledge is not None:
            return _("doe nog een ronde met andere vragen")
        case Condition.RETURN:
            return _note_on_return(way, facts)
        case Condition.PRACTICE:
            return _("komt met je trainer") if facts.practice is None else _("bespreek met je trainer wat nog nodig is")
    return ""


def _note_on_return(way: Way, facts: rules.Facts) -> str:
    window = way.window
    if window.phase is Phase.OVER:
        return _("is voorbij; vraag je trainer wat nog kan")
    if window.is_open:
        return _("voer nog een ander gesprek") if facts.later is not None and facts.returned else _("is open")
    if window.opens_on is None:
        return _("een week na je laatste onderdeel")
    return _("opent op %(date)s") % {"date": date_format(window.opens_on, "j F")}
