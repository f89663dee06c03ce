"""Remarks at a moment: at exactly what was chosen, whatever somebody wrote, and only by who may."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jobs import runner
from learning.files import purposes, services
from learning.files.models import StoredFile
from learning.people.models import Group, GroupMember, Person
from learning.practice import hearing
from learning.practice.models import Assessment, Comment, Evidence, Form, Part, Stage, Verdict, Work
from learning.practice.queries.comments import Remarks, plain, remarks_of
from learning.practice.sealed import opened
from learning.practice.services import commenting, reading
from learning.practice.services.commenting import Moment, Passage
from learning.practice.services.doing import Incomplete
from learning.practice.services.moving import NotNow
from tests.factories import OrganisationFactory, PersonFactory
from tests.factories.practice import assignment_in, group_of, handed_in, judged, trainer_in, work_of
from tests.learning.practice.desk import address, read, send, signed_in, text
from tests.learning.recordings.conftest import sound

TEXT = "Dit gebeurde er bij stap 0 van het gesprek."


@pytest.fixture
def trainer(db: None) -> Person:
    return trainer_in(OrganisationFactory.create(), name="Trui")


@pytest.fixture
def group(trainer: Person) -> Group:
    return group_of(PersonFactory.create(organisation=trainer.organisation, name="Sanne"), trainer=trainer)


@pytest.fixture
def work(group: Group) -> Work:
    learner = group.members.get(is_trainer=False).person
    return handed_in(work_of(learner, assignment_in(group)))


@pytest.fixture
def mine(work: Work, trainer: Person) -> Assessment:
    return reading.take_up(work.pk, by=trainer)


# --- texts


@given(st.text(st.characters(codec="utf-8"), max_size=200))
def test_what_is_drawn_is_what_was_written_paragraph_by_paragraph(words: str) -> None:
    drawn = Remarks({}, {}).text("verslag-0", "Wat?", words)
    assert drawn.text == plain(words)
    for paragraph in drawn.paragraphs:
        line = "".join(piece.text for piece in paragraph.pieces)
        assert drawn.text[paragraph.start : paragraph.start + len(line)] == line
    assert all(line.strip() in drawn.text for line in plain(words).split("\n"))
    assert sum(len("".join(p.text for p in each.pieces)) for each in drawn.paragraphs) <= len(drawn.text)


@given(st.text(st.characters(codec="utf-8"), max_size=200))
def test_every_sentence_that_can_be_chosen_is_there(words: str) -> None:
    drawn = Remarks({}, {}).text("verslag-0", "Wat?", words)
    for choice in drawn.choices:
        start, end = map(int, choice.value.split("-"))
        assert drawn.text[start:end].strip()
        assert 0 <= start < end <= len(drawn.text)


def test_a_remark_is_kept_with_what_it_is_about_and_sealed(mine: Assessment, trainer: Person) -> None:
    commenting.add(mine.pk, by=trainer, at=Passage("verslag-0", 4, 12), words=" Hier. ", quote="gebeurde")
    kept = Comment.objects.get()
    assert opened(kept.sealed, "comment", kept.pk) == {"tekst": "Hier.", "citaat": "gebeurde"}
    assert b"Hier" not in bytes(kept.sealed)
    remark = remarks_of([mine], writer=trainer).at["verslag-0"][0]
    assert (remark.words, remark.quote, remark.open) == ("Hier.", "gebeurde", True)


@pytest.mark.parametrize(
    "at",
    [
        Passage("verslag-0", 5, 5),
        Passage("verslag-0", 12, 4),
        Passage("verslag-0", 0, 10_000),
        Passage("verslag-0", 3, 4),  # a space
        Passage("verslag-99", 0, 3),
        Passage("niveau-luisteren", 0, 1),
        Passage("veilig-0", 0, 2),
        Passage("", 0, 1),
        Moment(999_999, 1.0),
    ],
)
def test_a_place_that_is_not_there_is_refused(mine: Assessment, trainer: Person, at: Passage | Moment) -> None:
    with pytest.raises(Incomplete) as refused:
        commenting.add(mine.pk, by=trainer, at=at, words="Hier.")
    assert refused.value.missing == {"plek": "kies"}
    assert not Comment.objects.exists()


def test_another_text_than_was_selected_is_refused(mine: Assessment, trainer: Person) -> None:
    with pytest.raises(Incomplete):
        commenting.add(mine.pk, by=trainer, at=Passage("verslag-0", 4, 12), words="Hier.", quote="gebeurt")


def test_only_its_writer_adds_changes_or_takes_away_and_only_until_it_is_given(
    mine: Assessment, trainer: Person, work: Work, group: Group
) -> None:
    other = trainer_in(group.organisation)
    GroupMember.objects.create(group=group, person=other, is_trainer=True)
    made = commenting.add(mine.pk, by=trainer, at=Passage("verslag-0", 4, 12), words="Hier.")
    for act in (
        lambda: commenting.add(mine.pk, by=other, at=Passage("verslag-0", 4, 12), words="x"),
        lambda: commenting.change(made.pk, by=other, words="x"),
        lambda: commenting.remove(made.pk, by=other),
    ):
        with pytest.raises(NotNow):
            act()
    commenting.change(made.pk, by=trainer, words="Hier dus.")
    assert remarks_of([mine]).at["verslag-0"][0].words == "Hier dus."
    judged(work, trainer, Verdict.RETURN)
    with pytest.raises(NotNow):
        commenting.remove(made.pk, by=trainer)
    commenting.remove(10**9, by=trainer)


def test_a_remark_of_ones_own_is_placed_and_taken_away_without_script(work: Work, trainer: Person) -> None:
    page = text(read(trainer, address(work)))
    assert '<option value="0-43">Dit gebeurde er bij stap 0 van het gesprek.</option>' in page
    sent = {"opmerking-verslag-0": "Hier gebeurt het.", "zin-verslag-0": "0-43", "zag": "Blijft staan.", "versie": "0"}
    client = signed_in(trainer)
    answer = client.post(address(work), {"doe": "opm-verslag-0", **sent})
    comment = Comment.objects.get()
    assert answer.headers["Location"] == address(work) + f"#opmerking-{comment.pk}"
    page = text(client.get(address(work)))
    assert f"<mark>{TEXT}</mark>" in page
    assert "Hier gebeurt het." in page
    assert "Blijft staan." in page
    client.post(address(work), {"doe": f"weg-{comment.pk}", "zag": "Blijft staan.", "versie": "1"})
    assert not Comment.objects.exists()


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"zin-verslag-0": ""}, "Kies een plek die er staat"),
        ({"zin-verslag-0": "0-999999"}, "Kies een plek die er staat"),
        ({"zin-verslag-0": "a-b"}, "Kies een plek die er staat"),
        ({"opmerking-verslag-0": " "}, "Schrijf hier iets."),
        ({"opmerking-verslag-0": "a" * 2001}, "Houd het bij 2000 tekens."),
    ],
)
def test_a_remark_that_can_not_be_placed_stays_on_the_page(
    work: Work, trainer: Person, fields: dict[str, str], said: str
) -> None:
    sent = {"opmerking-verslag-0": "Hier gebeurt het.", "zin-verslag-0": "0-43", "zag": "Blijft staan.", "versie": "0"}
    answer = signed_in(trainer).post(address(work), {"doe": "opm-verslag-0", **sent, **fields})
    assert answer.status_code == 422
    page = text(answer)
    assert said in page
    assert fields.get("opmerking-verslag-0", "Hier gebeurt het.").strip() in page
    assert "Blijft staan." in page
    assert 'data-remark="verslag-0" open' in page


def test_somebody_elses_remark_is_not_taken_away_by_number(work: Work, trainer: Person, group: Group) -> None:
    peer = PersonFactory.create(organisation=group.organisation)
    theirs = Assessment.objects.create(
        round=work.rounds.get(), work=work, person=peer, part=Part.PEER, stage=Stage.BUSY, asked_at=work.made_at
    )
    made = commenting.add(theirs.pk, by=peer, at=Passage("verslag-0", 4, 12), words="Mooi.")
    send(trainer, work, doe=f"weg-{made.pk}")
    send(trainer, work, doe="weg-x")
    assert Comment.objects.filter(pk=made.pk).exists()
    assert "Mooi." not in text(read(trainer, address(work)))  # not given yet


# --- sound


@pytest.fixture
def spoken(work: Work, settings: Any, tmp_path: Any) -> Evidence:
    settings.DATA_DIR = tmp_path
    file = made_playable(work.person, "praktijk.gesproken")
    return Evidence.objects.create(
        work=work, round=work.rounds.get(), form=Form.SPOKEN, file=file, made_at=work.made_at
    )


def made_playable(person: Person, purpose: str) -> StoredFile:
    data = sound()
    file = services.receive(person, purpose=purpose, chunks=[data], most=len(data))
    runner.drain()
    file.refresh_from_db()
    assert file.state == "klaar"
    return file


def test_a_remark_stands_at_a_second_of_the_sound(work: Work, trainer: Person, spoken: Evidence) -> None:
    client = signed_in(trainer)
    sent = {"doe": f"hoor-{spoken.pk}", f"moment-{spoken.pk}": "0:00,5", f"opmerking-{spoken.pk}": "Hoor je dat?"}
    assert client.post(address(work), sent).status_code == 302
    comment = Comment.objects.get()
    assert (comment.evidence, comment.second) == (spoken, 0.5)
    page = text(client.get(address(work)))
    assert "Hoor je dat?" in page
    assert "geluid wordt uiterlijk 30 dagen na je oordeel gewist" in page
    for wrong in ("", "59:59", "-1", "x", "1e3", "0:0:1"):
        refused = client.post(address(work), {**sent, f"moment-{spoken.pk}": wrong})
        assert refused.status_code == 422, wrong
        assert "Kies een plek die er staat" in text(refused)
    assert Comment.objects.count() == 1


def test_what_a_trainer_says_back_goes_with_the_verdict_and_on_its_day(
    work: Work, trainer: Person, mine: Assessment, settings: Any, tmp_path: Any
) -> None:
    settings.DATA_DIR = tmp_path
    file = made_playable(trainer, hearing.FEEDBACK)
    may = purposes.find(hearing.FEEDBACK)
    assert may is not None
    assert may.most_seconds == 180
    answer = send(trainer, work, doe="spreek", opname_sleutel=str(file.key))
    assert answer.status_code == 302
    mine.refresh_from_db()
    assert mine.file == file
    assert not may.may_hear(work.person, file)
    judged(work, trainer, Verdict.RETURN)
    file.refresh_from_db()
    assert file.wipe_on is not None
    assert may.may_hear(work.person, file)
    assert not may.may_hear(PersonFactory.create(organisation=trainer.organisation), file)


def test_nothing_said_and_somebody_elses_sound_are_refused(
    work: Work, trainer: Person, mine: Assessment, settings: Any, tmp_path: Any
) -> None:
    settings.DATA_DIR = tmp_path
    theirs = made_playable(work.person, "praktijk.gesproken")
    for key in ("", "x", str(theirs.key)):
        answer = send(trainer, work, doe="spreek", opname_sleutel=key, zag="Blijft.", versie="0")
        assert answer.status_code == 422
        assert "Neem eerst iets op" in text(answer)
        assert "Blijft." in text(answer)
        mine.refresh_from_db()
        assert mine.file is None
