"""Roles around an issue: curriculum 3.d, unit 2.2."""

from __future__ import annotations

import copy
import json
from datetime import date, timedelta
from typing import Any

import pytest
from bs4 import BeautifulSoup
from hypothesis import given
from hypothesis import strategies as st

from modules.blocks.polarisationmap import block as module
from modules.blocks.polarisationmap.block import PolarisationMap
from modules.blocks.polarisationmap.drawing import HEIGHT, RADIUS, WIDTH, ZONES, dots
from modules.blocks.polarisationmap.gates import MOST
from modules.blocks.polarisationmap.rules import (
    ROLES,
    SIDED,
    is_over,
    map_score,
    names_in,
    pole_of,
    role_points,
    spread,
    wipe_day,
)
from tests.modules.blocks.hostile import junk, secrets_are_private, withstands
from tests.modules.toy import Played

roles = st.sampled_from(ROLES)
shares = st.lists(roles, min_size=1, max_size=9).map(lambda votes: {c: votes.count(c) / len(votes) for c in votes})
keys = st.dictionaries(st.text(min_size=1, max_size=3), shares, min_size=1)
days = st.dates(min_value=date(2000, 1, 1), max_value=date(2100, 1, 1))
placings = st.lists(st.tuples(roles, st.sampled_from(["links", "rechts"])), max_size=MOST)


def actor(id_: str, naam: str, key: dict[str, dict[str, float]], pool: Any = "geen", **more: Any) -> dict[str, Any]:
    quotes = {moment: f"Citaat {id_} {moment} <i>" for moment in key}
    return {"id": id_, "naam": naam, "portret": "Woont hier.", "citaten": quotes, "sleutel": key, "pool": pool, **more}


def always(shares: dict[str, float]) -> dict[str, dict[str, float]]:
    return {"m1": shares, "m2": shares, "m3": shares}


def case(**more: Any) -> dict[str, Any]:
    return {
        "id": "beek", "titel": "De beek <b>", "vorm": "case", "kwestie": "De beek moet slingeren",
        "polen": ["Handen af", "Geef terug"], "tekst_vooraf": "Gedrag van nu, geen etiket.", "aandelen": "illustratief",
        "momenten": [{"id": f"m{n}", "titel": f"Moment {n}", "tekst": f"Tekst {n}"} for n in (1, 2, 3)],
        "actoren": [
            actor("a1", "Melkveehouder", always({"pusher": 1}), "links"),
            actor("a2", "Fietsenmaker", always({"stil midden": 0.8, "bruggenbouwer": 0.2}), uitleg="Omdat hij zwijgt"),
            actor("a3", "Projectleider", always({"pusher": 0.4, "joiner": 0.4, "zondebok": 0.2}),
                  {"m1": "rechts", "m2": "rechts", "m3": "rechts"}),
        ],
        "knoppen": {
            "wie": [{"actor": "a2", "feedback": "Weerwoord wie2"}, {"actor": "a1", "feedback": "Weerwoord wie1"}],
            **{knob: [{"id": f"{knob}{n}", "tekst": f"Keuze {knob} {n}", "feedback": f"Weerwoord {knob}{n}"}
                      for n in (1, 2)] for knob in ("waarover", "vanaf", "toon")},
        },
        **more,
    }  # fmt: skip


def still(**more: Any) -> dict[str, Any]:
    """A case without moments."""
    people = [{**each, "citaten": ["Een citaat"], "sleutel": each["sleutel"]["m1"],
               "pool": each["pool"] if isinstance(each["pool"], str) else "rechts"}
              for each in case()["actoren"]]  # fmt: skip
    return case(momenten=[], actoren=people, **more)


def own(**more: Any) -> dict[str, Any]:
    prompts = {"kwestie": "Waar gaat het over?", "links": "De ene kant?", "rechts": "De andere?", "actor": "Wie?"}
    return {"id": "eigen", "titel": "Jouw casus", "vorm": "eigen", "tekst_vooraf": "Gedrag van nu.",
            "prompts": prompts, "min_actoren": 3, "bewaren_dagen": 90, **more}  # fmt: skip


class Cohort:
    def __init__(self, n: int, chosen: dict[str, int]) -> None:
        self.value = {"n": n, "figures": {"a1-m3": {"n": n, "p": 0.5, "gekozen": [chosen, {}]}}}

    def figures(self) -> dict[str, Any]:
        return self.value


