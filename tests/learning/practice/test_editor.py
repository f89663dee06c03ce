"""Writing on a case: by plain forms, by two at once, and never losing what somebody typed."""

from __future__ import annotations

import json
from html.parser import HTMLParser
from typing import Any

import pytest
from django.http import QueryDict
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from learning.people.models import Person
from learning.practice import documents
from learning.practice.models import Case
from learning.practice.queries import library as queries
from learning.practice.services import library
from learning.practice.views.cases import sent
from learning.practice.views.cases.drawing import Drawing
from tests.factories import OrganisationFactory
from tests.factories.practice import DOCUMENT, case_of, trainer_in


@pytest.fixture
def trainer(db: None) -> Person:
    return trainer_in(OrganisationFactory.create(), name="Trui")


@pytest.fixture
def case(trainer: Person) -> Case:
    return library.copy(case_of().case, by=trainer)


class Page:
    """A page of the form, as a browser without script has it: what it drew is what it sends."""

    def __init__(self, trainer: Person, case: Case) -> None:
        self.client = Client()
        self.client.force_login(trainer)
        self.path = f"/begeleiden/cases/{case.pk}/bewerk/"
        self.response = self.client.get(self.path)
        self.fields = drawn_fields(self.text)

    @property
    def text(self) -> str:
        return str(self.response.content.decode())

    def send(self, *, script: bool = False, **more: Any) -> Any:
        """Press a button; the page that comes is where we go on."""
        headers = {"X-Fragment": "1"} if script else {}
        self.response = self.client.post(self.path, {**self.fields, **more}, headers=headers)
        if not script:
            answer = self.response
            if answer.status_code == 302:
                self.response = self.client.get(answer.headers["Location"])
            self.fields = drawn_fields(self.text)
            return answer
        return self.response


class _Reader(HTMLParser):
    """Names and values of the one large form."""

    def __init__(self) -> None:
        super().__init__()
        self.found: dict[str, list[str]] = {}
        self.inside = False
        self.area: str | None = None
        self.select: str | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "form":
            self.inside = "data-case" in given
        if not self.inside:
            return
        name, value = given.get("name") or "", given.get("value") or ""
        if tag == "textarea":
            self.area = name
            self.found.setdefault(name, []).append("")
        elif tag == "select":
            self.select = name
        elif tag == "option" and "selected" in given and self.select:
            self.found.setdefault(self.select, []).append(value)
        elif tag == "input" and (given.get("type") != "checkbox" or "checked" in given):
            self.found.setdefault(name, []).append(value)

    def handle_data(self, data: str) -> None:
        if self.area:
            self.found[self.area][-1] += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea" and self.area:
            last = self.found[self.area]
            last[-1] = last[-1].removeprefix("\n")
            self.area = None


def drawn_fields(html: str) -> dict[str, list[str]]:
    reader = _Reader()
    reader.feed(html)
    return reader.found


def text_of(case: Case) -> dict[str, Any]:
    return dict(queries.working_text(Case.objects.get(pk=case.pk)))


def test_a_page_that_is_sent_as_it_was_drawn_changes_nothing(trainer: Person, case: Case) -> None:
    before = text_of(case)
    Page(trainer, case).send(bewaar="ja")
    assert text_of(case) == before
    assert Case.objects.get(pk=case.pk).draft == case.draft


def test_what_is_typed_is_kept_and_then_a_version(trainer: Person, case: Case) -> None:
    page = Page(trainer, case)
    page.fields["doel"] = ["Je luistert\r\n\r\nen wacht.  "]
    page.fields["gesprek-minuten"] = ["60"]
    page.fields["tweede_lezer"] = ["ja"]
    page.fields["bewijsvormen"] = ["opname", "tekst", "film"]
    page.fields["rubric-1-niveaus-0-gedrag"] = ["Zegt wat de ander moet vinden."]
    page.send(bewaar="ja")
    text = text_of(case)
    assert (text["doel"], text["gesprek"]["minuten"], text["tweede_lezer"]) == ("Je luistert\n\nen wacht.", 60, True)
    assert text["bewijsvormen"] == ["tekst", "opname"]
    assert text["rubric"][1]["niveaus"][0]["gedrag"] == "Zegt wat de ander moet vinden."
    assert page.send(maak="ja").headers["Location"] == f"/begeleiden/cases/{case.pk}/"
    assert queries.newest_version(case).document == text  # type: ignore[union-attr]
    assert "Bewaard als versie 1." in page.text


