"""Why an LMS couldn't register itself, for who sits at the LMS. Nothing of what was sent is repeated."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.translation import gettext_lazy as _

from lti.tool.refusals import Explained, Reason

_CONFIGURATION = _("De configuratie van je leeromgeving kunnen we zo niet gebruiken. Er is niets aangesloten.")
_ANSWER = _("Je leeromgeving nam de aansluiting niet aan. Er is niets aangesloten.")
_INVITATION = _("Met deze uitnodiging kan niets meer worden aangesloten.")

REASONS: Mapping[str, Reason] = {
    "invitation-unknown": Reason(
        403, _("We kennen deze uitnodiging niet."), _("Kijk of je het hele adres hebt geplakt, tot en met het eind.")
    ),
    "invitation-used": Reason(
        403, _INVITATION, _("De uitnodiging is al gebruikt. Vraag de beheerder van Tussenruimte om een nieuwe.")
    ),
    "invitation-over": Reason(
        403, _INVITATION, _("De uitnodiging is verlopen. Vraag de beheerder van Tussenruimte om een nieuwe.")
    ),
    "asked-bare": Reason(
        400,
        _("Dit adres plak je in je leeromgeving. Daar opent het vanzelf met wat erbij hoort."),
        _("In Moodle: Sitebeheer, Externe tools, Tools beheren, en dan het vak voor de tool-URL. Elders heet het vaak “dynamic registration”."),  # noqa: E501
    ),
    "asked-unfit": Reason(
        400, _CONFIGURATION, _("De leeromgeving stuurde een waarde mee die te lang is, twee keer voorkomt of tekens bevat die niet mogen.")  # noqa: E501
    ),
    "configuration-address": Reason(
        400, _CONFIGURATION, _("Het adres van de configuratie (openid_configuration) moet met https:// beginnen en op het openbare internet staan.")  # noqa: E501
    ),
    "configuration-moved": Reason(
        400, _CONFIGURATION, _("Het adres van de configuratie stuurt door naar een ander adres. Dat volgen we niet.")
    ),
    "configuration-unreachable": Reason(
        400, _CONFIGURATION, _("Op het adres van de configuratie kwam niet op tijd een bruikbaar antwoord.")
    ),
    "configuration-unreadable": Reason(
        400, _CONFIGURATION, _("Op het adres van de configuratie staat geen JSON-object (application/json).")
    ),
    "configuration-incomplete": Reason(
        400,
        _CONFIGURATION,
        _("In de configuratie ontbreekt iets of heeft iets een vorm die niet mag: issuer, authorization_endpoint, token_endpoint, jwks_uri, registration_endpoint of lti-platform-configuration."),  # noqa: E501
    ),
    "configuration-issuer": Reason(
        400, _CONFIGURATION, _("De issuer in de configuratie hoort niet bij het adres waar de configuratie staat.")
    ),
    "configuration-endpoint": Reason(
        400, _CONFIGURATION, _("Een adres in de configuratie begint niet met https:// of staat niet op het openbare internet.")  # noqa: E501
    ),
    "configuration-unsupported": Reason(
        400,
        _CONFIGURATION,
        _("De leeromgeving biedt niet wat LTI 1.3 vraagt: een id_token, RS256 of ES256, en private_key_jwt."),
    ),
    "form-invalid": Reason(
        400,
        _("Deze pagina is te oud of veranderd. Er is niets aangesloten."),
        _("Begin in je leeromgeving opnieuw met dezelfde uitnodiging."),
    ),
    "registration-busy": Reason(
        409,
        _("Er liep al een poging met deze uitnodiging. Die is nog bezig, of is niet gelukt."),
        _("Kijk in je leeromgeving of Tussenruimte erbij staat. Zo niet, begin daar opnieuw."),
    ),
    "registration-crowded": Reason(
        429,
        _("Er melden zich nu te veel leeromgevingen tegelijk aan. Er is niets aangesloten."),
        _("Probeer het over een minuut nog eens, met dezelfde uitnodiging."),
    ),
    "answer-unreachable": Reason(
        400, _ANSWER, _("Op het adres voor registratie (registration_endpoint) kwam niet op tijd een bruikbaar antwoord.")  # noqa: E501
    ),
    "answer-refused": Reason(
        400, _ANSWER, _("De leeromgeving weigerde de registratie. Vaak is dan de sessie daar verlopen. Begin daar opnieuw.")  # noqa: E501
    ),
    "answer-unreadable": Reason(
        400, _ANSWER, _("In het antwoord van de leeromgeving staat geen bruikbare client_id of deployment_id.")
    ),
    "registered-already": Reason(
        400, _("Deze aansluiting is er al. Er is niets veranderd."), _("De leeromgeving gaf een client_id die bij ons al in gebruik is.")  # noqa: E501
    ),
}  # fmt: skip


class NotRegistrable(Explained):
    """A registration that goes no further."""

    reasons = REASONS
