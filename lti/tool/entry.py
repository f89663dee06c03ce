"""From a verified launch to somebody who is in: person, roles, course, link and enrolment, as the LMS says.

Nearly every launch is of somebody we know, at a link we know, with nothing changed. That one costs two statements, in
one message where that counts: use up the nonce, look at everything at once. The platform is in that look: the token was
verified with what this process knew of it, and nobody comes in by a platform that was switched off or got other keys
since. Only what differs is written, by upserts that four first launches at the same moment may do together.
"""

from __future__ import annotations

import functools
import time
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.contrib.auth import get_user_model
from django.db import IntegrityError, connection, transaction
from django.urls import reverse

from learning.people import queries as people_queries
from learning.people import services as people
from learning.practice.queries import library
from learning.practice.services import launching
from learning.tracks import queries as tracks
from learning.tracks import services as track_services
from lti.tool import lineitems, rosters, scores
from lti.tool.messages import NOTHING, Launch, Opens, case_of
from lti.tool.models import Account, Context, LineItem, Participation, Platform, ResourceLink, Seat
from lti.tool.nonces import USE_UP, see_to_use
from lti.tool.queries import Changed, LoadedPlatform
from lti.tool.refusals import Refused
from lti.tool.roles import LEARNER, TRAINER
from lti.tool.state import LIFETIME, Login, digest

DAY = 24 * 3600
SEEK_EVERY = 3600
"""Seconds before a column that wasn't found, and that we may not make, is looked for again."""


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

    stamp: str | None
    active: bool | None
    account: int | None
    person: int | None
    is_active: bool | None
    name: str
    email: str
    password: str
    context: int | None
    context_title: str
    context_history: str
    memberships: str
    line_items: str
    line_item_scopes: str
    roster_asked_at: int
    launched_at: int
    link: int | None
    link_context: int | None
    link_title: str
    module: str
    unit: str
    activity: str
    link_history: str
    sought_at: int
    line_item: int | None
    line_item_url: str
    scopes: str
    roles: str | None
    seat: int | None
    seat_line_item: int | None


def enter(launch: Launch, *, platform: LoadedPlatform, login: Login) -> Entry | Refused:
    """Inside the transaction of the launch. A refusal is returned, not raised: it comes before anything was written but
    the nonce, and that must stay used up. Raises Changed, which must undo that too."""
    try:
        return _enter(launch, platform, _use_up_and_look(launch, platform, login))
    except Refused as error:
        return error


def come_in(launch: Launch, *, platform: LoadedPlatform) -> Entry:
    """Somebody without a link yet, to choose one: person, course and roles as the LMS says. Raises Refused or Changed
    before anything is written. The path is for the caller to give."""
    known = _look(launch, platform)
    _check_unchanged(known, platform)
    _check_welcome(known)
    if not _is_visitor_as_known(launch, known):
        _write_visitor(launch, platform, known)
        known = _look(launch, platform)
    _ask_class_list(launch, known)
    assert known.person is not None
    return Entry(known.person, known.password, "", launch.language)


def _enter(launch: Launch, platform: LoadedPlatform, known: _Known) -> Entry:
    _check_welcome(known)
    opens = _what_opens(launch, platform, known)
    if not _is_all_as_known(launch, platform, known, opens):
        if opens.module:
            _check_opens(opens, platform)
        _write(launch, platform, known, opens)
        known = _look(launch, platform)
    _ask_class_list(launch, known)
    _seek_line_item(launch, platform, known, opens)
    assert known.person is not None
    path = _path(opens) if opens.case is None else _path_of_case(launch, platform, known, opens)
    return Entry(known.person, known.password, path, launch.language)


def _path_of_case(launch: Launch, platform: LoadedPlatform, known: _Known, opens: Opens) -> str:
    """A case is given to the learner who opens it, in the group of the course; its trainer sees how that goes. Outside
    a course, and where nothing is given out any more, there is the module it counts for."""
    assert opens.case is not None
    person = people_queries.person(known.person or 0)
    case = library.link(platform.row.organisation_id, opens.case, module=opens.module)
    group = people_queries.group(platform.row.organisation_id, source=f"lti:{known.context}")
    if person and case and group and TRAINER in launch.roles:
        assignment = launching.linked(case, group, by=person)
        if assignment:
            return reverse("desk:given", args=[assignment.key])
    elif person and case and group:
        work = launching.opened(case, group, by=person)
        if work:
            return reverse("practice:work", args=[work.key])
    return _path(Opens(opens.module, "", ""))


