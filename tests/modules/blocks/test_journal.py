"""The journal: for the learner alone, never lost, never counted."""

import json
import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from webob import Response

from modules.authoring import Path
from modules.blocks.journal import rules
from modules.blocks.journal.block import Journal
from modules.blocks.journal.rules import Entry
from modules.blocks.recording import Take
from tests.modules.toy import Played

AUTHORED = {"id": "j1", "titel": "Even voor jezelf", "prompt": "In welke stroom voel jij je thuis?", "max_tekens": 200}
SECRET = "Ik werd vandaag heel onzeker van Truus."
TOKEN = "token-000001"


class Shelf:
    """A journal service in memory that keeps what the protocol promises."""

    def __init__(self) -> None:
        self.kept: list[Entry] = []
        self.tokens: set[str] = set()

    def entries(self) -> list[Entry]:
        return list(self.kept)

    def write(self, text: str, tags: list[str], token: str, take: Take | None = None) -> None:
        if token not in self.tokens:
            self.tokens.add(token)
            number = f"e{len(self.tokens)}"
            entry = Entry(id=number, text=text, tags=tags, written="2026-03-01T23:30:00+00:00")
            if take:
                entry |= {"sound": f"/journaal/{number}/opname/", "seconds": round(take.seconds)}
            self.kept.insert(0, entry)

    def replace(self, id: str, text: str, tags: list[str]) -> None:  # noqa: A002 the protocol's name
        entry = next(entry for entry in self.kept if entry["id"] == id)
        entry["text"], entry["tags"] = text, tags

    def delete(self, id: str) -> None:  # noqa: A002 the protocol's name
        self.kept = [entry for entry in self.kept if entry["id"] != id]

    def href(self) -> str:
        return "/journaal/"


@pytest.fixture(params=["service", "field"])
def played(request: pytest.FixtureRequest) -> Played:
    """The journal in a runtime with a journal service, and in one without."""
    services: dict[str, Any] = {"journal": Shelf()} if request.param == "service" else {}
    return Played(Journal, AUTHORED, **services)


def entries(played: Played) -> list[Entry]:
    found: list[Entry] = played.block._entries()
    return found


def write(played: Played, text: str = SECRET, labels: str = "", token: str = TOKEN) -> Response:
    return played.post("write", tekst=text, labels=labels, token=token)


def change(played: Played, text: str, entry: Entry | None = None, labels: str = "") -> Response:
    entry = entry or entries(played)[0]
    return played.post("replace", id=entry["id"], gezien=rules.seal(entry), tekst=text, labels=labels)


# --- writing


def test_a_text_is_kept_with_its_labels_and_completes_the_activity(played: Played) -> None:
    answer = write(played, labels="#thuis, werk")
    assert SECRET in answer.text
    assert [(entry["text"], entry["tags"]) for entry in entries(played)] == [(SECRET, ["thuis", "werk"])]
    assert (played.block.status, len(played.published("completion"))) == ("afgerond", 1)


def test_thinking_about_it_outside_completes_it_just_the_same(played: Played) -> None:
    written = Played(Journal, AUTHORED)
    write(written)
    played.post("outside", tekst="", labels="")
    assert played.runtime.events == written.runtime.events
    assert entries(played) == []


def test_one_word_is_enough(played: Played) -> None:
    assert write(played, "a").status_code == 200


def test_a_double_click_keeps_one_text(played: Played) -> None:
    write(played)
    write(played)
    assert len(entries(played)) == 1
    assert len(played.published("completion")) == 1


def test_a_late_second_post_doesnt_bring_back_what_was_wiped(played: Played) -> None:
    write(played)
    played.post("delete", id=entries(played)[0]["id"])
    write(played)
    assert entries(played) == []


def test_each_drawn_form_has_a_token_of_its_own(played: Played) -> None:
    tokens = {token for _ in range(3) for token in re.findall(r'name="token" value="([^"]+)"', played.view())}
    assert len(tokens) == 3
    assert all(map(rules.is_token, tokens))


def test_the_newest_text_stands_first(played: Played) -> None:
    write(played, "eerst", token="token-000001")
    write(played, "later", token="token-000002")
    assert [entry["text"] for entry in entries(played)] == ["later", "eerst"]


