"""This room has no tables; what it still has to tell of somebody waits as a job."""

from __future__ import annotations

from learning.people.models import Person
from learning.people.personal import about
from xapi.services import KIND

about(KIND, "person", Person, "pk")