def _check_unchanged(known: _Known, platform: LoadedPlatform) -> None:
    if known.stamp != platform.stamp or not known.active:
        raise Changed


def _check_welcome(known: _Known) -> None:
    if known.person is not None and not known.is_active:
        raise Refused("person-suspended")


_LOOK = f"""
SELECT w.stamp, w.active, a.id, p.id, p.is_active, p.name, p.email, p.password, c.id, c.title, c.history,
    c.memberships_url, c.line_items_url, c.line_item_scopes, c.roster_asked_at, c.launched_at,
    l.id, l.context_id, l.title, l.module, l.unit, l.activity, l.history, l.line_item_sought_at,
    i.id, i.url, i.scopes, m.roles, s.id, s.line_item_id
FROM (SELECT 1 AS one) o
LEFT JOIN {Platform._meta.db_table} w ON w.id = %s
LEFT JOIN {Account._meta.db_table} a ON a.organisation_id = %s AND a.issuer = %s AND a.subject = %s
LEFT JOIN {get_user_model()._meta.db_table} p ON p.id = a.person_id
LEFT JOIN {Context._meta.db_table} c ON c.deployment_id = %s AND c.context_id = %s
LEFT JOIN {ResourceLink._meta.db_table} l ON l.deployment_id = %s AND l.resource_link_id = %s
LEFT JOIN {LineItem._meta.db_table} i ON i.id = l.line_item_id
LEFT JOIN {Participation._meta.db_table} m ON m.context_id = c.id AND m.account_id = a.id
LEFT JOIN {Seat._meta.db_table} s ON s.resource_link_id = l.id AND s.account_id = a.id
"""  # noqa: S608 names of tables


_USE_UP_AND_LOOK = f"{USE_UP};{_LOOK}"


def _use_up_and_look(launch: Launch, platform: LoadedPlatform, login: Login) -> _Known:
    """PostgreSQL gets both in one message: there the round trip costs more than the statement. Raises Changed, or
    Refused for a nonce that was used."""
    use: list[Any] = [digest(login.nonce), login.issued + LIFETIME]
    look = _named(launch, platform)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(_USE_UP_AND_LOOK, [*use, *look])
            was_first = cursor.rowcount == 1
            cursor.nextset()
        else:
            cursor.execute(USE_UP, use)
            was_first = cursor.rowcount == 1
            cursor.execute(_LOOK, look)
        known = _Known(*cursor.fetchone())
    _check_unchanged(known, platform)
    see_to_use(login.nonce, was_first=was_first)
    return known


def _look(launch: Launch, platform: LoadedPlatform) -> _Known:
    with connection.cursor() as cursor:
        cursor.execute(_LOOK, _named(launch, platform))
        return _Known(*cursor.fetchone())


def _named(launch: Launch, platform: LoadedPlatform) -> list[Any]:
    """The parameters of _LOOK."""
    row = platform.row
    return [
        row.pk, row.organisation_id, row.issuer, launch.subject, launch.deployment, launch.context_id,
        launch.deployment, launch.resource_link_id,
    ]  # fmt: skip


def _what_opens(launch: Launch, platform: LoadedPlatform, known: _Known) -> Opens:
    """What the launch names, else what the link opened before, else what its original opened."""
    if launch.opens.module:
        return launch.opens
    if known.module:
        return Opens(known.module, known.unit, known.activity)
    return _of_original(launch, platform) if known.link is None else NOTHING


