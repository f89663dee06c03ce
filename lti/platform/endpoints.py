"""Where our platform can be reached, whichever host is answering now. These addresses are a promise."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.urls import reverse


def endpoint(name: str, *args: Any) -> str:
    """The full address of a service of the platform: `endpoint("token")`."""
    path = reverse(name, urlconf="lti.platform.urls", args=args)
    return f"{settings.PLATFORM_URL}/lti/platform{path}"


def issuer() -> str:
    """Our `iss`. Its configuration stands at issuer + /.well-known/openid-configuration (OpenID Discovery 4)."""
    return endpoint("configuration").removesuffix("/.well-known/openid-configuration")


def lms_page(name: str, *args: Any) -> str:
    """The full address of a page of the demo LMS; the LMS has pages only where it has a host name of its own."""
    return str(settings.PLATFORM_URL) + reverse(name, urlconf="lti.platform.lms.urls", args=args)


def page(name: str, *args: Any) -> str:
    """The path of a page of Tussenruimte itself, where its redacteurs and learners are signed in."""
    return reverse(f"tools:{name}", urlconf="config.urls", args=args)


def has_lms() -> bool:
    return bool(settings.PLATFORM_URL != settings.BASE_URL)
