"""What the desk says: how long somebody waits, what a mark means, what is wrong."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from learning.practice import feedback
from learning.practice.drafts import LEARNING_LEVEL
from learning.practice.flow import Event
from learning.practice.queries.desk import Row, Which, Why
from learning.practice.queries.learner import first_name
from learning.practice.services import commenting, hiding, objecting, reading, second_reader

LAST_IN_WORDS = 12


def waiting(people: int) -> str:
    """ "Zeven mensen wachten op je" """
    if people == 0:
        return _("Niemand wacht op je")
    if people == 1:
        return _("Eén mens wacht op je")
    return _("%(n)s mensen wachten op je") % {"n": _number(people)}


def _number(people: int) -> str:
    words = (
        _("Twee"), _("Drie"), _("Vier"), _("Vijf"), _("Zes"), _("Zeven"), _("Acht"), _("Negen"), _("Tien"), _("Elf"),
        _("Twaalf"),
    )  # fmt: skip
    return words[people - 2] if people <= LAST_IN_WORDS else str(people)


def days(number: int) -> str:
    if number == 0:
        return _("vandaag")
    return ngettext("%(n)s werkdag", "%(n)s werkdagen", number) % {"n": number}


WHY = {
    Why.SECOND: lambda: _("tweede beoordelaar"),
    Why.OBJECTION: lambda: _("bezwaar"),
    Why.READER: lambda: _("tweede lezer"),
}


def marks(row: Row) -> list[str]:
    """What else to know of a line, beside how long it waits."""
    found = [WHY[row.why]()] if row.why in WHY else []
    if row.late:
        found.append(_("na de datum"))
    if row.with_me:
        found.append(_("bij jou"))
    if row.hands:
        found.append(_("bij %(name)s") % {"name": first_name(row.hands, _("een collega"))})
    gave, asked = row.along
    if asked:
        found.append(_peers(gave, asked))
    return found


def _peers(gave: int, asked: int) -> str:
    if gave == asked:
        return ngettext("een collega las mee", "%(n)s collega’s lazen mee", gave) % {"n": gave}
    if not gave:
        return ngettext("een collega leest nog mee", "%(n)s collega’s lezen nog mee", asked) % {"n": asked}
    return _("%(gave)s van %(asked)s collega’s las mee") % {"gave": gave, "asked": asked}


def which(chosen: Which) -> str:
    return {
        Which.WAITING: _("Wacht op een trainer"),
        Which.BUSY: _("Nog bezig"),
        Which.RETURNED: _("Terug met een vraag"),
        Which.ENOUGH: _("Voldoende"),
        Which.GOES_ON: _("Loopt door"),
        Which.WITHDRAWN: _("Ingetrokken"),
    }[chosen]


# The longest of each field, by the start of its name.
_LONGEST = {
    "notitie": reading.LONGEST_NOTE,
    "bezwaar": objecting.LONGEST,
    "opmerking": commenting.LONGEST,
    "reden": hiding.LONGEST,
    "lezer-opmerking": second_reader.LONGEST,
}


def wrong(name: str, why: str) -> str:
    """`why`: a reason of a service. Beside the field, as what to do."""
    if why == "lang":
        return _("Houd het bij %(n)s tekens.") % {"n": _LONGEST.get(name, feedback.LONGEST)}
    said = {
        ("verdict", "kies"): _("Kies wat je teruggeeft."),
        ("verdict", "te_laag"): _("Voldoende kan vanaf gemiddeld 2,5, met geen enkele 1."),
        ("verdict", "rondes_op"): _("Dit was de laatste ronde: terug kan niet meer. Kies voldoende of loopt door."),
        (LEARNING_LEVEL, "kies"): _("Kies op welk leerniveau het was: wat je deelnemer voorstelde, of een ander."),
        ("vraag", "vraag"): _("Stel minstens één vraag. Een oordeel zonder vraag sluit het gesprek."),
        ("lezer", "kies"): _("Kies wie er meeleest voordat het naar je deelnemer gaat."),
        ("uitkomst", "kies"): _("Kies wat je besluit."),
        ("plek", "kies"): _("Kies een plek die er staat: een zin, of een tijd zoals 1:48."),
        ("opmerking", "veel"): _("Zoveel opmerkingen leest niemand meer. Haal er eerst een weg."),
    }
    if (name, why) in said:
        return said[name, why]
    return _("Kies een niveau.") if name.startswith("niveau") else _("Schrijf hier iets.")


def step(event: str) -> str:
    """A line of what happened to a work, in the order of the flow; what isn't of the flow came from `hiding`."""
    return {
        Event.GIVE: _("uitgezet"),
        Event.PREPARE: _("voorbereid"),
        Event.HOLD: _("gesprek gevoerd"),
        Event.NOT_HELD: _("gesprek toch nog niet gevoerd"),
        Event.HAND_IN: _("ingeleverd"),
        Event.TAKE_BACK: _("teruggenomen"),
        Event.TAKE_UP: _("opgepakt"),
        Event.LET_GO: _("teruggelegd in de wachtrij"),
        Event.RETURN: _("terug met een vraag"),
        Event.ENOUGH: _("voldoende"),
        Event.GO_ON: _("loopt door"),
        Event.REOPEN: _("heropend"),
        Event.OVERTURN: _("na een bezwaar alsnog voldoende"),
        Event.WITHDRAW: _("ingetrokken"),
        hiding.HID: _("woorden van een collega verborgen"),
        hiding.SHOWED: _("woorden van een collega weer getoond"),
    }.get(event, event)