def _of_original(launch: Launch, platform: LoadedPlatform) -> Opens:
    links = ResourceLink.objects.filter(deployment__platform=platform.row.pk).exclude(module="")
    originals = {
        link.resource_link_id: Opens(link.module, link.unit, link.activity)
        for link in links.filter(resource_link_id__in=launch.resource_link_history)
    }
    for former in launch.resource_link_history:
        if former in originals:
            return originals[former]
    # Moodle tells only which course this one is a copy of: there, a link of the same name, if there is just one.
    if launch.context_history and launch.resource_link_title:
        same = links.filter(context__context_id__in=launch.context_history, title=launch.resource_link_title)
        opened = set(same.values_list(*Opens._fields))
        if len(opened) == 1:
            return Opens(*opened.pop())
    return NOTHING


def _is_all_as_known(launch: Launch, platform: LoadedPlatform, known: _Known, opens: Opens) -> bool:
    return (
        _is_visitor_as_known(launch, known)
        and known.link is not None
        and known.link_context == known.context
        and (known.link_title, known.link_history) == (launch.resource_link_title, _lines(launch.resource_link_history))
        and (known.module, known.unit, known.activity) == opens
        and _is_line_item_as_known(launch, known, opens)
        and (not opens.module or known.seat is not None)
        and known.seat_line_item == (known.line_item if known.seat and _reports(launch, platform) else None)
    )


def _is_line_item_as_known(launch: Launch, known: _Known, opens: Opens) -> bool:
    if _leaves_line_item_to_us(launch, opens):
        return known.line_item is None or known.scopes == _scopes(launch)
    named = (launch.line_item, _scopes(launch) if launch.line_item else "")
    return (known.line_item_url or "", known.scopes or "") == named and not known.sought_at


def _leaves_line_item_to_us(launch: Launch, opens: Opens) -> bool:
    """The LMS has columns, and named none for this link: there is none, or more than one (AGS 2.0 §3.1)."""
    return bool(launch.line_items and not launch.line_item and opens.module)


def _scopes(launch: Launch) -> str:
    return " ".join(sorted(launch.scopes))


def _is_visitor_as_known(launch: Launch, known: _Known) -> bool:
    return (
        known.person is not None
        and (launch.name or known.name, launch.email or known.email) == (known.name, known.email)
        and (known.context_title, known.context_history) == (launch.context_title, _lines(launch.context_history))
        and known.roles == " ".join(sorted(launch.roles))
        and launch.memberships in {"", known.memberships}
        and (
            not launch.line_items or (known.line_items, known.line_item_scopes) == (launch.line_items, _scopes(launch))
        )
    )


def _reports(launch: Launch, platform: LoadedPlatform) -> bool:
    """Whether the LMS gets to hear how far they are: Moodle refuses scores of who isn't a learner (400)."""
    return bool(launch.line_item or launch.line_items) and LEARNER in launch.roles and platform.row.reports_progress


def _ask_class_list(launch: Launch, known: _Known) -> None:
    """Have the class list read when a trainer comes in and it wasn't asked for lately; and keep, once a day, that the
    course is in use. For nearly every launch nothing to do."""
    assert known.context is not None
    now = int(time.time())
    news = {}
    if now - known.launched_at >= DAY:
        news["launched_at"] = now
    if TRAINER in launch.roles and known.memberships and now - known.roster_asked_at >= rosters.EVERY:
        news["roster_asked_at"] = now
        rosters.ask(known.context)
    if news:
        Context.objects.filter(pk=known.context).update(**news)


def _seek_line_item(launch: Launch, platform: LoadedPlatform, known: _Known, opens: Opens) -> None:
    """Have the column of this link found or made, when that is left to us and wasn't tried lately."""
    if not (_leaves_line_item_to_us(launch, opens) and platform.row.reports_progress):
        return
    assert known.link is not None
    assert known.context is not None
    now = int(time.time())
    if known.sought_at == 0 or (known.line_item is None and now - known.sought_at >= SEEK_EVERY):
        # Of launches at the same moment one gets through.
        link = ResourceLink.objects.filter(pk=known.link, line_item_sought_at=known.sought_at)
        if link.update(line_item_sought_at=now):
            lineitems.seek(known.link, known.context)


