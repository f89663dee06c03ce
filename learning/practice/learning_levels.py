"""The four learning levels (curriculum 4.2) in words, from the practice of who works for the government: to who did
something, and to who reads it. They aren't ranks: which it was says how wide somebody learns, not how well."""

from __future__ import annotations

from typing import NamedTuple

from django.utils.translation import gettext as _

from learning.practice.rules import LearningLevel


class Said(NamedTuple):
    """`what`: what belongs there, in a sentence or two."""

    name: str
    what: str


def to_maker() -> dict[LearningLevel, Said]:
    """In the order in which they are chosen from."""
    return {
        LearningLevel.INDIVIDUAL: Said(
            _("bij jezelf"),
            _("Wat jij zelf deed of liet. Je wachtte bijvoorbeeld met je uitleg tot de boer was uitgepraat."),
        ),
        LearningLevel.ORGANISATION: Said(
            _("in je organisatie"),
            _("Hoe jullie het doen. Je sprak bijvoorbeeld in je team af wie een bewoner terugbelt, en wanneer."),
        ),
        LearningLevel.BETWEEN: Said(
            _("tussen overheden"),
            _(
                "Wat je met een andere overheid deed. Je ging bijvoorbeeld samen met het waterschap langs, in plaats "
                "van na elkaar."
            ),
        ),
        LearningLevel.SYSTEM: Said(
            _("in het systeem"),
            _(
                "Regels en gewoontes die het zo houden. Je liet bijvoorbeeld bij beleid zien dat een termijn mensen "
                "elk jaar klem zet."
            ),
        ),
    }


def to_reader() -> dict[LearningLevel, Said]:
    """As above, of somebody else."""
    return {
        LearningLevel.INDIVIDUAL: Said(_("bij zichzelf"), _("Wat iemand zelf deed of liet.")),
        LearningLevel.ORGANISATION: Said(_("in de organisatie"), _("Hoe het team of de organisatie het doet.")),
        LearningLevel.BETWEEN: Said(_("tussen overheden"), _("Wat iemand met een andere overheid deed.")),
        LearningLevel.SYSTEM: Said(_("in het systeem"), _("Regels en gewoontes die het zo houden.")),
    }


def name(level: str, said: dict[LearningLevel, Said]) -> str:
    """ "" of what was handed in or given before it was asked."""
    return said[LearningLevel(level)].name if level else ""
