"""How long what this room keeps of people is kept."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from learning.people.retention import GONE, LEARNING, SHORT, falls_under
from lti.tool.models import Account, Participation, Seat, Selection

falls_under(GONE, Account, Participation)
falls_under(LEARNING, Seat)
falls_under(SHORT, Selection, said=_("een paar uur"))
