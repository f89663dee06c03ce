"""Our own signing keys."""

from __future__ import annotations

from django.db import models
from django.db.models import Q


class SigningKey(models.Model):
    """A key pair with which we sign as a tool or as a platform.

    Its life: next (published, `signs_from` empty), current (it signs), retired (`retired_at`; published for
    `lti.keys.OVERLAP` more), gone. There is one current key a purpose, and at most one next. `sealed` is the private
    key (PEM), encrypted with a key outside the database and bound to its `kid`; `public` is what the world sees, as a
    JWK.

    Personal data: none.
    Kept: until OVERLAP after it was retired.
    """

    class Purpose(models.TextChoices):
        TOOL = "tool", "tool"
        PLATFORM = "platform", "platform"

    purpose = models.CharField(max_length=8, choices=Purpose)
    kid = models.CharField(max_length=64, unique=True)
    sealed = models.BinaryField()
    public = models.JSONField()
    created_at = models.DateTimeField(auto_now_add=True)
    signs_from = models.DateTimeField(null=True, blank=True)
    retired_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["purpose"],
                condition=Q(retired_at__isnull=True, signs_from__isnull=False),
                name="one_current_signing_key_a_purpose",
            ),
            models.UniqueConstraint(
                fields=["purpose"],
                condition=Q(retired_at__isnull=True, signs_from__isnull=True),
                name="one_next_signing_key_a_purpose",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.purpose} {self.kid}"
