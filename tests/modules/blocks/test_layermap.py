"""Layers under behaviour: curriculum 3.o, unit 3.2."""

from __future__ import annotations

import copy
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from modules.blocks.layermap.block import LayerMap
from modules.blocks.layermap.rules import LAYERS, quote_points
from tests.modules.blocks.hostile import junk, secrets_are_private, withstands
from tests.modules.toy import Played

layers = st.sampled_from(LAYERS)
shares = st.lists(layers, min_size=1, max_size=9).map(lambda votes: {c: votes.count(c) / len(votes) for c in votes})


def quote(id_: str, tekst: str, sleutel: dict[str, float], **more: Any) -> dict[str, Any]:
    return {"id": id_, "tekst": tekst, "sleutel": sleutel, "uitleg": f"Reden {id_}", **more}


def case(**more: Any) -> dict[str, Any]:
    return {
        "id": "balie", "titel": "Onder het gedrag", "vorm": "case", "situatie": "Tineke staat aan de balie <b>",
        "n_experts": 0, "aandelen": "illustratief",
        "citaten": [
            quote("c1", "Jullie zijn allemaal hetzelfde <i>", {"gedrag": 0.8, "emotie": 0.2}, spreker="Tineke"),
            quote("c2", "Ik slaap niet", {"emotie": 1}),
            quote("c3", "Eén iemand die het weet", {"behoefte": 0.4, "emotie": 0.4, "gedrag": 0.2}),
        ],
        "antwoorden": [
            {"id": f"a{n}", "laag": laag, "tekst": f"Antwoord op {laag}", "opent": f"Opent {n}", "sluit": f"Sluit {n}"}
            for n, laag in enumerate(LAYERS, 1)
        ],
        **more,
    }  # fmt: skip


def own(**more: Any) -> dict[str, Any]:
    prompts = {"gedrag": "Wat deed iemand?", "emotie": "Wat voelde die?", "behoefte": "Wat had die nodig?",
               "antwoord": "Wat zeg jij?"}  # fmt: skip
    return {"id": "eigen", "titel": "Jouw lagen", "vorm": "eigen", "prompts": prompts, **more}


class Cohort:
    def __init__(self, n: int, chosen: dict[str, int]) -> None:
        self.value = {"n": n, "figures": {"c1": {"n": n, "p": 0.5, "gekozen": [chosen]}}}

    def figures(self) -> dict[str, Any]:
        return self.value


@pytest.fixture
def played() -> Played:
    return Played(LayerMap, case())


@pytest.fixture
def mine() -> Played:
    return Played(LayerMap, own())


def place(played: Played, c1: str = "gedrag", c2: str = "emotie", c3: str = "behoefte", ronde: str = "1") -> Any:
    return played.post("place", **{"ronde": ronde, "laag-c1": c1, "laag-c2": c2, "laag-c3": c3})


def write(mine: Played, **form: str) -> Any:
    words = {
        "gedrag": "Riep hard",
        "emotie": "Bang geweest",
        "behoefte": "Zekerheid graag",
        "antwoord": "Ik blijf hier",
    }
    return mine.post("write", **{"versie": str(mine.block.version), **words, **form})


# --- scoring


@given(shares, layers)
def test_a_quote_earns_the_share_of_the_layer_against_the_highest(said: dict[str, float], layer: str) -> None:
    assert quote_points(said, layer) == pytest.approx(min(1, said.get(layer, 0) / max(said.values())))


@given(shares, layers)
def test_points_are_between_nothing_and_one_and_the_most_said_earns_one(said: dict[str, float], layer: str) -> None:
    assert 0 <= quote_points(said, layer) <= 1
    assert quote_points(said, max(said, key=said.__getitem__)) == 1


# --- a case


def test_the_key_and_what_a_reply_opens_are_not_on_the_page_before_their_time(played: Played) -> None:
    assert not any(secret in played.view() for secret in ("Reden", "Opent", "Antwoord op", "80%"))
    page = place(played).text
    assert "Reden c1" in page
    assert "80%" in page
    assert "Opent" not in page
    assert "Opent 3" in played.post("answer", ronde="1", antwoord="a1").text


def test_it_is_done_with_a_reply_whichever_that_is(played: Played) -> None:
    place(played)
    assert (played.block.status, played.block.score) == ("bezig", 1)
    page = played.post("answer", ronde="1", antwoord="a1").text
    assert played.block.status == "afgerond"
    assert page.count("dit koos jij") == 1
    assert page.count("de diepste laag") == 1
    assert len(played.published("completion")) == 1


def test_an_attempt_holds_layers_and_points_and_counts_for_the_group(played: Played) -> None:
    place(played, c1="emotie", c2="gedrag", c3="gedrag")
    (attempt,) = played.published("attempt")
    assert attempt["answers"] == {"c1": ["emotie", 0.25], "c2": ["gedrag", 0.0], "c3": ["gedrag", 0.5]}
    assert attempt["score"] == 0.25
    assert LayerMap.tally([attempt["answers"]] * 5)["c1"]["gekozen"] == [{"emotie": 5}]


