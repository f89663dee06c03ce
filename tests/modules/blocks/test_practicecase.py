"""A conversation outside, to read and to prepare: curriculum 3.g, worked case 5.4."""

from __future__ import annotations

import copy
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from modules.blocks.practicecase.block import PracticeCase
from tests.modules.blocks.hostile import junk, secrets_are_private, withstands
from tests.modules.blocks.test_rubric import criterion
from tests.modules.toy import Played


def case(**more: Any) -> dict[str, Any]:
    return {
        "id": "uitstel", "titel": "Het gesprek dat je uitstelt <b>", "opdracht": "Dat gesprek ga je voeren.",
        "doel": "Begrijpen, en eerlijk zijn.",
        "voorbereiding": {"minuten": 20, "vragen": ["Met wie? Noem een functie.", "Waar zie je tegenop?"]},
        "gesprek": {"minuten": 45, "stappen": ["Vat twee keer samen.", "Laat een stilte bestaan."]},
        "na": {"minuten": 20, "vragen": ["Wat gebeurde er?", "Wat deed jij?", "Wat deed dat?", "Wat nu?"]},
        "veiligheidscheck": ["Is het veilig om dit alleen te doen?"], "inleveren": "Binnen vier weken.",
        "bewijsvormen": ["tekst", "gesproken"], "voldoende": "Gemiddeld 2,5 of hoger.",
        "rubric": [criterion(f"c{n}") for n in range(4)], **more,
    }  # fmt: skip


@pytest.fixture
def played() -> Played:
    return Played(PracticeCase, case())


def note(played: Played, **form: str) -> Any:
    fields = {name.replace("_", "-"): value for name, value in form.items()}
    return played.post("note", **{"versie": str(played.block.version), **fields})


def test_the_whole_case_can_be_read_and_says_when_it_is_handed_in(played: Played) -> None:
    page = played.view()
    shown = ("Dat gesprek ga je voeren.", "Begrijpen, en eerlijk zijn.", "Waar zie je tegenop?", "Vat twee keer samen.",
             "Wat gebeurde er?", "Is het veilig", "Binnen vier weken.", "ingesproken reflectie", "Gemiddeld 2,5",
             "Kwaliteit van de c3", "Doet c3 op wijze 4")  # fmt: skip
    assert all(words in page for words in shown)
    assert "Inleveren kan zodra een trainer je deze case geeft." in page


def test_notes_are_kept_and_private_and_it_is_never_done_by_itself(played: Played) -> None:
    page = note(played, voorbereiding_0="een wethouder", na_0="Het werd stil").text
    assert "een wethouder</textarea>" in page
    assert "Je aantekeningen zijn bewaard." in page
    secrets_are_private(played, "een wethouder", "Het werd stil")
    note(played, voorbereiding_1="De stilte")
    assert played.block.status == "bezig"
    assert {kind for kind, _ in played.runtime.events} == {"progress"}


def test_keeping_nothing_or_the_same_is_answered_too(played: Played) -> None:
    page = note(played).text
    assert "Er staat nog niets om te bewaren" in page
    assert "Je aantekeningen zijn bewaard." not in page
    note(played, na_0="Het werd stil")
    assert "Je aantekeningen zijn bewaard." in note(played, na_0="Het werd stil").text


def test_a_note_that_is_emptied_is_gone_and_one_that_isn_t_sent_stays(played: Played) -> None:
    note(played, voorbereiding_0="een wethouder", na_0="Het werd stil")
    note(played, voorbereiding_0="")
    assert played.block.written == {"Wat gebeurde er?": "Het werd stil"}


def test_a_note_stays_with_its_question_when_an_author_changes_the_case(played: Played) -> None:
    note(played, voorbereiding_1="De stilte", na_0="Het werd stil")
    newer = {"minuten": 20, "vragen": ["Eerst dit?", "Met wie? Noem een functie.", "Waar zie je tegenop?"]}
    played.fields["authored"] = case(voorbereiding=newer, na={"minuten": 5, "vragen": ["En nu?"]})
    page = played.view()
    assert page.index("Waar zie je tegenop?") < page.index("De stilte</textarea>")
    assert "Het werd stil" in page
    assert "Wat je eerder schreef, bij andere vragen" in page


def test_what_is_too_long_is_refused_and_still_there(played: Played) -> None:
    refused = note(played, na_0="x" * 2001)
    assert refused.status_int == 422
    assert "x" * 2001 in refused.text
    assert not played.block.written


def test_a_double_click_and_a_forgotten_tab_change_nothing(played: Played) -> None:
    note(played, na_0="Het werd stil")
    before = copy.deepcopy(played.fields)
    assert note(played, versie="0", na_0="Het werd stil").status_int == 200
    refused = note(played, versie="0", na_0="Uit een oud venster")
    assert refused.status_int == 422
    assert "Uit een oud venster</textarea>" in refused.text
    assert played.fields == before


def test_notes_can_be_wiped(played: Played) -> None:
    note(played, na_0="Het werd stil")
    played.post("erase", versie="0")
    assert played.block.written
    assert "Het werd stil" not in played.post("erase", versie="1").text
    assert played.block.written == {}


def test_the_summary_leads_to_the_page_and_says_whether_one_began(played: Played) -> None:
    assert "Lees de praktijkcase" in played.view("summary_view", href="/case/")
    note(played, na_0="Het werd stil")
    page = played.view("summary_view", href="/case/")
    assert "Naar je voorbereiding" in page
    assert "Het werd stil" not in page


def test_hostile_posts_change_nothing(played: Played) -> None:
    note(played, na_0="Het werd stil")
    played.fields["version"] = 5  # so that no value is the version by chance
    withstands(played, ["note", "erase"], ["versie", "voorbereiding-0", "na-0", "na-9", "gesprek-0"])


