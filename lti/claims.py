"""The words of LTI 1.3 that both sides use. Names are those of the specification; sections are given beside them."""

from __future__ import annotations

from typing import Final

LTI: Final = "https://purl.imsglobal.org/spec/lti/claim/"
DL: Final = "https://purl.imsglobal.org/spec/lti-dl/claim/"
AGS: Final = "https://purl.imsglobal.org/spec/lti-ags/"
NRPS: Final = "https://purl.imsglobal.org/spec/lti-nrps/"
MEMBERSHIP: Final = "http://purl.imsglobal.org/vocab/lis/v2/membership"
INSTITUTION_ROLE: Final = "http://purl.imsglobal.org/vocab/lis/v2/institution/person"
SYSTEM_ROLE: Final = "http://purl.imsglobal.org/vocab/lis/v2/system/person"

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

# LTI-DL 2.0 §3.2, §4.4 and §4.5
DEEP_LINKING_REQUEST: Final = "LtiDeepLinkingRequest"
DEEP_LINKING_RESPONSE: Final = "LtiDeepLinkingResponse"
DEEP_LINKING_SETTINGS: Final = DL + "deep_linking_settings"
CONTENT_ITEMS: Final = DL + "content_items"
DEEP_LINKING_DATA: Final = DL + "data"
DEEP_LINKING_MESSAGE: Final = DL + "msg"
DEEP_LINKING_ERROR: Final = DL + "errormsg"
DEEP_LINKING_FIELD: Final = "JWT"
LTI_RESOURCE_LINK: Final = "ltiResourceLink"

# LTI-AGS 2.0 §3.1 (the claim) and §3.2–3.4 (scopes and media types)
AGS_ENDPOINT: Final = AGS + "claim/endpoint"
AGS_SCORE_SCOPE: Final = AGS + "scope/score"
AGS_LINE_ITEM_SCOPE: Final = AGS + "scope/lineitem"
AGS_LINE_ITEM_READ_SCOPE: Final = AGS + "scope/lineitem.readonly"
AGS_RESULT_SCOPE: Final = AGS + "scope/result.readonly"
AGS_SCORE_TYPE: Final = "application/vnd.ims.lis.v1.score+json"
AGS_LINE_ITEM_TYPE: Final = "application/vnd.ims.lis.v2.lineitem+json"
AGS_LINE_ITEMS_TYPE: Final = "application/vnd.ims.lis.v2.lineitemcontainer+json"
AGS_RESULTS_TYPE: Final = "application/vnd.ims.lis.v2.resultcontainer+json"

# LTI-NRPS 2.0 §3.6.1 (the claim) and §2.4 (scope and media type)
NRPS_SERVICE: Final = NRPS + "claim/namesroleservice"
NRPS_SCOPE: Final = NRPS + "scope/contextmembership.readonly"
NRPS_VERSION_2: Final = "2.0"
NRPS_TYPE: Final = "application/vnd.ims.lti-nrps.v2.membershipcontainer+json"

# Security Framework 1.0 §4.1.1 (RFC 7523)
CLIENT_ASSERTION_TYPE: Final = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
