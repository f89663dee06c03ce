"""The one place that knows lti1p3platform (0.1.8). It builds claims; everything that decides is ours.

Used: `Registration` as a holder of iss, client_id and deployment, the claim setters and `get_launch_message` of
`LTIAdvantageMessageLaunchAbstract`, and the shape of the AGS claim of `LtiAgs`.

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
- `validate_deeplinking_resp`: checks neither iss, aud, deployment nor data: not imported here at all.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NoReturn

from lti1p3platform.ags import LtiAgs
from lti1p3platform.message_launch import LTIAdvantageMessageLaunchAbstract
from lti1p3platform.registration import Registration

from lti.claims import LAUNCH_PRESENTATION, LTI, MEMBERSHIP

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
class Message:
    """Everything a resource-link launch says. Texts are plain text, never HTML."""

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


def claims(message: Message) -> dict[str, Any]:
    """The claims of an LtiResourceLinkRequest (LTI Core 1.3, 5.3 and 5.4), without iat and exp: the signer's part."""
    registration = (
        Registration()
        .set_iss(message.issuer)
        .set_client_id(message.client_id)
        .set_deployment_id(message.deployment_id)
        .set_launch_url(message.target_link_uri)
    )
    launch = _Launch(registration)
    launch.set_user_data(message.subject, [ROLES[message.role]], message.name or None, message.email or None)
    launch.set_resource_link_claim(message.link_id, message.link_description or None, message.link_title)
    launch.set_launch_context_claim(message.context_id, [COURSE_OFFERING], message.context_title, message.context_label)
    launch.set_launch_presentation_claim(message.target, message.return_url or None)
    launch.lti_claim_launch_presentation[LAUNCH_PRESENTATION]["locale"] = message.locale
    if message.custom:
        launch.set_custom_parameters_claim(dict(message.custom))
    if message.grades:
        launch.set_extra_claims(_GrantedAgs(message.grades).get_lti_ags_launch_claim())
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
