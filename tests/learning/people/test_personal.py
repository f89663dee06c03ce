"""Nothing of people is kept without somebody saying whose it is and what becomes of it (AVG, curriculum 4.5)."""

from __future__ import annotations

from collections.abc import Iterator

from django.db import models

from jobs import registry
from learning.competences.queries.hr import processing
from learning.people import personal
from learning.people.labels import HIDDEN, LABELS
from learning.people.models import Person
from learning.people.personal import Held

# About nobody: of a whole team, organisation, course or module, or of nothing but the time of day.
ABOUT_NOBODY = {
    "cohort.count", "competences.show", "competences.show_first", "competences.tell_demand", "competences.work_out",
    "files.wipe_due", "lti.compare", "lti.keys", "lti.line_item",
    "lti.platform.forget", "lti.roster", "lti.rosters", "lti.scores_again", "notices.digest",
    "people.forget_sessions", "people.retention", "practice.follow_module", "practice.give", "practice.late",
    "tracks.measure", "tracks.move",
}  # fmt: skip
# What a step of its own wipes, where the database would leave the row without the person.
WIPED_BY_HAND = {"learning.StoredFile", "certificates.Certificate"}


def test_every_table_that_says_it_holds_something_of_people_is_named() -> None:
    named = {held.model for held in personal.all_held()}
    says = {model for model in processing.tables() if (said := processing.said_by(model)) and said.is_personal}
    assert len(says) > 50
    assert {model._meta.label for model in says - named} == set()
    assert {model._meta.label for model in named - says} == set()


def test_every_column_that_points_to_a_person_is_named() -> None:
    named = {(held.model, held.path) for held in personal.all_held()}
    points = {
        (model, field.name)
        for model in processing.tables()
        for field in model._meta.concrete_fields
        if field.is_relation and field.remote_field and field.remote_field.model is Person
    }
    assert {f"{model._meta.label}.{name}" for model, name in points - named} == set()


def _on_the_way(held: Held) -> Iterator[models.ForeignKey]:
    """The keys that lead from the table to the person."""
    model: type[models.Model] = held.model
    for name in held.path.split("__"):
        field = model._meta.get_field(name)
        if isinstance(field, models.ForeignKey):
            yield field
        model = field.related_model or model


def test_what_is_said_to_go_goes_and_what_is_said_to_stay_stays() -> None:
    for held in personal.all_held():
        if not held.path or held.model is Person or not held.say or held.model._meta.label in WIPED_BY_HAND:
            continue
        deletes = all(key.remote_field.on_delete is models.CASCADE for key in _on_the_way(held))
        assert deletes == (not held.stays), (held.model, held.path)


def test_every_column_that_somebody_is_shown_has_a_name_they_know() -> None:
    told = {
        field.name
        for held in personal.all_held()
        for field in held.model._meta.concrete_fields
        if held.say and not (field.is_relation or field.primary_key or isinstance(field, models.BinaryField))
    }
    assert told - LABELS.keys() - HIDDEN == set()
    assert not LABELS.keys() & HIDDEN


def test_every_kind_of_job_is_known_to_be_about_somebody_or_nobody() -> None:
    kinds = {kind for kind in registry._kinds if not kind.startswith(("test.", "proef."))}
    about = personal.kinds_of_jobs()
    assert not about & ABOUT_NOBODY
    assert about <= kinds
    assert {kind for kind in kinds - about - ABOUT_NOBODY if not _of_a_test(kind)} == set()


def _of_a_test(kind: str) -> bool:
    found = registry.find(kind)
    return found is not None and found.handler.__module__.startswith("tests.")
