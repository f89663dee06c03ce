"""What went wrong between us and an LMS, in words for who looks after the connection.

Reasons are kept in English, for operators and logs; here is their Dutch.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

_WORDS: Mapping[str, str] = {
    "no answer in time": gettext_noop("De leeromgeving antwoordde niet op tijd."),
    "the answer is too large": gettext_noop("Het antwoord van de leeromgeving is groter dan we aannemen."),
    "not JSON": gettext_noop("Het antwoord van de leeromgeving is geen JSON."),
    "the LMS's answer isn't JSON": gettext_noop("Het antwoord van de leeromgeving is geen JSON."),
    "the LMS's answer isn't a token": gettext_noop("De leeromgeving gaf een antwoord zonder toegangsbewijs (access token)."),  # noqa: E501
    "is a private address": gettext_noop("Het adres staat op een besloten netwerk. Dat mag hier niet."),
    "must be https://": gettext_noop("Het adres begint niet met https://."),
    "not a web address": gettext_noop("Dit is geen webadres."),
    "the receiver has a rest": gettext_noop("De leeromgeving antwoordde een paar keer niet goed. We wachten even."),
    "the platform is switched off": gettext_noop("De aansluiting staat uit."),
    "one score a second": gettext_noop("Er gaat hoogstens één score per seconde naar dezelfde plek."),
}  # fmt: skip
_STATUS = re.compile(r"(?:status|answered) (\d{3})")
_CONNECTION = re.compile(r"connection failed")


def in_words(reason: str) -> str:
    """A sentence; for what nobody foresaw the reason itself."""
    status = _STATUS.search(reason)
    if status:
        return _of_status(int(status[1]))
    if _CONNECTION.search(reason):
        return _("We kregen geen verbinding met de leeromgeving.")
    found = next((words for ours, words in _WORDS.items() if reason.endswith(ours)), "")
    return _(found) if found else reason


def _of_status(status: int) -> str:
    if status in (401, 403):
        return _("De leeromgeving weigert ons (status %(status)s). Is Tussenruimte daar geactiveerd?") % {
            "status": status
        }
    if 300 <= status < 400:
        return _("De leeromgeving stuurt ons door (status %(status)s). Dat volgen we niet.") % {"status": status}
    if status >= 500:
        return _("De leeromgeving heeft zelf een storing (status %(status)s).") % {"status": status}
    return _("De leeromgeving antwoordde met status %(status)s.") % {"status": status}
