"""`lti_platform`: what an operator types."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.management import CommandError, call_command

from learning.people.models import Organisation
from lti.tool.models import Deployment, Platform
from tests.factories import OrganisationFactory

GIVEN = {
    "--name": "Moodle",
    "--issuer": "https://lms.example",
    "--client-id": "c1",
    "--auth-url": "https://lms.example/auth",
    "--token-url": "https://lms.example/token",
    "--jwks-url": "https://lms.example/jwks",
    "--deployment": "1",
}


def command(*words: str) -> None:
    call_command("lti_platform", *words)


def add(*more: str, **changes: str) -> None:
    given = {**GIVEN, **{f"--{name.replace('_', '-')}": value for name, value in changes.items()}}
    command("add", *[word for pair in given.items() for word in pair], *more)


def test_add_registers_an_lms(organisation: Organisation) -> None:
    add("--deployment", "2")

    platform = Platform.objects.get()
    assert (platform.organisation, platform.active, platform.client_id) == (organisation, True, "c1")
    assert set(Deployment.objects.values_list("deployment_id", flat=True)) == {"1", "2"}


def test_add_again_adds_a_deployment(organisation: Organisation) -> None:
    add()
    add(deployment="2")

    assert Platform.objects.count() == 1
    assert Deployment.objects.count() == 2


def test_add_never_overwrites_another_registration(organisation: Organisation) -> None:
    add()

    with pytest.raises(CommandError, match="already, with another jwks_url"):
        add(jwks_url="https://evil.example/jwks")
    assert Platform.objects.get().jwks_url == "https://lms.example/jwks"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("auth_url", "http://lms.example/auth"),
        ("token_url", "file:///etc/passwd"),
        ("jwks_url", "javascript:alert(1)"),
        ("jwks_url", "https://10.1.2.3/jwks"),
        ("jwks_url", "https://user:pw@lms.example/jwks"),
        ("issuer", "lms.example"),
        ("issuer", "https://lms.example; script-src *"),
        ("jwks_url", "https://[::1"),
        ("jwks_url", "https://lms.example/#x"),
        ("deployment", ""),
        ("deployment", "x" * 256),
        ("client_id", "a\nb"),
        ("token_url", "https://169.254.169.254/"),
        ("auth_url", "https://lms.example/" + "x" * 1000),
    ],
)
def test_add_refuses_with_the_name_of_the_value(organisation: Organisation, name: str, value: str) -> None:
    with pytest.raises(CommandError, match=name.replace("_", "-")):
        add(**{name: value})
    assert not Platform.objects.exists()


@pytest.mark.parametrize(("allowed", "count"), [(True, 1), (False, 0)])
def test_add_takes_loopback_where_the_setting_says_so(
    organisation: Organisation, settings: Any, allowed: bool, count: int
) -> None:
    settings.LTI_ALLOW_LOOPBACK = allowed
    try:
        add(jwks_url="http://127.0.0.1:8123/jwks", token_url="http://localhost:8123/token")
    except CommandError:
        assert not allowed

    assert Platform.objects.count() == count


def test_add_asks_which_organisation_where_there_are_more(organisation: Organisation) -> None:
    other = OrganisationFactory.create()

    with pytest.raises(CommandError, match="--organisation"):
        add()
    add("--organisation", other.slug)

    assert Platform.objects.get().organisation == other


@pytest.mark.django_db
def test_add_says_that_there_is_no_organisation() -> None:
    with pytest.raises(CommandError, match="no organisation"):
        add()
    with pytest.raises(CommandError, match="No such organisation"):
        add("--organisation", "elsewhere")


def test_list_and_disable(organisation: Organisation, capsys: pytest.CaptureFixture[str]) -> None:
    add()
    before = Platform.objects.get().stamp
    command("disable", "--issuer", "https://lms.example")
    command("list")

    assert not Platform.objects.get().active
    assert Platform.objects.get().stamp != before
    assert "off  Moodle (https://lms.example, c1)  deployments: 1" in capsys.readouterr().out
    command("enable", "--issuer", "https://lms.example", "--client-id", "c1")
    assert Platform.objects.get().active


@pytest.mark.django_db
def test_disable_says_that_it_knows_no_such_registration() -> None:
    with pytest.raises(CommandError, match="No such registration"):
        command("disable", "--issuer", "https://elsewhere.example")
