"""From a verified launch to somebody who is in: person, roles, course, link and enrolment, as the LMS says.

Nearly every launch is of somebody we know, at a link we know, with nothing changed. That one costs two statements: use
up the nonce, look at everything at once. Only what differs is written, by upserts that four first launches at the same
moment may do together.
"""

from __future__ import annotations

import functools
from collections.abc import Iterable
from dataclasses import dataclass

from django.contrib.auth import get_user_model
from django.db import IntegrityError, connection, transaction
from django.urls import reverse

from learning.people import services as people
from learning.tracks import queries as tracks
from learning.tracks import services as track_services
from lti.tool import scores
from lti.tool.messages import Launch
from lti.tool.models import Account, Context, LineItem, Participation, ResourceLink, Seat
from lti.tool.nonces import use_up
from lti.tool.queries import LoadedPlatform
from lti.tool.refusals import Refused
from lti.tool.roles import LEARNER
from lti.tool.state import LIFETIME, Login


@dataclass(frozen=True, slots=True)
class Entry:
    """Somebody is in. `password` is the stored hash, for the session's own check."""

    person_id: int
    password: str
    path: str
    language: str


@dataclass(frozen=True, slots=True)
class _Known:
    """One row: what we have of who launches, from which course, at which link. None where there is nothing."""

    account: int | None
    person: int | None
    is_active: bool | None
    name: str
    email: str
    password: str
    context: int | None
    context_title: str
    context_history: str
    link: int | None
    link_context: int | None
    link_title: str
    module: str
    unit: str
    link_history: str
    line_item: int | None
    line_item_url: str
    scopes: str
    roles: str | None
    seat: int | None
    seat_line_item: int | None


def enter(launch: Launch, *, platform: LoadedPlatform, login: Login) -> Entry | Refused:
    """Inside the transaction of the launch. A refusal is returned, not raised: it comes before anything was written but
    the nonce, and that must stay used up."""
    try:
        use_up(login.nonce, expires=login.issued + LIFETIME)
        return _enter(launch, platform)
    except Refused as error:
        return error


def _enter(launch: Launch, platform: LoadedPlatform) -> Entry:
    known = _look(launch, platform)
    if known.person is not None and not known.is_active:
        raise Refused("person-suspended")
    module, unit = _what_opens(launch, platform, known)
    if not _is_all_as_known(launch, platform, known, module, unit):
        if module:
            _check_opens(module, unit)
        _write(launch, platform, known, module, unit)
        known = _look(launch, platform)
    assert known.person is not None
    return Entry(known.person, known.password, _path(module, unit), launch.language)


_LOOK = f"""
SELECT a.id, p.id, p.is_active, p.name, p.email, p.password, c.id, c.title, c.history,
    l.id, l.context_id, l.title, l.module, l.unit, l.history, i.id, i.url, i.scopes, m.roles, s.id, s.line_item_id
FROM (SELECT 1 AS one) o
LEFT JOIN {Account._meta.db_table} a ON a.organisation_id = %s AND a.issuer = %s AND a.subject = %s
LEFT JOIN {get_user_model()._meta.db_table} p ON p.id = a.person_id
LEFT JOIN {Context._meta.db_table} c ON c.deployment_id = %s AND c.context_id = %s
LEFT JOIN {ResourceLink._meta.db_table} l ON l.deployment_id = %s AND l.resource_link_id = %s
LEFT JOIN {LineItem._meta.db_table} i ON i.id = l.line_item_id
LEFT JOIN {Participation._meta.db_table} m ON m.context_id = c.id AND m.account_id = a.id
LEFT JOIN {Seat._meta.db_table} s ON s.resource_link_id = l.id AND s.account_id = a.id
"""  # noqa: S608 names of tables


def _look(launch: Launch, platform: LoadedPlatform) -> _Known:
    row = platform.row
    with connection.cursor() as cursor:
        cursor.execute(
            _LOOK,
            [row.organisation_id, row.issuer, launch.subject, launch.deployment, launch.context_id, launch.deployment,
             launch.resource_link_id],
        )  # fmt: skip
        return _Known(*cursor.fetchone())


def _what_opens(launch: Launch, platform: LoadedPlatform, known: _Known) -> tuple[str, str]:
    """Module and unit: what the launch names, else what the link opened before, else what its original opened."""
    if launch.module:
        return launch.module, launch.unit
    if known.module:
        return known.module, known.unit
    return _of_original(launch, platform) if known.link is None else ("", "")


def _of_original(launch: Launch, platform: LoadedPlatform) -> tuple[str, str]:
    links = ResourceLink.objects.filter(deployment__platform=platform.row.pk).exclude(module="")
    originals = {
        link.resource_link_id: (link.module, link.unit)
        for link in links.filter(resource_link_id__in=launch.resource_link_history)
    }
    for former in launch.resource_link_history:
        if former in originals:
            return originals[former]
    # Moodle tells only which course this one is a copy of: there, a link of the same name, if there is just one.
    if launch.context_history and launch.resource_link_title:
        same = links.filter(context__context_id__in=launch.context_history, title=launch.resource_link_title)
        opened = set(same.values_list("module", "unit"))
        if len(opened) == 1:
            return opened.pop()
    return "", ""


