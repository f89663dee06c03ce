"""The luisterlab as a learner and an author meet it."""

import copy
import json
import re
from typing import Any

import pytest
import yaml
from webob import Request

from modules.authoring import Path
from modules.blocks.dialoguefragment.block import DialogueFragment
from tests.modules.toy import Played

SECRET = "Ik zie dat jullie elkaar niet vertrouwen. Klopt dat?"

# Small, and still with a turn of each sort: agreed, mixed, contested. Its kappa is above the gate.
FRAGMENT: dict[str, Any] = {
    "id": "frag",
    "titel": "Aan de dijk",
    "inleiding": "Twee mensen, één dijk.",
    "minuten": 5,
    "herkomst": "geconstrueerd",
    "label": "Geconstrueerd fragment, geen echte opname",
    "competenties": [{"code": "C1", "gewicht": 1}],
    "audio": {"opus": "static/dijk.opus", "mp3": "static/dijk.mp3"},
    "captions": "static/dijk.vtt",
    "sprekers": {"Wim": "dijkgraaf", "Els": "bewoner"},
    "beurten": [
        {"id": "t1", "start": 0, "eind": 5, "spreker": "Wim", "tekst": "Wat zie jij hier?"},
        {"id": "t2", "start": 5.5, "eind": 9, "spreker": "Els", "tekst": "Een dijk die <b>te laag</b> is."},
        {"id": "t3", "start": "0:09", "eind": "0:12", "spreker": "Wim", "tekst": "Dan maken we hem hoger."},
        {"id": "t4", "start": 12, "eind": 15, "spreker": "Els", "tekst": "Je luistert weer niet."},
    ],
    "n_experts": 5,
    "sleutel_status": "illustratief",
    "sleutel": {
        "t1": {"D2": 1.0},
        "t2": {"N0": 0.8, "D5": 0.2},
        "t3": {"B4": 1.0},
        "t4": {"B2": 0.4, "D5": 0.4, "B3": 0.2},
    },
    "toelichting": {"t4": "Els oordeelt en zegt ook iets van zichzelf."},
    "interventie_beurten": ["t3"],
    "model_interventies": {"t3": "Ik ga te snel. Wat zie jij nog meer?"},
    "zelfchecks": ["Gehoord?", "Ruimte voor nee?", "Niets beloofd?"],
    "afronden": {"gemerkt": 3},
}
MARKS = {"t1": "D2", "t2": "D5", "t3": "D1"}
KEY_WORDS = ("van 5", "Ik ga te snel", "Els oordeelt en zegt")


def fragment(**changes: Any) -> dict[str, Any]:
    return DialogueFragment.read(yaml.safe_dump({"fragment": {**copy.deepcopy(FRAGMENT), **changes}})).data


def play(**kwargs: Any) -> Played:
    return Played(DialogueFragment, kwargs.pop("data", None) or fragment(), **kwargs)


def revealed(**kwargs: Any) -> Played:
    played = play(**kwargs)
    played.post("reveal", doel="onthul", **{f"merk-{turn}": code for turn, code in MARKS.items()})
    return played


def spoken(**kwargs: Any) -> Played:
    played = revealed(**kwargs)
    played.post("speak", versie="0", beurt="t3", tekst=SECRET)
    return played


CHECKED = {"check0": "ja", "check1": "deels", "check2": "nee"}


# --- listening


def test_the_label_says_that_nobody_really_said_this() -> None:
    assert "Geconstrueerd fragment, geen echte opname.</strong>" in play().view()


def test_a_reader_gets_every_turn_and_the_sound_with_its_captions() -> None:
    page = play().view()
    assert all(turn["tekst"].split("<")[0] in page for turn in FRAGMENT["beurten"])
    assert '<track kind="captions" src="/static/dijk.vtt"' in page
    assert "<audio controls" in page


def test_what_a_speaker_says_is_text_and_never_markup() -> None:
    page = play().view()
    assert "<b>te laag</b>" not in page
    assert "&lt;b&gt;te laag&lt;/b&gt;" in page


def test_having_listened_begins_the_activity_once() -> None:
    played = play()
    played.post("listened")
    played.post("listened")
    assert (played.block.status, len(played.published("progress"))) == ("bezig", 1)


# --- marking