def _check_opens(opens: Opens, platform: LoadedPlatform) -> None:
    """Raises Refused when the link names something that isn't there: its author made a slip of the pen."""
    if tracks.module(opens.module) is None:
        raise Refused("module-unknown")
    if opens.case is not None:
        if library.link(platform.row.organisation_id, opens.case, module=opens.module) is None:
            raise Refused("module-unknown")
        return
    if not (opens.unit or opens.activity):
        return
    edition = tracks.newest(opens.module)
    has_unit = edition is not None and (not opens.unit or opens.unit in edition.unit_by_key)
    if edition is None or not has_unit or (opens.activity and opens.activity not in edition.by_key):
        raise Refused("module-unknown")


def _write_visitor(launch: Launch, platform: LoadedPlatform, known: _Known) -> tuple[Account, Context]:
    account = _account(launch, platform, known)
    context = Context(
        deployment_id=launch.deployment, context_id=launch.context_id, title=launch.context_title,
        history=_lines(launch.context_history), memberships_url=launch.memberships, line_items_url=launch.line_items,
        line_item_scopes=_scopes(launch) if launch.line_items else "",
    )  # fmt: skip
    updated = ["title", "history"]
    # A launch that doesn't speak of a service says nothing of it: some LMSes offer the class list to trainers only.
    updated += ["memberships_url"] if launch.memberships else []
    updated += ["line_items_url", "line_item_scopes"] if launch.line_items else []
    _upsert(Context, context, ("deployment", "context_id"), updated)
    _participate(launch, platform, account, context)
    return account, context


def _write(launch: Launch, platform: LoadedPlatform, known: _Known, opens: Opens) -> None:
    """Make everything as the launch says."""
    account, context = _write_visitor(launch, platform, known)
    line_item = _line_item(launch, platform)
    link = ResourceLink(
        deployment_id=launch.deployment, resource_link_id=launch.resource_link_id, context_id=context.pk,
        title=launch.resource_link_title, history=_lines(launch.resource_link_history),
        line_item=line_item, **opens._asdict(),
    )  # fmt: skip
    # What its seats are told of is another thing then.
    is_other_module = known.link is not None and (known.module != opens.module or case_of(known.activity) != opens.case)
    left_to_us = _leaves_line_item_to_us(launch, opens)
    updated = ["context", "title", "history", *Opens._fields]
    if is_other_module or not left_to_us:
        updated += ["line_item", "line_item_sought_at"]
    _upsert(ResourceLink, link, ("deployment", "resource_link_id"), updated)
    if is_other_module:
        Seat.objects.filter(resource_link=known.link).delete()
    if left_to_us:
        # The row is held since the upsert: who connects it to a column comes before, and is seen, or after.
        line_item = _line_item_of(link, launch)
    if opens.module:
        _sit(account, link, opens.module, line_item if _reports(launch, platform) else None)


def _line_item_of(link: ResourceLink, launch: Launch) -> LineItem | None:
    """The column that was found or made for a link, with what we may do there set right."""
    item = LineItem.objects.filter(resource_links=link.pk).first()
    if item is not None and item.scopes != _scopes(launch):
        LineItem.objects.filter(pk=item.pk).update(scopes=_scopes(launch))
    return item


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
    item = LineItem(platform=platform.row, url=launch.line_item, scopes=_scopes(launch))
    _upsert(LineItem, item, ("platform", "url"), ("scopes",))
    return item


def _participate(launch: Launch, platform: LoadedPlatform, account: Account, context: Context) -> None:
    """Give the roles of this course and withdraw those it gave before; be in its group."""
    organisation = platform.row.organisation
    people.set_roles_from(
        account.person, organisation=organisation, source=context.role_source, roles=sorted(launch.roles)
    )
    participation = Participation(context=context, account=account, roles=" ".join(sorted(launch.roles)))
    _upsert(Participation, participation, ("context", "account"), ("roles",))
    if context.context_id:
        group = people.follow_group(organisation, source=context.group_source, name=context.title)
        people.place_in_group(group, trainers={account.person_id: TRAINER in launch.roles})


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
def _path(opens: Opens) -> str:
    if not opens.module:
        return reverse("tracks:home")
    if opens.activity:
        return reverse("lti:activity", args=[opens.module, opens.activity])
    if opens.unit:
        return reverse("tracks:unit", args=[opens.module, opens.unit])
    return reverse("tracks:module", args=[opens.module])