class Calendar:
    day = date(2026, 3, 1)

    def __call__(self) -> date:
        return self.day


@pytest.fixture
def calendar(monkeypatch: pytest.MonkeyPatch) -> Calendar:
    calendar = Calendar()
    monkeypatch.setattr(module, "today", calendar)
    return calendar


def soup(html: str) -> Any:
    return BeautifulSoup(html, "html.parser")


@pytest.fixture
def played() -> Played:
    return Played(PolarisationMap, case())


@pytest.fixture
def mine(calendar: Calendar) -> Played:
    return Played(PolarisationMap, own())


FORM = {"rol-a1": "pusher", "pool-a1": "links", "rol-a2": "stil midden", "rol-a3": "joiner", "pool-a3": "rechts"}


def place(played: Played, moment: str = "m1", ronde: str = "1", **other: str) -> Any:
    form = {name.replace("_", "-"): value for name, value in other.items()}
    return played.post("place", **{"ronde": ronde, "moment": moment, **FORM, **form})


def place_all(played: Played, ronde: str = "1", **other: str) -> Any:
    return [place(played, moment, ronde, **other) for moment in ("m1", "m2", "m3")][-1]


TURNED = {"knop-wie": "a2", "knop-waarover": "waarover1", "knop-vanaf": "vanaf2", "knop-toon": "toon1"}
PEOPLE = {
    "naam-0": "een melkveehouder", "rol-0": "pusher", "pool-0": "links",
    "naam-1": "een projectleider", "rol-1": "joiner", "pool-1": "rechts",
    "naam-2": "een huisarts", "rol-2": "stil midden",
}  # fmt: skip


def draw(mine: Played, **other: str) -> Any:
    form = {name.replace("_", "-"): value for name, value in other.items()}
    words = {"kwestie": "De uitkoop langs de rivier", "links": "Blijf van ons erf", "rechts": "Geef het terug"}
    return mine.post("draw", **{"versie": str(mine.block.version), **words, **PEOPLE, **form})


# --- scoring


@given(shares, roles)
def test_points_are_those_of_a_fragment_without_families(said: dict[str, float], role: str) -> None:
    points = role_points(said, role)
    assert (points == 0) == (said.get(role, 0) == 0)
    if max(said.values()) < 0.5 - 1e-9:
        assert points in (0, 1)
    else:
        assert points == pytest.approx(said.get(role, 0) / max(said.values()))


@given(keys, st.dictionaries(st.text(min_size=1, max_size=3), roles))
def test_a_score_is_between_nothing_and_one(key: dict[str, dict[str, float]], chosen: dict[str, str]) -> None:
    assert 0 <= map_score(key, chosen) <= 1
    assert map_score(key, {place: max(said, key=said.__getitem__) for place, said in key.items()}) == 1


@given(roles, st.sampled_from(["links", "rechts", "geen", "", "boven"]))
def test_only_who_pushes_or_joins_has_a_side(role: str, pole: str) -> None:
    assert pole_of(role, pole) == (pole if role in SIDED and pole in ("links", "rechts") else "")


@given(st.dictionaries(roles, st.integers(0, 50)))
def test_the_spread_of_a_group_is_nothing_when_they_agree_and_one_at_most(counts: dict[str, int]) -> None:
    assert 0 <= spread(counts) <= 1
    assert (spread(counts) == 0) == (sum(n > 0 for n in counts.values()) <= 1)


def test_a_group_that_chose_each_role_as_often_is_spread_most() -> None:
    assert spread(dict.fromkeys(ROLES, 3)) == 1


@given(days, st.integers(1, 90))
def test_an_own_map_is_there_until_its_day_and_not_on_it(changed: date, kept: int) -> None:
    day = wipe_day(changed, kept)
    assert not is_over(day, changed + timedelta(days=kept - 1))
    assert is_over(day, changed + timedelta(days=kept))
    assert not is_over("", changed)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("een melkveehouder", []),
        ("Melkveehouder langs de beek", []),
        ("een adviseur van LTO", []),
        ("Boer. Zijn vader ook.", []),
        ("“Blijf van ons erf”", []),
        ("", []),
        ("Jan", ["Jan"]),
        ("Fatima van de gemeente", ["Fatima"]),
        ("boer Jansen", ["Jansen"]),
        ("mevrouw De Wit", ["De", "Wit"]),
        ("de buurman, Kees", ["Kees"]),
        ("O'Neill en Šarić", ["Šarić"]),
    ],
)
def test_a_capital_inside_a_sentence_or_a_first_name_may_be_a_name(text: str, found: list[str]) -> None:
    assert names_in(text) == found


