"""What a tool asks for and what is wrong with what it sent, in words for a redacteur."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from lti.platform import services
from lti.platform.models import Tool
from lti.platform.registration import EMAIL_CLAIMS, NAME_CLAIMS

WRONG_ITEM: Mapping[str, Promise] = {
    "kind": _(
        "Dit is geen onderdeel dat hier geopend kan worden, maar iets anders, zoals een bestand of een losse link."
    ),
    "address": _("Het adres hoort niet bij dit gereedschap."),
    "text": _("De titel of de tekst is te lang, of is geen tekst."),
    "parameters": _("De instellingen die het gereedschap meestuurde, kloppen niet."),
    "dates": _("De data kloppen niet."),
    "score": _("De gevraagde score klopt niet."),
}


def asked(tool: Tool) -> list[Promise]:
    """What it asked for when it registered, one line a thing. Not more than it can be given."""
    scopes, claims = set(tool.asks.get("scopes", [])), set(tool.asks.get("claims", []))
    lines = (
        (services.SCORE in scopes, _("scores en voortgang terugsturen")),
        (services.LINE_ITEM in scopes, _("eigen kolommen voor scores maken")),
        (services.RESULT_READ in scopes, _("de scores lezen die het zelf stuurde")),
        (services.MEMBERS_READ in scopes, _("weten wie er meedoen aan de leerlijn")),
        (bool(claims & NAME_CLAIMS), _("namen van deelnemers")),
        (bool(claims & EMAIL_CLAIMS), _("e-mailadressen van deelnemers")),
    )
    return [line for holds, line in lines if holds]
