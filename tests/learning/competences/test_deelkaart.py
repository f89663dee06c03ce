"""A deelkaart: exactly what was previewed, to one colleague, until a day, taken back at once, and never more."""

from __future__ import annotations

import re
import uuid
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from learning.competences import cards
from learning.competences.models import Deelkaart, DeelkaartView
from learning.competences.services import evidence, sharing
from learning.notices.models import Notice
from learning.people.models import Person, Role
from learning.people.retention import CARDS
from learning.people.services import set_roles_from
from learning.tracks.models import ModuleEdition
from tests.factories import PersonFactory, enrolled, published
from tests.factories.nights import night
from tests.learning.competences.test_evidence import tried
from tests.learning.competences.test_pages import html, item

pytestmark = pytest.mark.django_db

PURPOSE = "Voor ons gesprek over mijn leerplan, alleen dat."


@pytest.fixture
def edition(tmp_path: Path) -> ModuleEdition:
    return published(tmp_path / "proefmodule")


@pytest.fixture
def person(edition: ModuleEdition) -> Person:
    person = PersonFactory.create(name="Lotte de Haan")
    enrolled(person, edition)
    tried(person, "quiz-1-1", 0.87)
    tried(person, "quiz-1-2", 0.87)
    for key in "ab":
        item(person, key, competence="C4")
    evidence.work_out(person.pk)
    return person


@pytest.fixture
def colleague(person: Person) -> Person:
    return PersonFactory.create(organisation=person.organisation, name="Ruben Kuiper", email="ruben@proef.example")


@pytest.fixture
def learner(client: Client, person: Person) -> Client:
    client.force_login(person)
    return client


def browser_of(person: Person) -> Client:
    client = Client()
    client.force_login(person)
    return client


def filled(person: Person, **other: Any) -> dict[str, Any]:
    shown = person.evidence_items.filter(competence="C1").order_by("key").first()
    assert shown
    ends_on = timezone.localdate() + timedelta(days=30)
    return {"competentie": ["C1"], "bewijs": [str(shown.pk)], "email": "ruben@proef.example", "purpose": PURPOSE,
            "ends_on": ends_on.isoformat(), "doe": "bekijk", **other}  # fmt: skip


def previewed(learner: Client, sent: dict[str, Any]) -> dict[str, Any]:
    """What the form of the preview would send."""
    page = learner.post("/groei/deelkaarten/nieuw/", sent, headers={"Accept-Language": "nl"}).content.decode()
    hidden = re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', page)
    return {**sent, **{name: value for name, value in hidden if name in ("kaart", "gezien")}, "doe": "deel"}


def shared(learner: Client, person: Person, **other: Any) -> Deelkaart:
    response = learner.post("/groei/deelkaarten/nieuw/", previewed(learner, filled(person, **other)))
    assert response.status_code == 302
    return Deelkaart.objects.latest("pk")


def body_of(page: str) -> str:
    """The card itself."""
    return re.sub(r"\s+", " ", page[page.index("<article") : page.index("</article>")])


def test_the_recipient_sees_exactly_what_the_preview_showed(learner: Client, person: Person, colleague: Person) -> None:
    seen = learner.post("/groei/deelkaarten/nieuw/", filled(person), headers={"Accept-Language": "nl"})
    card = shared(learner, person)
    there = html(browser_of(colleague), f"/groei/deelkaarten/{card.key}/")
    assert body_of(there) == body_of(seen.content.decode())
    for words in ("Lotte de Haan", PURPOSE, "N1", "Luisteren en doorvragen", "Een kleine quiz"):
        assert words in body_of(there)
    for hidden in ("C4", "0,87", "C2"):
        assert hidden not in body_of(there)


def test_what_is_learned_later_does_not_come_along(learner: Client, person: Person, colleague: Person) -> None:
    card = shared(learner, person)
    before = body_of(html(browser_of(colleague), f"/groei/deelkaarten/{card.key}/"))
    for days, key in ((30, "x"), (29, "y"), (16, "z")):
        item(person, key, source="beslissing", days_ago=days)
    evidence.work_out(person.pk)
    assert body_of(html(browser_of(colleague), f"/groei/deelkaarten/{card.key}/")) == before


