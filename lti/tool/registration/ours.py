"""What we say of ourselves to an LMS: in its registration (LTI-DR 1.0 §3.6) and as a page and file for by hand."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.templatetags.static import static
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from lti import claims as words
from lti.tool.messages import launch_address
from lti.tool.registration.configuration import HISTORIES, PLACEMENT, SCOPES, Configuration

NAME = "Tussenruimte"
TOOL = "https://purl.imsglobal.org/spec/lti-tool-configuration"
CLAIMS = ("iss", "sub", "name", "given_name", "family_name", "email", "locale")
_DESCRIPTION = _("Leer een gesprek voeren dat ruimte maakt: tussen feiten en beleid, en wat mensen raakt.")
_OPENS = _("Open een module of unit van Tussenruimte")
_CHOOSES = _("Kies een module, unit of activiteit van Tussenruimte")


def address(name: str) -> str:
    return f"{settings.BASE_URL}{reverse(name)}"


def domain() -> str:
    """The host of our addresses, with its port where that isn't the usual one. Moodle compares it with the
    target_link_uri in just that form."""
    return urlsplit(str(settings.BASE_URL)).netloc


def metadata(platform: Configuration) -> dict[str, Any]:
    """The body of a registration: no more than what this LMS offers."""
    tool: dict[str, Any] = {
        "domain": domain(), "target_link_uri": launch_address(), **_in_both("description", _DESCRIPTION),
        "claims": list(CLAIMS), "messages": _messages(deep_linking=platform.deep_linking, places=platform.placements),
    }  # fmt: skip
    if platform.histories:
        tool["custom_parameters"] = custom(platform.histories)
    signed = {"id_token_signed_response_alg": platform.algorithm} if platform.algorithm else {}
    return {
        "application_type": "web", "response_types": ["id_token"], "grant_types": ["implicit", "client_credentials"],
        "client_name": NAME, "client_uri": str(settings.BASE_URL), "logo_uri": logo(),
        "initiate_login_uri": address("lti:login"), "redirect_uris": [launch_address()],
        "jwks_uri": address("lti:jwks"), "token_endpoint_auth_method": "private_key_jwt",
        "scope": " ".join(platform.scopes), **signed, TOOL: tool,
    }  # fmt: skip


def by_hand() -> dict[str, Any]:
    """Everything an LMS asks of a tool, for who registers us by hand. The first names are those of Canvas (its
    "paste JSON"); under `lti` stand the words of the specification, which every other LMS uses in some form."""
    chooses = {"message_type": words.DEEP_LINKING_REQUEST, "target_link_uri": launch_address()}
    places = [{"placement": place, **chooses} for place in ("link_selection", "assignment_selection")]
    return {
        "title": NAME, "description": str(_DESCRIPTION), "oidc_initiation_url": address("lti:login"),
        "target_link_uri": launch_address(), "public_jwk_url": address("lti:jwks"), "scopes": list(SCOPES),
        "custom_fields": custom(tuple(HISTORIES)),
        "extensions": [
            {
                "platform": "canvas.instructure.com", "domain": domain(), "privacy_level": "public",
                "settings": {"placements": places},
            }
        ],
        "lti": {
            "version": words.VERSION_1_3, "domain": domain(), "initiate_login_uri": address("lti:login"),
            "target_link_uri": launch_address(), "redirect_uris": [launch_address()],
            "jwks_uri": address("lti:jwks"), "deep_linking_uri": launch_address(),
            "token_endpoint_auth_method": "private_key_jwt", "scopes": list(SCOPES), "claims": list(CLAIMS),
            "custom_parameters": custom(tuple(HISTORIES)),
            "messages": _messages(deep_linking=True, places=(PLACEMENT,)),
        },
    }  # fmt: skip


def custom(histories: Sequence[str]) -> dict[str, str]:
    return {name: f"${HISTORIES[name]}" for name in histories}


def logo() -> str:
    return f"{settings.BASE_URL}{static('lti/pictogram.png')}"


def _messages(*, deep_linking: bool, places: Sequence[str]) -> list[dict[str, Any]]:
    opens = {"type": words.RESOURCE_LINK_REQUEST, "target_link_uri": launch_address(), **_in_both("label", _OPENS)}
    if not deep_linking:
        return [opens]
    chooses: dict[str, Any] = {"type": words.DEEP_LINKING_REQUEST, "target_link_uri": launch_address()}
    chooses |= _in_both("label", _CHOOSES)
    return [opens, {**chooses, "placements": list(places)} if places else chooses]


def _in_both(name: str, text: Any) -> dict[str, str]:
    """In Dutch, and in English as OpenID marks it (Registration 1.0 §2.1)."""
    with override("nl"):
        said = {name: str(text)}
    with override("en"):
        return {**said, f"{name}#en": str(text)}
