"""Lesson text: what an author writes becomes safe, counted and drawn, and what can't be read says where."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from modules.authoring import AuthoringError
from modules.blocks.drawings import DRAWINGS
from modules.blocks.lesson import text as markdown
from modules.blocks.lesson.block import Lesson
from tests.modules.toy import Played

FRONT = """---
titel: Twee stromen
inleiding: Wie ze allebei hoort, kan schakelen.
minuten: 3
herkomst: geconstrueerd
bronnen: ["Dieper Wortelen, Reisverslag 2025"]
audio: {opus: static/les.opus, mp3: static/les.mp3}
---
"""
BODY = """
::: geconstrueerd
"Als het stormt, hoor ik 's nachts het gemaal," zegt Harm.
:::

### Wat gebeurt hier?

Harm sprak uit de *onderstroom*.

::: stromen
| | Bovenstroom | Onderstroom |
|---|---|---|
| **Inhoud** | feiten | ervaringen |
| **Taal** | formeel | persoonlijk |
| **Doel** | besluiten | vertrouwen |
| **Redenatie** | stap voor stap | heen en weer |
| **Tempo** | snel | trager |
| **Resultaat** | plannen | begrip |

Naar *Dieper Wortelen*.
:::

{filler}

::: probeer
Leg je pen neer.
:::
"""
LESSON = FRONT + BODY.replace("{filler}", "woord " * 300)


def problems(text: str) -> list[tuple[int, str]]:
    authored = Lesson.read(text)
    return [(authored.line(problem.path), problem.reason) for problem in Lesson.check(authored.data)]


def play(text: str = LESSON) -> Played:
    return Played(Lesson, Lesson.read(text).data)


# --- reading


def test_a_good_lesson_may_be_published() -> None:
    assert problems(LESSON) == []


def test_the_parts_keep_the_order_of_the_text() -> None:
    kinds = [part["soort"] for part in Lesson.read(LESSON).data["delen"]]
    assert kinds == ["geconstrueerd", "tekst", "stromen", "tekst", "probeer"]


def test_reading_time_is_whole_minutes_at_two_hundred_words() -> None:
    assert Lesson.read(FRONT + "woord " * 400).data["leestijd"] == 2
    assert Lesson.read(FRONT + "woord " * 499).data["leestijd"] == 2
    assert Lesson.read(FRONT + "woord " * 500).data["leestijd"] == 3
    assert Lesson.read(FRONT + "kort").data["leestijd"] == 1


def test_only_words_a_reader_reads_are_counted() -> None:
    assert markdown.words("**Twee** [woorden](https://voorbeeld.nl/een/heel/lang/adres) — *drie*\nvier") == 4


def test_dutch_elisions_open_no_quotation() -> None:
    html = Lesson.read(FRONT + "\"Dat is 't,\" zegt hij 's avonds. 'Laat maar.'").data["delen"][0]["html"]
    assert html == "<p>“Dat is ’t,” zegt hij ’s avonds. ‘Laat maar.’</p>"


def test_the_table_of_the_streams_is_put_in_the_order_of_the_drawing() -> None:
    part = Lesson.read(LESSON).data["delen"][2]
    assert part["kop"] == ["Onderstroom", "", "Bovenstroom"]
    assert part["rijen"][0] == ["ervaringen", "<strong>Inhoud</strong>", "feiten"]
    assert part["html"] == "<p>Naar <em>Dieper Wortelen</em>.</p>"


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("", 1),
        ("Zomaar tekst", 1),
        ("---\ntitel: x\n", 1),
        ("---\ntitel: a\ntitel: b\n---\ntekst", 3),
        ("---\ntitel: a\nminuten: [1\n---\ntekst", 4),
        ("---\n- a\n---\ntekst", 2),
        (FRONT + "een\n\n::: doos\ntwee\n:::", 11),
        (FRONT + "een\n\n::: probeer\ntwee", 11),
        (FRONT + "een\n\n:::", 11),
        (FRONT + "::: probeer\n::: geconstrueerd\n:::", 10),
        (FRONT + "::: stromen\ngeen tabel\n:::", 10),
        (FRONT + "::: stromen\n| a | b |\n|---|---|\n| c | d |\n:::", 10),
        (FRONT + "::: tafels\n- een bijschrift te weinig\n:::", 10),
        (FRONT + "::: beeld\nvuurtoren\n:::", 10),
    ],
)
def test_what_cant_be_read_says_on_which_line(text: str, line: int) -> None:
    with pytest.raises(AuthoringError) as error:
        Lesson.read(text)
    assert (error.value.line, bool(error.value.reason)) == (line, True)


def test_line_ends_and_marks_of_other_systems_read_the_same() -> None:
    assert Lesson.read("\ufeff" + LESSON.replace("\n", "\r\n")).data == Lesson.read(LESSON).data


# --- safety


@pytest.mark.parametrize(
    "nasty",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "[klik](javascript:alert(1))",
        "[klik](data:text/html,x)",
        "![x](https://elders.nl/spion.gif)",
        "<b onclick=alert(1)>x</b>",
        '[x](http://voorbeeld.nl "t")',
        "<a href='javascript:alert(1)'>x</a>",
        "&lt;script&gt;alert(1)&lt;/script&gt;",
    ],
)
def test_nothing_an_author_writes_becomes_script_image_or_foreign_address(nasty: str) -> None:
    page = play(LESSON.replace("Leg je pen neer.", nasty)).view()
    text = page[page.index('class="les__tekst"') :]
    assert not re.search(r"<(script|img|b)\b|<[^>]*\son\w+=|href=\"(javascript|data|http):", text)


@given(st.text(max_size=200))
def test_any_text_at_all_ends_up_as_allowed_tags_only(anything: str) -> None:
    html = markdown.part(markdown.Segment(markdown.TEXT, 1, anything))["html"]
    tags = set(re.findall(r"</?([a-z0-9]+)", html))
    assert tags <= {
        "p",
        "em",
        "strong",
        "ul",
        "ol",
        "li",
        "blockquote",
        "h3",
        "h4",
        "h5",
        "a",
        "br",
        "table",
        "thead",
        "tbody",
        "tr",
        "th",
        "td",
    }


def test_the_title_is_escaped() -> None:
    assert "&lt;b&gt;stromen" in play(LESSON.replace("Twee stromen", "Twee <b>stromen</b>")).view()


# --- publish gates


@pytest.mark.parametrize(
    ("change", "line", "words"),
    [
        (("titel: Twee stromen\n", ""), 2, "'titel' ontbreekt"),
        (("inleiding: Wie ze allebei hoort, kan schakelen.\n", ""), 2, "'inleiding' ontbreekt"),
        (("woord " * 300, "kort"), 9, "250 tot 900 woorden"),
        (("woord " * 300, "woord " * 901), 9, "250 tot 900 woorden"),
        (("Leg je pen neer.", "Leg <i>je</i> pen neer."), 34, "HTML in de tekst mag niet: <i>"),
        (("Leg je pen neer.", "<div>\nx\n</div>"), 34, "HTML in de tekst mag niet: <div>"),
        (("### Wat", "## Wat"), 14, "koppen beginnen bij ###"),
        (("### Wat", "#### Wat"), 14, "koppen beginnen bij ###"),
        (('bronnen: ["Dieper Wortelen, Reisverslag 2025"]', "bronnen: 3"), 6, "lijst van regels"),
        (("herkomst: geconstrueerd", "herkomst: verzonnen"), 5, "kies 'geconstrueerd'"),
        (("mp3: static/les.mp3", "mp3: static/les.ogg"), 7, ".mp3"),
        (("| **Tempo** | snel | trager |\n", ""), 9, "de zes verschillen"),
    ],
)
def test_each_gate_says_on_which_line_and_why(change: tuple[str, str], line: int, words: str) -> None:
    assert change[0] in LESSON
    found = problems(LESSON.replace(*change))
    assert line in [at for at, reason in found if words in reason], found


def test_who_quotes_names_a_source() -> None:
    quoting = LESSON.replace("Leg je pen neer.", "> Samen denken.")
    assert problems(quoting) == []
    found = problems(quoting.replace('bronnen: ["Dieper Wortelen, Reisverslag 2025"]\n', ""))
    assert [reason for _, reason in found] == ["wie citeert, noemt een bron bij 'bronnen'"]


def test_a_lesson_without_text_is_said_to_have_none() -> None:
    assert any("geen tekst" in reason for _, reason in problems(FRONT))


# --- for the learner


def test_the_reader_finds_title_text_time_sound_and_sources() -> None:
    page = play().view()
    for words in (
        "<h2",
        "Twee stromen",
        "Wie ze allebei hoort",
        "ongeveer 2 minuten lezen",
        "<audio controls",
        "/static/les.opus",
        "Geconstrueerd voorbeeld",
        "Probeer vandaag",
        "Dieper Wortelen, Reisverslag 2025",
    ):
        assert words in page


def test_the_six_differences_are_a_real_table() -> None:
    page = play().view()
    assert page.count('<th scope="row">') == 6
    assert page.count('<th scope="col"') == 2
    assert "<caption" in page


def test_debate_and_dialogue_stand_above_their_own_captions() -> None:
    tables = "::: tafels\n- **Debat.** Naar de overkant.\n- **Dialoog.** Naar het midden.\n:::\n"
    page = play(LESSON + tables).view()
    assert page.index('class="tafels"') < page.index("Naar de overkant.") < page.index("Naar het midden.")


@pytest.mark.parametrize("name", DRAWINGS)
def test_a_drawing_says_in_words_what_it_shows_and_stands_above_its_caption(name: str) -> None:
    page = play(f"{LESSON}::: beeld\n{name}\nWat je *hier* ziet.\n:::\n").view()
    drawn = page[page.index('class="tekening"') :]
    assert re.search(r'<svg [^>]*role="img" aria-label="[^"]{20,}"', drawn)
    assert drawn.index("</svg>") < drawn.index("Wat je <em>hier</em> ziet.")


def test_what_comes_later_says_so_above_it() -> None:
    page = play(LESSON + "::: straks\nEen tafel, zodra je trainer er een plant.\n:::\n").view()
    assert page.index("Dit komt later") < page.index("zodra je trainer er een plant")


def test_a_lesson_without_sound_or_sources_is_whole() -> None:
    page = play(FRONT.partition("bronnen")[0] + "---\n" + "woord " * 300).view()
    assert "<audio" not in page
    assert "Bronnen" not in page


def test_read_is_read_once() -> None:
    played = play()
    played.post("finished")
    answer = played.post("finished")
    assert (played.block.status, len(played.published("completion"))) == ("afgerond", 1)
    assert "gelezen" in answer.text
    assert 'action="/handler/finished"' not in answer.text


def test_reading_has_no_score() -> None:
    played = play()
    played.post("finished")
    assert (played.block.score, played.published("attempt"), played.published("grade")) == (None, [], [])


def test_no_style_or_script_stands_in_the_page_itself() -> None:
    assert not re.search(r"<script|\sstyle=", play().view())


def test_the_files_it_plays_are_named() -> None:
    assert Lesson.assets(Lesson.read(LESSON).data) == ["static/les.opus", "static/les.mp3"]
