"""What learners hand in at activities: only with a trainer, only that, read and rated by the trainers of their group,
and gone when it is taken back."""

from __future__ import annotations

import io
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
import yaml
from django.test import Client

from learning.people import exporting
from learning.people import services as people
from learning.people.models import Group, GroupMember, Person, Role, RoleGrant
from learning.practice.queries import handed_in
from learning.practice.services import handed_in as services
from learning.runtime.blocks import handler_token
from learning.runtime.models import BlockState
from learning.tracks import queries as tracks
from learning.tracks.models import ActivityProgress, Enrolment, ModuleEdition
from tests.factories import OrganisationFactory, PersonFactory, enrolled, published
from tests.factories.practice import group_of, trainer_in
from tests.modules.blocks.test_rewrite import source
from tests.modules.blocks.test_rubric import PROOF, criterion

CONTENT = Path(__file__).parents[3] / "modules" / "content" / "ongenoegen"
COMMON = {"minuten": 5, "inleiding": "Kort.", "herkomst": "geconstrueerd", "leerniveaus": ["individueel"], "versie": 1,
          "taal": "nl", "competenties": [{"code": "C6", "gewicht": 1}], "privacyklasse": "B"}  # fmt: skip
FRAGMENT, REWRITE, RUBRIC = "proefmodule/frag", "proefmodule/brief", "proefmodule/maatlat"
SENTENCE, LETTER, DRAFT = "Ik hoor dat je boos bent.", "Wat heb je nodig?", "Dit stond er eerst en ziet niemand."


@pytest.fixture
def edition(db: None, tmp_path: Path) -> ModuleEdition:
    """With a fragment, a text to write anew and a rubric."""
    folder = tmp_path / "proefmodule"
    (folder / "static").mkdir(parents=True)
    for name in ("opus", "mp3", "vtt"):
        shutil.copy(CONTENT / "static" / f"fragment-c.{name}", folder / "static")
    shutil.copy(CONTENT / "3.2" / "fragment-c.yaml", folder / "frag.yaml")
    levels = {"titel": "Maatlat", "vorm": "zelf", "bewijs": "Haal aan.", "criteria": [criterion()]}
    for name, task in (("brief", {"titel": "Brief", "items": [source(1)]}), ("maatlat", levels)):
        (folder / f"{name}.yaml").write_text(yaml.safe_dump({name: {"id": name, **COMMON, **task}}))
    extra = (
        '<dialoguefragment url_name="frag" src="frag.yaml"/><rewrite url_name="brief" src="brief.yaml"/>'
        '<rubric url_name="maatlat" src="maatlat.yaml"/>'
    )
    return published(folder, units=1, quizzes=1, extra=extra)


@pytest.fixture
def trainer(db: None) -> Person:
    return trainer_in(OrganisationFactory.create(), name="Trui de Trainer")


@pytest.fixture
def learner(trainer: Person, edition: ModuleEdition) -> Person:
    return learns(trainer, edition)


@pytest.fixture
def group(learner: Person, trainer: Person) -> Group:
    return group_of(learner, trainer=trainer)


def learns(trainer: Person, edition: ModuleEdition, name: str = "Zekere Naam") -> Person:
    person = PersonFactory.create(organisation=trainer.organisation, name=name)
    enrolled(person, edition)
    return person


def signed_in(person: Person) -> Client:
    client = Client()
    client.force_login(person)
    return client


def post(person: Person, usage: str, handler: str, **form: str) -> str:
    address = f"/antwoord/{handler_token(person, usage)}/{handler}/"
    response = signed_in(person).post(address, form, headers={"X-Fragment": "1"})
    assert response.status_code == 200, response.content.decode()
    return str(response.content.decode())


def say(person: Person, *, ours: str = SENTENCE, version: int = 0) -> None:
    """Marks as an expert would, and a sentence of one's own."""
    activity = tracks.edition(*_edition_of(person)).by_key["frag"][1]
    key = activity.fields["authored"]["sleutel"]
    marks = {f"merk-{turn}": max(shares, key=shares.__getitem__) for turn, shares in key.items()}
    post(person, FRAGMENT, "reveal", doel="onthul", **marks)
    post(person, FRAGMENT, "speak", versie=str(version), beurt="t3", tekst=ours)


