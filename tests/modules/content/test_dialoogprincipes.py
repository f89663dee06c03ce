"""Module 1 as its author wrote it, held against the curriculum: 2.0, 2.1, 2.5, 3, 5 and the house rules of 0."""

from __future__ import annotations

import json
import re
import subprocess
from collections import Counter
from collections.abc import Iterator
from functools import cache
from itertools import pairwise
from pathlib import Path
from statistics import mean
from typing import Any

import pytest
import yaml
from lxml import etree

from modules.blocks.conversationsim import rules
from modules.blocks.conversationsim.authored import read_simulation
from modules.blocks.conversationsim.gates import longest_is_best
from modules.blocks.decisiontask import rules as decisiontask
from modules.blocks.lesson.block import Lesson
from modules.blocks.quiz.rules import longest_is_right
from modules.olx import check_module

HERE = Path(__file__).parent
MODULE = Path("modules/content/dialoogprincipes")
CURRICULUM = (HERE / "curriculum-5.2-5.3.md").read_text()
# The example of 5.1 as the curriculum gives it.
KITCHEN_TABLE = HERE.parent / "blocks" / "data" / "sim-keukentafel.yaml"

DIMENSIONS = ["Inhoud", "Taal", "Doel", "Redenatie", "Tempo", "Resultaat"]
# Annex A: the thinkers of units 1.2, 1.3, 1.4 and 1.6. Everybody else here is made up; so is the family of 5.1.
NAMES = {
    "1.2": {"David Bohm", "William Isaacs"},
    "1.3": {"Carl Rogers"},
    "1.4": {"Chris Argyris", "Peter Senge"},
    "1.6": {"Marshall Rosenberg"},
}
# First names of the people made up here: a pair that ends in one ("En Marloes") is no first and last name.
CAST = {
    "Marloes",
    "Harm",
    "Esra",
    "Pim",
    "Sander",
    "Ilse",
    "Karim",
    "Roos",
    "Joris",
    "Samira",
    "Loes",
    "Henk",
    "Jurre",
    "Coby",
    "Lotte",
    "Evert",
    "Ruud",
    "Karin",
    "Wim",
    "Fenna",
    "Truus",
    "Gerrit",
    "Anja",
    "Daan",
    "Robin",
    "Wessel",
    "Riet",
    "Hanneke",
    "Tom",
    "Sjoerd",
}
MADE_UP = {"Anja ten Have", "Ten Have", "Lage Broeken"}
INITIATIVES = {"Dieper Wortelen", "Wandelend Wijs"}
# Named in the seed or Annex A, but not in this module.
ELSEWHERE = ("Brandsma", "Remkes", "Teisman", "Hospers", "van Ree", "Twist", "Glasl")
BOOKS = {"Dialogue and the Art of Thinking Together", "Reisverslag 2025 & Routekaart 2026"}
FILES = sorted(path for path in MODULE.rglob("*") if path.suffix in {".md", ".yaml"} and path.name != "nalezen.md")
# What a unit offers beside its minutes: twenty more sentences, and a walk to prepare.
EXTRA = {"1.1/lens-meer.yaml", "1.6/wandeling.yaml", "eind/slotkaart.yaml"}
FRAGMENTS = ["1.2/fragment-a.yaml", "1.3/fragment-b.yaml"]


@cache
def read(name: str) -> dict[str, Any]:
    data = yaml.safe_load((MODULE / name).read_text())
    inside: dict[str, Any] = next(iter(data.values()))
    return inside


def course() -> Any:
    return etree.parse(MODULE / "course.xml").getroot()


def straight(text: str) -> str:
    """Printed quotes as the curriculum types them, and none around the whole."""
    plain = text.translate(str.maketrans("“”‘’", "\"\"''")).strip()
    return plain[1:-1] if plain.startswith('"') and plain.endswith('"') and plain.count('"') == 2 else plain


def rows(section: str) -> list[list[str]]:
    text = CURRICULUM.split(f"### {section}")[1].split("\n### ")[0]
    return [
        [cell.strip() for cell in line.strip("|").split("|")] for line in re.findall(r"^\| \d.*$", text, re.MULTILINE)
    ]