@given(st.text())
def test_looking_for_names_never_falls_over_and_finds_words_of_the_text(text: str) -> None:
    assert all(name in text and name[0].isupper() for name in names_in(text))


# --- the drawing


@given(placings)
def test_everybody_is_drawn_once_inside_the_drawing_and_not_on_top_of_another(placing: list[tuple[str, str]]) -> None:
    placed = [(number, role, pole_of(role, pole)) for number, (role, pole) in enumerate(placing, 1)]
    drawn = dots(placed)
    assert [dot.number for dot in drawn] == [number for number, _, _ in placed]
    assert len({(dot.x, dot.y) for dot in drawn}) == len(drawn)
    assert all(RADIUS <= dot.x <= WIDTH - RADIUS and RADIUS <= dot.y <= HEIGHT - RADIUS for dot in drawn)


def test_left_stands_left_of_the_water_and_right_of_it_right() -> None:
    assert ZONES["pusher", "links"].x < ZONES["joiner", "links"].x < ZONES["stil midden", ""].x
    assert ZONES["pusher", "rechts"].x > ZONES["joiner", "rechts"].x > ZONES["stil midden", ""].x
    assert dots([(1, "pusher", ""), (2, "", "")]) == []


# --- a case


def test_the_key_and_what_others_say_are_not_on_the_page_before_all_is_placed(played: Played) -> None:
    page = played.view()
    assert "Citaat a1 m1" in page
    assert not any(secret in page for secret in ("Citaat a1 m2", "80%", "Omdat hij zwijgt", "Weerwoord", "Keuze toon"))
    page = place(played).text + place(played, "m2").text
    assert not any(secret in page for secret in ("80%", "Omdat hij zwijgt", "Weerwoord"))
    page = place(played, "m3").text
    assert "80%" in page
    assert "Omdat hij zwijgt" in page
    assert "Weerwoord" not in page


def test_at_a_new_moment_everybody_stands_where_the_learner_put_them(played: Played) -> None:
    page = soup(place(played).text)
    chosen = {select["name"]: select.find("option", selected=True) for select in page.find_all("select")}
    assert chosen["rol-a3"]["value"] == "joiner"
    assert chosen["pool-a3"]["value"] == "rechts"
    assert chosen["pool-a2"] is None


def test_a_placing_is_complete_after_the_last_moment_and_done_once_compared(played: Played) -> None:
    place(played)
    place(played, "m2")
    assert not played.published("attempt")
    place(played, "m3")
    assert (played.block.status, played.block.score) == ("bezig", 1)
    played.post("onward", ronde="1")
    assert played.block.status == "afgerond"
    assert len(played.published("completion")) == 1


def test_where_experts_differ_each_of_their_roles_is_right_and_another_is_not(played: Played) -> None:
    place(played, rol_a3="zondebok")
    place(played, "m2", rol_a3="stil midden")
    place(played, "m3")
    (attempt,) = played.published("attempt")
    assert attempt["answers"]["a3-m1"] == ["zondebok", "", 1.0]
    assert attempt["answers"]["a3-m2"] == ["stil midden", "", 0.0]
    assert attempt["answers"]["a1-m1"] == ["pusher", "links", 1.0]
    assert attempt["score"] == pytest.approx(8 / 9, abs=1e-4)


def test_a_group_has_its_spread_for_a_talk(played: Played) -> None:
    place_all(played)
    (attempt,) = played.published("attempt")
    other = {**attempt["answers"], "a1-m1": ["joiner", "links", 0.0]}
    figures = PolarisationMap.tally([attempt["answers"]] * 3 + [other] * 3)
    assert figures["a1-m1"]["gekozen"] == [{"pusher": 3, "joiner": 3}, {"links": 6}]
    assert figures["a1-m1"]["spreiding"] == pytest.approx(0.4307)
    assert figures["a2-m1"]["spreiding"] == 0


@pytest.mark.parametrize(("n", "shown"), [(4, False), (5, True)])
def test_the_group_is_shown_from_five_people_on(n: int, shown: bool) -> None:
    played = Played(PolarisationMap, case(), cohort=Cohort(n, {"pusher": n - 1, "joiner": 1, "onzin": 2}))
    page = place_all(played).text
    assert (f"{n - 1} × pusher, 1 × joiner" in page) is shown
    assert ("De groep" in page) is shown


