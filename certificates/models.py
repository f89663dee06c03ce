"""The register of certificates."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class Kind(models.TextChoices):
    """Curriculum 2.0: what was done; what was done and shown; all four modules."""

    ATTENDANCE = "deelname", _("Bewijs van deelname")
    MODULE = "certificaat", _("Certificaat")
    TRACK = "leerlijn", _("Leerlijncertificaat")


class Certificate(models.Model):
    """What somebody did, frozen at the moment of issue.

    `subject` is the module's slug, or the track's for a leerlijncertificaat. `facts` is everything that is printed,
    as `certificates.facts` writes and reads it; it never changes, and holds no score and nothing of a journal.
    `issued_on` is stamped once. `digest` is the SHA-256 of the file; empty while there is none. A revoked certificate
    stays in the register, so that whoever checks it hears so.

    Personal data: a name, an organisation, what somebody did and when.
    Kept: RETENTION_CERTIFICATES_YEARS after issue (curriculum 4.5); when the person is erased before, gone, or
    with CERTIFICATES_SURVIVE_ERASURE its number and date alone (`facts` is empty then).
    """

    code = models.CharField(max_length=14, unique=True)
    kind = models.CharField(max_length=12, choices=Kind)
    person = models.ForeignKey("learning.Person", models.SET_NULL, null=True, related_name="certificates")
    subject = models.SlugField(max_length=50)
    facts = models.JSONField()
    language = models.CharField(max_length=5)
    issued_on = models.DateField()
    revoked_at = models.DateTimeField(null=True, blank=True)
    revoked_reason = models.CharField(max_length=300, blank=True)
    digest = models.CharField(max_length=64, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person", "subject", "kind"],
                condition=Q(revoked_at__isnull=True),
                name="one_living_certificate_of_a_kind",
            ),
            models.CheckConstraint(condition=Q(kind__in=Kind.values), name="a_certificate_kind_we_know"),
            models.CheckConstraint(
                condition=Q(revoked_at__isnull=True) | ~Q(revoked_reason=""), name="revoked_for_a_reason"
            ),
        ]

    def __str__(self) -> str:
        return self.code