def test_html_of_an_author_and_of_a_learner_stays_text(played: Played) -> None:
    page = note(played, na_0="<u>x").text
    assert "uitstelt &lt;b&gt;" in page
    assert "&lt;u&gt;x" in page


def test_it_can_be_read_in_english() -> None:
    played = Played(PracticeCase, case(), language="en")
    assert "You can hand in as soon as a trainer gives you this case." in played.view()
    assert "Your notes have been saved." in note(played, na_0="x").text


def test_good_content_has_no_problems() -> None:
    assert PracticeCase.check(case()) == []


@pytest.mark.parametrize(
    ("broken", "path"),
    [
        ({"opdracht": ""}, ("opdracht",)),
        ({"doel": None}, ("doel",)),
        ({"inleveren": 4}, ("inleveren",)),
        ({"voldoende": " "}, ("voldoende",)),
        ({"voorbereiding": ["Met wie?"]}, ("voorbereiding",)),
        ({"voorbereiding": {"minuten": 0, "vragen": ["x"]}}, ("voorbereiding", "minuten")),
        ({"voorbereiding": {"minuten": True, "vragen": ["x"]}}, ("voorbereiding", "minuten")),
        ({"gesprek": {"minuten": 30, "stappen": []}}, ("gesprek", "stappen")),
        ({"gesprek": {"minuten": 30, "vragen": ["x"]}}, ("gesprek", "stappen")),
        ({"na": {"minuten": 30, "vragen": ["x", ""]}}, ("na", "vragen")),
        ({"na": {"minuten": 30, "vragen": ["Waar zie je tegenop?"]}}, ("na", "vragen")),
        ({"veiligheidscheck": []}, ("veiligheidscheck",)),
        ({"bewijsvormen": "tekst"}, ("bewijsvormen",)),
        ({"bewijsvormen": ["film"]}, ("bewijsvormen",)),
        ({"bewijsvormen": ["tekst", "tekst"]}, ("bewijsvormen",)),
        ({"na": {"minuten": 30, "vragen": ["Wat gebeurde er?", "Wat nu?"]}}, ("na", "vragen")),
        ({"termijn_dagen": 0}, ("termijn_dagen",)),
        ({"rondes_max": 2.5}, ("rondes_max",)),
        ({"peers": 3}, ("peers",)),
        ({"tweede_lezer": "ja"}, ("tweede_lezer",)),
        ({"gebied": 4}, ("gebied",)),
        (
            {"varianten": [{"naam": "Kust", "opdracht": "x"}, {"naam": "Kust", "opdracht": "y"}]},
            ("varianten", 1, "naam"),
        ),
        ({"varianten": ["Kust"]}, ("varianten", 0)),
        ({"rubric": [criterion("c1"), criterion("c2")]}, ("rubric",)),
        ({"rubric": [criterion(f"c{n}") for n in range(6)]}, ("rubric",)),
        ({"rubric": [criterion("c1", naam=""), *case()["rubric"][1:]]}, ("rubric", 0, "naam")),
    ],
)
def test_each_gate_names_the_place_and_a_remedy(broken: dict[str, Any], path: tuple[str | int, ...]) -> None:
    found = {problem.path: problem.reason for problem in PracticeCase.check(case(**broken))}
    assert found.get(path)


@given(
    junk,
    st.sampled_from(
        ["voorbereiding", "gesprek", "na", "rubric", "veiligheidscheck", "bewijsvormen", "varianten", "peers"]
    ),
)
def test_no_content_makes_the_gate_fall_over(value: Any, name: str) -> None:
    assert isinstance(PracticeCase.check(case(**{name: value})), list)


def test_an_older_edition_that_names_forms_in_sentences_can_be_read() -> None:
    assert "een eigen vorm" in Played(PracticeCase, case(bewijsvormen=["een eigen vorm"])).view()


class Cases:
    """What a runtime with trainers gives."""

    def __init__(self, **standing: Any) -> None:
        self.now = {"href": "", "line": "", "takes_notes": False, "can_begin": False, **standing}
        self.taken: dict[str, str] = {}

    def standing(self) -> dict[str, Any]:
        return self.now

    def begin(self) -> bool:
        self.now |= {"href": "/praktijk/1/", "line": "Bereid je gesprek voor", "can_begin": False}
        return True

    def take_over(self, notes: dict[str, str]) -> int:
        self.taken |= notes
        return len(notes)


def test_a_case_that_was_given_is_behind_the_door_and_notes_go_along() -> None:
    cases = Cases(href="/praktijk/1/", line="Kijk terug en lever in", takes_notes=True)
    played = Played(PracticeCase, case(), cases=cases)
    page = played.view()
    assert 'href="/praktijk/1/"' in page
    assert "Kijk terug en lever in" in page
    assert "Inleveren kan zodra" not in page
    assert "Neem mijn aantekeningen mee" not in page  # there are none
    note(played, voorbereiding_0="een wethouder")
    assert "Eén aantekening staat nu in je case." in played.post("take_over").text
    assert cases.taken == {"Met wie? Noem een functie.": "een wethouder"}


def test_a_case_that_was_not_given_can_be_begun_where_a_trainer_will_read_it() -> None:
    assert "Begin zelf" not in Played(PracticeCase, case(), cases=Cases()).view()
    played = Played(PracticeCase, case(), cases=Cases(can_begin=True))
    assert "Begin zelf" in played.view()
    assert 'href="/praktijk/1/"' in played.post("begin_case").text


def test_without_trainers_the_door_is_not_there(played: Played) -> None:
    for handler in ("begin_case", "take_over"):
        page = played.post(handler).text
        assert "Naar je case" not in page
