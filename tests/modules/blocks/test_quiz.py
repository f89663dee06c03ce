"""The quiz: curriculum 3.k."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from webob import Request

from modules.blocks.quiz.block import Quiz
from modules.blocks.quiz.rules import longest_is_right, matched, multiple_points, ordering_points, spread
from tests.modules.toy import Played

RIGHT, WRONG, ALSO = "Goed antwoord <b>", "Fout antwoord een hele lange", "Ander fout antwoord"


def option(tekst: str, goed: bool) -> dict[str, Any]:
    return {"tekst": tekst, "goed": goed, "feedback": f"Terug bij {tekst}"}


def single(number: int, **more: Any) -> dict[str, Any]:
    return {"id": f"Q{number}", "vraag": f"Vraag {number}?",
            "opties": [option(WRONG, False), option(RIGHT, True), option(ALSO, False)], **more}  # fmt: skip


MULTIPLE: dict[str, Any] = {"id": "M", "soort": "meer", "vraag": "Welke?",
            "opties": [option("een", True), option("twee", False), option("drie", True)]}  # fmt: skip
ORDERING: dict[str, Any] = {"id": "V", "soort": "volgorde", "vraag": "Eerst?",
            "opties": [{"tekst": t, "feedback": f"Terug bij {t}"}
                       for t in ("eerst", "dan", "daarna", "laatst")]}  # fmt: skip
SHORT: dict[str, Any] = {"id": "K", "soort": "kort", "vraag": "Hoe heet het?", "feedback": "Wij noemen het anders.",
         "opties": [option("Tussenruimte", True), option("Kloof", False)]}  # fmt: skip


def quiz(*items: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"id": "quiz", "titel": "Quiz", "items": list(items) or [single(1), single(2)], **more}


def place(played: Played, text: str) -> str:
    """What the page calls the option with this text."""
    item = played.block.current
    options = played.block.items[item]["opties"]
    shown: dict[str, int] = played.block.shown(item)
    return next(place for place, at in shown.items() if options[at]["tekst"] == text)


def choose(played: Played, text: str, round_number: int = 1) -> str:
    """Answer the question on the page, read the feedback, go on. Returns the page with feedback."""
    item = played.block.current
    response = played.post("answer", ronde=str(round_number), item=item, antwoord=place(played, text))
    assert response.status_int == 200
    played.post("proceed", ronde=str(round_number), item=item)
    return str(response.text)


# --- scoring

options = st.lists(st.booleans(), min_size=1, max_size=8).filter(any)


@given(options, st.data())
def test_several_answers_earn_between_nothing_and_one(key: list[bool], data: st.DataObject) -> None:
    authored = [option(str(n), right) for n, right in enumerate(key)]
    chosen = data.draw(st.sets(st.integers(0, len(key) - 1)))
    right = {n for n, is_right in enumerate(key) if is_right}
    earned = multiple_points(authored, chosen)
    assert 0 <= earned <= 1
    assert (earned == 1) == (chosen == right)


@given(options)
def test_ticking_everything_earns_no_more_than_the_right_ones_minus_the_wrong(key: list[bool]) -> None:
    authored = [option(str(n), right) for n, right in enumerate(key)]
    assert multiple_points(authored, range(len(key))) == pytest.approx(
        max(0, sum(key) - (len(key) - sum(key))) / sum(key), abs=1e-4
    )


@given(st.permutations(range(5)))
def test_an_ordering_earns_the_share_in_its_own_place(order: list[int]) -> None:
    assert ordering_points(order) == sum(a == b for a, b in enumerate(order)) / 5


@pytest.mark.parametrize(
    ("typed", "which"), [("tussenruimte", 0), (" Tussen-Ruimte. ", 0), ("KLOOF", 1), ("gat", -1), ("…", -1)]
)
def test_a_short_answer_is_read_without_fuss_about_case_or_dots(typed: str, which: int) -> None:
    assert matched(SHORT["opties"], typed) == which


def test_the_longest_answer_is_counted_only_where_it_beats_all_others() -> None:
    long = {"id": "L", "opties": [option("lang en nog langer", True), option("kort", False), option("even", False)]}
    same = {"id": "S", "opties": [option("even", True), option("even", False), option("kort", False)]}
    two = {"id": "T", "opties": [option("lang en nog langer", True), option("kort", False)]}
    assert longest_is_right([long, same, two]) == 0.5
    assert longest_is_right([]) == 0


# --- the way through


def test_neither_the_key_nor_feedback_is_on_the_page_before_the_answer() -> None:
    for item in (single(1), MULTIPLE, ORDERING, SHORT):
        page = Played(Quiz, quiz(item)).view()
        assert "Terug bij" not in page
        assert "goed" not in page.replace("Goed antwoord", "")
    assert "Tussenruimte" not in Played(Quiz, quiz(SHORT)).block.body()


def test_what_an_option_is_called_says_nothing_about_where_the_author_put_it() -> None:
    called = {place(Played(Quiz, quiz(), user=f"learner{n}"), RIGHT) for n in range(30)}
    assert called == {"1", "2", "3"}


def test_options_stay_where_they_were_within_a_round() -> None:
    played = Played(Quiz, quiz())
    assert played.view() == played.view()


def test_feedback_comes_at_once_and_first_about_what_was_chosen() -> None:
    page = choose(Played(Quiz, quiz()), ALSO)
    assert page.index(f"Terug bij {ALSO}") < page.index("Terug bij Goed antwoord")
    assert "Wij zien het anders." in page


def test_enough_right_is_done() -> None:
    played = Played(Quiz, quiz(single(1), single(2), single(3)))
    for text in (RIGHT, RIGHT, WRONG):
        choose(played, text)
    assert (played.block.status, played.block.score) == ("afgerond", pytest.approx(2 / 3, abs=1e-4))
    assert "Bij 2 van de 3 vragen zag je het zoals wij." in played.view()


def test_not_enough_right_is_not_done_yet_and_once_more_is_always_possible() -> None:
    played = Played(Quiz, quiz())
    choose(played, RIGHT)
    choose(played, WRONG)
    assert (played.block.status, played.block.score) == ("bezig", 0.5)
    assert "Nog niet rond" in played.view()
    played.post("again", ronde="1")
    choose(played, RIGHT, 2)
    choose(played, RIGHT, 2)
    assert played.block.status == "afgerond"
    assert [attempt["number"] for attempt in played.published("attempt")] == [1, 2]


def test_several_an_ordering_and_a_short_answer_go_into_the_record_without_words() -> None:
    played = Played(Quiz, quiz(MULTIPLE, ORDERING, SHORT))
    request = Request.blank(
        "/",
        POST=[("ronde", "1"), ("item", "M"), ("antwoord", place(played, "een")), ("antwoord", place(played, "twee"))],
    )
    played.runtime.handle(played.block, "answer", request)
    played.post("proceed", ronde="1", item="M")
    shown = played.block.shown("V")
    played.post("answer", ronde="1", item="V", **{f"plek-{p}": str(at + 1) for p, at in shown.items()})
    played.post("proceed", ronde="1", item="V")
    page = played.post("answer", ronde="1", item="K", antwoord="iets <b>eigens</b>").text
    (attempt,) = played.published("attempt")
    assert attempt["answers"] == {"M": [[0, 1], 0], "V": [[0, 1, 2, 3], 1.0], "K": [-1, 0.0]}
    assert "iets &lt;b&gt;eigens&lt;/b&gt;" in page
    assert "Wij noemen het anders." in page
    assert Quiz.fields["texts"].runtime_options["private"]


def test_a_draw_is_fixed_within_a_round_and_new_in_the_next() -> None:
    pool = [single(n) for n in range(12)]
    played = Played(Quiz, quiz(*pool, trekking=4))
    first = played.block.order()
    choose(played, WRONG)
    assert played.block.order() == first
    assert len(set(first)) == 4
    for _ in range(3):
        choose(played, WRONG)
    played.post("again", ronde="1")
    assert played.block.order() != first


def test_a_draw_differs_between_people() -> None:
    pool = [single(n) for n in range(12)]
    draws = {tuple(Played(Quiz, quiz(*pool, trekking=4), user=f"u{n}").block.order()) for n in range(5)}
    assert len(draws) > 1


GOALS = {f"D{goal}": f"Doel {goal}" for goal in range(1, 6)}
POOL = [single(n, doel=f"D{n % 5 + 1}") for n in range(25)]


def pool(**more: Any) -> dict[str, Any]:
    return quiz(*POOL, doelen=GOALS, trekking=10, **more)


def draws(of: dict[str, Any], rounds: int, **whose: str) -> list[list[str]]:
    """What somebody gets to see in each of so many rounds."""
    played, seen = Played(Quiz, of, **whose), []
    for number in range(1, rounds + 1):
        seen.append(list(played.block.order()))
        for _ in range(len(seen[-1])):
            choose(played, WRONG, number)
        played.post("again", ronde=str(number))
    return seen


def test_a_pool_of_twenty_five_with_goals_may_be_drawn_from() -> None:
    assert Quiz.check(pool(vanaf="eind")) == []


@pytest.mark.parametrize("user", ["een", "twee", "drie"])
def test_nobody_meets_an_item_again_before_the_pool_is_used_up(user: str) -> None:
    end = draws(pool(), 2, user=user, usage="m/m-kennis")
    later = draws({**pool(vanaf="eind"), "trekking": 5}, 1, user=user, usage="m/m-herhaal")
    met = [item for draw in [*end, *later] for item in draw]
    assert len(met) == len(set(met)) == 25


def test_a_draw_has_as_many_of_each_goal() -> None:
    for draw in draws(pool(), 3):
        assert {goal: sum(POOL[int(item[1:])]["doel"] == goal for item in draw) for goal in GOALS} == dict.fromkeys(
            GOALS, 2
        )


@given(st.lists(st.integers(1, 9), min_size=1, max_size=6), st.integers(1, 12), st.integers(0, 40))
def test_any_run_of_a_spread_is_about_as_mixed_as_the_whole(sizes: list[int], length: int, start: int) -> None:
    groups = [[(group, item) for item in range(size)] for group, size in enumerate(sizes)]
    row = spread(groups)
    assert sorted(row) == sorted(item for group in groups for item in group)
    run = row[start : start + length]
    for group, size in enumerate(sizes):
        fair = len(run) * size / len(row)
        assert abs(sum(of == group for of, _ in run) - fair) < 2


def test_of_a_knowledge_check_the_best_round_counts() -> None:
    played = Played(Quiz, {**pool(), "trekking": 2, "drempel": 0.7})
    choose(played, RIGHT), choose(played, WRONG)
    assert (played.block.score, played.block.status) == (0.5, "bezig")
    assert "andere vragen" in played.view()
    played.post("again", ronde="1")
    choose(played, RIGHT, 2), choose(played, RIGHT, 2)
    assert (played.block.score, played.block.status) == (1, "afgerond")
    played.post("again", ronde="2")
    choose(played, WRONG, 3), choose(played, WRONG, 3)
    assert (played.block.score, played.block.status) == (1, "afgerond")
    assert [attempt["score"] for attempt in played.published("attempt")] == [0.5, 1, 0]


def test_a_pool_that_changed_under_way_still_draws_and_scores() -> None:
    played = Played(Quiz, quiz(single(1), single(2), single(3), trekking=2))
    choose(played, RIGHT)
    played.fields["authored"] = quiz(single(7), single(8))
    assert "Vraag 7?" in played.view()
    choose(played, RIGHT)
    choose(played, RIGHT)
    assert played.block.score == 1


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (single(1), {**single(1), "opties": [option(RIGHT, True)]}),
        (single(1), {**MULTIPLE, "id": "Q1"}),
        ({**MULTIPLE, "id": "Q1"}, single(1)),
        ({**ORDERING, "id": "Q1"}, {**ORDERING, "id": "Q1", "opties": ORDERING["opties"][:3]}),
        ({**ORDERING, "id": "Q1", "opties": ORDERING["opties"][:3]}, {**ORDERING, "id": "Q1"}),
        ({**SHORT, "id": "Q1"}, {**SHORT, "id": "Q1", "opties": SHORT["opties"][:1]}),
    ],
)
@pytest.mark.parametrize("proceeded", [False, True])
@pytest.mark.parametrize("others", [(), (single(2),)])
def test_a_question_that_asks_otherwise_in_a_new_edition_is_asked_again(
    before: dict[str, Any], after: dict[str, Any], proceeded: bool, others: tuple[dict[str, Any], ...]
) -> None:
    played = Played(Quiz, quiz(before, *others))
    last = {"enkel": ALSO, "kort": "Kloof"}.get(before.get("soort", "enkel"), "")
    where = place(played, last) if last == ALSO else last or "1"
    places = {f"plek-{n}": str(n) for n in range(1, len(before["opties"]) + 1)}
    assert played.post("answer", ronde="1", item="Q1", antwoord=where, **places).status_int == 200
    if proceeded:
        played.post("proceed", ronde="1", item="Q1")
    played.fields["authored"] = quiz(after, *others)
    assert after["vraag"] in played.view()
    assert "Terug bij" not in played.view()
    places = {f"plek-{n}": str(n) for n in range(1, len(after["opties"]) + 1)}
    typed = "Kloof" if after.get("soort") == "kort" else "1"
    assert "Terug bij" in played.post("answer", ronde="1", item="Q1", antwoord=typed, **places).text or typed == "Kloof"
    assert played.post("proceed", ronde="1", item="Q1").status_int == 200


# --- posts that aren't what they should be


@pytest.mark.parametrize(
    ("item", "form", "said"),
    [
        (single(1), {}, "Kies een antwoord."),
        (single(1), {"antwoord": "9"}, "Kies een antwoord."),
        (single(1), {"antwoord": "1", "item": "Q9"}, "Deze vraag hoort niet bij deze oefening."),
        (single(1), {"antwoord": "1", "ronde": "١" * 7}, "Laad de pagina opnieuw."),
        (single(1), {"antwoord": "1" * 30_000}, "Dit is te lang of geen tekst."),
        (single(1), {"antwoord": "\x00"}, "Dit is te lang of geen tekst."),
        (MULTIPLE, {}, "Kies één of meer antwoorden."),
        (MULTIPLE, {"antwoord": "4"}, "Kies één of meer antwoorden."),
        (SHORT, {"antwoord": " "}, "Schrijf een kort antwoord."),
        (SHORT, {"antwoord": "a" * 201}, "Maak je antwoord korter"),
        (ORDERING, {"plek-1": "1", "plek-2": "1", "plek-3": "2", "plek-4": "3"}, "Plek 1 is twee keer gekozen."),
        (ORDERING, {"plek-1": "1", "plek-2": "2", "plek-3": "3"}, "Kies een plek voor elke regel."),
        (ORDERING, {"plek-1": "0", "plek-2": "2", "plek-3": "3", "plek-4": "4"}, "Kies een plek voor elke regel."),
    ],
)
def test_what_is_no_answer_is_refused_with_a_sentence(item: dict[str, Any], form: dict[str, str], said: str) -> None:
    played = Played(Quiz, quiz(item))
    refused = played.post("answer", **{"ronde": "1", "item": item["id"], **form})
    assert refused.status_int == 422
    assert said in refused.text
    assert "Terug bij" not in refused.text
    assert not played.block.answers


def test_a_short_answer_that_is_too_long_is_still_in_the_field() -> None:
    assert "b" * 201 in Played(Quiz, quiz(SHORT)).post("answer", ronde="1", item="K", antwoord="b" * 201).text


def test_a_second_click_and_a_stale_tab_change_nothing() -> None:
    played = Played(Quiz, quiz())
    played.post("answer", ronde="1", item="Q1", antwoord=place(played, RIGHT))
    before = dict(played.fields)
    for handler, form in [
        ("answer", {"ronde": "1", "item": "Q1", "antwoord": "1"}),
        ("answer", {"ronde": "1", "item": "Q2", "antwoord": "1"}),
        ("proceed", {"ronde": "1", "item": "Q2"}), ("proceed", {"ronde": "3", "item": "Q1"}), ("again", {"ronde": "1"}),
    ]:  # fmt: skip
        assert played.post(handler, **form).status_int == 200
        assert played.fields == before, (handler, form)


def test_html_in_questions_and_options_stays_text() -> None:
    played = Played(Quiz, quiz(single(1, vraag="<script>x</script>")))
    page = played.view() + choose(played, RIGHT)
    assert "<script>" not in page
    assert "Goed antwoord &lt;b&gt;" in page


# --- gates


def test_good_content_has_no_problems() -> None:
    assert Quiz.check(quiz(single(1), MULTIPLE, ORDERING, SHORT)) == []


def broken_options(*options: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"items": [{"id": "Q1", "vraag": "Vraag?", "opties": list(options), **more}]}


@pytest.mark.parametrize(
    ("broken", "path"),
    [
        (broken_options(option("a", True), option("b", True)), ("items", 0, "opties")),
        (broken_options(option("a", False), option("b", False)), ("items", 0, "opties")),
        (broken_options(option("a", False), option("b", False), soort="meer"), ("items", 0, "opties")),
        (broken_options(option("a", True)), ("items", 0, "opties")),
        (broken_options(option("a", True), {"tekst": "b", "goed": False}), ("items", 0, "opties", 1)),
        (broken_options(option("a", True), {"tekst": "b", "goed": "nee", "feedback": "c"}), ("items", 0, "opties", 1)),
        (broken_options(option("a", True), option("b", False), soort="gok"), ("items", 0, "soort")),
        (broken_options(option("a", True), option("b", False), soort="kort"), ("items", 0)),
        ({"items": [{"id": "Q1", "vraag": "Vraag?"}]}, ("items", 0)),
        ({"trekking": 3}, ("trekking",)),
        ({"trekking": 1}, ("items",)),
        ({"trekking": 1, "vanaf": "achteren"}, ("vanaf",)),
        ({"trekking": True}, ("trekking",)),
        ({"doelen": ["G1"]}, ("doelen",)),
        ({"doelen": {"G1": "luisteren"}, "items": [single(n, doel="G1") for n in (1, 2)]}, ("doelen", "G1")),
        ({"doelen": {"G1": "luisteren"}, "items": [single(1, doel="G2")]}, ("items", 0, "doel")),
        ({"doelen": {"G1": "luisteren"}, "items": [single(1)]}, ("items", 0)),
    ],
)
def test_each_gate_names_the_place(broken: dict[str, Any], path: tuple[str | int, ...]) -> None:
    assert path in [problem.path for problem in Quiz.check({**quiz(), **broken})]


def test_three_questions_for_each_goal_are_enough() -> None:
    assert Quiz.check(quiz(*(single(n, doel="G1") for n in (1, 2, 3)), doelen={"G1": "luisteren"})) == []


@pytest.mark.parametrize(("long", "allowed"), [(3, True), (4, False)])
def test_the_right_answer_may_be_the_longest_in_at_most_six_of_ten(long: int, allowed: bool) -> None:
    """3 of 5 is 60 %, 4 of 5 is more."""
    tell = [option("het goede en heel lange antwoord hier", True), option(WRONG, False), option(ALSO, False)]
    items = [single(n, **({"opties": tell} if n < long else {})) for n in range(5)]
    assert (Quiz.check(quiz(*items)) == []) is allowed