def _edition_of(person: Person) -> tuple[int, str]:
    found = Enrolment.objects.filter(person=person).values_list("edition", "edition__content_hash").get()
    return found[0], found[1]


def hand_in(person: Person, usage: str = FRAGMENT, *, version: str = "1", yes: str = "ja") -> str:
    return post(person, usage, "hand_in", versie=version, inleveren=yes)


def rewrite(person: Person, text: str = LETTER) -> None:
    post(person, REWRITE, "write", item="r1", versie="0", tekst=text)
    post(person, REWRITE, "onward", item="r1")
    hand_in(person, REWRITE)


def address(group: Group, module: str = "proefmodule") -> str:
    return f"/groepen/{group.pk}/{module}/ingeleverd/"


def page(person: Person, group: Group, more: str = "") -> str:
    response = signed_in(person).get(address(group) + more)
    assert response.status_code == 200
    return str(response.content.decode())


def fields_of(html: str) -> dict[str, str]:
    """The hidden ones of the first form on the page that rates."""
    form = html.split('name="stuk" value="')[1]
    return {"stuk": form.split('"')[0], "merk": form.split('name="merk" value="')[1].split('"')[0]}


def rate(trainer: Person, group: Group, value: str, **fields: str) -> Any:
    sent = fields or fields_of(page(trainer, group))
    return signed_in(trainer).post(address(group), {**sent, "waarde": value})


def score(person: Person, activity: str) -> float | None:
    return ActivityProgress.objects.get(enrolment__person=person, activity=activity).score


# --- the button


def test_who_has_a_trainer_may_hand_in_on_the_page_of_the_activity_and_of_the_unit(
    learner: Person, group: Group
) -> None:
    say(learner)
    assert "Lever in bij mijn trainer" in _activity_page(learner)
    post(learner, REWRITE, "write", item="r1", versie="0", tekst=LETTER)
    post(learner, REWRITE, "onward", item="r1")
    assert "Lever in bij mijn trainer" in _unit_page(learner)


@pytest.mark.parametrize("why", ["no group", "no trainer", "role ended", "group ended"])
def test_nobody_hands_in_what_nobody_reads(learner: Person, group: Group, trainer: Person, why: str) -> None:
    say(learner)
    _part(why, group, learner, trainer)
    assert "Lever in" not in _activity_page(learner)
    hand_in(learner)
    assert not BlockState.objects.filter(usage=FRAGMENT, data__contains='"handed_in_at": "2').exists()


@pytest.mark.parametrize("why", ["no group", "no trainer", "role ended", "group ended"])
def test_what_was_handed_in_can_be_taken_back_also_when_the_trainer_has_gone(
    learner: Person, group: Group, trainer: Person, why: str
) -> None:
    say(learner)
    hand_in(learner)
    _part(why, group, learner, trainer)
    assert "Haal terug" in _activity_page(learner)
    hand_in(learner, yes="nee")
    assert not BlockState.objects.filter(usage=FRAGMENT, data__contains='"handed_in_at": "2').exists()


def _part(why: str, group: Group, learner: Person, trainer: Person) -> None:
    if why == "no group":
        GroupMember.objects.filter(group=group, person=learner).delete()
    elif why == "no trainer":
        GroupMember.objects.filter(group=group, person=trainer).delete()
    elif why == "role ended":
        RoleGrant.objects.filter(person=trainer).delete()
    else:
        Group.objects.update(ends_on="2020-01-01")


def _activity_page(person: Person) -> str:
    return str(signed_in(person).get("/leren/proefmodule/u1/frag/").content.decode())


def _unit_page(person: Person) -> str:
    return str(signed_in(person).get("/leren/proefmodule/u1/").content.decode())


def test_a_unit_page_asks_once_for_a_trainer_and_only_where_something_can_be_handed_in(
    learner: Person, group: Group, django_assert_num_queries: Any
) -> None:
    client = signed_in(learner)
    client.get("/leren/proefmodule/u1/")
    with django_assert_num_queries(5):
        client.get("/leren/proefmodule/u1/")
    post(learner, REWRITE, "write", item="r1", versie="0", tekst=LETTER)
    post(learner, REWRITE, "onward", item="r1")
    post(learner, RUBRIC, "assess", versie="0", **{"niveau-vraag": "3", "bewijs-vraag": PROOF})
    with django_assert_num_queries(6):
        assert client.get("/leren/proefmodule/u1/").content.decode().count("mijn trainer</span>") == 2