def test_a_sketch_draws_and_fixes_nothing(played: Played) -> None:
    page = played.post("sketch", ronde="1", moment="m1", **{"rol-a1": "pusher", "pool-a1": "rechts", "rol-a2": "onzin"})
    assert page.text.count('class="kaart__mens"') == 1
    assert "De kaart is bijgetekend." in page.text
    assert (played.block.answers, played.published("attempt")) == ({}, [])
    assert "De kaart is bijgetekend." not in played.view()


def test_the_reason_is_private_and_the_role_is_not(played: Played) -> None:
    place(played, reden_a1="Hij wijst naar ons")
    assert played.block.reasons == {"a1-m1": "Hij wijst naar ons"}
    place(played, "m2")
    assert "Hij wijst naar ons" in place(played, "m3").text
    secrets_are_private(played, "Hij wijst naar ons")


@pytest.mark.parametrize(
    ("other", "said"),
    [
        ({"rol_a2": ""}, "Kies een rol voor nummer 2."),
        ({"rol_a2": "baas"}, "Kies een rol voor nummer 2."),
        ({"pool_a1": ""}, "Kies aan welke kant nummer 1 staat."),
        ({"pool_a3": "midden"}, "Kies aan welke kant nummer 3 staat."),
    ],
)
def test_a_place_that_cannot_be_is_refused_and_the_rest_stays_chosen(
    played: Played, other: dict[str, str], said: str
) -> None:
    refused = place(played, **other)
    assert refused.status_int == 422
    assert said in refused.text
    assert refused.text.count(" selected") == 4
    assert not played.block.answers


def test_all_four_knobs_are_turned_and_may_be_turned_again(played: Played) -> None:
    place_all(played)
    played.post("onward", ronde="1")
    assert played.post("turn_knobs", ronde="1", **{**TURNED, "knop-toon": "toon9"}).status_int == 422
    page = played.post("turn_knobs", ronde="1", **TURNED).text
    assert all(f"Weerwoord {words}" in page for words in ("wie2", "waarover1", "vanaf2", "toon1"))
    assert "Weerwoord toon2" not in page
    page = played.post("turn_knobs", ronde="1", **{**TURNED, "knop-toon": "toon2"}).text
    assert "Weerwoord toon2" in page


def test_one_may_place_everybody_again_and_stays_done(played: Played) -> None:
    place_all(played)
    played.post("onward", ronde="1")
    played.post("again", ronde="1")
    assert not any(secret in played.view() for secret in ("80%", "Weerwoord"))
    place_all(played, ronde="2")
    assert played.block.status == "afgerond"
    assert [attempt["number"] for attempt in played.published("attempt")] == [1, 2]


def test_double_clicks_and_stale_tabs_change_nothing(played: Played) -> None:
    place(played)
    before = copy.deepcopy(played.fields)
    assert place(played, rol_a1="zondebok").status_int == 200
    assert place(played, "m3").status_int == 200
    assert place(played, "m2", ronde="2").status_int == 200
    assert played.post("onward", ronde="1").status_int == 200
    assert played.post("turn_knobs", ronde="1", **TURNED).status_int == 200
    assert draw(played).status_int == 200
    assert played.fields == before


def test_a_case_without_moments_is_placed_at_once() -> None:
    played = Played(PolarisationMap, still())
    assert PolarisationMap.check(still()) == []
    assert "Moment" not in played.view()
    page = place(played, "").text
    assert "Jouw kaart naast die van de experts" in page
    assert played.published("attempt")[0]["answers"]["a1"] == ["pusher", "links", 1.0]


# --- an own map


def test_an_own_map_is_drawn_with_a_table_beside_it_and_done(mine: Played) -> None:
    page = draw(mine).text
    assert page.count('class="kaart__mens"') == 3
    assert page.count("een huisarts") == 1
    assert "Op 30-05-2026 wordt hij gewist" in page
    assert (mine.block.status, mine.block.score, mine.published("attempt")) == ("afgerond", None, [])


def test_an_own_map_is_private_whole(mine: Played) -> None:
    draw(mine)
    secrets_are_private(mine, "De uitkoop", "Blijf van ons erf", "een melkveehouder", "pusher")


