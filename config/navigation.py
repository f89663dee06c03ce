"""The main menu: what this person can open, and nothing that isn't there."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _


@dataclass(frozen=True)
class Item:
    label: str
    href: str
    current: bool


def navigation(request: HttpRequest) -> dict[str, list[Item]]:
    user = getattr(request, "user", None)
    if getattr(request, "is_platform", False) or user is None or not user.is_authenticated:
        return {"navigation": []}
    entries = [(_("Leren"), reverse("tracks:home")), (_("Journaal"), reverse("journal:entries"))]
    return {"navigation": [Item(label, href, request.path.startswith(href)) for label, href in entries]}
