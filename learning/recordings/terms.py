"""How long what this room keeps of people is kept."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from learning.people.retention import GONE, falls_under
from learning.recordings.models import Recording

falls_under(GONE, Recording, said=_("tot je het wist, of tot %(term)s nadat je hier weg bent"))
