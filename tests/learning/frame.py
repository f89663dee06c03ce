"""A module with the whole frame of curriculum 2.0: Startpunt, a unit, Eindpunt, Herhaalmoment, of a small quiz each."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

from django.utils import timezone

from learning.runtime.publishing import publish_folder
from learning.tracks.models import ActivityProgress, Enrolment, ModuleEdition, Status
from tests.factories import QUIZ, module_folder

AROUND = {"startpunt": "start", "eindpunt": "eind", "herhaalmoment": "herhaal"}


def chapter(folder: Path, kind: str) -> str:
    """Of one quiz, whose file it writes."""
    key = AROUND[kind]
    (folder / f"quiz-{key}.yaml").write_text(QUIZ.format(key=f"quiz-{key}"))
    return (
        f'<chapter soort="{kind}" url_name="{key}" display_name="{kind.capitalize()}" nummer="9.9" minuten="10" '
        f'inleiding="Kort."><sequential url_name="{key}-s"><vertical url_name="{key}-v">'
        f'<quiz url_name="quiz-{key}" src="quiz-{key}.yaml"/></vertical></sequential></chapter>'
    )


def framed_folder(folder: Path, *, key: str = "proefmodule") -> Path:
    course = module_folder(folder, units=1, quizzes=1, key=key) / "course.xml"
    start, *after = (chapter(folder, kind) for kind in AROUND)
    text = course.read_text().replace("<chapter ", f"{start}<chapter ", 1)
    course.write_text(text.replace("</course>", "".join(after) + "</course>"))
    return folder


def framed(folder: Path) -> ModuleEdition:
    return publish_folder(framed_folder(folder))


def finish(enrolment: Enrolment, *activities: str, score: float = 1.0) -> None:
    """These are done, as if somebody had done them."""
    for activity in activities:
        ActivityProgress.objects.create(
            enrolment=enrolment, activity=activity, status=Status.DONE, score=score, completed_at=timezone.now()
        )


def complete(enrolment: Enrolment, *, ago: timedelta = timedelta()) -> datetime:
    """All that the module asks was done, so long ago."""
    moment = timezone.now() - ago
    finish(enrolment, "quiz-start", "quiz-1-1", "quiz-eind")
    Enrolment.objects.filter(pk=enrolment.pk).update(done=3, completed_at=moment)
    return moment