def _is_all_as_known(launch: Launch, platform: LoadedPlatform, known: _Known, module: str, unit: str) -> bool:
    return (
        known.person is not None
        and (launch.name or known.name, launch.email or known.email) == (known.name, known.email)
        and (known.context_title, known.context_history) == (launch.context_title, _lines(launch.context_history))
        and known.link is not None
        and known.link_context == known.context
        and (known.link_title, known.link_history) == (launch.resource_link_title, _lines(launch.resource_link_history))
        and (known.module, known.unit) == (module, unit)
        and (known.line_item_url or "") == launch.line_item
        and (known.scopes or "") == " ".join(sorted(launch.scopes))
        and known.roles == " ".join(sorted(launch.roles))
        and (not module or known.seat is not None)
        and known.seat_line_item == (known.line_item if known.seat and _reports(launch, platform) else None)
    )


def _reports(launch: Launch, platform: LoadedPlatform) -> bool:
    """Whether the LMS gets to hear how far they are: Moodle refuses scores of who isn't a learner (400)."""
    return bool(launch.line_item) and LEARNER in launch.roles and platform.row.reports_progress


def _check_opens(module: str, unit: str) -> None:
    """Raises Refused when the link names something that isn't there: its author made a slip of the pen."""
    if tracks.module(module) is None or (unit and not tracks.has_unit(module, unit)):
        raise Refused("module-unknown")


def _write(launch: Launch, platform: LoadedPlatform, known: _Known, module: str, unit: str) -> None:
    """Make everything as the launch says."""
    account = _account(launch, platform, known)
    context = Context(
        deployment_id=launch.deployment, context_id=launch.context_id, title=launch.context_title,
        history=_lines(launch.context_history),
    )  # fmt: skip
    _upsert(Context, context, ("deployment", "context_id"), ("title", "history"))
    line_item = _line_item(launch, platform)
    link = ResourceLink(
        deployment_id=launch.deployment, resource_link_id=launch.resource_link_id, context_id=context.pk,
        title=launch.resource_link_title, history=_lines(launch.resource_link_history), module=module, unit=unit,
        line_item=line_item,
    )  # fmt: skip
    updated = ("context", "title", "history", "module", "unit", "line_item")
    _upsert(ResourceLink, link, ("deployment", "resource_link_id"), updated)
    if known.link is not None and known.module != module:
        Seat.objects.filter(resource_link=known.link).delete()
    _participate(launch, platform, account, context)
    if module:
        _sit(account, link, module, line_item if _reports(launch, platform) else None)


def _account(launch: Launch, platform: LoadedPlatform, known: _Known) -> Account:
    found = Account.objects.select_related("person").filter(
        organisation=platform.row.organisation_id, issuer=platform.row.issuer, subject=launch.subject
    )
    if known.account is None:
        try:
            with transaction.atomic():
                return _new_account(launch, platform)
        except IntegrityError:
            # Another first launch of this person was just before us; the person made here is gone with the savepoint.
            pass
    account = found.get()
    people.know_as(account.person, name=launch.name, email=launch.email)
    return account


def _new_account(launch: Launch, platform: LoadedPlatform) -> Account:
    organisation = platform.row.organisation
    person = people.create_person(organisation, name=launch.name, email=launch.email, language=launch.language or "nl")
    return Account.objects.create(
        organisation=organisation, issuer=platform.row.issuer, subject=launch.subject, person=person
    )


def _line_item(launch: Launch, platform: LoadedPlatform) -> LineItem | None:
    if not launch.line_item:
        return None
    item = LineItem(platform=platform.row, url=launch.line_item, scopes=" ".join(sorted(launch.scopes)))
    _upsert(LineItem, item, ("platform", "url"), ("scopes",))
    return item


def _participate(launch: Launch, platform: LoadedPlatform, account: Account, context: Context) -> None:
    """Give the roles of this course and withdraw those it gave before."""
    source = f"lti:{launch.deployment}:{context.pk}"
    people.set_roles_from(
        account.person, organisation=platform.row.organisation, source=source, roles=sorted(launch.roles)
    )
    participation = Participation(context=context, account=account, roles=" ".join(sorted(launch.roles)))
    _upsert(Participation, participation, ("context", "account"), ("roles",))


def _sit(account: Account, link: ResourceLink, module: str, line_item: LineItem | None) -> None:
    """Enrolled in the module, and reported to the line item: a new one hears at once how far they are."""
    found = tracks.module(module)
    assert found is not None, "_check_opens was before"
    enrolment = track_services.enrol(account.person, module=found)
    seat, _ = Seat.objects.get_or_create(resource_link=link, account=account, defaults={"enrolment": enrolment})
    if seat.line_item_id != (line_item.pk if line_item else None):
        Seat.objects.filter(pk=seat.pk).update(line_item=line_item, last_sent_at=0, last_given=None, final=False)
        scores.report(enrolment.pk)


def _upsert[Row: (Context, LineItem, ResourceLink, Participation)](
    model: type[Row], row: Row, unique: Iterable[str], updated: Iterable[str]
) -> None:
    model._default_manager.bulk_create(
        [row], update_conflicts=True, unique_fields=list(unique), update_fields=list(updated)
    )


def _lines(ids: Iterable[str]) -> str:
    return "\n".join(ids)


@functools.lru_cache(maxsize=1000)
def _path(module: str, unit: str) -> str:
    if not module:
        return reverse("tracks:home")
    return reverse("tracks:unit", args=[module, unit]) if unit else reverse("tracks:module", args=[module])
