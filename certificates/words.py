"""What is said the same on paper and on the page where it is checked."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import ngettext


def hours(minutes: int) -> str:
    """In words: "3 uur en 50 minuten"."""
    whole, rest = divmod(minutes, 60)
    in_hours = ngettext("%(n)s uur", "%(n)s uur", whole) % {"n": whole}
    in_minutes = ngettext("%(n)s minuut", "%(n)s minuten", rest) % {"n": rest}
    if not whole:
        return in_minutes
    if not rest:
        return in_hours
    return _("%(hours)s en %(minutes)s") % {"hours": in_hours, "minutes": in_minutes}


def version(number: str, edition: str) -> str:
    """Module and edition, the latter by the start of its hash: enough to find it in the register."""
    return _("%(number)s, editie %(edition)s") % {"number": number, "edition": edition[:8]}
