"""The LMSes that may launch us, what they launch, whom they sent, and what they know of scores."""

from __future__ import annotations

import secrets

from django.db import models
from django.db.models import Q

from lti.outbound import origin

__all__ = [
    "Account",
    "Context",
    "Deployment",
    "Invitation",
    "LaunchRecord",
    "LineItem",
    "Participation",
    "Platform",
    "ResourceLink",
    "Seat",
    "Selection",
    "UsedNonce",
]

ID_LENGTH = 255
"""LTI 1.3 Core §5.3: ids are at most 255 ASCII characters; OpenID Connect Core §2 says the same of `sub`."""

URL_LENGTH = 1000


def new_stamp() -> str:
    return secrets.token_hex(8)


class Platform(models.Model):
    """A registration of an LMS: one client_id at one issuer.

    `stamp` is new after every change of the row or of its deployments; whoever keeps a loaded copy compares it.
    `keys` are the public keys last fetched from `jwks_url` (as JWKs, only usable ones), `keys_tried_at` the last time
    somebody asked, `keys_missed_at` the last time that asking didn't bring the key that was looked for, `keys_misses`
    how often that was lately. `algorithm` is empty until the first keys came and is fixed from then on. `audience` is
    what the token endpoint wants as `aud` where that isn't its own address. `frame_origins` are sites, besides issuer's
    and login's, that show us in a frame. `product` is what kind of LMS it says it is ("moodle", "canvas", …).
    `awaits_approval` means that it registered itself and that nobody has switched it on yet. `numeric_scores` is on
    only where the organisation decided, after its review of data protection, that its gradebook may show scores
    (curriculum 2.0).

    Personal data: none.
    Kept: until the organisation leaves.
    """

    class Algorithm(models.TextChoices):
        RS256 = "RS256", "RS256"
        ES256 = "ES256", "ES256"

    organisation = models.ForeignKey("learning.Organisation", models.PROTECT, related_name="+")
    name = models.CharField(max_length=200)
    issuer = models.CharField(max_length=ID_LENGTH)
    client_id = models.CharField(max_length=ID_LENGTH)
    auth_url = models.CharField(max_length=URL_LENGTH)
    token_url = models.CharField(max_length=URL_LENGTH)
    jwks_url = models.CharField(max_length=URL_LENGTH)
    audience = models.CharField(max_length=URL_LENGTH, blank=True)
    frame_origins = models.JSONField(default=list)
    algorithm = models.CharField(max_length=5, choices=Algorithm, blank=True)
    reports_progress = models.BooleanField(default=True)
    numeric_scores = models.BooleanField(default=False)
    product = models.CharField(max_length=100, blank=True)
    active = models.BooleanField(default=True)
    awaits_approval = models.BooleanField(default=False)
    keys = models.JSONField(default=list)
    keys_fetched_at = models.DateTimeField(null=True, blank=True)
    keys_tried_at = models.DateTimeField(null=True, blank=True)
    keys_missed_at = models.DateTimeField(null=True, blank=True)
    keys_misses = models.PositiveSmallIntegerField(default=0)
    stamp = models.CharField(max_length=16, default=new_stamp)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["issuer", "client_id"], name="one_registration_a_client_id"),
            models.CheckConstraint(condition=Q(algorithm__in=["", "RS256", "ES256"]), name="an_algorithm_we_verify"),
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.issuer}, {self.client_id})"

    @property
    def all_frame_origins(self) -> tuple[str, ...]:
        """Who may show us in a frame: the site of its issuer, of its login, and what was registered besides."""
        addresses = [url for url in (self.issuer, self.auth_url) if url.startswith(("https://", "http://"))]
        return tuple(sorted({*map(origin, addresses), *self.frame_origins}))


class Deployment(models.Model):
    """A place in an LMS where the registration is deployed: an account, a course, a tool.

    Personal data: none.
    Kept: with the platform.
    """

    platform = models.ForeignKey(Platform, models.CASCADE, related_name="deployments")
    deployment_id = models.CharField(max_length=ID_LENGTH)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["platform", "deployment_id"], name="one_deployment_of_an_id")]

    def __str__(self) -> str:
        return self.deployment_id


class Account(models.Model):
    """Who a `sub` of an issuer is here. Never found by e-mail: anybody can type an address into an LMS.

    Two registrations of one LMS in one organisation are the same people. The organisation is part of the key, so that
    a registration in another organisation never opens an account of this one.

    Personal data: the person's id in the LMS.
    Kept: with the person.
    """

    organisation = models.ForeignKey("learning.Organisation", models.CASCADE, related_name="+")
    issuer = models.CharField(max_length=ID_LENGTH)
    subject = models.CharField(max_length=ID_LENGTH)
    person = models.ForeignKey("learning.Person", models.CASCADE, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "issuer", "subject"], name="one_account_a_subject_of_an_issuer"
            )
        ]

    def __str__(self) -> str:
        return f"#{self.pk}"