def test_what_may_be_a_name_is_asked_about_before_anything_is_kept(mine: Played) -> None:
    refused = draw(mine, naam_1="Jan van het waterschap")
    assert refused.status_int == 422
    assert "Is “Jan” een naam?" in refused.text
    assert 'name="geen-namen"' in refused.text
    assert 'name="geen-namen"' not in mine.view()
    assert "Jan" not in json.dumps(mine.fields.get("written", {}))
    assert draw(mine, naam_1="een projectleider").status_int == 200


def test_who_says_it_is_no_name_is_believed(mine: Played) -> None:
    assert draw(mine, kwestie="De uitkoop langs de Dalm").status_int == 422
    assert draw(mine, kwestie="De uitkoop langs de Dalm", geen_namen="nee").status_int == 422
    assert draw(mine, kwestie="De uitkoop langs de Dalm", geen_namen="ja").status_int == 200
    assert mine.block.written["kwestie"] == "De uitkoop langs de Dalm"


@pytest.mark.parametrize(
    ("other", "said"),
    [
        ({"kwestie": ""}, "Schrijf hier een paar woorden."),
        ({"links": "x" * 201}, "Houd het bij 200 tekens."),
        ({"naam_1": ""}, "Schrijf een functie, in een paar woorden."),
        ({"naam_1": "x" * 201}, "Schrijf een functie, in een paar woorden."),
        ({"rol_1": ""}, "Kies een rol op regel 2."),
        ({"pool_1": "geen"}, "Kies een kant op regel 2."),
        ({"naam_2": "", "rol_2": ""}, "Zet minstens 3 mensen op de kaart."),
    ],
)
def test_half_a_map_is_refused_and_still_there(mine: Played, other: dict[str, str], said: str) -> None:
    refused = draw(mine, **other)
    assert refused.status_int == 422
    assert said in refused.text
    assert 'value="een melkveehouder"' in refused.text
    assert not mine.block.written


def test_after_ninety_days_an_own_map_is_gone_for_whoever_looks_or_posts(mine: Played, calendar: Calendar) -> None:
    draw(mine)
    calendar.day += timedelta(days=89)
    assert "De uitkoop" in mine.view()
    calendar.day += timedelta(days=1)
    page = mine.view()
    assert "De uitkoop" not in page
    assert "Je vorige kaart is gewist" in page
    mine.post("change", versie="1")
    assert "uitkoop" not in json.dumps(mine.fields["written"])
    assert mine.block.status == "afgerond"
    assert "Je vorige kaart is gewist" not in mine.view()


def test_the_form_that_is_drawn_after_wiping_can_be_used_at_once(mine: Played, calendar: Calendar) -> None:
    draw(mine)
    calendar.day += timedelta(days=100)
    page = soup(mine.view())
    version = page.find("input", attrs={"name": "versie"})
    assert draw(mine, versie=str(version["value"]), kwestie="Een nieuw begin").status_int == 200
    assert mine.block.written["kwestie"] == "Een nieuw begin"
    assert mine.block.wipe_on == wipe_day(calendar.day)


def test_the_days_count_from_the_last_change(mine: Played, calendar: Calendar) -> None:
    draw(mine)
    calendar.day += timedelta(days=80)
    mine.post("change", versie="1")
    draw(mine, kwestie="Toch iets anders")
    calendar.day += timedelta(days=80)
    assert "Toch iets anders" in mine.view()


def test_who_keeps_an_own_map_has_it_until_wiping_it(mine: Played, calendar: Calendar) -> None:
    draw(mine)
    assert "Hij blijft staan tot jij hem wist." in mine.post("hold", versie="1", bewaren="ja").text
    calendar.day += timedelta(days=1000)
    assert "De uitkoop" in mine.view()
    mine.post("hold", versie="1", bewaren="nee")
    assert mine.block.kept
    mine.post("hold", versie="2", bewaren="nee")
    assert mine.block.wipe_on == wipe_day(calendar.day)
    mine.post("erase", versie="2")
    assert mine.block.written
    mine.post("erase", versie="3")
    assert (mine.block.written, mine.block.wipe_on, mine.block.status) == ({}, "", "afgerond")


def test_fewer_days_can_be_authored(calendar: Calendar) -> None:
    played = Played(PolarisationMap, own(bewaren_dagen=7))
    assert "na 7 dagen gewist" in played.view()
    draw(played)
    assert played.block.wipe_on == "2026-03-08"


