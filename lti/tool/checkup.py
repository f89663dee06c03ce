"""Does a connection work? Ask an LMS what a launch and a score would need, now, and say what came of it."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from jobs.registry import GiveUp, TryLater
from lti import claims as words
from lti import outbound
from lti.tool import keysets
from lti.tool.access import access_token
from lti.tool.models import LaunchRecord, LineItem, Platform
from lti.tool.troubles import in_words


@dataclass(frozen=True, slots=True)
class Step:
    """`ok` None: nothing to complain of, nothing to be sure of either."""

    title: str
    ok: bool | None
    found: str


def check(platform: Platform) -> list[Step]:
    """Two requests, each bounded: sixteen seconds at most. Nothing is changed."""
    return [_keys(platform), _token(platform), _launches(platform)]


def _keys(platform: Platform) -> Step:
    title = _("De sleutels van de leeromgeving ophalen")
    try:
        keys = keysets.usable(outbound.get_json(platform.jwks_url, largest=keysets.LARGEST, seconds=keysets.SECONDS))
    except (outbound.NotAllowed, outbound.NoAnswer) as error:
        return Step(title, ok=False, found=in_words(error.reason))
    if not keys:
        return Step(title, ok=False, found=_("Op dat adres staan geen sleutels die we kunnen gebruiken."))
    found = ngettext("Er staat één sleutel.", "Er staan %(n)s sleutels.", len(keys)) % {"n": len(keys)}
    return Step(title, ok=True, found=found)


def _token(platform: Platform) -> Step:
    title = _("Toegang vragen om scores te sturen")
    try:
        access_token(platform, words.AGS_SCORE_SCOPE, fresh=True)
    except (TryLater, GiveUp) as error:
        return Step(title, ok=False, found=in_words(error.reason))
    return Step(title, ok=True, found=_("De leeromgeving vertrouwt onze sleutel en geeft toegang."))


def _launches(platform: Platform) -> Step:
    title = _("Geopend vanuit de leeromgeving")
    if not LaunchRecord.objects.filter(platform=platform, code="").exists():
        return Step(title, ok=None, found=_("Nog nooit. Open in een cursus een activiteit van Tussenruimte."))
    if not LineItem.objects.filter(platform=platform).exists():
        return Step(title, ok=True, found=_("Dat werkt. Een kolom in het cijferboek was er nog niet bij."))
    return Step(title, ok=True, found=_("Dat werkt, en er is een kolom in het cijferboek."))
