"""What we take from lti1p3platform, and that the rest of it stays out."""

from __future__ import annotations

import dataclasses
import subprocess
import sys

import pytest
from lti1p3platform.registration import Registration

from lti.claims import DEEP_LINKING_SETTINGS, LAUNCH_PRESENTATION, LTI, NRPS_SERVICE
from lti.platform import adapter
from lti.platform.adapter import Choosing, GradeService, Message

AGS = "https://purl.imsglobal.org/spec/lti-ags/"
MESSAGE = Message(
    issuer="https://lms.example",
    client_id="tool-1",
    deployment_id="7",
    target_link_uri="https://tool.example/module",
    nonce="nonce-1",
    subject="someone",
    role="learner",
    name="",
    email="",
    locale="nl",
    link_id="link-1",
    link_title="Titel <b>&",
    link_description="",
    context_id="course-1",
    context_label="ruimte",
    context_title="Ruimte",
    custom={},
    target="iframe",
    return_url="",
    platform_guid="https://lms.example",
    platform_name="Leeromgeving",
    grades=None,
)


def test_titles_are_plain_text_and_go_out_as_they_are() -> None:
    assert adapter.claims(MESSAGE)[LTI + "resource_link"] == {"id": "link-1", "title": "Titel <b>&"}


def test_what_is_not_known_is_not_claimed() -> None:
    claims = adapter.claims(MESSAGE)
    assert not {"name", "email", LTI + "custom", AGS + "claim/endpoint"} & claims.keys()
    assert "return_url" not in claims[LAUNCH_PRESENTATION]


@pytest.mark.parametrize("line_item", ["https://lms.example/items/1", None])
@pytest.mark.parametrize("scopes", [["score"], ["score", "result.readonly"], ["lineitem.readonly"]])
def test_the_grade_service_is_claimed_with_the_scopes_given_and_no_other(
    scopes: list[str], line_item: str | None
) -> None:
    grades = GradeService(scopes, "https://lms.example/items", line_item)
    told = adapter.claims(dataclasses.replace(MESSAGE, grades=grades))[AGS + "claim/endpoint"]
    assert told["scope"] == scopes
    assert told["lineitems"] == "https://lms.example/items"
    assert told.get("lineitem") == line_item


def test_the_class_list_is_claimed_where_it_is_given_and_only_there() -> None:
    members = "https://lms.example/members/1"
    told = adapter.claims(dataclasses.replace(MESSAGE, members=members))[NRPS_SERVICE]
    assert told == {"context_memberships_url": members, "service_versions": ["2.0"]}
    assert NRPS_SERVICE not in adapter.claims(MESSAGE)


def test_choosing_content_asks_for_resource_links_only_and_places_nothing_by_itself() -> None:
    """The library accepts every kind of content and says auto_create; LTI Deep Linking 2.0, 4.4.1."""
    choosing = Choosing("https://lms.example/return", "data-1", "Ruimte")
    claims = adapter.claims(dataclasses.replace(MESSAGE, choosing=choosing))
    assert claims[LTI + "message_type"] == "LtiDeepLinkingRequest"
    assert LTI + "resource_link" not in claims
    assert claims[DEEP_LINKING_SETTINGS] == {
        "accept_types": ["ltiResourceLink"],
        "accept_presentation_document_targets": ["iframe", "window"],
        "accept_multiple": True,
        "accept_lineitem": True,
        "auto_create": False,
        "title": "Ruimte",
        "text": "",
        "deep_link_return_url": "https://lms.example/return",
        "data": "data-1",
    }
    assert adapter.claims(MESSAGE)[LTI + "message_type"] == "LtiResourceLinkRequest"


def test_one_message_leaves_nothing_in_the_next() -> None:
    first = adapter.claims(dataclasses.replace(MESSAGE, name="Sanne", custom={"module": "x"}))
    second = adapter.claims(MESSAGE)
    assert first["name"] == "Sanne"
    assert "name" not in second
    assert LTI + "custom" not in second


@pytest.mark.parametrize(
    "method",
    ["lti_launch", "render_launch_form", "validate_preflight_response", "generate_launch_request", "get_launch_data"],
)
def test_the_librarys_own_launch_refuses_to_run(method: str) -> None:
    launch = adapter._Launch(Registration())
    with pytest.raises(adapter.WrongUse):
        getattr(launch, method)({})


def test_the_adapter_needs_no_pkg_resources() -> None:
    """The library's framework parts import it, and setuptools doesn't bring it any more."""
    script = """
import sys
sys.modules["pkg_resources"] = None
import lti.platform.adapter
print([name for name in sys.modules if name.startswith("lti1p3platform")])
"""
    found = subprocess.run([sys.executable, "-W", "error", "-c", script], capture_output=True, text=True, check=True)
    assert "framework" not in found.stdout
    assert "service_connector" not in found.stdout
