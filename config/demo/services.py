"""Makes the demo. Everything here may run twice: what is there is set right, not made again."""

from __future__ import annotations

import os
import secrets
import uuid
from collections.abc import Mapping
from datetime import timedelta
from typing import TYPE_CHECKING
from urllib.parse import urljoin

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from config.demo import crowd, history, practice
from config.demo.people import COLLEAGUES, MODULES, PEOPLE, TEAMS
from learning.competences.queries.hr import arranged as hr_queries
from learning.competences.services import effect, hr, showing
from learning.people import groups
from learning.people import queries as people_queries
from learning.people import services as people
from learning.practice import documents
from learning.practice.models import GivenTo
from learning.practice.queries import library
from learning.practice.queries.giving import To
from learning.practice.services import giving
from learning.tracks import queries as track_queries
from learning.tracks import services as tracks
from learning.tracks.groups.queries import groups_of
from lti.platform import services as platform
from lti.platform.endpoints import endpoint, issuer
from lti.tool import queries as tool_queries
from lti.tool import services as tool
from lti.tool.refusals import Refused

if TYPE_CHECKING:
    from learning.people.models import Group, Organisation, Person, Team
    from learning.tracks.models import Track
    from lti.platform.models import Tool

ORGANISATION = "demo"
CLIENT_ID = "tussenruimte"
DEPLOYMENT = "1"
GROUP = "Leergroep voorjaar"
COLLEAGUES_GROUP = "Leergroep winter"
CASE = "dialoogprincipes/praktijkcase-m1"


def is_made() -> bool:
    return people_queries.organisation(ORGANISATION) is not None


@transaction.atomic
def create_demo() -> None:
    """The organisation with its people, their track here, and the course in the LMS that opens it."""
    organisation = people.create_organisation(slug=ORGANISATION, name="Ministerie van Land en Water (demo)")
    teams = _teams(organisation)
    made = _people(organisation, teams)
    modules = [module for module in (track_queries.module(line.key) for line in MODULES) if module]
    track = tracks.set_track(organisation, slug="dialogisch-werken", title="Dialogisch werken", modules=modules)
    own, learning = _group(made), _colleagues(organisation, teams, made["trainer"])
    _give_case(made, own)
    history.live({**made, **learning}, _group_of(made["trainer"], COLLEAGUES_GROUP), own, made["trainer"])
    _arrange_hr(track, made)
    crowd.live(organisation, teams, track, made["trainer"])
    _show(organisation)
    connect(organisation, made)


def _group(persons: dict[str, Person]) -> Group:
    """One that its trainer made by hand, beside that of the LMS's course, which comes by itself."""
    group = _group_of(persons["trainer"], GROUP)
    groups.add_people(group, [persons[username] for username in ("deelnemer", "deelnemer2")])
    return group


def _group_of(trainer: Person, name: str) -> Group:
    found = groups_of(trainer).filter(source="", name=name).first()
    return found or groups.make_group(trainer, name=name, ends_on=None)


def _colleagues(organisation: Organisation, teams: Mapping[str, Team], trainer: Person) -> dict[str, Person]:
    """Who learn in another group of the same trainer."""
    made = {}
    for username, (name, team) in COLLEAGUES.items():
        person = people_queries.person_by_username(username) or people.create_person(
            organisation, username=username, name=name, email=f"{username}@land-en-water.example"
        )
        people.set_roles_from(person, organisation=organisation, source="local", roles={"deelnemer"})
        people.place_in_team(person, team=teams[team])
        made[username] = person
    groups.add_people(_group_of(trainer, COLLEAGUES_GROUP), made.values())
    return made


def _give_case(persons: dict[str, Person], group: Group) -> None:
    """The practice case of the first module, to that group; where the module is published."""
    trainer, today = persons["trainer"], timezone.localdate()
    case = next((each for each in library.given_out(trainer) if each.usage == CASE), None)
    version = library.newest_version(case) if case else None
    if version is None:
        return
    document = documents.read(version.document)
    terms = giving.Terms(
        starts_on=today,
        due_on=today + timedelta(days=document.days),
        rounds_max=document.rounds_max,
        peers=1,
        second_reader=False,
        message=str(_("Kies een gesprek dat je deze maand kunt voeren.")),
    )
    key = uuid.uuid5(uuid.NAMESPACE_OID, f"demo:{group.pk}")
    given = giving.give(version, to=To(GivenTo.GROUP, group=group), terms=terms, by=trainer, key=key)
    practice.go_ahead(given, persons)