def test_a_mark_is_saved_at_once_and_answers_with_figures_only() -> None:
    played = play()
    answer = played.post("mark", beurt="t1", merk="D2")
    assert answer.json == {"gemerkt": 1, "onthuld": False}
    assert played.block.marks == {"t1": "D2"}
    assert 'value="D2" checked' in played.view()


def test_a_mark_can_change_until_the_reveal() -> None:
    played = play()
    played.post("mark", beurt="t1", merk="B1")
    played.post("mark", beurt="t1", merk="D2")
    assert played.block.marks == {"t1": "D2"}
    assert len(played.published("progress")) == 1


@pytest.mark.parametrize(
    "form",
    [
        {"beurt": "t9", "merk": "D1"},
        {"beurt": "t1", "merk": "X1"},
        {"beurt": "t1"},
        {"merk": "D1"},
        {},
    ],
)
def test_a_mark_that_doesnt_fit_is_refused_and_changes_nothing(form: dict[str, str]) -> None:
    played = play()
    assert played.post("mark", **form).status_code == 422
    assert (played.block.marks, played.block.status) == ({}, "niet_gestart")


def test_after_the_reveal_an_old_tab_marks_nothing_any_more() -> None:
    played = revealed()
    assert played.post("mark", beurt="t4", merk="D1").json["onthuld"] is True
    assert "t4" not in played.block.marks


def test_neither_key_nor_models_are_on_the_page_before_they_may_be_seen() -> None:
    played = play()
    played.post("mark", beurt="t1", merk="D2")
    assert not any(word in played.view() for word in KEY_WORDS)
    assert "Ik ga te snel" not in revealed().view()
    assert "Ik ga te snel" not in spoken().view()


def test_without_script_one_form_saves_all_marks_and_stays_here() -> None:
    played = play()
    played.post("reveal", doel="bewaar", **{"merk-t1": "D2", "was-t1": "", "merk-t2": "N0", "was-t2": ""})
    assert (played.block.marks, played.block.revealed) == ({"t1": "D2", "t2": "N0"}, False)


def test_a_second_tab_with_older_marks_doesnt_undo_newer_ones() -> None:
    played = play()
    played.post("mark", beurt="t1", merk="B1")
    played.post("mark", beurt="t1", merk="D2")  # the second tab was drawn before this
    played.post("reveal", doel="bewaar", **{"merk-t1": "B1", "was-t1": "B1", "merk-t2": "N0", "was-t2": ""})
    assert played.block.marks == {"t1": "D2", "t2": "N0"}


def test_a_form_with_an_unknown_mark_is_refused_whole() -> None:
    played = play()
    assert played.post("reveal", doel="onthul", **{"merk-t1": "D2", "merk-t2": "X"}).status_code == 422
    assert played.block.marks == {}


def test_too_few_marks_keep_the_experts_hidden_and_the_marks_safe() -> None:
    played = play()
    answer = played.post("reveal", doel="onthul", **{"merk-t1": "D2"})
    assert answer.status_code == 422
    assert "Merk nog 2 beurten" in answer.text
    assert not any(word in answer.text for word in KEY_WORDS)
    assert played.block.marks == {"t1": "D2"}


# --- the reveal


def test_the_reveal_is_one_attempt_with_codes_and_a_score() -> None:
    played = revealed()
    assert played.published("attempt") == [{"number": 1, "answers": MARKS, "score": pytest.approx((1 + 0.25 + 0) / 3)}]
    assert (played.block.status, len(played.published("completion"))) == ("afgerond", 1)


def test_a_second_click_on_reveal_changes_nothing() -> None:
    played = revealed()
    played.post("reveal", doel="onthul", **{f"merk-{turn}": "D2" for turn in MARKS})
    assert len(played.published("attempt")) == 1
    assert played.block.marks == MARKS


def test_the_reveal_lays_experts_beside_the_own_mark() -> None:
    page = revealed().view()
    assert "5 van 5, net als jij" in page  # t1
    assert "1 van 5, net als jij" in page  # t2
    assert "Daar denken experts verschillend over." in page  # t4
    assert "jij: geen merk" in page  # t4
    assert "Els oordeelt en zegt ook iets van zichzelf." in page


def test_agreement_counts_the_turns_on_which_experts_stand_for_one_code() -> None:
    page = revealed().view()
    assert "Bij 1 van de 3 beurten" in page
    assert "33%" in page