def test_each_quote_says_how_it_was_heard(played: Played) -> None:
    page = place(played, c1="emotie", c2="gedrag").text
    assert "Bij 1 citaat van 3 hoorde jij dezelfde laag" in page
    assert "Een deel van de experts ook; de meeste hoorden gedrag." in page
    assert "De experts hoorden vooral emotie." in page
    assert "Daar denken experts verschillend over." in page
    assert "Dit zijn nog geen echte experts" in page


def test_a_key_of_real_experts_says_nothing_of_an_author() -> None:
    played = Played(LayerMap, case(n_experts=5, aandelen="illustratief"))
    assert "nog geen echte experts" in place(played).text
    real = {key: value for key, value in case(n_experts=5).items() if key != "aandelen"}
    assert LayerMap.check(real) == []
    assert "nog geen echte experts" not in place(Played(LayerMap, real)).text


@pytest.mark.parametrize(("n", "shown"), [(4, False), (5, True)])
def test_the_group_is_shown_from_five_people_on(n: int, shown: bool) -> None:
    played = Played(LayerMap, case(), cohort=Cohort(n, {"gedrag": n - 1, "emotie": 1, "onzin": 1}))
    assert "In de groep" not in played.view()
    page = place(played).text
    assert (f"{n - 1} × gedrag, 1 × emotie" in page) is shown


def test_one_may_listen_again_and_stays_done(played: Played) -> None:
    place(played)
    played.post("answer", ronde="1", antwoord="a1")
    played.post("again", ronde="1")
    assert not any(secret in played.view() for secret in ("Reden", "Opent"))
    place(played, ronde="2")
    assert played.block.status == "afgerond"
    assert [attempt["number"] for attempt in played.published("attempt")] == [1, 2]


@pytest.mark.parametrize("layer", ["", "grond", "Gedrag", "antwoord"])
def test_a_layer_that_isn_t_there_is_refused_and_the_rest_stays_chosen(played: Played, layer: str) -> None:
    refused = place(played, c1=layer)
    assert refused.status_int == 422
    assert "Kies een laag bij citaat " in refused.text
    assert refused.text.count(" selected") == 2
    assert not played.published("attempt")


def test_a_reply_that_isn_t_there_is_refused(played: Played) -> None:
    place(played)
    assert played.post("answer", ronde="1", antwoord="a9").status_int == 422
    assert played.block.status == "bezig"


def test_double_clicks_and_stale_tabs_change_nothing(played: Played) -> None:
    assert played.post("answer", ronde="1", antwoord="a1").status_int == 200
    place(played)
    before = copy.deepcopy(played.fields)
    for ronde in ("1", "2"):
        assert place(played, c1="behoefte", ronde=ronde).status_int == 200
        assert played.post("write", versie="0", gedrag="x").status_int == 200
    assert played.fields == before
    assert len(played.published("attempt")) == 1


# --- an own map


def test_an_own_map_is_done_when_written_and_private_whole(mine: Played) -> None:
    page = write(mine).text
    assert "Bang geweest" in page
    assert mine.block.status == "afgerond"
    secrets_are_private(mine, "Riep hard", "Bang geweest", "Zekerheid graag", "Ik blijf hier")
    assert {kind for kind, _ in mine.runtime.events} == {"progress", "completion"}
    assert mine.block.score is None


@pytest.mark.parametrize("form", [{"emotie": " "}, {"antwoord": ""}, {"behoefte": "x" * 1001}])
def test_each_layer_and_the_reply_are_needed(mine: Played, form: dict[str, str]) -> None:
    refused = write(mine, **form)
    assert refused.status_int == 422
    assert "Riep hard</textarea>" in refused.text
    assert not mine.block.written


def test_an_own_map_can_be_changed_and_wiped(mine: Played) -> None:
    write(mine)
    mine.post("change", versie="1")
    assert "Riep hard</textarea>" in mine.view()
    write(mine, gedrag="Liep weg")
    assert mine.block.written["gedrag"] == "Liep weg"
    mine.post("erase", versie="1")
    assert mine.block.written
    mine.post("erase", versie="2")
    assert (mine.block.written, mine.block.status) == ({}, "afgerond")
    assert "Liep weg" not in mine.view()


def test_a_forgotten_tab_doesn_t_write_over_what_is_newer(mine: Played) -> None:
    write(mine)
    assert write(mine, versie="0").status_int == 200
    refused = write(mine, versie="0", gedrag="Uit een oud venster")
    assert refused.status_int == 422
    assert "In een ander venster" in refused.text
    assert "Uit een oud venster</textarea>" in refused.text
    assert mine.block.written["gedrag"] == "Riep hard"


# --- both


HANDLERS = ["place", "answer", "write", "change", "erase", "again", "proceed"]
NAMES = ["ronde", "versie", "item", "antwoord", "gedrag", "emotie", "behoefte", "laag-c1", "laag-c2", "laag-c3"]