def test_the_recipient_is_told_and_its_maker_sees_each_look(learner: Client, person: Person, colleague: Person) -> None:
    card = shared(learner, person)
    notice = Notice.objects.get(person=colleague, kind="groei.deelkaart")
    assert PURPOSE not in str(notice.facts)
    reader = browser_of(colleague)
    assert "Lotte de Haan deelt een deelkaart met je." in html(reader, "/berichten/")
    for _look in range(2):
        reader.get(f"/groei/deelkaarten/{card.key}/")
    reader.head(f"/groei/deelkaarten/{card.key}/")
    assert DeelkaartView.objects.count() == 2
    assert "2 keer bekeken" in html(learner, f"/groei/deelkaarten/{card.key}/")
    assert DeelkaartView.objects.count() == 2  # its maker's own look is none
    assert "te lezen tot en met" in html(reader, "/groei/deelkaarten/")


def test_taken_back_it_is_gone_at_once_with_kind_words(learner: Client, person: Person, colleague: Person) -> None:
    card = shared(learner, person)
    learner.post(f"/groei/deelkaarten/{card.key}/intrekken/")
    reader = browser_of(colleague)
    page = html(reader, f"/groei/deelkaarten/{card.key}/", status=404)
    assert "Deze kaart is er niet meer" in page
    assert "Lotte" not in page
    assert not Notice.objects.filter(person=colleague).exists()
    assert "Lotte" not in html(reader, "/groei/deelkaarten/")
    assert not DeelkaartView.objects.exists()
    assert "Ingetrokken" in html(learner, f"/groei/deelkaarten/{card.key}/")


def test_after_its_last_day_it_is_gone_too(learner: Client, person: Person, colleague: Person) -> None:
    card = shared(learner, person, ends_on=timezone.localdate().isoformat())
    html(browser_of(colleague), f"/groei/deelkaarten/{card.key}/")
    Deelkaart.objects.update(ends_on=timezone.localdate() - timedelta(days=1))
    html(browser_of(colleague), f"/groei/deelkaarten/{card.key}/", status=404)


def test_nobody_else_finds_it_whatever_their_role(learner: Client, person: Person, colleague: Person) -> None:
    card = shared(learner, person)
    beside = PersonFactory.create(organisation=person.organisation)
    stranger = PersonFactory.create()
    for other in (beside, stranger):
        set_roles_from(other, organisation=other.organisation, source="local", roles=set(Role.values))
        page = html(browser_of(other), f"/groei/deelkaarten/{card.key}/", status=404)
        assert "Deze kaart is er niet meer" not in page
        assert browser_of(other).post(f"/groei/deelkaarten/{card.key}/intrekken/").status_code == 404
    assert browser_of(colleague).post(f"/groei/deelkaarten/{card.key}/intrekken/").status_code == 404


def test_a_recipient_who_went_to_another_organisation_reads_it_no_longer(
    learner: Client, person: Person, colleague: Person
) -> None:
    card = shared(learner, person)
    colleague.organisation = PersonFactory.create().organisation
    colleague.save()
    html(browser_of(colleague), f"/groei/deelkaarten/{card.key}/", status=404)


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"competentie": []}, "Kies minstens één competentie."),
        ({"competentie": ["C9"]}, "Kies minstens één competentie."),
        ({"email": "niemand@proef.example"}, "Met dit adres vinden we geen collega in je organisatie."),
        ({"email": "ruben"}, "Dit is geen mailadres."),
        ({"purpose": " "}, "Schrijf waarvoor je dit deelt."),
        ({"ends_on": "2024-01-01"}, "Kies een dag vanaf vandaag, hoogstens een jaar vooruit."),
        ({"ends_on": (timezone.localdate() + timedelta(days=366)).isoformat()}, "hoogstens een jaar vooruit."),
        ({"ends_on": "morgen"}, "Dit is geen datum."),
    ],
)
def test_what_is_not_right_yet_is_said_and_nothing_typed_is_lost(
    learner: Client, person: Person, colleague: Person, wrong: dict[str, Any], said: str
) -> None:
    response = learner.post("/groei/deelkaarten/nieuw/", filled(person, **wrong), headers={"Accept-Language": "nl"})
    page = response.content.decode()
    assert (response.status_code, said in page) == (422, True)
    if "purpose" not in wrong:
        assert PURPOSE in page
    assert not Deelkaart.objects.exists()


def test_ones_own_address_and_two_people_of_one_address_are_refused(
    learner: Client, person: Person, colleague: Person
) -> None:
    Person.objects.filter(pk=person.pk).update(email="lotte@proef.example")
    assert learner.post("/groei/deelkaarten/nieuw/", filled(person, email="lotte@proef.example")).status_code == 422
    PersonFactory.create(organisation=person.organisation, email="Ruben@proef.example")
    page = learner.post("/groei/deelkaarten/nieuw/", filled(person), headers={"Accept-Language": "nl"})
    assert "Bij dit adres horen meer mensen" in page.content.decode()