def test_a_forgotten_tab_doesn_t_write_over_what_is_newer(mine: Played) -> None:
    draw(mine)
    assert draw(mine, versie="0").status_int == 200
    refused = draw(mine, versie="0", kwestie="Uit een oud venster")
    assert refused.status_int == 422
    assert 'value="Uit een oud venster"' in refused.text
    assert mine.block.written["kwestie"] == "De uitkoop langs de rivier"


def test_there_is_always_room_for_more_people_up_to_the_most(mine: Played) -> None:
    many = {f"naam_{n}": "een buur" for n in range(MOST)} | {f"rol_{n}": "stil midden" for n in range(MOST)}
    draw(mine, **many)
    assert len(mine.block.written["actoren"]) == MOST
    page = mine.post("change", versie="1").text
    assert page.count("<fieldset") == MOST


# --- both


HANDLERS = ["place", "sketch", "onward", "turn_knobs", "draw", "change", "hold", "erase", "again", "proceed"]
NAMES = ["ronde", "moment", "versie", "item", "bewaren", "kwestie", "links", "naam-0", "rol-0", *FORM, *TURNED]


def test_hostile_posts_change_nothing(played: Played, mine: Played) -> None:
    withstands(played, HANDLERS, NAMES)
    place_all(played)
    played.post("onward", ronde="1")
    played.post("turn_knobs", ronde="1", **TURNED)
    withstands(played, HANDLERS, NAMES)
    draw(mine)
    mine.fields["version"] = 5  # so that no value is the version by chance
    withstands(mine, HANDLERS, NAMES)


def test_html_of_an_author_and_of_a_learner_stays_text(played: Played, mine: Played) -> None:
    page = played.view() + draw(mine, kwestie="<u>x", naam_2="<s>y").text
    assert all(words in page for words in ("De beek &lt;b&gt;", "m1 &lt;i&gt;", "&lt;u&gt;x", "&lt;s&gt;y"))
    assert "<u>" not in page


def test_the_summary_shows_the_way_in() -> None:
    played = Played(PolarisationMap, case())
    assert 'href="/kaart/"' in played.view("summary_view", href="/kaart/")
    assert "Naar de kaart" in played.view("summary_view", href="/kaart/")
    place(played)
    assert "Ga verder" in played.view("summary_view", href="/kaart/")


def test_every_state_can_be_read_in_english(calendar: Calendar) -> None:
    played = Played(PolarisationMap, case(), language="en")
    assert "Choose a role" in played.view()
    assert "Your map beside that of the experts" in place_all(played).text
    assert "Four knobs" in played.post("onward", ronde="1").text
    assert "How your conversation begins" in played.post("turn_knobs", ronde="1", **TURNED).text
    mine = Played(PolarisationMap, own(), language="en")
    assert "Functions, not names" in mine.view()
    assert "30/05/2026" in draw(mine).text


# --- gates


def test_good_content_has_no_problems() -> None:
    assert PolarisationMap.check(case()) == []
    assert PolarisationMap.check(own()) == []


def changed(index: int, **more: Any) -> dict[str, Any]:
    found = copy.deepcopy(case()["actoren"])
    found[index] |= more
    return {"actoren": found}


def knobs(**more: Any) -> dict[str, Any]:
    return {"knoppen": {**case()["knoppen"], **more}}


