"""The words of LTI 1.3 that both sides use. Names are those of the specification; sections are given beside them."""

from __future__ import annotations

from typing import Final

LTI: Final = "https://purl.imsglobal.org/spec/lti/claim/"
AGS: Final = "https://purl.imsglobal.org/spec/lti-ags/"
MEMBERSHIP: Final = "http://purl.imsglobal.org/vocab/lis/v2/membership"

# LTI Core 1.3 §5.3 and §5.4
MESSAGE_TYPE: Final = LTI + "message_type"
VERSION: Final = LTI + "version"
DEPLOYMENT_ID: Final = LTI + "deployment_id"
TARGET_LINK_URI: Final = LTI + "target_link_uri"
RESOURCE_LINK: Final = LTI + "resource_link"
ROLES: Final = LTI + "roles"
CONTEXT: Final = LTI + "context"
LAUNCH_PRESENTATION: Final = LTI + "launch_presentation"
CUSTOM: Final = LTI + "custom"

RESOURCE_LINK_REQUEST: Final = "LtiResourceLinkRequest"
VERSION_1_3: Final = "1.3.0"

# LTI-AGS 2.0 §3.1 (the claim) and §3.2–3.4 (scopes and media types)
AGS_ENDPOINT: Final = AGS + "claim/endpoint"
AGS_SCORE_SCOPE: Final = AGS + "scope/score"
AGS_SCORE_TYPE: Final = "application/vnd.ims.lis.v1.score+json"

# Security Framework 1.0 §4.1.1 (RFC 7523)
CLIENT_ASSERTION_TYPE: Final = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
