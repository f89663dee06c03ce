"""The registration itself: tell the LMS about us, read what it answers, keep it. Nothing of another is ever changed."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Self

from django.conf import settings
from django.core import signing
from django.db import IntegrityError, transaction

from lti import outbound
from lti.tool import invitations
from lti.tool.models import Invitation, Platform
from lti.tool.registration import ours
from lti.tool.registration.configuration import LARGEST, Configuration, read_object
from lti.tool.registration.refusals import NotRegistrable
from lti.tool.services import NotRegistered, is_id, register_platform

SECONDS = 10.0
"""An LMS makes a tool meanwhile: Moodle takes one or two."""

PATIENCE = 12.0
"""Seconds a second press waits for the first: a little longer than SECONDS."""

FORM_LIFETIME = 60 * 60
_SALT = "lti.registration"


@dataclass(frozen=True, slots=True)
class Request:
    """What was shown and will be done after a press on the button. It travels in the form, signed: the LMS can't say
    something else by then, and no cookie is needed in its frame."""

    invitation: int
    address: str
    token: str
    configuration: Configuration

    def seal(self) -> str:
        return signing.dumps(asdict(self), salt=_SALT, compress=True)

    @classmethod
    def unseal(cls, text: str) -> Self:
        """Raises NotRegistrable."""
        try:
            held = signing.loads(text, salt=_SALT, max_age=FORM_LIFETIME)
        except signing.BadSignature as error:
            raise NotRegistrable("form-invalid") from error
        said: dict[str, Any] = {
            name: tuple(each) if isinstance(each, list) else each for name, each in held["configuration"].items()
        }
        return cls(held["invitation"], held["address"], held["token"], Configuration(**said))


def register(asked: Request) -> Platform:
    """The platform that came of it, also when it came of the same press before. Raises NotRegistrable."""
    row = Invitation.objects.filter(pk=asked.invitation).select_related("organisation", "platform").first()
    done = _done(row, asked)
    if done is not None:
        return done
    invitation = _usable(row)
    if not invitations.take(invitation):
        return _of_other_press(asked)
    try:
        return _register(invitation, asked)
    finally:
        invitations.release(invitation)


def _register(invitation: Invitation, asked: Request) -> Platform:
    said = _tell(asked)
    client_id, deployments = _read(said)
    configuration = asked.configuration
    waits = bool(settings.LTI_APPROVE_REGISTRATIONS)
    try:
        with transaction.atomic():
            platform = register_platform(
                invitation.organisation, name=invitation.name, issuer=configuration.issuer, client_id=client_id,
                auth_url=configuration.auth_url, token_url=configuration.token_url, jwks_url=configuration.jwks_url,
                deployments=deployments, audience=configuration.audience, algorithm=configuration.algorithm,
                product=configuration.product, awaits_approval=waits,
                tokens_are_its_own=configuration.tokens_are_its_own,
            )  # fmt: skip
            invitations.use_up(invitation, platform=platform)
    except (NotRegistered, IntegrityError) as error:
        raise NotRegistrable("registered-already") from error
    except invitations.Unusable as error:
        raise NotRegistrable(error.code) from error
    return platform


def _tell(asked: Request) -> Mapping[str, Any]:
    headers = {"Content-Type": "application/json", "Accept": "application/json"}
    if asked.token:
        headers["Authorization"] = f"Bearer {asked.token}"
    try:
        answer = outbound.request(
            "POST", asked.configuration.registration_url, headers=headers, largest=LARGEST, seconds=SECONDS,
            content=json.dumps(ours.metadata(asked.configuration)).encode(),
        )  # fmt: skip
    except (outbound.NotAllowed, outbound.NoAnswer) as error:
        raise NotRegistrable("answer-unreachable") from error
    if answer.status not in (200, 201):
        raise NotRegistrable("answer-refused" if 400 <= answer.status < 500 else "answer-unreachable")
    return read_object(answer, "answer")


def _read(said: Mapping[str, Any]) -> tuple[str, list[str]]:
    """client_id and deployments of the answer (§3.7). The deployment is optional there: where it is missing, beheer
    adds it, by hand or from the first launch that names it."""
    client_id, tool = said.get("client_id"), said.get(ours.TOOL)
    deployment = tool.get("deployment_id") if isinstance(tool, dict) else None
    if isinstance(deployment, int) and not isinstance(deployment, bool):
        deployment = str(deployment)
    if not is_id(client_id) or not (deployment is None or is_id(deployment)):
        raise NotRegistrable("answer-unreadable")
    return str(client_id), [] if deployment is None else [str(deployment)]


def _usable(row: Invitation | None) -> Invitation:
    try:
        return invitations.usable(row)
    except invitations.Unusable as error:
        raise NotRegistrable(error.code) from error


def _done(row: Invitation | None, asked: Request) -> Platform | None:
    same = row is not None and row.platform is not None and row.platform.issuer == asked.configuration.issuer
    return row.platform if row is not None and same else None


def _of_other_press(asked: Request) -> Platform:
    """What the press that was first makes of it."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        row = Invitation.objects.filter(pk=asked.invitation).select_related("platform").first()
        done = _done(row, asked)
        if done is not None:
            return done
        if row is None or row.busy_until is None:
            break
        time.sleep(0.1)
    raise NotRegistrable("registration-busy")