# --- what the trainer reads


def test_a_trainer_reads_what_is_handed_in_newest_first_beside_what_was_asked(
    learner: Person, group: Group, trainer: Person
) -> None:
    say(learner)
    hand_in(learner)
    rewrite(learner)
    post(learner, RUBRIC, "assess", versie="0", **{"niveau-vraag": "3", "bewijs-vraag": PROOF})
    hand_in(learner, RUBRIC)
    html = page(trainer, group)
    places = [html.index(text) for text in (PROOF, LETTER, SENTENCE)]
    assert places == sorted(places)
    assert "Boeren willen niet 1 &lt;b&gt;" in html
    assert "3. 3 Stap: Doet vraag op wijze 3 &lt;b&gt;" in html
    assert html.count('name="stuk"') == 2  # a rubric has no rating


def test_what_is_not_handed_in_is_not_there(learner: Person, group: Group, trainer: Person) -> None:
    say(learner, ours=DRAFT)
    assert DRAFT not in page(trainer, group)
    post(learner, REWRITE, "write", item="r1", versie="0", tekst=DRAFT)
    post(learner, RUBRIC, "assess", versie="0", **{"niveau-vraag": "3", "bewijs-vraag": DRAFT})
    assert DRAFT not in page(trainer, group)
    assert "Er ligt nu niets" in page(trainer, group)


def test_a_later_version_stays_with_the_learner_until_it_is_handed_in_too(
    learner: Person, group: Group, trainer: Person
) -> None:
    rewrite(learner)
    post(learner, REWRITE, "open", item="r1")
    post(learner, REWRITE, "write", item="r1", versie="1", tekst=DRAFT)
    assert LETTER in page(trainer, group)
    assert DRAFT not in page(trainer, group)


@pytest.mark.parametrize(
    ("handler", "form"),
    [("hand_in", {"inleveren": "nee"}), ("erase", {}), ("speak", {"beurt": "t3", "tekst": "Iets anders dan dit."})],
)
def test_taken_back_wiped_or_changed_it_is_gone_at_once(
    learner: Person, group: Group, trainer: Person, handler: str, form: dict[str, str]
) -> None:
    say(learner)
    hand_in(learner)
    assert SENTENCE in page(trainer, group)
    post(learner, FRAGMENT, handler, versie="1", **form)
    assert "Er ligt nu niets" in page(trainer, group)


def test_names_are_off_until_the_trainer_asks_for_them(learner: Person, group: Group, trainer: Person) -> None:
    say(learner)
    hand_in(learner)
    without = page(trainer, group)
    assert learner.name not in without
    assert learner.name in page(trainer, group, "?namen=ja")


def test_what_lies_with_a_trainer_is_sealed_in_the_database(learner: Person, group: Group) -> None:
    say(learner)
    hand_in(learner)
    row = BlockState.objects.get(usage=FRAGMENT)
    assert SENTENCE not in row.data
    assert SENTENCE.encode() not in bytes(row.sealed or b"")


def test_a_page_holds_twenty_and_takes_as_many_queries_for_one(
    learner: Person, group: Group, trainer: Person, django_assert_num_queries: Any
) -> None:
    say(learner)
    hand_in(learner)
    client = signed_in(trainer)
    for many in (0, 20):
        _copies(learner, group, many)
        rate(trainer, group, "2")
        client.get(address(group))  # says what was said of the rating, once
        with django_assert_num_queries(7):
            html = client.get(f"{address(group)}?namen=ja").content.decode()
        assert html.count('name="stuk"') == min(many + 1, 20)
    assert client.get(f"{address(group)}?page=2").content.decode().count('name="stuk"') == 1


def _copies(learner: Person, group: Group, many: int) -> None:
    """What others handed in."""
    for number in range(many):
        other = PersonFactory.create(organisation=learner.organisation, name=f"Ander {number}")
        enrolled(other, Enrolment.objects.get(person=learner).edition)
        GroupMember.objects.create(group=group, person=other)
        post(other, REWRITE, "write", item="r1", versie="0", tekst=f"Tekst {number}")
        post(other, REWRITE, "onward", item="r1")
        hand_in(other, REWRITE)


# --- who


