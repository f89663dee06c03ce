"""A module with the whole frame of curriculum 2.0: Startpunt, a unit, Eindpunt, Herhaalmoment, of a small quiz each."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import yaml
from django.utils import timezone

from learning.runtime.publishing import publish_folder
from learning.tracks.models import ActivityProgress, Enrolment, ModuleEdition, Status
from tests.factories import QUIZ, module_folder
from tests.modules.blocks import test_exitcard, test_lookback, test_selfcheck

AROUND = {"startpunt": "start", "eindpunt": "eind", "herhaalmoment": "herhaal"}
KEYS = {**AROUND, "terugblik": "terug"}


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
    Enrolment.objects.filter(pk=enrolment.pk).update(done=3, completed_at=moment, finished_at=moment)
    return moment


TASKS = Path(__file__).parents[1] / "modules" / "blocks" / "data" / "beslistaken.yaml"
ITEM = """
    - id: v{n}
      doel: D{goal}
      vraag: Vraag {n}?
      opties:
        - {{tekst: "Goed {n}", goed: {right}, feedback: "Ja."}}
        - {{tekst: "Anders dan goed {n}", goed: {wrong}, feedback: "Nee."}}"""


def whole_folder(folder: Path) -> Path:
    """As the four modules have it: decision tasks at all three places, and a pool that two of them draw from."""
    module_folder(folder, units=1, quizzes=1)
    (folder / "taken.yaml").write_bytes(TASKS.read_bytes())
    items = "".join(ITEM.format(n=n, goal=n % 5 + 1, right="true", wrong="false") for n in range(25))
    goals = ", ".join(f"D{goal}: Doel {goal}" for goal in range(1, 6))
    head = f"quiz:\n  id: kennis\n  titel: Kennis\n  doelen: {{{goals}}}\n  items:"
    (folder / "kennis.yaml").write_text(f"{head}{items}\n")
    course = folder / "course.xml"
    start = _chapter("startpunt", '<decisiontask url_name="start-taak" src="taken.yaml" moment="start"/>')
    after = [
        _chapter(
            "eindpunt",
            '<decisiontask url_name="eind-taak" src="taken.yaml" moment="eind"/>'
            '<quiz url_name="kennis" src="kennis.yaml" trekking="10" drempel="0.7"/>',
        ),
        _chapter(
            "herhaalmoment",
            '<quiz url_name="herhaal-kennis" src="kennis.yaml" trekking="5" vanaf="eind"/>'
            '<decisiontask url_name="herhaal-taak" src="taken.yaml" moment="herhaal"/>',
        ),
    ]
    text = course.read_text().replace("<chapter ", f"{start}<chapter ", 1)
    course.write_text(text.replace("</course>", "".join(after) + "</course>"))
    return folder


def _chapter(kind: str, leaves: str) -> str:
    key = KEYS[kind]
    return (
        f'<chapter soort="{kind}" url_name="{key}" display_name="{kind.capitalize()}" nummer="9.9" minuten="10" '
        f'inleiding="Kort."><sequential url_name="{key}-s"><vertical url_name="{key}-v">{leaves}</vertical>'
        "</sequential></chapter>"
    )


def looking_back_folder(folder: Path, *, key: str = "proefmodule") -> Path:
    """The frame with an exit card at its Eindpunt, and a Terugblik."""
    course = framed_folder(folder, key=key) / "course.xml"
    for name, data in LOOKING_BACK.items():
        (folder / f"{name}.yaml").write_text(yaml.safe_dump({"activiteit": data}, allow_unicode=True, sort_keys=False))
    card = '<exitcard url_name="kaart" src="kaart.yaml" verplicht="false"/>'
    end = '<quiz url_name="quiz-eind" src="quiz-eind.yaml"/>'
    later = _chapter(
        "terugblik", '<selfcheck url_name="zinnen" src="zinnen.yaml"/><lookback url_name="gesprek" src="gesprek.yaml"/>'
    )
    text = course.read_text().replace(end, end + card)
    course.write_text(text.replace("</course>", f"{later}</course>"))
    return folder


LOOKING_BACK = {
    "kaart": test_exitcard.authored(),
    "zinnen": test_selfcheck.authored(moment="later"),
    "gesprek": test_lookback.authored(),
}
