"""What can you promise from your role? Curriculum 3.l."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from modules.blocks.promisecheck.block import LONGEST_OWN, PromiseCheck
from modules.blocks.promisecheck.rules import promise_points
from tests.modules.blocks.hostile import junk_of
from tests.modules.toy import Played

BINS = ["doen", "agenderen", "niet"]
OWN = "Ik bel je vrijdag, ook als Truus nog niets weet."


def promise(n: int, adviser: str, permits: str) -> dict[str, Any]:
    return {
        "id": f"P{n}", "tekst": f"Belofte {n} <b>", "reden": f"Reden {n} <i>",
        "sleutel": {"adviseur": adviser, "vergunningverlener": permits},
    }  # fmt: skip


def promises(**more: Any) -> dict[str, Any]:
    return {
        "id": "beloftes", "titel": "Belofte-check", "inleiding": "Acht zinnen.",
        "rollen": {"adviseur": "Adviseur", "vergunningverlener": "Vergunningverlener"},
        "bakken": {"doen": "Kan ik doen", "agenderen": "Kan ik agenderen", "niet": "Kan ik niet beloven"},
        "items": [promise(1, "doen", "doen"), promise(2, "agenderen", "doen"), promise(3, "niet", "niet")],
        "eigen": "Herschrijf een belofte van jezelf.", "voorbeelden": ["Model een", "Model twee"],
        **more,
    }  # fmt: skip


def play(chosen: list[str], role: str = "adviseur", **more: Any) -> Played:
    played = Played(PromiseCheck, promises(**more))
    played.post("choose_role", ronde="1", rol=role)
    for bin_ in chosen:
        item = played.block.current
        assert played.post("answer", ronde="1", item=item, bak=bin_).status_int == 200
        played.post("proceed", ronde="1", item=item)
    return played


# --- points


@given(st.sampled_from(BINS), st.sampled_from(BINS))
def test_the_right_bin_earns_one_its_neighbour_half_and_the_other_end_nothing(right: str, chosen: str) -> None:
    away = abs(BINS.index(right) - BINS.index(chosen))
    beside = 0.25 if chosen == BINS[1] else 0.5  # the middle lies beside both
    assert promise_points(BINS, right, chosen) == {0: 1, 1: beside, 2: 0}[away]


@given(st.text(max_size=9))
def test_a_bin_that_is_not_there_earns_nothing(chosen: str) -> None:
    assert promise_points(BINS, "doen", chosen + "?") == promise_points(BINS, "", chosen) == 0


# --- the flow


def test_first_one_chooses_the_role_one_looks_from() -> None:
    played = Played(PromiseCheck, promises())
    page = played.view()
    assert "Vanuit welke rol kijk je?" in page
    assert "Belofte 1" not in page
    assert "Belofte 1" in played.post("choose_role", ronde="1", rol="adviseur").text


def test_no_promise_is_judged_without_a_role() -> None:
    played = Played(PromiseCheck, promises())
    played.post("answer", ronde="1", item="P1", bak="doen")
    assert not played.block.answers


def test_one_role_needs_no_choosing() -> None:
    items = [{**item, "sleutel": {"adviseur": "doen"}} for item in promises()["items"]]
    data = promises(rollen={"adviseur": "Adviseur"}, items=items)
    assert PromiseCheck.check(data) == []
    played = Played(PromiseCheck, data)
    assert "Belofte 1" in played.view()
    assert played.post("answer", ronde="1", item="P1", bak="doen").status_int == 200
    assert played.block.answers == {"P1": ["adviseur", "doen"]}


def test_the_right_bin_and_the_reason_are_not_on_the_page_before_the_answer() -> None:
    played = play([])
    assert "Reden" not in played.view()
    page = played.post("answer", ronde="1", item="P1", bak="agenderen").text
    assert "Reden 1" in page
    assert "Dat ligt er dichtbij. Wij zeggen:" in page


def test_the_key_is_that_of_the_role() -> None:
    assert play(["doen", "doen", "niet"], "vergunningverlener").block.score == 1
    assert play(["doen", "doen", "niet"], "adviseur").block.score == pytest.approx(2.5 / 3, abs=1e-4)


def test_all_promises_judged_is_done_whatever_was_chosen() -> None:
    played = play(["niet", "niet", "doen"], let_op="Mandaten verschillen.")
    assert (played.block.status, played.block.score) == ("afgerond", pytest.approx(0.5 / 3, abs=1e-4))
    assert "Mandaten verschillen." in played.view()


def test_an_attempt_says_role_bin_and_points() -> None:
    (attempt,) = play(["doen", "niet", "niet"]).published("attempt")
    assert attempt["answers"]["P2"] == ["adviseur", "niet", 0.5]
    assert PromiseCheck.tally([attempt["answers"]])["P2"] == {
        "n": 1,
        "p": 0.5,
        "gekozen": [{"adviseur": 1}, {"niet": 1}],
    }


def test_once_more_may_be_from_another_role() -> None:
    played = play(["doen", "doen", "niet"])
    played.post("again", ronde="1")
    assert "Vanuit welke rol kijk je?" in played.view()
    played.post("choose_role", ronde="2", rol="vergunningverlener")
    assert (played.block.playing, played.block.status) == ("vergunningverlener", "afgerond")


def test_the_own_promise_is_private_and_opens_the_models() -> None:
    played = play(["doen", "doen", "niet"])
    assert "Model" not in played.view()
    page = played.post("rewrite", ronde="1", versie="0", tekst=OWN).text
    assert OWN in page
    assert "Model twee" in page
    assert PromiseCheck.fields["own"].runtime_options == {"private": True}
    assert OWN not in str(played.runtime.events)
    assert played.block.score is not None


def test_an_own_promise_can_be_changed_and_wiped() -> None:
    played = play(["doen", "doen", "niet"])
    played.post("rewrite", ronde="1", versie="0", tekst=OWN)
    played.post("rewrite", ronde="1", versie="1", tekst="Ik leg het voor.")
    assert played.block.own == "Ik leg het voor."
    assert played.post("rewrite", ronde="1", versie="2", tekst=" ").status_int == 200
    assert (played.block.own, played.block.status) == ("", "afgerond")


def test_an_own_promise_from_an_old_tab_is_handed_back_not_lost() -> None:
    played = play(["doen", "doen", "niet"])
    played.post("rewrite", ronde="1", versie="0", tekst=OWN)
    refused = played.post("rewrite", ronde="1", versie="0", tekst="Iets anders.")
    assert (refused.status_int, played.block.own) == (422, OWN)
    assert "Iets anders." in refused.text
    assert played.post("rewrite", ronde="1", versie="0", tekst=OWN).status_int == 200


def test_without_a_prompt_there_is_no_own_promise() -> None:
    data = promises()
    del data["eigen"], data["voorbeelden"]
    assert PromiseCheck.check(data) == []
    played = Played(PromiseCheck, data)
    played.post("choose_role", ronde="1", rol="adviseur")
    for item in ("P1", "P2", "P3"):
        played.post("answer", ronde="1", item=item, bak="doen")
        played.post("proceed", ronde="1", item=item)
    assert "Jouw belofte" not in played.view()
    played.post("rewrite", ronde="1", versie="0", tekst=OWN)
    assert played.block.own == ""


def test_in_english_all_around_the_promises_is_english() -> None:
    played = Played(PromiseCheck, promises(), language="en")
    assert "From which role do you look?" in played.view()
    assert 'lang="nl">Belofte 1' in played.post("choose_role", ronde="1", rol="adviseur").text


def test_the_first_page_is_the_same_for_everybody() -> None:
    assert "student_view" in PromiseCheck.same_at_first
    assert len({Played(PromiseCheck, promises(), user=user).view() for user in "abcd"}) == 1


# --- what doesn't fit


@pytest.mark.parametrize(
    ("handler", "form", "said"),
    [
        ("answer", {"item": "P1", "bak": "kelder"}, "Kies wat je met deze belofte kunt."),
        ("answer", {"item": "P1"}, "Kies wat je met deze belofte kunt."),
        ("answer", {"item": "P9", "bak": "doen"}, "Deze vraag hoort niet bij deze oefening."),
        ("answer", {"item": "P1", "bak": "doen", "ronde": ""}, "Laad de pagina opnieuw."),
        ("answer", {"item": "P1", "bak": "d" * 30_000}, "Dit is te lang of geen tekst."),
    ],
)
def test_what_is_no_answer_is_refused_with_a_sentence(handler: str, form: dict[str, str], said: str) -> None:
    played = play([])
    refused = played.post(handler, **{"ronde": "1", **form})
    assert refused.status_int == 422
    assert said in refused.text
    assert not played.block.answers


@pytest.mark.parametrize("role", ["minister", "", "r" * 30_000])
def test_a_role_that_is_not_there_is_refused(role: str) -> None:
    played = Played(PromiseCheck, promises())
    assert played.post("choose_role", ronde="1", rol=role).status_int == 422
    assert played.block.role == ""


@pytest.mark.parametrize("text", ["", "  ", "x" * (LONGEST_OWN + 1)])
def test_an_empty_or_endless_promise_is_refused(text: str) -> None:
    played = play(["doen", "doen", "niet"])
    assert played.post("rewrite", ronde="1", versie="0", tekst=text).status_int == 422
    assert played.block.own == ""


def test_a_second_click_a_stale_tab_and_a_step_too_early_change_nothing() -> None:
    played = play(["doen"])
    before = deepcopy(played.fields)
    for handler, form in [
        ("answer", {"ronde": "1", "item": "P1", "bak": "niet"}), ("again", {"ronde": "1"}),
        ("answer", {"ronde": "2", "item": "P2", "bak": "niet"}), ("proceed", {"ronde": "1", "item": "P2"}),
        ("choose_role", {"ronde": "1", "rol": "vergunningverlener"}),
        ("choose_role", {"ronde": "2", "rol": "adviseur"}),
        ("rewrite", {"ronde": "1", "versie": "0", "tekst": OWN}),
    ]:  # fmt: skip
        assert played.post(handler, **form).status_int == 200
        assert played.fields == before, handler


def test_html_stays_text() -> None:
    played = play([])
    page = played.view() + played.post("answer", ronde="1", item="P1", bak="doen").text
    assert "Belofte 1 &lt;b&gt;" in page
    assert "Reden 1 &lt;i&gt;" in page


# --- gates


def test_good_content_has_no_problems() -> None:
    assert PromiseCheck.check(promises()) == []


def _broken(place: tuple[Any, ...], value: Any) -> dict[str, Any]:
    data: Any = deepcopy(promises())
    at = data
    for key in place[:-1]:
        at = at[key]
    at[place[-1]] = value
    return dict(data)


@pytest.mark.parametrize(
    ("place", "value", "path"),
    [
        (("rollen",), {}, ("rollen",)),
        (("rollen",), ["adviseur"], ("rollen",)),
        (("rollen", "adviseur"), "", ("rollen", "adviseur")),
        (("bakken",), {"doen": "Doen"}, ("bakken",)),
        (("bakken",), "doen", ("bakken",)),
        (("items",), [], ("items",)),
        (("items", 0), "belofte", ("items", 0)),
        (("items", 0, "reden"), " ", ("items", 0, "reden")),
        (("items", 0, "sleutel"), "doen", ("items", 0, "sleutel")),
        (("items", 0, "sleutel", "adviseur"), "kelder", ("items", 0, "sleutel", "adviseur")),
        (("items", 0, "sleutel"), {"adviseur": "doen"}, ("items", 0, "sleutel")),
        (("items", 0, "sleutel", "minister"), "doen", ("items", 0, "sleutel", "minister")),
        (("eigen",), "", ("eigen",)),
        (("voorbeelden",), ["een"], ("voorbeelden",)),
        (("voorbeelden",), ["een", ""], ("voorbeelden",)),
        (("voorbeelden",), "een", ("voorbeelden",)),
    ],
)
def test_each_gate_names_the_place(place: tuple[Any, ...], value: Any, path: tuple[Any, ...]) -> None:
    assert path in [problem.path for problem in PromiseCheck.check(_broken(place, value))]


@given(junk_of("items", "rollen", "bakken", "sleutel", "id", "adviseur"))
def test_whatever_an_author_wrote_is_answered_with_problems(value: Any) -> None:
    for name in ("items", "rollen", "bakken", "eigen", "voorbeelden"):
        assert all(problem.reason for problem in PromiseCheck.check({**promises(), name: value}))
    assert PromiseCheck.check({"items": [{"id": "x", "sleutel": value}], "rollen": value, "bakken": value})