def test_somebody_elses_evidence_never_goes_along(learner: Client, person: Person, colleague: Person) -> None:
    other = PersonFactory.create(organisation=person.organisation)
    theirs = item(other, "geheim", activity="proefmodule/geheim")
    card = shared(learner, person, bewijs=[str(theirs.pk), "x", "9" * 30])
    assert card.shows["evidence"] == []


def test_evidence_of_a_competence_that_was_not_chosen_stays_behind(
    learner: Client, person: Person, colleague: Person
) -> None:
    card = shared(learner, person, competentie=["C4"])
    assert [each["code"] for each in card.shows["competences"]] == ["C4"]
    assert card.shows["evidence"] == []


def test_what_changed_since_the_preview_is_shown_again_and_not_shared(
    learner: Client, person: Person, colleague: Person
) -> None:
    sent = previewed(learner, filled(person))
    for days, key in ((30, "x"), (29, "y"), (16, "z")):
        item(person, key, source="beslissing", days_ago=days)
    page = learner.post("/groei/deelkaarten/nieuw/", sent, headers={"Accept-Language": "nl"})
    assert (page.status_code, "Er veranderde iets sinds je keek" in page.content.decode()) == (200, True)
    assert not Deelkaart.objects.exists()


def test_pressed_twice_it_is_one_card(learner: Client, person: Person, colleague: Person) -> None:
    sent = previewed(learner, filled(person))
    for _press in range(2):
        assert learner.post("/groei/deelkaarten/nieuw/", sent).status_code == 302
    assert Deelkaart.objects.count() == 1


def test_a_made_up_number_takes_nobodys_card(learner: Client, person: Person, colleague: Person) -> None:
    theirs = sharing.share(
        colleague, key=uuid.uuid4(), recipient=person, purpose="x", shows=cards.written([]),
        ends_on=timezone.localdate(),
    )  # fmt: skip
    for number in (str(theirs.key), "geen-nummer"):
        sent = {**previewed(learner, filled(person)), "kaart": number}
        assert learner.post("/groei/deelkaarten/nieuw/", sent).status_code == 200
    assert Deelkaart.objects.get() == theirs


def test_back_from_the_preview_all_that_was_chosen_is_there(learner: Client, person: Person, colleague: Person) -> None:
    sent = {**previewed(learner, filled(person)), "doe": "terug"}
    page = learner.post("/groei/deelkaarten/nieuw/", sent).content.decode()
    assert 'value="C1" checked' in page
    assert PURPOSE in page


def test_who_has_nothing_to_show_reads_so(client: Client) -> None:
    client.force_login(PersonFactory.create())
    assert "Er is nog niets om te delen" in html(client, "/groei/deelkaarten/nieuw/")


def test_maker_and_recipient_read_that_it_is_never_a_condition(
    learner: Client, person: Person, colleague: Person
) -> None:
    assert "geen voorwaarde voor een certificaat" in html(learner, "/groei/deelkaarten/nieuw/")
    card = shared(learner, person)
    page = html(browser_of(colleague), f"/groei/deelkaarten/{card.key}/")
    assert "Vraag er niet om als voorwaarde voor een certificaat, een functie of een beoordeling" in page


def test_the_purpose_is_sealed(learner: Client, person: Person, colleague: Person) -> None:
    card = shared(learner, person)
    assert PURPOSE.encode() not in bytes(card.sealed_purpose)
    assert sharing.purpose_of(card) == PURPOSE


def test_thirty_days_after_it_ended_a_card_is_forgotten(learner: Client, person: Person, colleague: Person) -> None:
    card = shared(learner, person)
    today = timezone.localdate()
    for ended, left in ((today - timedelta(days=30), 1), (today - timedelta(days=31), 0)):
        Deelkaart.objects.filter(pk=card.pk).update(ends_on=ended)
        night(CARDS)
        assert Deelkaart.objects.count() == left


parts = st.lists(
    st.builds(
        cards.Part,
        code=st.sampled_from([f"C{n}" for n in range(1, 11)]),
        name=st.text(max_size=20),
        level=st.integers(1, 4),
        says=st.text(max_size=20),
        year=st.integers(2024, 2030),
        proofs=st.just([]),
    ),
    unique_by=lambda part: part.code,
    max_size=10,
)


@given(parts)
def test_a_card_reads_back_as_it_was_written(some: list[cards.Part]) -> None:
    assert cards.read(cards.written(some)) == some
    assert cards.mark_of(cards.written(some)) == cards.mark_of(cards.written(some))
