"""What this room keeps of people."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from learning.owndata.models import OwnExport
from learning.people.personal import columns, personal

personal(OwnExport, "person", _("Dat je om je gegevens vroeg"))(columns)