@pytest.mark.parametrize(
    ("form", "words"),
    [
        ({"tekst": " \n "}, "Een paar woorden is genoeg"),
        ({"tekst": "a" * 201}, "Houd het bij 200 tekens"),
        ({"tekst": "goed", "labels": ",".join(map(str, range(11)))}, "Hoogstens 10 labels"),
        ({"tekst": "goed", "labels": "l" * 41}, "Hoogstens 10 labels"),
        ({"tekst": "goed", "token": "<x>"}, "niet meer geldig"),
        ({"tekst": "goed", "token": ""}, "niet meer geldig"),
    ],
)
def test_a_refused_post_keeps_nothing_and_loses_nothing(played: Played, form: dict[str, str], words: str) -> None:
    answer = played.post("write", **{"labels": "", "token": TOKEN, **form})
    assert answer.status_code == 422
    assert words in answer.text
    assert form["tekst"].strip() in answer.text
    assert form.get("labels", "") in answer.text
    assert (entries(played), played.block.status) == ([], "niet_gestart")


def test_the_outside_button_doesnt_throw_away_what_was_typed(played: Played) -> None:
    answer = played.post("outside", tekst=SECRET, labels="")
    assert answer.status_code == 422
    assert SECRET in answer.text
    assert played.block.status == "niet_gestart"


# --- changing and wiping


def test_a_changed_text_takes_the_place_of_the_old(played: Played) -> None:
    write(played)
    change(played, "Liever zo.", labels="rust")
    assert [(entry["text"], entry["tags"]) for entry in entries(played)] == [("Liever zo.", ["rust"])]


def test_a_text_changed_in_another_tab_isnt_overwritten_unseen(played: Played) -> None:
    write(played)
    seen_before = entries(played)[0].copy()
    change(played, "Nieuwer.")
    answer = change(played, "Ouder venster.", entry=seen_before)
    assert answer.status_code == 422
    assert "Ouder venster." in answer.text
    assert entries(played)[0]["text"] == "Nieuwer."


def test_a_double_click_on_a_change_is_harmless(played: Played) -> None:
    write(played)
    before = entries(played)[0].copy()
    change(played, "Liever zo.", entry=before)
    assert change(played, "Liever zo.", entry=before).status_code == 200


def test_changing_a_text_that_was_wiped_gives_the_words_back(played: Played) -> None:
    write(played)
    gone = entries(played)[0].copy()
    played.post("delete", id=gone["id"])
    answer = change(played, "Toch nog iets.", entry=gone)
    assert answer.status_code == 422
    assert "Toch nog iets." in answer.text
    assert entries(played) == []


def test_wiping_is_at_once_and_leaves_the_completion(played: Played) -> None:
    write(played)
    played.post("delete", id=entries(played)[0]["id"])
    assert (entries(played), played.block.status) == ([], "afgerond")
    assert SECRET not in json.dumps(played.fields, default=str)


def test_a_text_of_somebody_else_can_be_neither_changed_nor_wiped(played: Played) -> None:
    write(played)
    played.post("delete", id="van-een-ander")
    played.post("replace", id="van-een-ander", gezien="x", tekst="gekaapt", labels="")
    assert [entry["text"] for entry in entries(played)] == [SECRET]


# --- privacy


def test_no_event_holds_a_text_a_label_or_a_count(played: Played) -> None:
    write(played, labels="gevoelig")
    write(played, "nog een", token="token-000002")
    change(played, "anders")
    played.post("delete", id=entries(played)[0]["id"])
    assert played.runtime.events == [
        ("progress", {"status": "bezig"}), ("completion", {"completion": 1.0}), ("told", {"verb": "reflected"}),
    ]  # fmt: skip


def test_it_is_never_an_attempt_and_never_scored(played: Played) -> None:
    write(played)
    assert (played.block.attempts, played.block.score) == (0, None)


def test_texts_in_a_field_are_private() -> None:
    assert Journal.own_entries.runtime_options["private"]
    assert Journal.used_tokens.runtime_options["private"]