def test_the_page_says_honestly_that_the_key_is_still_the_writers() -> None:
    page = revealed().view()
    assert "Dit zijn nog geen echte experts" in page
    assert "Voor je bewijs van deelname telt dat je luisterde en merkte" in page
    assert "Dit zijn nog geen echte experts" not in revealed(data=fragment(sleutel_status="experts")).view()


class Cohort:
    def __init__(self, figures: dict[str, Any] | None) -> None:
        self.answer = figures

    def figures(self) -> dict[str, Any] | None:
        return self.answer


def test_the_group_is_shown_only_when_there_are_figures() -> None:
    group = Cohort({"n": 6, "figures": {"t1": {"D2": 4, "B6": 2}}})
    assert "4 × open vraag" in revealed(cohort=group).view()
    assert "In de groep" not in revealed(cohort=Cohort(None)).view()


# --- saying it yourself


def test_an_own_sentence_then_three_checks_then_the_models() -> None:
    played = spoken()
    assert SECRET in played.view()
    played.post("self_check", versie="1", **CHECKED)
    assert "Ik ga te snel. Wat zie jij nog meer?" in played.view()


@pytest.mark.parametrize(
    ("form", "words"),
    [
        ({"beurt": "t3", "tekst": "  "}, "Eén zin is genoeg"),
        ({"beurt": "t1", "tekst": "hoi"}, "Kies een van deze beurten"),
        ({"beurt": "t3", "tekst": "a" * 301}, "Houd het bij 300 tekens"),
    ],
)
def test_a_sentence_that_doesnt_fit_comes_back_with_its_reason(form: dict[str, str], words: str) -> None:
    played = revealed()
    answer = played.post("speak", versie="0", **form)
    assert answer.status_code == 422
    assert words in answer.text
    assert form["tekst"].strip() in answer.text
    assert played.block.sentence == {}


def test_three_hundred_characters_fit_also_when_lines_end_in_two() -> None:
    played = revealed()
    played.post("speak", versie="0", beurt="t3", tekst="a" * 298 + "\r\nb")
    assert played.block.sentence["beurt"] == "t3"


def test_a_sentence_before_the_reveal_is_not_taken() -> None:
    played = play()
    played.post("speak", versie="0", beurt="t3", tekst=SECRET)
    assert played.block.sentence == {}


def test_a_sentence_is_private_until_it_is_handed_in_and_can_be_taken_back() -> None:
    played = spoken(practice=object())
    assert "Lever in bij mijn trainer" in played.view()
    assert played.block.handed_in == {}
    played.post("hand_in", versie="1", inleveren="ja")
    assert played.block.handed_in == {"beurt": "t3", "tekst": SECRET}
    played.post("hand_in", versie="1", inleveren="nee")
    assert played.block.handed_in == {}


@pytest.mark.parametrize(
    ("handler", "form"),
    [
        ("hand_in", {"inleveren": "nee"}),
        ("erase", {}),
        ("speak", {"beurt": "t3", "tekst": "Iets anders."}),
    ],
)
def test_that_it_was_shared_is_told_and_so_is_whatever_takes_it_back(handler: str, form: dict[str, str]) -> None:
    played = spoken(practice=object())
    before = len(played.published("told"))
    for _ in range(2):
        played.post("hand_in", versie="1", inleveren="ja")
    for _ in range(2):
        played.post(handler, versie="1", **form)
    assert played.published("told")[before:] == [{"verb": "shared-with"}, {"verb": "withdrew"}]


def test_where_no_trainer_reads_there_is_nothing_to_hand_in() -> None:
    played = spoken()
    assert "trainer" not in played.view()
    played.post("hand_in", versie="1", inleveren="ja")
    assert played.block.handed_in == {}


def test_what_is_written_is_escaped() -> None:
    played = revealed()
    played.post("speak", versie="0", beurt="t3", tekst="<script>alert(1)</script>")
    assert "<script>alert" not in played.view()


def test_a_double_click_on_the_sentence_is_one_sentence() -> None:
    played = spoken()
    assert played.post("speak", versie="0", beurt="t3", tekst=SECRET).status_code == 200
    assert played.block.version == 1


