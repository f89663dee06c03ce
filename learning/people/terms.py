"""How long this room, and the jobs below it, keep of people what they do; who left goes whole (`leaving`)."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from jobs.models import Job
from learning.people import leaving
from learning.people.models import GroupMember, Person, RoleGrant, TeamMembership
from learning.people.personal import about
from learning.people.retention import GONE, SHORT, falls_under

falls_under(GONE, Person)
falls_under(GONE, TeamMembership, said=_("zolang je in het team zit"))
falls_under(GONE, RoleGrant, said=_("zolang je die rol hebt"))
falls_under(GONE, GroupMember, said=_("zolang je in de groep zit"))
falls_under(SHORT, Job, said=_("zeven dagen nadat het klaar is"))
about(leaving.FAREWELL, "person", Person, "pk")