class Context(models.Model):
    """A course in an LMS. Launches that name none share one of id "" in their deployment.

    `history` are the ids of the courses it was copied from, newest first, a line each. `memberships_url` is where its
    class list can be asked (NRPS 2.0 §3.6.1.1), `line_items_url` where its columns are (AGS 2.0 §3.1), with the scopes
    of AGS that the last launch granted (with spaces); all "" where the LMS doesn't offer them. `roster_run` numbers the
    readings of the class list, `roster_read_at` is when the last one ended well, `roster_trouble` why the last one
    didn't (a code of `lti.tool.rosters`, "" when it did). `roster_asked_at` is when a launch last asked for one, and
    `launched_at` when somebody last came in, to the day; both in whole seconds since 1970.

    Personal data: none.
    Kept: with the platform.
    """

    deployment = models.ForeignKey(Deployment, models.CASCADE, related_name="contexts")
    context_id = models.CharField(max_length=ID_LENGTH, blank=True)
    title = models.CharField(max_length=200, blank=True)
    history = models.TextField(blank=True)
    memberships_url = models.CharField(max_length=URL_LENGTH, blank=True)
    line_items_url = models.CharField(max_length=URL_LENGTH, blank=True)
    line_item_scopes = models.CharField(max_length=URL_LENGTH, blank=True)
    roster_run = models.PositiveIntegerField(default=0)
    roster_read_at = models.DateTimeField(null=True, blank=True)
    roster_trouble = models.CharField(max_length=200, blank=True)
    roster_asked_at = models.BigIntegerField(default=0)
    launched_at = models.BigIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["deployment", "context_id"], name="one_context_of_an_id")]

    def __str__(self) -> str:
        return self.title or self.context_id

    @property
    def role_source(self) -> str:
        """Whence the roles that this course gives (`learning.RoleGrant.source`)."""
        return f"lti:{self.deployment_id}:{self.pk}"

    @property
    def group_source(self) -> str:
        """What the group of this course follows (`learning.Group.source`)."""
        return f"lti:{self.pk}"


class LineItem(models.Model):
    """A column in an LMS's gradebook, known by its address. `scopes` (with spaces) is what the LMS lets us do with it.

    `made_here` is whether we asked the LMS to make it: only then may we change or remove it (Moodle removes an
    activity's own column with all its grades). `compared_at` is when its results were last read back, `compared` what
    came of it: {"same": int, "other": int, "missing": int}, numbers of people.

    Personal data: none.
    Kept: with the platform.
    """

    platform = models.ForeignKey(Platform, models.CASCADE, related_name="line_items")
    url = models.CharField(max_length=URL_LENGTH)
    scopes = models.CharField(max_length=URL_LENGTH)
    made_here = models.BooleanField(default=False)
    compared_at = models.DateTimeField(null=True, blank=True)
    compared = models.JSONField(default=dict)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["platform", "url"], name="one_line_item_of_an_address")]

    def __str__(self) -> str:
        return self.url


class ResourceLink(models.Model):
    """A link in a course that opens a module here, or a unit or an activity of it.

    `history` are the ids of the links it was copied from, newest first, a line each; a copy opens what it did.
    `line_item_sought_at` is when we last set out to find or make its line item (whole seconds since 1970); 0 where the
    launch names it.

    Personal data: none.
    Kept: with the platform.
    """

    deployment = models.ForeignKey(Deployment, models.CASCADE, related_name="resource_links")
    resource_link_id = models.CharField(max_length=ID_LENGTH)
    context = models.ForeignKey(Context, models.CASCADE, related_name="resource_links")
    title = models.CharField(max_length=200, blank=True)
    module = models.CharField(max_length=50, blank=True)
    unit = models.CharField(max_length=100, blank=True)
    activity = models.CharField(max_length=100, blank=True)
    line_item = models.ForeignKey(LineItem, models.SET_NULL, null=True, blank=True, related_name="resource_links")
    line_item_sought_at = models.BigIntegerField(default=0)
    history = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["deployment", "resource_link_id"], name="one_resource_link_of_an_id")
        ]

    def __str__(self) -> str:
        return self.title or self.resource_link_id


class Participation(models.Model):
    """Somebody in a course of an LMS, with the roles (of ours, with spaces) that the last launch or class list brought.

    `roster_run` is the last reading of the class list that had them; 0 when none had yet.

    Personal data: the role in a course.
    Kept: with the account.
    """

    context = models.ForeignKey(Context, models.CASCADE, related_name="participations")
    account = models.ForeignKey(Account, models.CASCADE, related_name="participations")
    roles = models.CharField(max_length=100)
    roster_run = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["context", "account"], name="once_in_a_context")]

    def __str__(self) -> str:
        return f"#{self.pk}"


