"""What this room keeps of people."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from learning.notices import digest
from learning.notices.models import Notice, NoticeChoice
from learning.people.models import Person
from learning.people.personal import about, columns, personal

personal(Notice, "person", _("Je berichten"))(columns)
personal(NoticeChoice, "person", _("Welke berichten je niet wilt"))(columns)
about(digest.KIND, "person", Person, "pk")
