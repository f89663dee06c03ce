"""How long what this room keeps of people is kept."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from learning.owndata.models import OwnExport
from learning.people.retention import SHORT, falls_under

falls_under(SHORT, OwnExport, said=_("zeven dagen nadat je bestand gemaakt is"))
