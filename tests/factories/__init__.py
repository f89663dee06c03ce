"""People, groups and content for tests, made through the services wherever there is one."""

from __future__ import annotations

from pathlib import Path
from textwrap import dedent

import factory.django
from factory.declarations import Sequence, SubFactory

from learning.people.models import Organisation, Person
from learning.runtime.publishing import publish_folder
from learning.tracks import services as tracks
from learning.tracks.models import Enrolment, ModuleEdition


class OrganisationFactory(factory.django.DjangoModelFactory[Organisation]):
    class Meta:
        model = Organisation

    slug = Sequence(lambda n: f"waterschap-{n}")
    name = Sequence(lambda n: f"Waterschap De Proef {n}")


class PersonFactory(factory.django.DjangoModelFactory[Person]):
    class Meta:
        model = Person

    organisation = SubFactory(OrganisationFactory)
    username = Sequence(lambda n: f"persoon-{n}")
    name = Sequence(lambda n: f"Persoon {n}")


QUIZ = """
quiz:
  id: {key}
  titel: Een kleine quiz
  inleiding: Twee vragen over niets bijzonders.
  minuten: 3
  herkomst: geconstrueerd
  competenties: [{{code: C1, gewicht: 1}}]
  leerniveaus: [individueel]
  privacyklasse: A
  versie: 1
  taal: nl
  drempel: 0.5
  items:
    - id: v1
      soort: enkel
      vraag: Hoeveel poten heeft een koe?
      opties:
        - {{tekst: "Vier, meestal", goed: true, feedback: "Ja, vier."}}
        - {{tekst: "Twee, op feestdagen", goed: false, feedback: "Dan zou ze omvallen."}}
    - id: v2
      soort: enkel
      vraag: En een kip?
      opties:
        - {{tekst: "Twee", goed: true, feedback: "Ja."}}
        - {{tekst: "Vier, als ze rent", goed: false, feedback: "Dat lijkt maar zo."}}
"""


def module_folder(folder: Path, *, units: int = 2, quizzes: int = 2, key: str = "proefmodule", extra: str = "") -> Path:
    """A module of small quizzes: `units` units of `quizzes` required ones. `extra`: OLX added to the first unit."""
    folder.mkdir(parents=True, exist_ok=True)
    chapters = []
    for unit in range(1, units + 1):
        leaves = []
        for quiz in range(1, quizzes + 1):
            name = f"quiz-{unit}-{quiz}"
            (folder / f"{name}.yaml").write_text(QUIZ.format(key=name))
            leaves.append(f'<quiz url_name="{name}" src="{name}.yaml"/>')
        if unit == 1 and extra:
            leaves.append(extra)
        chapters.append(
            f'<chapter url_name="u{unit}" display_name="Unit {unit}" nummer="1.{unit}" minuten="10" inleiding="Kort.">'
            f'<sequential url_name="u{unit}-s"><vertical url_name="u{unit}-v">{"".join(leaves)}</vertical></sequential>'
            "</chapter>"
        )
    (folder / "course.xml").write_text(
        dedent(f"""\
        <course org="tussenruimte" course="{key}" url_name="{key}" display_name="Proefmodule" nummer="M9"
                inleiding="Om te proberen." language="nl">{"".join(chapters)}</course>
        """)
    )
    return folder


def published(folder: Path, **shape: object) -> ModuleEdition:
    """An edition of `module_folder`."""
    return publish_folder(module_folder(folder, **shape))  # type: ignore[arg-type]


def enrolled(person: Person, edition: ModuleEdition) -> Enrolment:
    """In the module, which is in a track of the person's organisation."""
    tracks.set_track(person.organisation, slug="leerlijn", title="Leerlijn Proef", modules=[edition.module])
    return tracks.enrol(person, module=edition.module)