def test_what_must_be_mended_is_said_beside_the_field_and_nothing_is_lost(trainer: Person, case: Case) -> None:
    page = Page(trainer, case)
    page.fields["doel"] = [""]
    page.fields["na-minuten"] = ["een kwartier"]
    page.fields["rubric-0-niveaus-3-gedrag"] = ["Heel goed"]
    answer = page.send(maak="ja")
    assert answer.status_code == 422
    assert '<a href="#doel">Doel – Schrijf waar het om gaat.</a>' in page.text
    assert ">Luisteren, niveau 4 – Schrijf wat je iemand ziet doen." in page.text
    assert ">Na het gesprek minuten – Vul een heel aantal minuten in." in page.text
    assert 'id="doel-fout"' in page.text
    assert 'id="rubric-0-niveaus-3-gedrag-fout"' in page.text
    assert page.fields["na-minuten"] == ["een kwartier"]
    assert '<details class="uitklap" id="rubric-0" open>' in page.text
    assert not case.versions.exists()
    assert text_of(case)["rubric"][0]["niveaus"][3]["gedrag"] == "Heel goed"


def test_lists_grow_shrink_and_are_put_in_order_by_plain_buttons(trainer: Person, case: Case) -> None:
    page = Page(trainer, case)
    answer = page.send(doe="erbij:na-vragen")
    assert answer.headers["Location"].endswith("?bij=na-vragen-4#na-vragen-4")
    page.fields["na-vragen"][4] = "En morgen?"
    page.send(doe="op:na-vragen:4")
    assert text_of(case)["na"]["vragen"][3:] == ["En morgen?", "Wat nu?"]
    page.send(doe="weg:na-vragen:0")
    page.send(doe="neer:rubric:0")
    text = text_of(case)
    assert text["na"]["vragen"] == ["Wat deed jij?", "Wat deed dat?", "En morgen?", "Wat nu?"]
    assert [each["id"] for each in text["rubric"]] == ["oordeel", "luisteren", "stem"]


def test_a_new_criterion_has_four_levels_and_an_id_of_its_own(trainer: Person, case: Case) -> None:
    page = Page(trainer, case)
    page.send(doe="erbij:rubric")
    assert '<details class="uitklap" id="rubric-3" open>' in page.text
    page.send(doe="erbij:rubric")
    criteria = text_of(case)["rubric"]
    assert [each["id"] for each in criteria[3:]] == ["c1", "c2"]
    assert [level["label"] for level in criteria[3]["niveaus"]] == ["Nog niet zichtbaar", "Begin", "Voldoet", "Sterk"]


def test_a_variant_is_added_and_filled_in(trainer: Person, case: Case) -> None:
    page = Page(trainer, case)
    page.send(doe="erbij:varianten")
    page.fields["varianten-0-naam"], page.fields["varianten-0-opdracht"] = ["Kust"], ["Ga naar zee."]
    page.send(bewaar="ja")
    assert text_of(case)["varianten"] == [{"naam": "Kust", "opdracht": "Ga naar zee."}]


@pytest.mark.parametrize("wish", ["", "weg", "weg:na-vragen", "weg:na-vragen:99", "op:na-vragen:0", "neer:rubric:2",
                                  "erbij:titel", "draai:rubric:1", "weg:rubric:-1", "weg:rubric:²"])  # fmt: skip
def test_a_button_that_isn_t_ours_does_nothing(wish: str, trainer: Person, case: Case) -> None:
    before = text_of(case)
    Page(trainer, case).send(doe=wish)
    assert text_of(case) == before