@pytest.mark.parametrize(
    ("broken", "path"),
    [
        ({"vorm": "kaart"}, ("vorm",)),
        ({"kwestie": ""}, ("kwestie",)),
        ({"tekst_vooraf": None}, ("tekst_vooraf",)),
        ({"polen": ["Handen af"]}, ("polen",)),
        ({"polen": ["Handen af", 3]}, ("polen",)),
        ({"aandelen": None}, ("aandelen",)),
        ({"momenten": case()["momenten"][:2]}, ("momenten",)),
        ({"momenten": [*case()["momenten"][:2], {"id": "m 3", "titel": "x", "tekst": "y"}]}, ("momenten", 2, "id")),
        ({"momenten": [*case()["momenten"][:2], {"id": "m3", "titel": "", "tekst": "y"}]}, ("momenten", 2, "titel")),
        ({"actoren": case()["actoren"][:2]}, ("actoren",)),
        ({"actoren": [{**case()["actoren"][0], "id": f"a{n}"} for n in range(21)]}, ("actoren",)),
        (changed(0, id="a-1"), ("actoren", 0, "id")),
        (changed(1, id="a1"), ("actoren", 1, "id")),
        (changed(1, naam=""), ("actoren", 1, "naam")),
        (changed(1, portret=None), ("actoren", 1, "portret")),
        (changed(1, uitleg=""), ("actoren", 1, "uitleg")),
        (changed(1, citaten=["x"]), ("actoren", 1, "citaten")),
        (changed(1, citaten={"m1": "x", "m2": "", "m3": "z"}), ("actoren", 1, "citaten", "m2")),
        (changed(1, sleutel=["pusher"]), ("actoren", 1, "sleutel")),
        (changed(1, sleutel={"m1": {"pusher": 1}}), ("actoren", 1, "sleutel", "m2")),
        (changed(1, sleutel=always({"baas": 1})), ("actoren", 1, "sleutel", "m1", "baas")),
        (changed(1, sleutel=always({"zondebok": 0.7})), ("actoren", 1, "sleutel", "m1")),
        (changed(1, sleutel={**always({}), "m1": {"zondebok": "1"}}), ("actoren", 1, "sleutel", "m1", "zondebok")),
        (changed(0, pool="geen"), ("actoren", 0, "pool")),
        (changed(0, pool={"m1": "links", "m2": "links"}), ("actoren", 0, "pool")),
        (changed(1, pool="boven"), ("actoren", 1, "pool")),
        ({"knoppen": None}, ("knoppen",)),
        ({"knoppen": {}}, ("knoppen",)),
        (knobs(toon="zacht"), ("knoppen", "toon")),
        (knobs(toon=[{"id": "t1", "tekst": "x", "feedback": "y"}]), ("knoppen", "toon")),
        (knobs(toon=[{"id": "t1", "tekst": "x", "feedback": "y"}] * 2), ("knoppen", "toon", 1)),
        (knobs(toon=[{"id": "t1", "tekst": "x"}, {"id": "t2", "tekst": "x", "feedback": "y"}]), ("knoppen", "toon", 0)),
        (
            knobs(wie=[{"actor": "a1", "feedback": "x"}, {"actor": "a9", "feedback": "y"}]),
            ("knoppen", "wie", 1, "actor"),
        ),
    ],
)
def test_each_gate_of_a_case_names_the_place_and_a_remedy(broken: dict[str, Any], path: tuple[str | int, ...]) -> None:
    found = {problem.path: problem.reason for problem in PolarisationMap.check(case(**broken))}
    assert found.get(path)


def test_a_case_without_moments_has_a_list_of_quotes_and_one_key() -> None:
    people = still()["actoren"]
    broken = still() | {
        "actoren": [{**people[0], "citaten": {"m1": "x"}, "sleutel": always({"pusher": 1})}, *people[1:]]
    }
    paths = {problem.path for problem in PolarisationMap.check(broken)}
    assert ("actoren", 0, "citaten") in paths
    assert ("actoren", 0, "sleutel", "m1") in paths


@pytest.mark.parametrize(
    ("broken", "path"),
    [
        ({"prompts": None}, ("prompts",)),
        ({"prompts": {**own()["prompts"], "actor": ""}}, ("prompts", "actor")),
        ({"privacyklasse": "A"}, ("privacyklasse",)),
        ({"min_actoren": 0}, ("min_actoren",)),
        ({"min_actoren": True}, ("min_actoren",)),
        ({"bewaren_dagen": 91}, ("bewaren_dagen",)),
        ({"bewaren_dagen": "90"}, ("bewaren_dagen",)),
    ],
)
def test_each_gate_of_an_own_map_names_the_place_and_a_remedy(
    broken: dict[str, Any], path: tuple[str | int, ...]
) -> None:
    found = {problem.path: problem.reason for problem in PolarisationMap.check(own(**broken))}
    assert found.get(path)


@given(junk, st.sampled_from(["actoren", "momenten", "knoppen", "polen", "prompts", "vorm", "min_actoren"]))
def test_no_content_makes_the_gate_fall_over(value: Any, name: str) -> None:
    assert isinstance(PolarisationMap.check(case(**{name: value})), list)
    assert isinstance(PolarisationMap.check(own(**{name: value})), list)


@given(junk, st.sampled_from(["sleutel", "pool", "citaten", "id"]))
def test_no_person_makes_the_gate_fall_over(value: Any, name: str) -> None:
    assert isinstance(PolarisationMap.check(case(**changed(0, **{name: value}))), list)
