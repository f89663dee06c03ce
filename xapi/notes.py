"""What a learner reads of it, on the page of a module."""

from __future__ import annotations

from django.conf import settings
from django.utils.translation import gettext as _

from learning.people.models import Person
from learning.tracks import additions


@additions.on_module
def it_is_told(person: Person, module: str) -> str:
    """No query."""
    if not settings.XAPI_URL:
        return ""
    return _(
        "Wat je hier doet gaat ook naar het leerarchief van je organisatie, onder een schuilnaam: welke opdracht, "
        "wanneer en hoe goed. Nooit wat je schrijft."
    )