def test_a_second_tab_with_another_sentence_gets_its_words_back() -> None:
    played = spoken()
    answer = played.post("speak", versie="0", beurt="t3", tekst="Iets anders.")
    assert answer.status_code == 422
    assert "Iets anders." in answer.text
    assert played.block.sentence["tekst"] == SECRET


def test_checks_for_a_sentence_that_has_changed_are_not_taken() -> None:
    played = spoken()
    played.post("self_check", versie="0", **CHECKED)
    assert played.block.self_checks == []


def test_a_check_that_is_left_open_is_asked_again() -> None:
    answer = spoken().post("self_check", versie="1", check0="ja", check1="misschien")
    assert answer.status_code == 422
    assert answer.text.count("Kies wat het dichtst bij jouw zin ligt.") >= 2
    assert "Ik ga te snel" not in answer.text


def test_erasing_wipes_the_sentence_everywhere_and_undoes_nothing_else() -> None:
    played = spoken(practice=object())
    played.post("hand_in", versie="1", inleveren="ja")
    played.post("erase", versie="1")
    assert (played.block.sentence, played.block.handed_in, played.block.status) == ({}, {}, "afgerond")
    assert SECRET not in json.dumps(played.fields, default=str)


def test_a_fragment_that_asks_for_a_sentence_is_done_after_the_checks() -> None:
    played = spoken(data=fragment(afronden={"gemerkt": 3, "interventie": True}))
    assert (played.block.status, played.published("completion")) == ("ingediend", [])
    played.post("self_check", versie="1", **CHECKED)
    played.post("self_check", versie="1", **CHECKED)
    assert (played.block.status, len(played.published("completion"))) == ("afgerond", 1)


def test_no_event_ever_holds_a_word_of_the_learner() -> None:
    played = spoken()
    played.post("self_check", versie="1", **CHECKED)
    played.post("hand_in", versie="1", inleveren="ja")
    assert "vertrouwen" not in json.dumps(played.runtime.events)


def test_a_get_never_changes_anything() -> None:
    played = play()
    for handler in ("mark", "reveal", "listened", "speak", "self_check", "hand_in", "erase"):
        answer = played.runtime.handle(played.block, handler, Request.blank(f"/{handler}?beurt=t1&merk=D2"))
        assert answer.status_code == 405
    assert played.block.marks == {}


def test_the_unit_page_says_where_you_are_and_shows_the_way_in() -> None:
    played = play()
    assert 'href="/fragment"' in played.view("summary_view", href="/fragment")
    played.post("mark", beurt="t1", merk="D2")
    assert "1 van 4 beurten gemerkt" in played.view("summary_view", href="/fragment")


def test_no_style_or_script_stands_in_the_page_itself() -> None:
    played = spoken()
    played.post("self_check", versie="1", **CHECKED)
    for page in (play().view(), played.view()):
        assert not re.search(r"<script|\sstyle=|\son[a-z]+=", page)


# --- publish gates


def test_a_good_fragment_may_be_published_also_with_an_illustrative_key() -> None:
    assert DialogueFragment.check(fragment()) == []


def without(name: str) -> dict[str, Any]:
    return {key: value for key, value in fragment().items() if key != name}


@pytest.mark.parametrize(
    "name",
    [
        "titel",
        "inleiding",
        "minuten",
        "herkomst",
        "label",
        "competenties",
        "audio",
        "captions",
        "beurten",
        "sleutel",
        "n_experts",
        "interventie_beurten",
        "zelfchecks",
        "afronden",
        "sprekers",
    ],
)
def test_a_missing_field_is_named(name: str) -> None:
    assert any(problem.path[0] in (name, "beurten") for problem in DialogueFragment.check(without(name)))


def turns(index: int, **changes: object) -> list[dict[str, Any]]:
    return [{**turn, **(changes if place == index else {})} for place, turn in enumerate(FRAGMENT["beurten"])]


