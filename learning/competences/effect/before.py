"""What was known of dialogue work before there was this (curriculum 6.1): reach, and what people thought of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class Before:
    """`reach`: who or how many; `thought`: what they thought of it, "" where nobody asked."""

    what: str | Promise
    reach: str | Promise
    thought: str | Promise = ""


BASELINE: Sequence[Before] = (
    Before(_("Dialoogtraining"), _("2 trainingen, 50 mensen"), _("eerste training: een 8; de tweede liep nog")),
    Before(
        _("BuitenBuddies"), _("derde groep van ongeveer 24 mensen"),
        _("gemiddeld 8 of hoger; boeren zeggen dat ze meer vertrouwen kregen in de overheid"),
    ),
    Before(_("Reflectietafels"), _("7 tafels, 60 tot 80 managers en bestuurders, 7 essays")),
    Before(_("Wandelingen"), _("4 beschreven, ongeveer 80 mensen")),
    Before(_("Cafés"), _("5 keer, ongeveer 250 deelnemers, 25 sprekers van buiten")),
    Before(_("Oplossingenbrigade"), _("3 sessies rond één vraagstuk")),
    Before(_("Netwerk"), _("500 mensen")),
)  # fmt: skip