def test_while_one_writes_it_is_kept_and_the_page_learns_the_marks(trainer: Person, case: Case) -> None:
    page = Page(trainer, case)
    page.fields["doel"] = ["Half een zin"]
    answer = page.send(script=True)
    assert answer.status_code == 200
    assert "Bewaard om" in answer.json()["said"]
    assert text_of(case)["doel"] == "Half een zin"
    page.fields.update({f"was-{name}": [mark] for name, mark in answer.json()["marks"].items()})
    page.fields["doel"] = ["Een hele zin."]
    assert page.send(script=True).status_code == 200
    assert text_of(case)["doel"] == "Een hele zin."


def test_a_tab_that_stayed_open_never_undoes_what_another_wrote(trainer: Person, case: Case) -> None:
    old, new = Page(trainer, case), Page(trainer, case)
    new.fields["doel"] = ["Van de een."]
    new.send(bewaar="ja")
    old.fields["opdracht"] = ["Van de ander."]
    for _ in range(2):
        answer = old.send(script=True)
        assert answer.status_code == 200
        old.fields.update({f"was-{name}": [mark] for name, mark in answer.json()["marks"].items()})
    text = text_of(case)
    assert (text["doel"], text["opdracht"]) == ("Van de een.", "Van de ander.")


def test_what_two_tabs_changed_is_shown_and_chosen(trainer: Person, case: Case) -> None:
    first, second = Page(trainer, case), Page(trainer_in(trainer.organisation), case)
    first.fields["doel"] = ["Je luistert en wacht."]
    first.send(bewaar="ja")
    second.fields["doel"], second.fields["titel"] = ["Je luistert en zwijgt."], ["Een nieuwe titel"]
    assert second.send(script=True).status_code == 409
    answer = second.send(maak="ja")
    assert answer.status_code == 409
    assert "Iemand anders veranderde dit ook" in second.text
    assert "<del>wacht.</del>" in second.text
    assert "<ins>zwijgt.</ins>" in second.text
    assert second.fields["doel"] == ["Je luistert en zwijgt."]
    text = text_of(case)
    assert (text["doel"], text["titel"]) == ("Je luistert en wacht.", "Een nieuwe titel")
    mine = dict(second.fields)
    second.send(neem="doel")
    assert text_of(case)["doel"] == "Je luistert en wacht."
    assert second.fields["doel"] == ["Je luistert en wacht."]
    second.fields = mine
    second.send(bewaar="ja")
    assert text_of(case)["doel"] == "Je luistert en zwijgt."


def test_a_draft_is_thrown_away_only_where_there_is_a_version(trainer: Person, case: Case) -> None:
    client = Client()
    client.force_login(trainer)
    client.post(f"/begeleiden/cases/{case.pk}/terug/")
    assert Case.objects.get(pk=case.pk).draft is not None
    library.make_version(case.pk, by=trainer)
    page = Page(trainer, case)
    page.fields["doel"] = ["Toch niet."]
    page.send(bewaar="ja")
    client.post(f"/begeleiden/cases/{case.pk}/terug/")
    assert text_of(case)["doel"] == DOCUMENT["doel"]


def test_the_form_asks_few_queries(trainer: Person, case: Case, django_assert_num_queries: Any) -> None:
    page = Page(trainer, case)
    with django_assert_num_queries(5):
        page.client.get(page.path)


NAMES = st.sampled_from([
    "titel", "na-vragen", "na-minuten", "peers", "rubric-0-naam", "rubric-0-id", "rubric-1-naam", "rubric-9-naam",
    "varianten-0-naam", "bewijsvormen", "tweede_lezer", "was-rubric", "was-na", "was-titel", "was-peers", "was-x",
])  # fmt: skip
WISHES = st.builds("{}:{}:{}".format, st.sampled_from(["erbij", "weg", "op", "neer", "x"]),
                   st.sampled_from([*sent.LISTS, "titel"]), st.integers(-2, 30))  # fmt: skip


@given(st.lists(st.tuples(NAMES, st.text(max_size=30)), max_size=20), WISHES)
def test_whatever_a_browser_sends_is_a_document_that_can_be_drawn(pairs: list[tuple[str, str]], wish: str) -> None:
    form = QueryDict(mutable=True)
    for name, value in pairs:
        form.appendlist(name, value)
    text = documents.complete(sent.sent(form))
    sent.change_list(text, wish)
    json.dumps(text)
    Drawing(text, problems=documents.problems(text)).sections()
    documents.read(text)
