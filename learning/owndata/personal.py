"""What this room keeps of people."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from learning.owndata.models import OwnExport
from learning.owndata.queries import ERASE, EXPORT, FORGET
from learning.people.models import Person
from learning.people.personal import about, columns, personal

personal(OwnExport, "person", _("Dat je om je gegevens vroeg"))(columns)
for _kind in (EXPORT, FORGET, ERASE):
    about(_kind, "person", Person, "pk")