@pytest.fixture
def lying(learner: Person, group: Group) -> Iterator[dict[str, str]]:
    say(learner)
    hand_in(learner)
    row = BlockState.objects.get(usage=FRAGMENT)
    yield {"stuk": str(row.pk), "merk": fields_of(page(_trainer_of(group), group))["merk"]}
    assert score(learner, "frag") == 1  # nobody who isn't their trainer changed anything


def _trainer_of(group: Group) -> Person:
    return GroupMember.objects.get(group=group, is_trainer=True).person


@pytest.mark.parametrize("role", [None, Role.HR, Role.REDACTEUR, Role.BEHEER, Role.TRAINER])
@pytest.mark.parametrize("organisation", ["own", "another"])
def test_only_the_trainers_of_the_group_find_the_page(
    lying: dict[str, str], group: Group, role: Role | None, organisation: str
) -> None:
    home = group.organisation if organisation == "own" else OrganisationFactory.create()
    person = PersonFactory.create(organisation=home)
    people.set_roles_from(person, organisation=home, source="local", roles=[role] if role else [])
    client = signed_in(person)
    assert client.get(address(group)).status_code == 404
    assert client.post(address(group), {**lying, "waarde": "0"}).status_code == 404


def test_a_learner_of_the_group_does_not(lying: dict[str, str], group: Group, learner: Person) -> None:
    assert signed_in(learner).get(address(group)).status_code == 404
    assert signed_in(learner).post(address(group), {**lying, "waarde": "0"}).status_code == 404


def test_a_trainer_whose_days_are_over_does_not(lying: dict[str, str], group: Group, trainer: Person) -> None:
    GroupMember.objects.filter(group=group, person=trainer).update(until="2020-01-01")
    assert signed_in(trainer).post(address(group), {**lying, "waarde": "0"}).status_code == 404


def test_by_a_group_of_ones_own_nobody_reaches_what_lies_in_another(
    lying: dict[str, str], group: Group, edition: ModuleEdition
) -> None:
    other = trainer_in(group.organisation)
    own = group_of(learns(other, edition, "Iemand Anders"), trainer=other)
    assert SENTENCE not in page(other, own)
    answer = signed_in(other).post(address(own), {**lying, "waarde": "0"}, follow=True)
    assert "veranderd of teruggehaald" in answer.content.decode()


def test_who_left_the_group_or_the_organisation_takes_it_along(learner: Person, group: Group, trainer: Person) -> None:
    say(learner)
    hand_in(learner)
    Person.objects.filter(pk=learner.pk).update(is_active=False)
    assert SENTENCE not in page(trainer, group)
    Person.objects.filter(pk=learner.pk).update(is_active=True)
    GroupMember.objects.filter(group=group, person=learner).delete()
    assert signed_in(trainer).get(address(group)).status_code == 404  # nobody follows the module there any more


def test_a_module_nobody_follows_is_not_there(group: Group, trainer: Person) -> None:
    assert signed_in(trainer).get(address(group, "elders")).status_code == 404


# --- rating


@pytest.mark.parametrize(("value", "expected"), [("0", 0.7), ("1", 0.8), ("2", 0.9), ("3", 1.0)])
def test_a_rated_sentence_counts_for_thirty_percent_and_the_learner_sees_who_gave_what(
    learner: Person, group: Group, trainer: Person, value: str, expected: float
) -> None:
    say(learner)
    hand_in(learner)
    assert score(learner, "frag") == 1
    assert rate(trainer, group, value).status_code == 302
    assert score(learner, "frag") == pytest.approx(expected)
    html = _activity_page(learner)
    assert f"Trui gaf dit {value} van de 3." in html
    assert "30 procent" in html
    assert "de Trainer" not in html


def test_a_rewritten_text_is_scored_by_the_trainer_alone(learner: Person, group: Group, trainer: Person) -> None:
    rewrite(learner)
    assert score(learner, "brief") is None
    rate(trainer, group, "2")
    assert score(learner, "brief") == pytest.approx(2 / 3)
    assert "Trui gaf dit 2 van de 3." in _unit_page(learner)


@pytest.mark.parametrize(
    ("handler", "form"),
    [("hand_in", {"inleveren": "nee"}), ("erase", {}), ("speak", {"beurt": "t3", "tekst": "Iets anders dan dit."})],
)
def test_a_rating_goes_with_what_it_was_given_for(
    learner: Person, group: Group, trainer: Person, handler: str, form: dict[str, str]
) -> None:
    say(learner)
    hand_in(learner)
    rate(trainer, group, "0")
    post(learner, FRAGMENT, handler, versie="1", **form)
    assert score(learner, "frag") == 1
    assert "van de 3" not in _activity_page(learner)


