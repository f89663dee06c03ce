"""What a tool may read about this platform without being known here."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_GET

from lti.claims import DEEP_LINKING_REQUEST, RESOURCE_LINK_REQUEST
from lti.keys import jwks
from lti.platform import custom, services
from lti.platform.endpoints import endpoint, issuer

# A tool may keep our key set this long: far less than the overlap with which keys rotate.
KEYS_KEPT = 3600  # seconds


@require_GET
def configuration(request: HttpRequest) -> HttpResponse:
    """OpenID Connect Discovery 1.0, 3 and LTI Dynamic Registration 1.0, 2.1."""
    return JsonResponse(
        {
            "issuer": issuer(),
            "authorization_endpoint": endpoint("auth"),
            "token_endpoint": endpoint("token"),
            "jwks_uri": endpoint("jwks"),
            "registration_endpoint": endpoint("register"),
            "token_endpoint_auth_methods_supported": ["private_key_jwt"],
            "token_endpoint_auth_signing_alg_values_supported": ["RS256"],
            "grant_types_supported": ["client_credentials", "implicit"],
            "response_types_supported": ["id_token"],
            "response_modes_supported": ["form_post"],
            "scopes_supported": ["openid", *services.SCOPES],
            "subject_types_supported": ["public"],
            "id_token_signing_alg_values_supported": ["RS256"],
            "claims_supported": ["iss", "sub", "aud", "azp", "exp", "iat", "nonce", "name", "email", "locale"],
            "https://purl.imsglobal.org/spec/lti-platform-configuration": {
                "product_family_code": "tussenruimte",
                "version": "1",
                "messages_supported": [{"type": RESOURCE_LINK_REQUEST}, {"type": DEEP_LINKING_REQUEST}],
                "variables": custom.NAMES,
            },
        }
    )


@require_GET
def keys(request: HttpRequest) -> HttpResponse:
    response = JsonResponse(jwks("platform"))
    response["Cache-Control"] = f"public, max-age={KEYS_KEPT}"
    return response