def _arrange_hr(track: Track, persons: dict[str, Person]) -> None:
    """What HR needs before it sees anything."""
    today, organisation = timezone.localdate(), track.organisation
    if hr_queries.basis(organisation.pk) is None:
        hr.record_basis(
            persons["beheer"], legal_basis=str(_("Verzonnen voor de demo.")), dpia_on=today, agreement_on=today
        )
    for team, _depth in hr_queries.teams(organisation.pk):
        if team.parent_id is None:
            hr.assign(
                organisation.pk, track=track, team=team, starts_on=crowd.since(), ends_on=None, required=False,
                announced_on=None,
            )  # fmt: skip


def _show(organisation: Organisation) -> None:
    """The figures of today."""
    showing.show(organisation)
    effect.show(organisation)


@transaction.atomic
def connect(organisation: Organisation, persons: dict[str, Person]) -> None:
    """Our tool in our LMS, and our LMS in our tool, at the addresses they have now: another PORT is another LMS."""
    registered = platform.register_tool(
        organisation,
        client_id=CLIENT_ID,
        name="Tussenruimte",
        deployment_id=DEPLOYMENT,
        login_url=_tool_address("lti:login"),
        target_link_uris=[_tool_address("lti:launch")],
        redirect_uris=[_tool_address("lti:launch")],
        jwks_url=_tool_address("lti:jwks"),
        choosing_url=_tool_address("lti:launch"),
        shares_name=True,
        shares_email=True,
    )
    _course(organisation, registered, persons)
    try:
        tool_queries.platform_for_login(issuer(), CLIENT_ID, DEPLOYMENT)
    except Refused:
        tool.register_platform(
            organisation,
            name="Leeromgeving (demo)",
            issuer=issuer(),
            client_id=CLIENT_ID,
            auth_url=endpoint("auth"),
            token_url=endpoint("token"),
            jwks_url=endpoint("jwks"),
            deployments=[DEPLOYMENT],
            frame_origins=[settings.PLATFORM_URL],
        )
    for person in persons.values():
        tool.link_account(person, issuer=issuer(), subject=str(person.pseudonym))


def reconnect() -> None:
    """For a demo that is there, when the house starts at another address or with more modules than before."""
    organisation = people_queries.organisation(ORGANISATION)
    if organisation is None:
        return
    found = {each.username: people_queries.person_by_username(each.username) for each in PEOPLE}
    connect(organisation, {username: person for username, person in found.items() if person})


def password() -> str:
    """The one password of everybody in the demo: made once, kept in DATA_DIR, for this machine only."""
    file = settings.DATA_DIR / "demo-password"
    if not file.exists():
        file.parent.mkdir(parents=True, exist_ok=True)
        with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as handle:
            handle.write(secrets.token_urlsafe(12))
    return str(file.read_text().strip())


def _teams(organisation: Organisation) -> dict[str, Team]:
    teams: dict[str, Team] = {}
    for name, parent in TEAMS:
        teams[name] = people.create_team(organisation, name=name, parent=teams.get(parent))
    return teams


def _people(organisation: Organisation, teams: Mapping[str, Team]) -> dict[str, Person]:
    # Hashed once: it is one password, and eight hashes would take seconds.
    hashed = make_password(password())
    made = {}
    for each in PEOPLE:
        person = people_queries.person_by_username(each.username) or people.create_person(
            organisation, username=each.username, name=each.name, email=each.email
        )
        person.password = hashed
        person.save(update_fields=["password"])
        people.set_roles_from(person, organisation=organisation, source="local", roles={each.role})
        people.place_in_team(person, team=teams[each.team])
        made[each.username] = person
    return made


def _course(organisation: Organisation, registered: Tool, persons: dict[str, Person]) -> None:
    course = platform.set_course(
        organisation,
        slug="ruimte-voor-landbouw-en-natuur",
        title="Leerlijn Ruimte voor Landbouw en Natuur",
        summary="Vier modules over het gesprek dat ruimte maakt. Begin met de eerste; de volgorde daarna kies je zelf.",
    )
    for position, module in enumerate(MODULES, 1):
        published = track_queries.module(module.key) is not None
        placement = platform.place(
            course,
            position=position,
            title=module.title,
            summary=module.summary,
            tool=registered if published else None,
            target_link_uri=_tool_address("lti:launch") if published else "",
            custom={"module": module.key},
        )
        if published:
            platform.set_line_item(placement, label=module.title)
    for each in PEOPLE:
        if each.course_role and each.username in persons:
            platform.add_member(course, person=persons[each.username], role=each.course_role)


def _tool_address(name: str) -> str:
    return urljoin(settings.BASE_URL, reverse(name, urlconf="config.urls"))