@pytest.mark.parametrize(
    ("changes", "path"),
    [
        ({"label": "Een gesprek"}, ("label",)),
        ({"label": "Geconstrueerd fragment, geen echte opname."}, ("label",)),
        ({"herkomst": "internet"}, ("herkomst",)),
        ({"competenties": [{"code": "C7"}]}, ("competenties", 0, "code")),
        ({"audio": {"opus": "a.opus", "mp3": "a.wav"}}, ("audio", "mp3")),
        ({"captions": "a.srt"}, ("captions",)),
        ({"beurten": turns(1, id="t1")}, ("beurten", 1, "id")),
        ({"beurten": turns(1, spreker="Kees")}, ("beurten", 1, "spreker")),
        ({"beurten": turns(1, tekst=" ")}, ("beurten", 1, "tekst")),
        ({"beurten": turns(1, start="straks")}, ("beurten", 1, "start")),
        ({"beurten": turns(1, eind=5)}, ("beurten", 1, "eind")),
        ({"beurten": turns(2, start=5, eind=20)}, ("beurten", 2, "start")),
        ({"beurten": turns(0, eind=6.1)}, ("beurten", 0, "eind")),
        ({"n_experts": 4}, ("n_experts",)),
        ({"n_experts": "vijf"}, ("n_experts",)),
        ({"sleutel": {**FRAGMENT["sleutel"], "t4": {"B9": 1.0}}}, ("sleutel", "t4", "B9")),
        ({"sleutel": {**FRAGMENT["sleutel"], "t4": {"B2": 0.4, "D5": 0.4}}}, ("sleutel", "t4")),
        ({"sleutel": {**FRAGMENT["sleutel"], "t4": {"B2": 1.4, "D5": -0.4}}}, ("sleutel", "t4", "B2")),
        ({"sleutel": {**FRAGMENT["sleutel"], "t4": {"B2": 0.5, "D5": 0.5}}}, ("sleutel", "t4", "B2")),
        ({"sleutel": {**FRAGMENT["sleutel"], "t9": {"B2": 1.0}}}, ("sleutel", "t9")),
        ({"sleutel": {turn: {"D1": 0.6, "B1": 0.4} for turn in ("t1", "t2", "t3", "t4")}}, ("sleutel",)),
        ({"interventie_beurten": ["t9"]}, ("interventie_beurten", 0)),
        ({"interventie_beurten": ["t3", "t4"]}, ("model_interventies",)),
        ({"interventie_beurten": ["t4"], "model_interventies": {"t3": "a", "t4": "b"}}, ("model_interventies", "t3")),
        ({"toelichting": {"t9": "a"}}, ("toelichting", "t9")),
        ({"zelfchecks": ["a", "b"]}, ("zelfchecks",)),
        ({"afronden": {"gemerkt": 5}}, ("afronden", "gemerkt")),
        ({"afronden": {"gemerkt": True}}, ("afronden", "gemerkt")),
        ({"beurten": []}, ("beurten",)),
        ({"beurten": "geen"}, ("beurten",)),
        ({"beurten": [1]}, ("beurten",)),
    ],
)
def test_each_gate_names_the_place_that_is_wrong(changes: dict[str, object], path: Path) -> None:
    assert path in [problem.path for problem in DialogueFragment.check(fragment(**changes))]


def test_experts_who_dont_agree_are_reported_with_the_number() -> None:
    data = fragment(sleutel={turn: {"D1": 0.6, "B1": 0.4} for turn in ("t1", "t2", "t3", "t4")})
    assert any("-0,25" in problem.reason for problem in DialogueFragment.check(data))


def test_a_recording_with_permission_has_a_label_of_its_own() -> None:
    assert DialogueFragment.check(fragment(herkomst="toestemming", label="Opname met toestemming")) == []


def test_a_real_recording_may_start_before_the_last_one_ends() -> None:
    assert DialogueFragment.check(fragment(beurten=turns(0, eind=6.0))) == []


def test_authors_may_write_speakers_as_a_list_and_numbers_as_ids() -> None:
    key = {1 if turn == "t1" else turn: said for turn, said in FRAGMENT["sleutel"].items()}
    speakers = [{"naam": "Wim", "rol": "dijkgraaf", "stem": {"toon": 3}}, {"naam": "Els"}]
    data = fragment(sprekers=speakers, beurten=turns(0, id=1), sleutel=key)
    assert DialogueFragment.check(data) == []
    assert "Wim, dijkgraaf" in play(data=data).view()


def test_the_files_it_plays_are_named() -> None:
    assert DialogueFragment.assets(fragment()) == ["static/dijk.opus", "static/dijk.mp3", "static/dijk.vtt"]
