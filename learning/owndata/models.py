"""What somebody asked for of what is kept of them."""

from __future__ import annotations

from django.db import models

__all__ = ["OwnExport"]


class OwnExport(models.Model):
    """All that is kept of somebody as one file: asked for by themselves, then made by a job.

    `file` is empty until it is there.

    Personal data: all of it, sealed (in `learning.files`).
    Kept: seven days after it was made.
    """

    person = models.OneToOneField("learning.Person", models.CASCADE, related_name="+")
    asked_at = models.DateTimeField()
    made_at = models.DateTimeField(null=True)
    file = models.OneToOneField("learning.StoredFile", models.SET_NULL, null=True, related_name="+")
