"""What is kept for a while goes when its time is over, and nothing else does."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from lti.platform import deeplinks, registration, services
from lti.platform.models import Choice, Course, SpentToken, Tool, ToolInvitation
from lti.platform.tasks import forget_what_is_over

pytestmark = pytest.mark.django_db


def test_what_is_over_goes_each_day_and_what_is_not_stays(
    make_person: Callable[..., Any], make_tool: Callable[..., Tool], course: Course
) -> None:
    person, tool, now = make_person("jorrit"), make_tool(), timezone.now()
    invitations = [registration.invite(person, "https://tool.example/")[0] for _ in range(3)]
    used, unused, fresh = invitations
    over = now - registration.KEPT - timedelta(seconds=1)
    ToolInvitation.objects.filter(pk__in=[used.pk, unused.pk]).update(expires_at=over)
    ToolInvitation.objects.filter(pk=used.pk).update(tool=tool)
    old, new = (Choice.objects.create(person=person, course=course, tool=tool) for _ in range(2))
    Choice.objects.filter(pk=old.pk).update(made_at=now - deeplinks.KEPT - timedelta(seconds=1))
    services.spend("old", until=now - timedelta(seconds=1))
    services.spend("new", until=now + timedelta(minutes=1))
    for _ in range(2):
        forget_what_is_over({})
        assert set(ToolInvitation.objects.all()) == {used, fresh}
        assert list(Choice.objects.all()) == [new]
        assert SpentToken.objects.count() == 1