def texts(value: Any) -> Iterator[str]:
    """Every text in a mapping that a learner reads; not ids, codes and paths."""
    if isinstance(value, dict):
        for name, inside in value.items():
            if name not in {"id", "naar", "zet", "als", "bronnen", "testpaden"}:
                yield from texts(inside)
    elif isinstance(value, list):
        for inside in value:
            yield from texts(inside)
    elif isinstance(value, str) and " " in value:
        yield value


def running_text(path: Path) -> list[str]:
    """The sentences of a file, without the table and the marks of Markdown."""
    if path.suffix == ".md":
        body = path.read_text().split("---\n", 2)[2]
        lines = [line for line in body.split("\n") if not line.startswith(("|", "#", ":::"))]
        whole = re.sub(r"[*]|^- ", "", "\n".join(lines), flags=re.MULTILINE)
    else:
        whole = "\n".join(texts(yaml.safe_load(path.read_text())))
    return [piece for piece in re.split(r"[.?!…:]+[”’\"]?\s+|\n+", whole) if re.search(r"\w", piece)]


# --- the whole


def test_everything_passes_the_publish_gates() -> None:
    assert check_module(MODULE) == []


def test_every_key_is_used_once_and_may_stand_in_an_address() -> None:
    places = [element for element in course().iter(etree.Element) if element is not course().getroottree().getroot()]
    activities = [element.get("url_name") for element in places if element.get("src")]
    steps = [element.get("url_name") for element in places if not element.get("src")]
    assert [key for keys in (activities, steps[1:]) for key, times in Counter(keys).items() if times > 1] == []
    assert [key for key in activities + steps if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", key)] == []


def test_the_course_and_the_folder_hold_the_same_files() -> None:
    """The conversations stand in three places and the questions in two."""
    named = {element.get("src") for element in course().iter() if element.get("src")}
    assert named == {str(path.relative_to(MODULE)) for path in FILES}


def test_each_unit_says_its_number_and_minutes_and_its_activities_fill_them() -> None:
    """2.0 and 2.1; Herhaalmoment and Terugblik come on top of what the module takes."""
    units = course().findall("chapter")
    assert {unit.get("nummer"): int(unit.get("minuten")) for unit in units} == {
        "1.0": 10,
        "1.1": 30,
        "1.2": 30,
        "1.3": 35,
        "1.4": 30,
        "1.5": 40,
        "1.6": 40,
        "1.7": 15,
        "1.8": 10,
        "1.9": 5,
    }
    for unit in units:
        files = [activity.get("src") for activity in unit.iter() if activity.get("src")]
        spent = sum(minutes(MODULE / file) for file in files if file not in EXTRA)
        assert spent == int(unit.get("minuten")), unit.get("nummer")
    assert int(course().get("uren")) == sum(int(unit.get("minuten")) for unit in units[:-2])


def minutes(path: Path) -> int:
    if path.suffix == ".md":
        return int(Lesson.read(path.read_text()).data["minuten"])
    return int(read(str(path.relative_to(MODULE)))["minuten"])


def test_what_a_unit_needs_to_be_done_is_what_the_curriculum_says() -> None:
    """2.0 and 2.1, 'Done when'; the practice case is handed in with a trainer, so the unit doesn't wait for it."""
    needed = {
        unit.get("nummer"): [
            child.tag for child in unit.iter() if child.get("src") and child.get("verplicht") != "false"
        ]
        for unit in course().findall("chapter")
    }
    assert needed == {
        "1.0": ["selfcheck", "decisiontask"],
        "1.1": ["streamlens"],
        "1.2": ["quiz", "dialoguefragment"],
        "1.3": ["replydrill", "dialoguefragment"],
        "1.4": ["inferenceladder", "inferenceladder"],
        "1.5": ["conversationsim"],
        "1.6": ["promisecheck", "imessage"],
        "1.7": ["decisiontask", "quiz", "selfcheck"],
        "1.8": ["quiz", "decisiontask"],
        "1.9": ["selfcheck", "lookback"],
    }


@pytest.mark.parametrize("path", FILES, ids=str)
def test_real_people_stay_out(path: Path) -> None:
    """House rule 6. Two capitalised words in a row are a name."""
    text = path.read_text()
    for book in BOOKS:
        text = text.replace(book, "")
    pairs = set(re.findall(r"\b([A-Z][a-zà-ÿ]+ (?:van |de |ten |ter )?[A-Z][a-zà-ÿ]+)\b", text))
    known = NAMES.get(path.parent.name, set())
    assert {pair for pair in pairs if pair.split()[-1] not in CAST} <= known | MADE_UP | INITIATIVES
    assert [name for name in ELSEWHERE if name in text] == []


@pytest.mark.parametrize("path", FILES, ids=str)
def test_sentences_stay_short(path: Path) -> None:
    lengths = [len(sentence.split()) for sentence in running_text(path)]
    assert mean(lengths) <= 14
    assert max(lengths) <= 30


@cache
def every_unit() -> set[str]:
    courses = MODULE.parent.glob("*/course.xml")
    return {str(unit.get("nummer")) for file in courses for unit in etree.parse(file).getroot().findall("chapter")}


@pytest.mark.parametrize("path", FILES, ids=str)
def test_nothing_points_to_a_unit_that_isnt_there(path: Path) -> None:
    text = path.read_text().lower()
    assert set(re.findall(r"\bunit (\d\.\d)", text)) <= every_unit()
    assert set(re.findall(r"\bmodule (\d)", text)) <= {unit[0] for unit in every_unit()}


@pytest.mark.parametrize(
    "name",
    [
        "start/welkom.md",
        "1.1/kaarten.yaml",
        "1.2/les.md",
        "1.2/quiz.yaml",
        "1.3/les.md",
        "1.5/les.md",
        "1.6/praktijkcase.yaml",
        "kennis.yaml",
        "beslistaken.yaml",
    ],
)
def test_who_reads_about_anger_reads_where_the_limit_is(name: str) -> None:
    """House rule 4: dialogue isn't the answer to threats."""
    assert "unit 3.4" in (MODULE / name).read_text()


@pytest.mark.parametrize("path", FILES, ids=str)
def test_made_up_people_are_labelled(path: Path) -> None:
    """House rule 2: what somebody says in a lesson stands in a scene, and each file says where it comes from."""
    assert "herkomst: geconstrueerd" in path.read_text()
    if path.suffix == ".md" and path.parent.name.startswith("1."):
        assert any(part["soort"] == "geconstrueerd" for part in Lesson.read(path.read_text()).data["delen"])


# --- unit 1.1


@pytest.mark.parametrize(
    ("name", "least", "most"),
    [(f"1.{unit}/les.md", 400, 700) for unit in (1, 2, 3, 4, 6)]
    + [("1.5/les.md", 250, 450)]
    + [(name, 250, 350) for name in ("start/welkom.md", "eind/les.md", "herhaal/les.md")],
)
def test_a_lesson_has_the_length_its_unit_asks(name: str, least: int, most: int) -> None:
    assert least <= Lesson.read((MODULE / name).read_text()).data["woorden"] <= most


def test_the_first_ten_sentences_are_those_of_the_curriculum() -> None:
    for item, (_, said, key, why, other) in zip(read("1.1/lens.yaml")["items"], rows("5.3"), strict=False):
        stream, _, hears = key.partition(" · ")
        second = f" ({item['tweede_dimensie']})" if "tweede_dimensie" in item else ""
        assert (item["stroom"], item["dimensie"] + second) == (stream, hears)
        assert straight(item["tekst"]) == straight(said)
        assert item["uitleg"] == why
        assert straight(item.get("andersom", "—")) == straight(other)


def test_twenty_sentences_are_spread_over_streams_and_dimensions() -> None:
    """3.a and 2.5: as many from either stream, every dimension heard in both, none heard much more than another."""
    items = read("1.1/lens.yaml")["items"]
    cells = Counter((item["dimensie"], item["stroom"]) for item in items if item["stroom"] != "beide")
    assert len(items) == 20
    assert Counter(item["stroom"] for item in items) == {"onder": 9, "boven": 9, "beide": 2}
    assert set(cells) == {(dimension, stream) for dimension in DIMENSIONS for stream in ("onder", "boven")}
    assert {
        dimension: cells[dimension, "onder"] + cells[dimension, "boven"] for dimension in DIMENSIONS
    } == dict.fromkeys(DIMENSIONS, 3)


GROUPS = {
    "boeren": r"boer|tuinder|veehouder|akkerbouwer",
    "natuur": r"natuur|ecoloog|boswachter",
    "overheid": r"loket|ministerie|provincie|gebiedsproces|wethouder",
    "bewoners": r"bewoner|dorpsraad|campinghouder",
}


@pytest.mark.parametrize("group", GROUPS)
def test_no_group_belongs_to_one_stream(group: str) -> None:
    """House rules 1 and 3."""
    streams = {item["stroom"] for item in read("1.1/lens.yaml")["items"] if re.search(GROUPS[group], item["spreker"])}
    assert {"onder", "boven"} <= streams


def test_every_speaker_is_somebody_of_a_group() -> None:
    speakers = [item["spreker"] for item in read("1.1/lens.yaml")["items"]]
    assert [
        speaker for speaker in speakers if sum(bool(re.search(words, speaker)) for words in GROUPS.values()) != 1
    ] == []


def test_the_pool_of_forty_sentences_is_as_even_as_the_twenty() -> None:
    """2.5: balanced over 6 dimensions x 2 streams, with 4 that hold both."""
    items = read("1.1/lens.yaml")["items"] + read("1.1/lens-meer.yaml")["items"]
    assert len(items) == 40
    assert Counter(item["stroom"] for item in items) == {"onder": 18, "boven": 18, "beide": 4}
    cells = Counter((item["dimensie"], item["stroom"]) for item in items if item["stroom"] != "beide")
    assert set(cells.values()) == {3}


def test_three_sentences_are_said_the_other_way_round_in_both_directions() -> None:
    rewrites = read("1.1/lens.yaml")["hertaal"]
    assert len(rewrites) == 3
    assert {rewrite["naar"] for rewrite in rewrites} == {"onder", "boven"}


def test_six_of_twelve_cards_help_now_and_six_later() -> None:
    assert Counter(card["bak"] for card in read("1.1/kaarten.yaml")["items"]) == {"nu": 6, "later": 6}


def test_the_journal_asks_what_the_curriculum_asks() -> None:
    assert read("1.1/journaal.yaml")["prompt"] == "In welke stroom voel jij je thuis? Wat kost dat anderen?"


# --- unit 1.2


def test_the_quiz_has_eight_questions_and_every_goal_enough_of_them() -> None:
    quiz = read("1.2/quiz.yaml")
    assert len(quiz["items"]) == 8
    assert min(Counter(item["doel"] for item in quiz["items"]).values()) >= 3


def test_the_length_of_an_answer_says_nothing() -> None:
    """Neither always the longest, nor never."""
    assert 0 < longest_is_right(read("1.2/quiz.yaml")["items"]) <= 0.4


def test_the_place_of_the_right_answer_varies() -> None:
    singles = [item for item in read("1.2/quiz.yaml")["items"] if item["soort"] == "enkel"]
    places = Counter([option["goed"] for option in item["opties"]].index(True) for item in singles)
    assert set(places) == {0, 1, 2}
    assert max(places.values()) <= len(singles) / 2


def test_the_fragment_is_word_for_word_that_of_the_curriculum() -> None:
    fragment = read("1.2/fragment-a.yaml")
    told = rows("5.2")
    assert len(fragment["beurten"]) == len(told) == 16
    for turn, (number, _, speaker, said, key) in zip(fragment["beurten"], told, strict=True):
        assert (turn["id"], turn["spreker"]) == (f"t{number}", speaker)
        assert straight(turn["tekst"]) == straight(said)
        shares = {code: float(share) for code, share in re.findall(r"([DBN]\d) ([\d.]+)", key)}
        assert fragment["sleutel"][turn["id"]] == shares


def test_the_fragments_other_words_are_those_of_the_curriculum() -> None:
    fragment = read("1.2/fragment-a.yaml")
    said = straight(CURRICULUM)
    for text in [
        *fragment["model_interventies"].values(),
        fragment["toelichting"]["t10"],
        fragment["label"],
        *fragment["zelfchecks"],
    ]:
        assert straight(text) in said
    assert fragment["interventie_beurten"] == ["t4", "t5", "t9"]
    assert set(fragment["toelichting"]) == {turn["id"] for turn in fragment["beurten"]}
    assert fragment["afronden"] == {"gemerkt": 12}


@pytest.mark.parametrize("name", FRAGMENTS)
def test_the_key_and_the_voices_say_what_they_are(name: str) -> None:
    """5.2: the key is illustrative until five experts gave theirs."""
    fragment = read(name)
    assert (fragment["sleutel_status"], fragment["n_experts"]) == ("illustratief", 5)
    assert (fragment["herkomst"], fragment["stemmen"]) == ("geconstrueerd", "synthetisch")


@pytest.mark.parametrize("name", FRAGMENTS)
@pytest.mark.parametrize(("form", "codec"), [("opus", "opus"), ("mp3", "mp3")])
def test_the_sound_lasts_as_long_as_the_turns(name: str, form: str, codec: str) -> None:
    fragment = read(name)
    answer = subprocess.run(
        [
            "ffprobe",
            "-v",
            "error",
            "-show_entries",
            "format=duration,bit_rate:stream=codec_name,channels",
            "-of",
            "json",
            str(MODULE / fragment["audio"][form]),
        ],
        capture_output=True,
        text=True,
        check=True,
    )
    found = json.loads(answer.stdout)
    assert 0 <= float(found["format"]["duration"]) - fragment["beurten"][-1]["eind"] <= 1
    assert (found["streams"][0]["codec_name"], found["streams"][0]["channels"]) == (codec, 1)
    if form == "opus":
        assert int(found["format"]["bit_rate"]) <= 32_000


@pytest.mark.parametrize("name", FRAGMENTS)
def test_a_turn_is_over_before_the_next_begins(name: str) -> None:
    turns = read(name)["beurten"]
    assert all(turn["start"] < turn["eind"] for turn in turns)
    assert all(turn["eind"] < following["start"] for turn, following in pairwise(turns))


@pytest.mark.parametrize("name", FRAGMENTS)
def test_the_captions_are_the_transcript(name: str) -> None:
    fragment = read(name)
    head, *cues = (MODULE / fragment["captions"]).read_text().strip().split("\n\n")
    assert head == "WEBVTT"
    found = [re.fullmatch(r"(t\d+)\n([\d:.]+) --> ([\d:.]+)\n<v (\w+)>(.+)", cue) for cue in cues[1:]]
    assert cues[0] == f"NOTE {fragment['label']}"
    assert [(cue[1], seconds(cue[2]), seconds(cue[3]), cue[4], cue[5]) for cue in found if cue] == [
        (turn["id"], turn["start"], turn["eind"], turn["spreker"], turn["tekst"]) for turn in fragment["beurten"]
    ]


def seconds(clock: str) -> float:
    hours, minute, second = clock.split(":")
    return round(int(hours) * 3600 + int(minute) * 60 + float(second), 3)


# --- unit 1.3


def test_six_lines_each_have_a_summary_of_content_one_of_feeling_and_an_advice() -> None:
    drill = read("1.3/luisterlijnen.yaml")
    assert len(drill["items"]) == 6
    for line in drill["items"]:
        assert {reply["code"] for reply in line["reacties"]} == {"inhoud", "gevoel", "advies"}
        assert max(reply["waarde"] for reply in line["reacties"]) == 1


def test_listening_is_answering_what_was_asked() -> None:
    """Neither stream is better: whoever asks for advice or a date gets it, and so no kind of reply is always right."""
    best: dict[str, set[str]] = {
        line["id"]: {reply["code"] for reply in line["reacties"] if reply["waarde"] == 1}
        for line in read("1.3/luisterlijnen.yaml")["items"]
    }
    assert [line for line, codes in best.items() if "advies" in codes] == ["LL3"]
    assert best["LL4"] == {"inhoud"}
    assert set.intersection(*best.values()) == set()


def test_in_fragment_b_the_adviser_listens_as_often_as_she_advises() -> None:
    """2.5: listening and advice mixed."""
    fragment = read("1.3/fragment-b.yaml")
    hers = [turn["id"] for turn in fragment["beurten"] if turn["spreker"] == "Lotte"]
    modes = {turn: max(fragment["sleutel"][turn], key=fragment["sleutel"][turn].get)[0] for turn in hers}
    assert Counter(modes.values()) == {"D": 4, "B": 3}
    assert set(fragment["interventie_beurten"]) == {turn for turn, family in modes.items() if family == "B"}
    assert set(fragment["toelichting"]) == {turn["id"] for turn in fragment["beurten"]}


# --- unit 1.4


def test_the_seven_cards_stand_on_seven_rungs_and_not_in_their_order() -> None:
    ladder = read("1.4/ladder-gegeven.yaml")
    rungs = [card["sport"] for card in ladder["kaartjes"]]
    assert sorted(rungs) == [1, 2, 3, 4, 5, 6, 7]
    assert rungs not in ([1, 2, 3, 4, 5, 6, 7], [7, 6, 5, 4, 3, 2, 1])
    assert "De boer kwam niet opdagen op de inloopavond" in ladder["incident"]


def test_the_own_ladder_has_the_rungs_of_the_given_one_and_says_nothing_about_its_evening() -> None:
    given, own = read("1.4/ladder-gegeven.yaml")["sporten"], read("1.4/ladder-eigen.yaml")["sporten"]
    assert [rung["naam"] for rung in given.values()] == [rung["naam"] for rung in own.values()]
    assert re.findall(r"stoel|boer|dinsdag|avond", " ".join(rung["toetsvraag"] for rung in own.values())) == []


# --- unit 1.5


def test_the_conversation_is_that_of_the_curriculum() -> None:
    """5.1, every word and number; what stands beside it (headings, table, debrief) is ours."""
    assert list(missing(yaml.safe_load(KITCHEN_TABLE.read_text())["simulatie"], read("1.5/koffie.yaml"), "")) == []


def missing(wanted: Any, written: Any, place: str) -> Iterator[str]:
    if isinstance(wanted, dict):
        for name, value in wanted.items():
            yield from missing(value, written.get(name), f"{place}/{name}")
    elif isinstance(wanted, list):
        for index, value in enumerate(wanted):
            yield from missing(value, written[index], f"{place}/{index}")
    elif wanted != written and not (isinstance(wanted, str) and straight(wanted) == straight(str(written))):
        yield f"{place}: {written!r}"


def test_every_turn_at_the_table_says_who_speaks_and_only_what_was_written() -> None:
    simulation = read("1.5/koffie.yaml")
    seats = {seat["naam"] for seat in simulation["tafel"]["plaatsen"]}
    for node in simulation["nodes"].values():
        if "keuzes" not in node:
            continue
        assert node["spreker"] in seats - {"jij"}
        assert node["kop"]
        assert node["wie"]
        for said in re.findall(r"“([^”]+?)[,.?]?”", node["stem"]):
            assert said in node["tekst"]


def test_the_debrief_has_the_words_of_the_curriculum() -> None:
    debrief = read("1.5/koffie.yaml")["nabespreking"]
    assert debrief["vragen"] == ["Waar kantelde het?", "Wat voelde je daar?", "Wat had je nodig?"]
    assert debrief["e2_als_belofte"].startswith("Er was vertrouwen. Er ligt ook een belofte")
    assert {"e1", "e2", "e3"} <= set(debrief)


# --- unit 1.6


def test_eight_promises_are_weighed_from_three_chairs() -> None:
    promises = read("1.6/beloftes.yaml")
    assert len(promises["items"]) == 8
    assert len(promises["rollen"]) == 3
    for role in promises["rollen"]:
        assert {promise["sleutel"][role] for promise in promises["items"]} == {"doen", "agenderen", "niet"}


def test_what_one_may_do_differs_from_chair_to_chair() -> None:
    keys = [tuple(promise["sleutel"].values()) for promise in read("1.6/beloftes.yaml")["items"]]
    assert sum(len(set(key)) > 1 for key in keys) >= 2


def test_the_message_has_the_four_steps() -> None:
    assert list(read("1.6/ik-boodschap.yaml")["velden"]) == ["waarneming", "gevoel", "behoefte", "verzoek"]


def test_the_practice_case_is_that_of_the_curriculum() -> None:
    """5.4: what one is asked, and the four criteria."""
    case = read("1.6/praktijkcase.yaml")
    assert case["opdracht"].endswith("Wel om te begrijpen, en om eerlijk te zijn over wat jij kunt.")
    assert case["voorbereiding"]["vragen"] == [
        "Met wie? Noem een functie, geen naam.",
        "Wat weet je zeker? Wat neem je aan?",
        "Waar zie je tegenop?",
        "Met welke open vraag begin je?",
        "Wat kun je doen, wat kun je agenderen en wat kun je niet beloven?",
    ]
    assert case["veiligheidscheck"][0].startswith("Is het veilig om dit alleen te doen?")
    assert [(criterion["competentie"], len(criterion["niveaus"])) for criterion in case["rubric"]] == [
        ("C1", 4),
        ("C2", 4),
        ("C3", 4),
        ("C10", 4),
    ]
    assert case["voldoende"] == "Gemiddeld 2,5 of hoger en geen enkele 1."


# --- Startpunt, Eindpunt and Herhaalmoment


def test_the_twelve_sentences_are_the_same_at_the_start_and_at_the_end() -> None:
    """5.6, so that the two can be compared."""
    start, end = read("start/twaalf-zinnen.yaml"), read("eind/twaalf-zinnen.yaml")
    assert len(start["stellingen"]) == 12
    assert start["stellingen"] == end["stellingen"]
    assert start["schaal"] == end["schaal"]
    assert start["inleiding"].startswith("Denk aan de afgelopen maand. Hoe vaak deed je dit?")
    assert [sentence["id"] for sentence in start["stellingen"] if sentence.get("omgekeerd")] == ["z8"]
    assert start["stellingen"][11]["tekst"] == "Ik liet iemand weten wat er met zijn of haar verhaal was gebeurd."


def test_there_are_questions_enough_for_every_goal() -> None:
    """2.0 and 2.5: a pool of at least 25, at least three a goal."""
    pool = read("kennis.yaml")
    assert len(pool["items"]) >= 25
    assert set(pool["doelen"]) == {item["doel"] for item in pool["items"]}
    assert min(Counter(item["doel"] for item in pool["items"]).values()) >= 3


def test_the_knowledge_check_cant_be_guessed_by_length_or_place() -> None:
    items = read("kennis.yaml")["items"]
    right = [[option["goed"] for option in item["opties"]].index(True) for item in items]
    assert max(Counter(right).values()) <= len(items) / 2
    assert 0 < longest_is_right(items) <= 0.4


def test_the_pool_asks_what_is_missing_without_either_stream() -> None:
    """House rule 1."""
    asked = {item["vraag"] for item in read("kennis.yaml")["items"]}
    assert {f"Wat gebeurt er als alleen de {stream}stroom telt?" for stream in ("onder", "boven")} <= asked


TASKS: list[dict[str, Any]] = read("beslistaken.yaml")["taken"]


@cache
def played(place: int) -> list[tuple[str, frozenset[str], float]]:
    """Every way through a short conversation: its end, the flags that stand there and its score."""
    simulation, problems = read_simulation(TASKS[place])
    assert simulation
    assert problems == []
    found = []
    waiting: list[tuple[rules.State, tuple[rules.Step, ...]]] = [(rules.begin(simulation), ())]
    while waiting:
        state, steps = waiting.pop()
        choices = rules.ways(simulation, state)
        waiting += [
            (step.after, (*steps, step))
            for choice, _ in choices
            for step in [rules.choose(simulation, state, choice.id)]
        ]
        if not choices:
            found.append((state.node, state.flags, rules.score(simulation, steps)))
    return found


@pytest.mark.parametrize("place", range(len(TASKS)))
def test_a_short_conversation_has_six_turns_and_four_ends(place: int) -> None:
    """2.5: six to eight; all alike."""
    nodes = TASKS[place]["nodes"].values()
    assert sum("keuzes" in node for node in nodes) == 6
    assert {end for end, _, _ in played(place)} == {"e1", "e2", "e3", "e4"}


@pytest.mark.parametrize("place", range(len(TASKS)))
def test_a_promise_that_stands_never_leads_to_the_open_end(place: int) -> None:
    """House rule 5, and 5.1: warmth with a promise one can't keep isn't enough."""
    assert {end for end, flags, _ in played(place) if "belofte" in flags} <= {"e3", "e4"}
    assert {flags for end, flags, _ in played(place) if end in {"e1", "e2"}} == {frozenset()}
    assert max(score for _, flags, score in played(place) if "belofte" in flags) < 0.65


def test_there_are_enough_short_conversations_to_meet_none_twice() -> None:
    assert len(TASKS) >= decisiontask.TASKS


def test_the_short_conversations_are_about_equally_hard() -> None:
    """2.0: baseline, Eindpunt and Herhaalmoment are compared; the threshold of the Eindpunt is 0.65."""
    passed = [mean(score >= 0.65 for _, _, score in played(place)) for place in range(len(TASKS))]
    assert min(passed) >= 0.10
    assert max(passed) <= 0.25
    assert max(passed) - min(passed) <= 0.10


@pytest.mark.parametrize("place", range(len(TASKS)))
def test_the_best_choice_is_neither_always_nor_never_the_longest(place: int) -> None:
    simulation, _ = read_simulation(TASKS[place])
    assert simulation
    assert 1 <= longest_is_best(simulation) <= 3