def test_a_rewritten_text_that_is_taken_back_has_no_score(learner: Person, group: Group, trainer: Person) -> None:
    rewrite(learner)
    rate(trainer, group, "3")
    hand_in(learner, REWRITE, yes="nee")
    assert score(learner, "brief") is None


def test_sent_twice_it_is_given_once_and_another_value_takes_its_place(
    learner: Person, group: Group, trainer: Person
) -> None:
    say(learner)
    hand_in(learner)
    fields = fields_of(page(trainer, group))
    for _ in range(2):
        rate(trainer, group, "1", **fields)
        assert score(learner, "frag") == pytest.approx(0.8)
    rate(trainer, group, "2", **fields)
    assert score(learner, "frag") == pytest.approx(0.9)
    assert "Trui de Trainer gaf dit 2 van de 3." in page(trainer, group)


def test_what_changed_while_the_trainer_read_is_not_rated(learner: Person, group: Group, trainer: Person) -> None:
    say(learner)
    hand_in(learner)
    fields = fields_of(page(trainer, group))
    post(learner, FRAGMENT, "speak", versie="1", beurt="t3", tekst="Heel iets anders.")
    hand_in(learner, version="2")
    answer = signed_in(trainer).post(address(group), {**fields, "waarde": "0"}, follow=True)
    assert "veranderd of teruggehaald" in answer.content.decode()
    assert score(learner, "frag") == 1


@pytest.mark.parametrize("value", ["", "4", "-1", "2.5", "drie", "٣", "9" * 30])
def test_anything_but_nought_to_three_is_asked_again(
    learner: Person, group: Group, trainer: Person, value: str
) -> None:
    say(learner)
    hand_in(learner)
    answer = rate(trainer, group, value)
    assert answer.status_code == 422
    assert "Kies eerst een van de vier." in answer.content.decode()
    assert score(learner, "frag") == 1


@pytest.mark.parametrize("number", ["", "nul", "9" * 30, "0"])
def test_a_made_up_number_changes_nothing(learner: Person, group: Group, trainer: Person, number: str) -> None:
    say(learner)
    hand_in(learner)
    answer = rate(trainer, group, "0", stuk=number, merk="x")
    assert answer.status_code in (302, 404)
    assert score(learner, "frag") == 1


def test_a_rubric_takes_no_rating(learner: Person, group: Group, trainer: Person) -> None:
    post(learner, RUBRIC, "assess", versie="0", **{"niveau-vraag": "3", "bewijs-vraag": PROOF})
    hand_in(learner, RUBRIC)
    edition = tracks.edition(*_edition_of(learner))
    _, (handed,) = handed_in.page_of(group, edition, page="", named=False)
    with pytest.raises(services.TakenBack):
        services.rate(trainer, group, edition, number=handed.number, mark=handed.mark, value=3)
    assert score(learner, "maatlat") is None


def test_when_the_trainer_is_erased_their_name_goes_and_the_rating_stays(
    learner: Person, group: Group, trainer: Person
) -> None:
    say(learner)
    hand_in(learner)
    rate(trainer, group, "2")
    other = trainer_in(group.organisation)
    GroupMember.objects.create(group=group, person=other, is_trainer=True)
    trainer.delete()
    assert "Je trainer gaf dit 2 van de 3." in _activity_page(learner)
    assert "Een trainer die er niet meer is" in page(other, group)


def test_the_pages_of_the_group_and_its_exercises_lead_here(learner: Person, group: Group, trainer: Person) -> None:
    client = signed_in(trainer)
    for there in (f"/groepen/{group.pk}/", f"/groepen/{group.pk}/proefmodule/oefeningen/"):
        assert address(group) in client.get(there).content.decode()


def test_a_learner_reads_in_their_own_file_what_they_handed_in(learner: Person, group: Group) -> None:
    say(learner)
    hand_in(learner)
    BlockState.objects.filter(usage=FRAGMENT).update(sealed=None)  # their own copy of the sentence
    target = io.BytesIO()
    exporting.write(learner, target)
    with ZipFile(target) as file:
        assert any(SENTENCE in file.read(name).decode(errors="ignore") for name in file.namelist())
