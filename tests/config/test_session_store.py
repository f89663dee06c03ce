"""Sessions read by hand: as Django's own would be."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.contrib.sessions.backends.db import SessionStore as DjangoSessionStore
from django.contrib.sessions.models import Session
from django.utils import timezone

from config.session_store import SessionStore

pytestmark = pytest.mark.django_db


def stored(**values: str) -> str:
    session = SessionStore()
    session.update(values)
    session.save()
    assert session.session_key
    return session.session_key


def test_what_was_put_in_is_there_for_us_and_for_django() -> None:
    key = stored(woord="brug")
    assert SessionStore(key)["woord"] == DjangoSessionStore(key)["woord"] == "brug"


def test_a_session_that_has_ended_is_empty_and_its_key_is_not_used_again() -> None:
    key = stored(woord="brug")
    Session.objects.update(expire_date=timezone.now() - timedelta(seconds=1))
    session = SessionStore(key)
    assert list(session.keys()) == []
    session["woord"] = "sloot"
    session.save()
    assert session.session_key not in (None, key)


def test_a_key_that_somebody_made_up_is_not_used() -> None:
    session = SessionStore("bedacht-door-iemand-zelf-123456")
    session["woord"] = "brug"
    session.save()
    assert session.session_key != "bedacht-door-iemand-zelf-123456"


def test_data_that_was_not_signed_here_is_not_read() -> None:
    key = stored(woord="brug")
    Session.objects.update(session_data="bedacht")
    assert list(SessionStore(key).keys()) == []