class Invitation(models.Model):
    """An address to paste into an LMS, with which it registers itself once (LTI Dynamic Registration 1.0).

    `digest` stands for the token in the address, which isn't kept. While an LMS is being asked, until `busy_until`,
    nobody else can use it. `platform` is what came of it.

    Personal data: none.
    Kept: 30 days after it expired, for who wants to see what it was used for.
    """

    organisation = models.ForeignKey("learning.Organisation", models.CASCADE, related_name="+")
    name = models.CharField(max_length=200)
    digest = models.CharField(max_length=43, unique=True)
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField()
    busy_until = models.DateTimeField(null=True, blank=True)
    used_at = models.DateTimeField(null=True, blank=True)
    platform = models.ForeignKey(Platform, models.SET_NULL, null=True, blank=True, related_name="invitations")

    def __str__(self) -> str:
        return self.name


class LaunchRecord(models.Model):
    """A launch that came in or was refused, for who looks after the connection. Says nothing of who it was.

    `code` is one of `refusals.REASONS`, "" when it went well; `reference` is what the visitor of a refused one reads.
    `deployment_id` is what a launch named that was refused for just that, after its signature was found good.
    `unwritten` counts the refusals just before this one that weren't written down, for there were too many at once.

    Personal data: none.
    Kept: the newest few of each platform (`lti.tool.launchlog`).
    """

    platform = models.ForeignKey(Platform, models.CASCADE, related_name="launch_records")
    at = models.DateTimeField()
    message = models.CharField(max_length=40, blank=True)
    code = models.CharField(max_length=40, blank=True)
    reference = models.CharField(max_length=9, blank=True)
    deployment_id = models.CharField(max_length=ID_LENGTH, blank=True)
    unwritten = models.PositiveIntegerField(default=0)

    class Meta:
        indexes = [models.Index(fields=["platform", "-at"], name="newest_launches_first")]

    def __str__(self) -> str:
        return self.code or "in"


class UsedNonce(models.Model):
    """A nonce that came back in a verified id_token: it won't do again. Stored as a hash, only after verification.

    Personal data: none.
    Kept: until the login it belonged to expires (`lti.tool.state.LIFETIME`); swept by later launches.
    """

    digest = models.CharField(max_length=43, primary_key=True)
    expires_at = models.BigIntegerField(db_index=True)

    def __str__(self) -> str:
        return self.digest


class Seat(models.Model):
    """Somebody's place at a resource link: the enrolment it stands for, and what the LMS knows of it.

    `line_item` is where their progress is reported, none for who isn't a learner there. `last_sent_at` is the timestamp
    of the last score the LMS took, in whole seconds since 1970; the next one is later. `last_given` is that score (0 to
    1). After a final one nothing that isn't final is ever sent.

    Personal data: what somebody learns and how far they are.
    Kept: with the enrolment.
    """

    resource_link = models.ForeignKey(ResourceLink, models.CASCADE, related_name="seats")
    account = models.ForeignKey(Account, models.CASCADE, related_name="seats")
    enrolment = models.ForeignKey("learning.Enrolment", models.CASCADE, related_name="+")
    line_item = models.ForeignKey(LineItem, models.SET_NULL, null=True, blank=True, related_name="seats")
    last_sent_at = models.BigIntegerField(default=0)
    last_given = models.FloatField(null=True, blank=True)
    final = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["resource_link", "account"], name="one_seat_at_a_resource_link"),
            models.CheckConstraint(
                condition=Q(last_given__isnull=True) | Q(last_given__gte=0, last_given__lte=1),
                name="a_given_score_from_0_to_1",
            ),
        ]
        # Whoever learns at several links that share a line item.
        indexes = [models.Index(fields=["line_item", "account"], name="seats_at_a_line_item")]

    def __str__(self) -> str:
        return f"#{self.pk}"


class Selection(models.Model):
    """Somebody of an LMS is choosing what a course links to (Deep Linking 2.0): what was asked, until it is answered.

    `key` stands in the address; it works for `person` only, until `expires_at` (seconds since 1970). `data` is what
    must go back to the letter, as JSON ("" when there was none). `asked` is the rest of the request, as
    `lti.tool.deeplinking.request.Wish` reads it; `draft` the settings typed so far. `answer` is what was signed, "" as
    long as nothing was.

    Personal data: who is choosing.
    Kept: hours (`lti.tool.deeplinking.selections.LIFETIME`), the newest few of a person; swept by later ones.
    """

    key = models.CharField(max_length=43, unique=True)
    deployment = models.ForeignKey(Deployment, models.CASCADE, related_name="+")
    person = models.ForeignKey("learning.Person", models.CASCADE, related_name="+")
    return_url = models.TextField()
    data = models.TextField(blank=True)
    asked = models.JSONField()
    draft = models.JSONField(default=dict)
    answer = models.TextField(blank=True)
    expires_at = models.BigIntegerField(db_index=True)

    def __str__(self) -> str:
        return f"#{self.pk}"