def test_hostile_posts_change_nothing(played: Played, mine: Played) -> None:
    withstands(played, HANDLERS, NAMES)
    place(played)
    played.post("answer", ronde="1", antwoord="a2")
    withstands(played, HANDLERS, NAMES)
    write(mine)
    mine.fields["version"] = 5  # so that no value is the version by chance
    withstands(mine, HANDLERS, NAMES)


def test_html_of_an_author_and_of_a_learner_stays_text(played: Played, mine: Played) -> None:
    page = played.view() + write(mine, gedrag="<u>x").text
    assert all(words in page for words in ("balie &lt;b&gt;", "hetzelfde &lt;i&gt;", "&lt;u&gt;x"))
    assert "<u>" not in page


def test_the_layers_are_drawn_and_can_be_read_as_a_list(played: Played, mine: Played) -> None:
    for page in (played.view(), mine.view()):
        assert page.count('class="lagen__grond"') == page.count('class="lagen__laag"') == 3


def test_every_state_can_be_read_in_english() -> None:
    played = Played(LayerMap, case(), language="en")
    assert "Choose a layer" in played.view()
    place(played)
    assert "This opens:" in played.post("answer", ronde="1", antwoord="a3").text
    assert "Your layers have been saved" in write(Played(LayerMap, own(), language="en")).text


# --- gates


def test_good_content_has_no_problems() -> None:
    assert LayerMap.check(case()) == []
    assert LayerMap.check(own()) == []


def changed(name: str, index: int, **more: Any) -> dict[str, Any]:
    found = copy.deepcopy(case()[name])
    found[index] |= more
    return {name: found}


@pytest.mark.parametrize(
    ("broken", "path"),
    [
        ({"vorm": "half"}, ("vorm",)),
        ({"situatie": ""}, ("situatie",)),
        ({"fragment": 3}, ("fragment",)),
        ({"n_experts": "vijf"}, ("n_experts",)),
        ({"n_experts": True}, ("n_experts",)),
        ({"n_experts": 4, "aandelen": None}, ("aandelen",)),
        ({"n_experts": 5, "aandelen": "ja"}, ("aandelen",)),
        ({"citaten": case()["citaten"][:2]}, ("citaten",)),
        ({"citaten": "c1"}, ("citaten",)),
        (changed("citaten", 1, id="c1"), ("citaten", 1, "id")),
        (changed("citaten", 1, uitleg=None), ("citaten", 1, "uitleg")),
        (changed("citaten", 1, spreker=""), ("citaten", 1, "spreker")),
        (changed("citaten", 1, sleutel=None), ("citaten", 1, "sleutel")),
        (changed("citaten", 1, sleutel={"grond": 1}), ("citaten", 1, "sleutel", "grond")),
        (changed("citaten", 1, sleutel={"gedrag": 2}), ("citaten", 1, "sleutel", "gedrag")),
        (changed("citaten", 1, sleutel={"gedrag": True}), ("citaten", 1, "sleutel", "gedrag")),
        (changed("citaten", 1, sleutel={"gedrag": 0.5, "emotie": 0.2}), ("citaten", 1, "sleutel")),
        ({"antwoorden": []}, ("antwoorden",)),
        (changed("antwoorden", 2, laag="emotie"), ("antwoorden",)),
        (changed("antwoorden", 2, laag="diep"), ("antwoorden", 2, "laag")),
        (changed("antwoorden", 2, opent=""), ("antwoorden", 2, "opent")),
        (changed("antwoorden", 2, sluit=5), ("antwoorden", 2, "sluit")),
    ],
)
def test_each_gate_of_a_case_names_the_place_and_a_remedy(broken: dict[str, Any], path: tuple[str | int, ...]) -> None:
    found = {problem.path: problem.reason for problem in LayerMap.check(case(**broken))}
    assert found.get(path)


@pytest.mark.parametrize(
    ("prompts", "path"),
    [
        (None, ("prompts",)),
        ({**own()["prompts"], "emotie": ""}, ("prompts", "emotie")),
        ({"gedrag": "x"}, ("prompts",)),
    ],
)
def test_each_prompt_of_an_own_map_is_needed(prompts: Any, path: tuple[str | int, ...]) -> None:
    found = {problem.path: problem.reason for problem in LayerMap.check(own(prompts=prompts))}
    assert found.get(path)


def test_an_own_map_is_never_anything_but_class_c() -> None:
    assert [problem.path for problem in LayerMap.check(own(privacyklasse="A"))] == [("privacyklasse",)]
    assert LayerMap.check(own(privacyklasse="C")) == []


@given(junk, st.sampled_from(["citaten", "antwoorden", "prompts", "vorm", "n_experts", "aandelen"]))
def test_no_content_makes_the_gate_fall_over(value: Any, name: str) -> None:
    assert isinstance(LayerMap.check(case(**{name: value})), list)
    assert isinstance(LayerMap.check(own(**{name: value})), list)
