"""What this room says on pages below it."""

from __future__ import annotations

from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _

from learning.people.models import Person
from learning.tracks import additions, moving


@additions.on_module
def newer_edition(person: Person, module: str) -> str:
    """One query."""
    if not moving.is_behind(person, module):
        return ""
    href = reverse("editing:newer", args=[module])
    return format_html(
        '<a href="{}">{}</a>', href, _("Er is een nieuwe uitgave van deze module. Kijk wat er anders is.")
    )
