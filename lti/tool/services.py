"""Writes about platforms. Who is launched is in `entry`, what an LMS gets to hear in `scores`."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import QuerySet

from lti import outbound
from lti.tool.models import ID_LENGTH, Account, Deployment, Platform, new_stamp

if TYPE_CHECKING:
    from learning.people.models import Organisation, Person


class NotRegistered(Exception):
    """This can't be registered; `reason` says which value and why, for an operator."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@transaction.atomic
def register_platform(
    organisation: Organisation,
    *,
    name: str,
    issuer: str,
    client_id: str,
    auth_url: str,
    token_url: str,
    jwks_url: str,
    deployments: Iterable[str],
    audience: str = "",
    algorithm: str = "",
    frame_origins: Sequence[str] = (),
    reports_progress: bool = True,
    product: str = "",
    awaits_approval: bool = False,
    tokens_are_its_own: bool = False,
) -> Platform:
    """A new registration. Never changes another: a client_id that the issuer already has here is refused. One that
    awaits approval is off until somebody switches it on. `tokens_are_its_own`: it was proven, or an operator says so,
    that where tokens are asked is a part of this very LMS.

    Raises NotRegistered.
    """
    addresses = {"issuer": issuer, "auth-url": auth_url, "token-url": token_url, "jwks-url": jwks_url}
    for word, address in {**addresses, **{f"frame-origin {each}": each for each in frame_origins}}.items():
        try:
            outbound.check_address(address)
        except outbound.NotAllowed as error:
            raise NotRegistered(f"{word} {error.reason}") from error
    for word, value in (("issuer", issuer), ("client-id", client_id)):
        _check_id(word, value)
    if Platform.objects.filter(issuer=issuer, client_id=client_id).exists():
        raise NotRegistered("this client-id of this issuer is registered already")
    if not tokens_are_its_own:
        _check_tokens(client_id, [token_url, audience], Platform.objects.all())
    platform = Platform.objects.create(
        organisation=organisation, name=name, issuer=issuer, client_id=client_id, auth_url=auth_url,
        token_url=token_url, jwks_url=jwks_url, audience=audience, algorithm=algorithm,
        frame_origins=[outbound.origin(each) for each in frame_origins], reports_progress=reports_progress,
        product=product, awaits_approval=awaits_approval, active=not awaits_approval,
    )  # fmt: skip
    add_deployments(platform, deployments)
    return platform


@transaction.atomic
def add_deployments(platform: Platform, deployments: Iterable[str]) -> None:
    """Those that are there already stay. Raises NotRegistered."""
    deployments = list(dict.fromkeys(deployments))
    for each in deployments:
        _check_id("deployment", each)
    Deployment.objects.bulk_create(
        [Deployment(platform=platform, deployment_id=each) for each in deployments], ignore_conflicts=True
    )
    Platform.objects.filter(pk=platform.pk).update(stamp=new_stamp())


def change(
    platform: Platform, *, name: str, audience: str, frame_origins: Sequence[str], reports_progress: bool
) -> None:
    """What may be changed of a registration. Who it is (issuer, client_id) and where its services are may not: that
    would make it another one. Raises NotRegistered."""
    if audience != platform.audience and audience:
        _check_tokens(platform.client_id, [audience], Platform.objects.exclude(pk=platform.pk))
    for each in frame_origins:
        try:
            outbound.check_address(each)
        except outbound.NotAllowed as error:
            raise NotRegistered(f"frame-origin {each} {error.reason}") from error
    origins = [outbound.origin(each) for each in frame_origins]
    Platform.objects.filter(pk=platform.pk).update(
        name=name, audience=audience, frame_origins=origins, reports_progress=reports_progress, stamp=new_stamp()
    )


def switch(platform: Platform, *, active: bool) -> None:
    """Off: no launch comes in and no score goes out. What is there stays. On is approval, too."""
    changes = {"active": True, "awaits_approval": False} if active else {"active": False}
    Platform.objects.filter(pk=platform.pk).update(**changes, stamp=new_stamp())


def link_account(person: Person, *, issuer: str, subject: str) -> None:
    """Whoever an issuer calls `subject` is this person of ours. Stays as it is when somebody has that account."""
    Account.objects.get_or_create(
        organisation_id=person.organisation_id, issuer=issuer, subject=subject, defaults={"person": person}
    )


def _check_tokens(client_id: str, asked: Iterable[str], others: QuerySet[Platform]) -> None:
    """Nobody has us ask tokens as what we are to another LMS. They would be good at that LMS, and go along with our
    scores to wherever this one says; what we sign for it would open it just as well. Raises NotRegistered."""
    sites = {outbound.site(each) for each in asked if each}
    for there in others.filter(client_id=client_id).values_list("token_url", "audience"):
        if sites.intersection(outbound.site(each) for each in there if each):
            raise NotRegistered("this client-id is that of another registration where it asks tokens")


def _check_id(word: str, value: str) -> None:
    if not is_id(value):
        raise NotRegistered(f"{word} must be 1 to {ID_LENGTH} printable characters")


def is_id(value: object) -> bool:
    """Whether something can be an id of LTI: text of 1 to 255 characters that a database and a log can hold."""
    return isinstance(value, str) and 0 < len(value) <= ID_LENGTH and value.isprintable()
