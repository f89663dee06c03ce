"""Why a launch was refused: what happened, and what an administrator of the LMS can do. No value of a claim is shown.

The code stands in the log beside the reference the visitor reads; the sentences are for the two people involved.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

type Text = str | Promise

_LOGIN = _("De leeromgeving begon het openen op een manier die we niet begrijpen.")
_MESSAGE = _("Het bericht van de leeromgeving klopt niet helemaal, dus openen we niets.")
_TOKEN = _("We kunnen niet nagaan dat dit bericht echt van je leeromgeving komt.")
_EXPIRED = _("Er zat te veel tijd tussen het klikken en het openen.")
_CHOOSING = _("Je leeromgeving wil je hier iets laten kiezen, maar haar verzoek klopt niet helemaal.")
_UNKNOWN = _("Deze leeromgeving is hier nog niet aangesloten.")


@dataclass(frozen=True, slots=True)
class Reason:
    status: int
    happened: Text
    tell: Text


REASONS: Mapping[str, Reason] = {
    # the login request
    "login-parameter-missing": Reason(
        400, _LOGIN, _("In het loginverzoek ontbreekt iss, login_hint of target_link_uri.")
    ),
    "login-parameter-unfit": Reason(
        400, _LOGIN, _("Een waarde in het loginverzoek is te lang, staat er twee keer of bevat tekens die niet mogen.")
    ),
    "login-target": Reason(
        400,
        _LOGIN,
        _("De target_link_uri is geen adres dat wij hebben geregistreerd. Gebruik het launch-adres van Tussenruimte."),
    ),
    "platform-unknown": Reason(
        403, _UNKNOWN, _("We kennen deze combinatie van issuer en client_id niet. Kijk of de registratie overeenkomt.")
    ),
    "platform-ambiguous": Reason(
        400, _UNKNOWN, _("Bij deze issuer horen meer registraties. Stuur ook client_id mee in het loginverzoek.")
    ),
    "platform-off": Reason(
        403,
        _("De aansluiting van deze leeromgeving staat uit."),
        _("De aansluiting is bij Tussenruimte uitgezet. Vraag de beheerder van Tussenruimte om die aan te zetten."),
    ),
    # what came back: state and browser
    "state-missing": Reason(
        400, _MESSAGE, _("Het bericht had geen bruikbare state. Elke launch begint met een loginverzoek aan ons.")
    ),
    "state-invalid": Reason(401, _TOKEN, _("De state is niet door ons gemaakt of is veranderd.")),
    "state-expired": Reason(
        401, _EXPIRED, _("De state is verlopen. Ook een klok die niet gelijk loopt kan dit geven.")
    ),
    "state-browser": Reason(401, _TOKEN, _("De launch kwam uit een andere browser dan het loginverzoek.")),
    # the platform's own error
    "platform-denied": Reason(
        403,
        _("Je leeromgeving wil je dit niet laten openen."),
        _(
            "Het platform gaf een fout terug in plaats van een launch. "
            "Kijk of deze persoon daar ingelogd is en de activiteit mag zien."
        ),
    ),
    "platform-error": Reason(
        400,
        _("Je leeromgeving kreeg het openen zelf niet voor elkaar."),
        _("Het platform gaf een fout terug in plaats van een launch. In het logboek van het platform staat waarom."),
    ),
    # the token and its signature
    "token-missing": Reason(400, _MESSAGE, _("Er kwam geen id_token mee.")),
    "token-too-large": Reason(400, _MESSAGE, _("Het id_token is groter dan we aannemen.")),
    "token-malformed": Reason(400, _MESSAGE, _("Het id_token is geen JWT dat we kunnen lezen.")),
    "token-header": Reason(
        401, _TOKEN, _("De header van het id_token bevat velden die we niet aannemen, zoals crit, jku, jwk of x5u.")
    ),
    "token-algorithm": Reason(
        401, _TOKEN, _("Het id_token is niet ondertekend met het algoritme dat voor dit platform vaststaat.")
    ),
    "token-kid": Reason(401, _TOKEN, _("In de header van het id_token ontbreekt kid.")),
    "key-unknown": Reason(
        401, _TOKEN, _("De sleutel (kid) van het id_token staat niet in de sleutelset van het platform.")
    ),
    "keys-unreachable": Reason(
        401,
        _("We konden de sleutels van je leeromgeving niet ophalen. Probeer het over een minuut nog eens."),
        _("De sleutelset (JWKS) van het platform geeft geen bruikbaar antwoord."),
    ),
    "token-signature": Reason(401, _TOKEN, _("De handtekening van het id_token klopt niet.")),
    # who and when
    "claim-iss": Reason(401, _TOKEN, _("De iss is een andere dan die van de registratie waarmee het openen begon.")),
    "claim-aud": Reason(401, _TOKEN, _("De aud is niet onze client_id.")),
    "claim-azp": Reason(401, _TOKEN, _("De azp ontbreekt bij meer dan één aud, of is niet onze client_id.")),
    "claim-exp": Reason(
        401,
        _EXPIRED,
        _("De exp ontbreekt, is geen tijdstip of is voorbij. Kijk of de klok van het platform gelijk loopt."),
    ),
    "claim-iat": Reason(
        401,
        _EXPIRED,
        _(
            "De iat ontbreekt, is geen tijdstip, ligt in de toekomst of te ver terug. "
            "Kijk of de klok van het platform gelijk loopt."
        ),
    ),
    "claim-nbf": Reason(
        401,
        _EXPIRED,
        _("De nbf is geen tijdstip of ligt in de toekomst. Kijk of de klok van het platform gelijk loopt."),
    ),
    "claim-nonce": Reason(401, _TOKEN, _("De nonce ontbreekt of hoort bij een ander loginverzoek.")),
    "nonce-used": Reason(
        401,
        _("Deze link is al een keer gebruikt. Ga terug naar je leeromgeving en open de activiteit opnieuw."),
        _("Hetzelfde id_token kwam twee keer binnen."),
    ),
    # the LTI message
    "claim-message-type": Reason(
        400,
        _MESSAGE,
        _(
            "De message_type ontbreekt of is er een die we niet kennen. "
            "We openen LtiResourceLinkRequest en LtiDeepLinkingRequest."
        ),
    ),
    "claim-version": Reason(400, _MESSAGE, _("De versie ontbreekt of is niet 1.3.0.")),
    "claim-deployment": Reason(
        400, _MESSAGE, _("De deployment_id ontbreekt of is geen tekst van hoogstens 255 tekens.")
    ),
    "deployment-unknown": Reason(403, _UNKNOWN, _("Deze deployment_id is bij ons niet geregistreerd.")),
    "claim-target": Reason(
        400, _MESSAGE, _("De target_link_uri ontbreekt, is niet van ons of is een andere dan in het loginverzoek.")
    ),
    "claim-resource-link": Reason(
        400, _MESSAGE, _("De resource_link heeft geen id, of een id van meer dan 255 tekens.")
    ),
    "claim-sub": Reason(
        400,
        _("Je leeromgeving zei niet wie je bent, dus kunnen we niet bewaren waar je gebleven was."),
        _("De sub ontbreekt of is geen tekst van hoogstens 255 tekens. Anoniem openen kan niet."),
    ),
    "claim-roles": Reason(400, _MESSAGE, _("De roles ontbreken of zijn geen lijst van teksten. Een lege lijst mag.")),
    "claim-form": Reason(400, _MESSAGE, _("Een claim van het bericht heeft niet de vorm die LTI 1.3 voorschrijft.")),
    # a deep linking request
    "deep-linking-settings": Reason(400, _CHOOSING, _("De deep_linking_settings ontbreken of zijn geen object.")),
    "deep-linking-return": Reason(
        400,
        _CHOOSING,
        _(
            "De deep_link_return_url ontbreekt of is geen adres waar we iemand heen sturen: "
            "https, niet op een privé-adres, hoogstens 4000 tekens."
        ),
    ),
    "deep-linking-types": Reason(
        400, _CHOOSING, _("De accept_types ontbreken of zijn geen lijst van hoogstens 100 teksten.")
    ),
    "deep-linking-targets": Reason(
        400,
        _CHOOSING,
        _("De accept_presentation_document_targets ontbreken of zijn geen lijst van hoogstens 100 teksten."),
    ),
    "deep-linking-data": Reason(400, _CHOOSING, _("De data is langer dan we kunnen teruggeven (128 KB) of geen JSON.")),
    "deep-linking-no-links": Reason(
        400,
        _("Op deze plek neemt je leeromgeving geen activiteiten van Tussenruimte aan."),
        _("In accept_types ontbreekt ltiResourceLink, en iets anders hebben we niet te bieden."),
    ),
    "deep-linking-role": Reason(
        403,
        _("Kiezen wat er in een cursus komt, kan alleen wie de cursus maakt of geeft."),
        _(
            "In roles staat geen Instructor, ContentDeveloper of Administrator van de cursus, "
            "en ook geen Administrator van de instelling of het systeem."
        ),
    ),
    "selection-gone": Reason(
        404,
        _("Deze keuze is er niet meer, of is niet van jou. Open het kiezen opnieuw vanuit je leeromgeving."),
        _("Een keuze blijft acht uur open, voor degene die eraan begon. Van iemand staan er hoogstens tien open."),
    ),
    "selection-sent": Reason(
        409,
        _("Je keuze is al verstuurd. Wil je nog iets kiezen, open het dan opnieuw vanuit je leeromgeving."),
        _("Op een verzoek om te kiezen komt één antwoord."),
    ),
    # what it would open, and for whom
    "module-unknown": Reason(
        400,
        _("De activiteit verwijst naar een module, unit of onderdeel dat er niet is."),
        _("Kijk in de instellingen van de activiteit naar module, unit en activity (custom)."),
    ),
    "person-suspended": Reason(
        403,
        _("Je hebt nu geen toegang tot Tussenruimte."),
        _("Dit account is bij Tussenruimte geblokkeerd. De beheerder van Tussenruimte kan dat opheffen."),
    ),
    "ticket-invalid": Reason(
        401,
        _("Dit venster kan zo niet open. Ga terug naar je leeromgeving en open de activiteit opnieuw."),
        _("Het kaartje waarmee een launch zonder cookies in een eigen venster opent, is niet van ons of is veranderd."),
    ),
    "ticket-expired": Reason(
        401, _EXPIRED, _("Er zat te veel tijd tussen de launch en het openen in een eigen venster.")
    ),
    "opened-directly": Reason(
        405,
        _("Deze pagina werkt alleen vanuit je leeromgeving. Open de activiteit daar."),
        _("Dit is het launch-adres van Tussenruimte. Vul het in als tool-URL en redirect-URI van de registratie."),
    ),
}


class Explained(Exception):
    """It stops here, and a page says why. `code` is one of `reasons`."""

    reasons: ClassVar[Mapping[str, Reason]]

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code

    @property
    def reason(self) -> Reason:
        return self.reasons[self.code]


class Refused(Explained):
    """A launch that goes no further."""

    reasons = REASONS