def test_with_a_service_no_text_stays_in_the_state_of_the_activity() -> None:
    played = Played(Journal, AUTHORED, journal=Shelf())
    write(played)
    assert SECRET not in json.dumps(played.fields, default=str)


def test_each_field_says_who_reads_it(played: Played) -> None:
    assert "alleen voor jou" in played.view()


def test_what_is_written_is_escaped_everywhere(played: Played) -> None:
    page = write(played, "</textarea><script>alert(1)</script>", labels='"><img src=x>').text
    assert "<script>" not in page
    assert "<img" not in page
    assert page.count("</textarea>") == page.count("<textarea")


def test_a_text_that_starts_with_an_empty_line_survives_its_form(played: Played) -> None:
    page = played.post("write", tekst="\n" + "a" * 300, labels="", token=TOKEN).text
    assert re.search(r"<textarea[^>]*>\n\n?a", page)


# --- the page


def test_the_whole_journal_is_one_link_away_where_there_is_one() -> None:
    assert 'href="/journaal/"' in Played(Journal, AUTHORED, journal=Shelf()).view()
    assert "Naar je hele journaal" not in Played(Journal, AUTHORED).view()


def test_a_text_bears_the_date_of_the_clock_on_the_wall() -> None:
    """Half past eleven at night in UTC is already tomorrow here."""
    played = Played(Journal, AUTHORED, journal=Shelf())
    write(played)
    assert "02-03-2026" in played.view()


def test_several_prompts_all_stand_there() -> None:
    page = Played(Journal, {"titel": "Even voor jezelf", "prompts": ["Een?", "Twee?"]}).view()
    assert "Een?" in page
    assert "Twee?" in page


def test_no_style_or_script_stands_in_the_page_itself(played: Played) -> None:
    assert not re.search(r"<script|\sstyle=", write(played).text)


# --- rules


@given(st.text(max_size=80))
def test_labels_are_never_empty_never_double_and_read_back_the_same(line: str) -> None:
    labels = rules.tags(line)
    assert all(label and label == label.strip() for label in labels)
    assert len({label.casefold() for label in labels}) == len(labels)
    assert rules.tags(", ".join(labels)) == labels


@given(st.text(), st.text(), st.lists(st.text()), st.lists(st.text()))
def test_a_seal_breaks_when_text_or_labels_change(one: str, other: str, labels: list[str], others: list[str]) -> None:
    same = (one, labels) == (other, others)
    assert (rules.seal({"text": one, "tags": labels}) == rules.seal({"text": other, "tags": others})) == same


# --- publish gates


def test_a_good_journal_may_be_published() -> None:
    assert Journal.check(AUTHORED) == []


@pytest.mark.parametrize(
    ("changes", "path"),
    [
        ({"titel": ""}, ("titel",)),
        ({"prompt": ""}, ("prompt",)),
        ({"prompts": ["a"]}, ("prompt",)),
        ({"max_tekens": 0}, ("max_tekens",)),
        ({"max_tekens": 99_999}, ("max_tekens",)),
        ({"max_tekens": "veel"}, ("max_tekens",)),
        ({"deelopties": ["groep"]}, ("deelopties",)),
        ({"deelopties": "groep"}, ("deelopties",)),
        ({"competenties": [{"code": "C1"}]}, ("competenties",)),
    ],
)
def test_each_gate_names_the_place_that_is_wrong(changes: dict[str, object], path: Path) -> None:
    assert path in [problem.path for problem in Journal.check({**AUTHORED, **changes})]


def test_a_journal_asks_something() -> None:
    assert Journal.check({"titel": "x"})[0].path == ("prompt",)
    assert Journal.check({"titel": "x", "prompts": []})[0].path == ("prompts",)


def test_it_says_that_a_text_was_kept_or_erased_once(played: Played) -> None:
    kept = write(played).text
    assert "Bewaard in je journaal" in kept
    assert len(re.findall(r"data-focus", kept)) == 1
    assert "Gewist" in played.post("delete", id=entries(played)[0]["id"]).text
    refused = write(played, "").text
    assert "Bewaard in je journaal" not in refused
    assert "Gewist" not in refused
