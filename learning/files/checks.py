"""Why a file isn't kept: the words in the database, and the sentences for who sent it."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import ngettext


class Refused(Exception):
    """`reason`: "leeg" (no sound in it), "soort" (nothing we play), "lang" or "groot" (more than may be), "besmet" (the
    scanner found something), "vol" (this person has too much on the way), "stuk" (nothing came that can be kept)."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def sentence(reason: str, *, seconds: int = 0, size: int = 0) -> str:
    """For who sent it; `seconds` and `size` are the most that may be sent."""
    said = {
        "leeg": _("In dit bestand zit geen geluid. Neem het opnieuw op, of kies een ander bestand."),
        "soort": _("Dit bestand kunnen we niet afspelen. Kies een geluidsbestand: webm, ogg, mp3, m4a of wav."),
        "lang": _("Dit duurt langer dan %(time)s. Neem of kies een korter stuk.") % {"time": lasting(seconds)},
        "groot": _("Dit bestand is groter dan %(size)s MB. Kies een korter stuk.") % {"size": size // 1_000_000},
        "besmet": _("Onze virusscanner vindt dit bestand niet veilig. We hebben het gewist. Neem het opnieuw op."),
        "vol": _("Je hebt vandaag al veel verstuurd. Gooi weg wat je niet meer nodig hebt, of kom morgen terug."),
    }
    return said.get(reason) or _("Je bestand is niet heel aangekomen. Stuur het nog eens.")


def lasting(seconds: int) -> str:
    """90 → "90 seconden", 180 → "3 minuten"."""
    if seconds % 60 or seconds < 60:
        return ngettext("%(n)s seconde", "%(n)s seconden", seconds) % {"n": seconds}
    return ngettext("%(n)s minuut", "%(n)s minuten", seconds // 60) % {"n": seconds // 60}
