"""What a hint says to the learner: something to look at, never a verdict."""

from __future__ import annotations

import functools
from collections.abc import Collection
from typing import Any

from modules.blocks.base import said
from modules.blocks.taal.regels import LONGEST_SENTENCE, grouped, hints, pieces

# Of one kind; more tells nobody more.
MOST_QUOTES = 4


def looked_at(text: str, names: Collection[str], language: str) -> dict[str, Any]:
    """What `templates/hints.html` draws: {"pieces": [(piece, marked)], "groups": [{"naam", "doe", "quotes"}]}."""
    found = hints(text, names)
    told = sentences_for(language)
    groups = [
        {"naam": told[group.kind][0], "doe": told[group.kind][1], "quotes": group.quotes[:MOST_QUOTES]}
        for group in grouped(found)
    ]
    return {"pieces": pieces(text, found), "groups": groups}


def sentences_for(language: str) -> dict[str, tuple[str, str]]:
    """{kind: (what it is called, what one may do with it)}, a kind for each rule."""
    _ = functools.partial(said, language)
    return {
        "gesloten_vraag": (
            _("Hier kan de ander alleen ja of nee zeggen"),
            _("Probeer een vraag met wat, hoe, wie of wanneer."),
        ),
        "zinslengte": (
            _("Een lange zin"),
            _("Deze zin telt meer dan %(n)s woorden. Waar kan er een punt?", n=LONGEST_SENTENCE),
        ),
        "lijdend": (_("Hier zie je niet wie het doet"), _("Wie doet dit? Zet die persoon in de zin.")),
        "aanspreken": (
            _("Hier spreek je niemand aan"),
            _("In deze zin staat geen u of je. Dat hoeft ook niet overal. Kan de lezer er hier in?"),
        ),
        "identiteit": (
            _("Dit gaat over een hele groep"),
            _("Alsof die groep één mens is. Over wie gaat het precies, en wat vraagt die?"),
        ),
        "oordeel": (
            _("Hier zit een oordeel in"),
            _("Schrijf op wat je deze ene keer zag of hoorde."),
        ),
        "gevoel_dat": (
            _("Hierna komt een gedachte over de ander"),
            _("Wat voel jij zelf? Eén woord is genoeg: boos, bang, blij, moe of verdrietig."),
        ),
        "schijngevoel": (
            _("Dit zegt ook wat de ander deed"),
            _("Welk gevoel van jou zit eronder? Misschien boos, bang, moe of verdrietig."),
        ),
        "ander_in_behoefte": (
            _("Hier staat de ander in jouw behoefte"),
            _("Noem wat voor jou belangrijk is, zonder de ander erin."),
        ),
        "eis": (
            _("Hier kan de ander geen nee zeggen"),
            _("Bij een verzoek mag de ander nee zeggen. Hoe vraag je het dan?"),
        ),
    }
