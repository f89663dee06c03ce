"""People and the groups they belong to.

Every model of the house says which personal data it holds and how long it is kept; a test reads it.
"""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

__all__ = [
    "Destruction",
    "Group",
    "GroupMember",
    "Organisation",
    "Person",
    "Role",
    "RoleGrant",
    "Team",
    "TeamMembership",
]


class Role(models.TextChoices):
    """Curriculum 1.1, and `beheer` for whoever runs the installation."""

    DEELNEMER = "deelnemer", _("Deelnemer")
    GAST = "gast", _("Praktijkmens of gast")
    TRAINER = "trainer", _("Trainer")
    GESPREKSLEIDER = "gespreksleider", _("Gespreksleider")
    GEBIEDSTEAM = "gebiedsteam", _("Gebiedsteam")
    HR = "hr", _("HR of leeradviseur")
    RAAD = "raad", _("Raad van Inzicht")
    OR = "or", _("Ondernemingsraad")
    REDACTEUR = "redacteur", _("Redacteur")
    BEHEER = "beheer", _("Beheer")


class Organisation(models.Model):
    """A ministry, province or water board. What people of one do is never seen from another.

    Personal data: none.
    Kept: until the organisation leaves.
    """

    slug = models.SlugField(unique=True)
    name = models.CharField(max_length=200)

    def __str__(self) -> str:
        return self.name


class Team(models.Model):
    """A part of an organisation; teams form a tree.

    Personal data: none.
    Kept: until the organisation leaves.
    """

    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="teams")
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="children")
    name = models.CharField(max_length=200)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["parent", "name"], name="one_team_of_a_name_in_a_team"),
            models.UniqueConstraint(
                fields=["organisation", "name"],
                condition=models.Q(parent__isnull=True),
                name="one_team_of_a_name_at_the_top",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class PersonManager(BaseUserManager["Person"]):
    """What Django's sign-in asks of the manager of people."""


class Person(AbstractBaseUser):
    """Somebody who learns, teaches, advises or runs the place.

    Most come in through an LMS and have no username or password here. A name or e-mail address may be missing: an
    LMS may keep it to itself.

    `left_at`: since when they can't come in; `seen_on`: the last day on which they were seen here, as far as sessions
    that ended know. Both are kept up daily (`learning.people.leaving`), and None until then.

    Personal data: name, e-mail address, language; when they were here last.
    Kept: until erased on request, or RETENTION_GONE_DAYS after they left; where RETENTION_SILENT_MONTHS is set also
    that long after they were seen last.
    """

    username = models.CharField(max_length=100, unique=True, null=True, blank=True)
    name = models.CharField(max_length=200, blank=True)
    email = models.EmailField(blank=True)
    language = models.CharField(max_length=5, default="nl")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="people")
    is_active = models.BooleanField(default=True)
    left_at = models.DateTimeField(null=True, editable=False)
    seen_on = models.DateField(null=True, editable=False)
    # Stands for this person wherever they shouldn't be recognised: statements, handler tokens, seeds.
    pseudonym = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)
    last_login = None

    objects: ClassVar[PersonManager] = PersonManager()

    USERNAME_FIELD = "username"

    def __str__(self) -> str:
        return self.name or f"#{self.pk}"


class TeamMembership(models.Model):
    """Who is in which team, since when.

    Personal data: membership of a team.
    Kept: as long as the person is in the team.
    """

    team = models.ForeignKey(Team, models.CASCADE, related_name="memberships")
    person = models.ForeignKey(Person, models.CASCADE, related_name="team_memberships")
    since = models.DateField(default=timezone.localdate)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["team", "person"], name="once_in_a_team")]


class RoleGrant(models.Model):
    """A role of a person in an organisation, and where it came from.

    `source` is "local" for what beheer gave here, else the launch that brought it ("lti:<deployment>:<context>"): what
    an LMS gave, the next launch from the same place can withdraw.

    Personal data: the role.
    Kept: as long as the role is held.
    """

    person = models.ForeignKey(Person, models.CASCADE, related_name="roles")
    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="+")
    role = models.CharField(max_length=20, choices=Role)
    source = models.CharField(max_length=300, default="local")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person", "organisation", "role", "source"], name="one_grant_of_a_role_from_a_source"
            ),
            models.CheckConstraint(condition=models.Q(role__in=Role.values), name="a_role_we_know"),
        ]


class Group(models.Model):
    """People who learn together with one or more trainers: a class.

    `source` is "" for one made here, else what it follows ("lti:<context>", a course of an LMS): who is in it is then
    decided there. "track:<slug>" is whoever was given a practice case with a whole track. After `ends_on` its trainers
    still see it, and nothing new is given out in it.

    Personal data: none.
    Kept: until the organisation leaves.
    """

    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="groups")
    name = models.CharField(max_length=200)
    source = models.CharField(max_length=300, blank=True)
    ends_on = models.DateField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "source"], condition=~models.Q(source=""), name="one_group_of_a_source"
            )
        ]

    def __str__(self) -> str:
        return self.name


class GroupMember(models.Model):
    """Who is in a group, and whether as its trainer. `until`: the last day of a trainer who only stands in.

    Personal data: with whom somebody learns.
    Kept: as long as they are in the group.
    """

    group = models.ForeignKey(Group, models.CASCADE, related_name="members")
    person = models.ForeignKey(Person, models.CASCADE, related_name="group_memberships")
    is_trainer = models.BooleanField(default=False)
    until = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["group", "person"], name="once_in_a_group"),
            models.CheckConstraint(
                condition=models.Q(until__isnull=True) | models.Q(is_trainer=True), name="only_a_trainer_stands_in"
            ),
        ]


class Destruction(models.Model):
    """That what was past its term was wiped, of one organisation at one time: a line of a verklaring van vernietiging.
    Never changed after its run (`made_at`).

    `kind`: the term it fell under (`learning.people.retention`), `days` long then; `before`: what was older went.
    `counts`: {table: rows}.

    Personal data: none.
    Kept: as long as the organisation is here, for whoever asks what became of something.
    """

    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="+")
    kind = models.CharField(max_length=40)
    days = models.PositiveIntegerField()
    before = models.DateTimeField()
    counts = models.JSONField()
    made_at = models.DateTimeField()
