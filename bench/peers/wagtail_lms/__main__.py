"""A lesson page with the three texts of module 1 and seven exercises, asked for by somebody who is enrolled."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path
from typing import Any

import django

from bench.measuring.cost import here, serve
from bench.measuring.page import asking
from modules.blocks.lesson.block import Lesson
from tests.journeys.three_units import three_units

EXERCISES = 7


def main() -> None:
    os.environ["DJANGO_SETTINGS_MODULE"] = "bench.peers.wagtail_lms.settings"
    django.setup()
    from django.conf import settings  # noqa: PLC0415 needs the line above
    from django.core.management import call_command  # noqa: PLC0415
    from django.core.wsgi import get_wsgi_application  # noqa: PLC0415

    call_command("migrate", verbosity=0)
    # Those of Wagtail's own screens are never shown here, and are many.
    call_command("collectstatic", interactive=False, verbosity=0, ignore_patterns=["wagtail[!_]*", "django_filters"])
    path, session = published_lesson(lesson_texts())
    application = get_wsgi_application()
    serve(here(asking(application, path, f"{settings.SESSION_COOKIE_NAME}={session}")))


def lesson_texts() -> list[str]:
    with tempfile.TemporaryDirectory() as folder:
        files = sorted(three_units(Path(folder)).glob("*/les.md"))
        return [_html(file) for file in files]


def _html(file: Path) -> str:
    return "".join(part.get("html", "") for part in Lesson.read(file.read_text()).data["delen"])


def published_lesson(texts: list[str]) -> tuple[str, str]:
    """(its path, the session of a learner)"""
    from django.contrib.auth import get_user_model  # noqa: PLC0415 needs settings
    from django.test import Client  # noqa: PLC0415
    from wagtail.models import Page, Site  # noqa: PLC0415
    from wagtail_lms.models import CourseEnrollment, CoursePage, H5PActivity, H5PLessonPage  # noqa: PLC0415

    home = Page.objects.get(depth=2)
    Site.objects.update(hostname="localhost", root_page=home)
    course = home.add_child(instance=CoursePage(title="Dialoog is een werkwoord", slug="dialoog"))
    # Without a file: nothing of it is needed to show the page, and saving one would want to unpack it.
    H5PActivity.objects.bulk_create(
        [H5PActivity(title=f"Oefening {n}", extracted_path=f"h5p/{n}") for n in range(EXERCISES)]
    )
    lesson = course.add_child(
        instance=H5PLessonPage(title="Aan de keukentafel", slug="keukentafel", intro="<p>Een gezin en een kaart.</p>")
    )
    body: list[tuple[str, Any]] = [("paragraph", text) for text in texts]
    body += [("h5p_activity", {"activity": activity}) for activity in H5PActivity.objects.all()]
    lesson.body = body
    lesson.save_revision().publish()
    learner = get_user_model().objects.create_user("lerende")
    CourseEnrollment.objects.create(user=learner, course=course)
    client = Client()
    client.force_login(learner)
    return lesson.get_url(), client.session.session_key


if __name__ == "__main__":
    main()
