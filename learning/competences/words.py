"""What pages say of levels and evidence: the rule in words, what is missing, what counts as what."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from learning.competences import rules
from learning.competences.rules import LearningLevel, Missing, Need, Source
from learning.practice import learning_levels

# Beside a plant, where there is room for one word; only while the framework has the names it came with.
SHORT = {
    "Luisteren en doorvragen": "Luisteren",
    "Oordeel uitstellen": "Oordeel",
    "Eerlijk je stem laten horen": "Stem",
    "Onder- en bovenstroom verbinden": "Stromen",
    "Polarisatie doorzien en keren": "Polarisatie",
    "Omgaan met ongenoegen": "Ongenoegen",
    "Tussenruimte maken en begeleiden": "Ruimte",
    "Reflecteren en leren met anderen": "Reflectie",
    "Betekenis geven aan verhalen": "Verhalen",
    "Achtjes draaien": "Achtjes",
}


def source_name(source: Source) -> str:
    return {
        Source.KNOWLEDGE: _("kennis"),
        Source.DECISION: _("beslissing"),
        Source.PRACTICE: _("praktijk"),
        Source.OTHERS: _("met anderen"),
        Source.SELF: _("je eigen beeld"),
        Source.PEER: _("het beeld van een collega"),
    }[source]


def learning_level_name(level: LearningLevel) -> str:
    return learning_levels.to_maker()[level].name


def learning_level_of_another(level: LearningLevel) -> str:
    """As `learning_level_name`, for who reads of somebody else."""
    return learning_levels.to_reader()[level].name


def score_of(source: Source, score: float) -> str:
    """Of what people judged as they gave it, on the scale of four; of the rest from 0 to 1."""
    if source in (Source.KNOWLEDGE, Source.DECISION):
        return number_format(score, 2)
    return _("niveau %(n)s van 4") % {"n": number_format(score * 4, 0)}


def rule_of(level: int) -> str:
    """What a level asks, in a sentence or two (curriculum 4.3)."""
    asked = {
        "herkend": number_format(rules.ENOUGH_TO_RECOGNISE, 1),
        "beslist": number_format(rules.ENOUGH_TO_DECIDE, 2),
        "dagen": rules.DELAY_DAYS,
        "niveau": number_format(rules.CRITERION_MET * 4, 0),
    }
    return {
        1: _("Voor N1 laat je twee keer zien dat je het herkent: met %(herkend)s of hoger, in twee activiteiten."),
        2: _(
            "Voor N2 heb je, boven op N1, drie beslissingen of praktijksituaties nodig van %(beslist)s of hoger, uit "
            "twee activiteiten. Eén daarvan minstens %(dagen)s dagen na de eerste."
        ),
        3: _(
            "Voor N3 laat je, boven op N2, in twee verschillende praktijksituaties niveau %(niveau)s van 4 of hoger "
            "zien. Minstens één daarvan beoordeelde een trainer."
        ),
        4: _(
            "Voor N4 doe je, boven op N3, iets met anderen dat twee beoordelaars op niveau %(niveau)s van 4 of hoger "
            "zien, en laat je dit zien op twee leerniveaus, waarvan minstens één tussen overheden of in het systeem."
        ),
    }[level] % asked


def prior_rule() -> str:
    return _(
        "Je vroeg bij twee praktijkcases om ze direct te laten meetellen, omdat je dit al doet. Daarvoor gelden N1 en "
        "N2 niet eerst."
    )


def still_missing(missing: Iterable[Missing]) -> list[str]:
    """Exactly what the next level asks more, each in a few words."""
    short = {each.need: each.n for each in missing}
    found = []
    situations, confirmed = short.pop(Need.SITUATIONS, 0), short.pop(Need.CONFIRMED, 0)
    if situations or confirmed:
        found.append(_practice(situations, confirmed=bool(confirmed)))
    return found + [_say(need, n) for need, n in short.items()]


def _practice(situations: int, *, confirmed: bool) -> str:
    if not situations:
        return _("van één praktijksituatie nog het oordeel van een trainer")
    if situations == 1:
        return (
            _("nog één praktijksituatie, beoordeeld door een trainer")
            if confirmed
            else _("nog één praktijksituatie, op niveau 3 van 4 of hoger")
        )
    if confirmed:
        return _("nog twee praktijksituaties op niveau 3 van 4 of hoger, minstens één beoordeeld door een trainer")
    return _("nog twee praktijksituaties op niveau 3 van 4 of hoger")


def _say(need: Need, n: int) -> str:
    match need:
        case Need.RECOGNISED:
            said = ngettext(
                "nog één keer laten zien dat je het herkent", "nog %(n)s keer laten zien dat je het herkent", n
            )
        case Need.ACTIVITIES | Need.DECIDED_ACTIVITIES:
            said = ngettext("uit één andere activiteit erbij", "uit %(n)s verschillende activiteiten", n)
        case Need.DECIDED:
            said = ngettext("nog één beslissing of praktijksituatie", "nog %(n)s beslissingen of praktijksituaties", n)
        case Need.DELAYED:
            return _("één daarvan minstens %(n)s dagen na de eerste") % {"n": rules.DELAY_DAYS}
        case Need.OTHERS:
            said = _("iets met anderen, door twee mensen beoordeeld")
        case Need.BREADTH:
            said = ngettext("op nog één leerniveau", "op nog %(n)s leerniveaus", n)
        case _:
            said = _("iets tussen overheden of in het systeem")
    return said % {"n": n}
