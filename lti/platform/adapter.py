"""The one place that knows lti1p3platform (0.1.8). It builds claims; everything that decides is ours.

Used: `Registration` as a holder of iss, client_id and deployment, the claim setters and `get_launch_message` of
`LTIAdvantageMessageLaunchAbstract`, and the shapes of the claims of `LtiAgs`, `LtiNrps` and `LtiDeepLinking`.

Not used, because worse than none; each stands here with what takes its place:

- `MessageLaunchAbstract.lti_launch` and `validate_preflight_response`: post an id_token to any redirect_uri, don't
  look at login_hint, and check by `assert`, which `python -O` takes out → `lti.platform.launches.authorise`.
- `framework.*`: the launch form doesn't escape `state`; its import needs pkg_resources, so we never import it, nor
  need setuptools for it → a Django template, escaped.
- `OIDCLoginAbstract.prepare_preflight_url`: breaks a login address that has a query (`?a=b?iss=`)
  → `lti.platform.launches.login_address`.
- `Registration.platform_encode_and_sign`, `get_jwks`: one key in PEM, loaded again for every launch, no rotation
  → joserfc with the keys of `lti.keys`.
- `LTI1P3PlatformConfAbstract.get_access_token`, `validate_token`: ignore aud, iss, sub and jti, take an assertion
  without exp, fetch keys without a bound → `lti.platform.tokens` and `lti.platform.toolkeys`.
- `LtiAgs.get_available_scopes`: claims scopes of its own → `_GrantedAgs`: what the tool was given and nothing else.
- `service_connector`: any scope opens any service, a line item isn't tied to its tool, a bad page or bearer is a
  500 → `lti.platform.views.grades`.
- `LtiDeepLinking.get_lti_deep_linking_launch_claim`: accepts every kind of content there is and makes it without
  asking; `data` may be anything → `_choosing`: resource links only, shown before they are placed, `data` signed.
- `validate_deeplinking_resp`: checks neither iss, aud, deployment nor data → `lti.platform.deeplinks.receive`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NoReturn

from lti1p3platform.ags import LtiAgs
from lti1p3platform.deep_linking import LtiDeepLinking
from lti1p3platform.message_launch import LTIAdvantageMessageLaunchAbstract
from lti1p3platform.nrps import LtiNrps
from lti1p3platform.registration import Registration

from lti.claims import (
    DEEP_LINKING_REQUEST,
    DEEP_LINKING_SETTINGS,
    LAUNCH_PRESENTATION,
    LTI,
    LTI_RESOURCE_LINK,
    MEMBERSHIP,
    MESSAGE_TYPE,
)

ROLES = {
    "learner": MEMBERSHIP + "#Learner",
    "instructor": MEMBERSHIP + "#Instructor",
    "developer": MEMBERSHIP + "#ContentDeveloper",
    "administrator": MEMBERSHIP + "#Administrator",
}
COURSE_OFFERING = "http://purl.imsglobal.org/vocab/lis/v2/course#CourseOffering"
TOOL_PLATFORM = LTI + "tool_platform"


class WrongUse(Exception):
    """A part of the library was called that mustn't be: see above."""


@dataclass(frozen=True)
class GradeService:
    """What a tool may do with line items from this launch. `line_item` only where the link has exactly one."""

    scopes: Sequence[str]
    line_items: str
    line_item: str | None


@dataclass(frozen=True)
class Choosing:
    """A launch in which somebody chooses content (LTI Deep Linking 2.0, 4.4): where the answer goes, with `data`."""

    return_url: str
    data: str
    title: str = ""
    text: str = ""


@dataclass(frozen=True)
class Message:
    """Everything a launch says. Texts are plain text, never HTML.

    With `choosing` it is an LtiDeepLinkingRequest, which knows no resource link; else an LtiResourceLinkRequest.
    `members` is the address of the class list, for a tool that may have it.
    """

    issuer: str
    client_id: str
    deployment_id: str
    target_link_uri: str
    nonce: str
    subject: str
    role: str
    name: str
    email: str
    locale: str
    link_id: str
    link_title: str
    link_description: str
    context_id: str
    context_label: str
    context_title: str
    custom: Mapping[str, str]
    target: str
    return_url: str
    platform_guid: str
    platform_name: str
    grades: GradeService | None
    members: str = ""
    choosing: Choosing | None = None


def claims(message: Message) -> dict[str, Any]:
    """The claims of a launch (LTI Core 1.3, 5.3 and 5.4), without iat and exp: the signer's part."""
    registration = (
        Registration()
        .set_iss(message.issuer)
        .set_client_id(message.client_id)
        .set_deployment_id(message.deployment_id)
        .set_launch_url(message.target_link_uri)
    )
    launch = _Launch(registration)
    launch.set_user_data(message.subject, [ROLES[message.role]], message.name or None, message.email or None)
    if message.choosing:
        launch.set_extra_claims({MESSAGE_TYPE: DEEP_LINKING_REQUEST, **_choosing(message.choosing)})
    else:
        launch.set_resource_link_claim(message.link_id, message.link_description or None, message.link_title)
    launch.set_launch_context_claim(message.context_id, [COURSE_OFFERING], message.context_title, message.context_label)
    launch.set_launch_presentation_claim(message.target, message.return_url or None)
    launch.lti_claim_launch_presentation[LAUNCH_PRESENTATION]["locale"] = message.locale
    if message.custom:
        launch.set_custom_parameters_claim(dict(message.custom))
    if message.grades:
        launch.set_extra_claims(_GrantedAgs(message.grades).get_lti_ags_launch_claim())
    if message.members:
        launch.set_extra_claims(LtiNrps(message.members).get_lti_nrps_launch_claim())
    launch.set_extra_claims(
        {
            TOOL_PLATFORM: {
                "guid": message.platform_guid,
                "name": message.platform_name,
                "product_family_code": "tussenruimte",
            },
            "locale": message.locale,
            "nonce": message.nonce,
        }
    )
    return dict(launch.get_launch_message())


def _choosing(choosing: Choosing) -> dict[str, Any]:
    """What the library says, with what it says too widely put right."""
    whole: dict[str, Any] = LtiDeepLinking(choosing.return_url).get_lti_deep_linking_launch_claim(
        choosing.title, choosing.text, {LTI_RESOURCE_LINK}
    )
    whole[DEEP_LINKING_SETTINGS] |= {
        "accept_presentation_document_targets": ["iframe", "window"],
        "accept_multiple": True,
        "accept_lineitem": True,
        "auto_create": False,
        "data": choosing.data,
    }
    return whole


class _GrantedAgs(LtiAgs):  # type: ignore[misc]
    """The claim with the scopes the tool was given. Without one for line items it isn't told their address."""

    def __init__(self, grades: GradeService) -> None:
        super().__init__(lineitems_url=grades.line_items, lineitem_url=grades.line_item)
        self._granted = list(grades.scopes)

    def get_available_scopes(self) -> list[str]:
        return list(self._granted)


class _Launch(LTIAdvantageMessageLaunchAbstract):  # type: ignore[misc]
    """The library's launch as a builder of claims. What would send or judge something refuses to run."""

    def __init__(self, registration: Registration) -> None:
        super().__init__(None, None)
        self._registration = registration

    def _refuse(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise WrongUse

    lti_launch = _refuse
    render_launch_form = _refuse
    validate_preflight_response = _refuse
    generate_launch_request = _refuse
    get_launch_data = _refuse
