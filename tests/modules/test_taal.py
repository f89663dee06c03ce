"""Hints on Dutch sentences: what is found, and what looks like it and isn't (curriculum 1.3, 1.6, 2.3, 3.5)."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from modules.blocks.taal import RULES, grouped, hints, pieces
from modules.blocks.taal.lijdend import is_participle
from modules.blocks.taal.regels import LONGEST_SENTENCE
from modules.blocks.taal.woorden import looked_at, sentences_for
from modules.blocks.taal.zinnen import sentences, words


def found(kind: str, text: str) -> list[str]:
    return [hint.words for hint in hints(text, [kind])]


# --- sentences and words


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Het is nee. Dat spijt me.", ["Het is nee.", "Dat spijt me."]),
        ("Wat nu?! Ik weet het niet…", ["Wat nu?!", "Ik weet het niet…"]),
        ("U kunt bijv. bellen. Of mailen.", ["U kunt bijv. bellen.", "Of mailen."]),
        ("Ik sprak J. de Wit. Hij was er.", ["Ik sprak J. de Wit.", "Hij was er."]),
        ("Het kost 3.500 euro. Meer niet.", ["Het kost 3.500 euro.", "Meer niet."]),
        ("“Kom binnen.” Hij zette koffie.", ["“Kom binnen.”", "Hij zette koffie."]),
        ("Eerste alinea zonder punt\n\nTweede alinea", ["Eerste alinea zonder punt", "Tweede alinea"]),
        ("Neem mee:\n- een pen\n- papier", ["Neem mee:", "- een pen", "- papier"]),
        ("Een regel\ndie doorloopt.", ["Een regel\ndie doorloopt."]),
        ("", []),
        (" … ?! ", []),
    ],
)
def test_a_text_falls_apart_in_sentences(text: str, expected: list[str]) -> None:
    assert [sentence.text for sentence in sentences(text)] == expected


def test_words_keep_their_hyphens_and_apostrophes() -> None:
    assert [word.low for word in words("De foto's van 's ochtends, per e-mail!")] == [
        "de", "foto's", "van", "s", "ochtends", "per", "e-mail",
    ]  # fmt: skip


# --- closed questions


@pytest.mark.parametrize(
    ("text", "opening"),
    [
        ("Vind je niet dat het beter kan?", "Vind je niet"),
        ("Vind je dat eerlijk?", "Vind je dat"),
        ("Ben je boos?", "Ben je boos"),
        ("Heb je het al geprobeerd?", "Heb je het"),
        ("Is het niet handiger om te stoppen?", "Is het niet"),
        ("Kun je niet gewoon een dag vrijhouden?", "Kun je niet"),
        ("Zou u willen meewerken?", "Zou u willen"),
        ("Moet dat nou?", "Moet dat nou"),
        ("En wil je dat ook?", "En wil je"),
        ("Maar snap je dan niet dat het moet?", "Maar snap je"),
        ("Als je terugkijkt, had je het dan anders gedaan?", "had je het"),
        ("Weet je wat het kost?", "Weet je wat"),
        ("Dus je bent bang?", "Dus je bent"),
        ("Je wilt niet meer?", "Je wilt niet"),
        ("Hebben jullie daar al met iemand over gepraat?", "Hebben jullie daar"),
        ("Zullen we het nog eens proberen?", "Zullen we het"),
        ("Mag ik iets vragen?", "Mag ik iets"),
        ("Speelt dit al lang?", "Speelt dit al"),
        ("Wat een dag. Ben je moe?", "Ben je moe"),
        ("Je bent moe, toch?", "toch?"),
        ("Dat is zwaar, niet?", "niet?"),
        ("Dat was zwaar, hè?", "hè?"),
        ("Je komt wel, of niet?", "of niet?"),
        ("Wat heftig voor je, nietwaar?", "nietwaar?"),
        ("Vind je niet dat dit anders moet", "Vind je niet"),
        ("Heb je daar last van", "Heb je daar"),
    ],
)
def test_a_question_with_only_yes_or_no_for_an_answer_is_pointed_out(text: str, opening: str) -> None:
    assert found("gesloten_vraag", text) == [opening]


@pytest.mark.parametrize(
    "text",
    [
        "Wat zou jou een uur schelen?",
        "Hoe is dat voor je?",
        "Wie zei dat, en wat gebeurde er toen?",
        "Wanneer merkte je het voor het eerst?",
        "Waar zit het hem in?",
        "Welke van de twee weegt het zwaarst?",
        "Waardoor kwam het?",
        "Met wie praat je daarover?",
        "Op welke dag gebeurde dat?",
        "In hoeverre speelt dat nu?",
        "Van wie hoorde je het?",
        "En hoe ging het verder?",
        "Maar wat wil je dan wel?",
        "Oké, en wat heb je nodig?",
        "Als je terugkijkt, wat zou je anders doen?",
        "Je zegt dat je moe bent: waar komt dat vandaan?",
        "Je bent er moe van en hoe merk je dat thuis?",
        "En toen?",
        "En daarna?",
        "Zoals?",
        "Hoezo?",
        "En thuis?",
        "Je wordt er moe van, hoor ik. Klopt dat?",
        "Je wilt eerst een datum. Zeg ik het zo goed?",
        "Dat steekt, denk ik. Of is het iets anders?",
        "Kun je daar iets meer over vertellen?",
        "Zou u willen uitleggen hoe dat werkt?",
        "Wil je me meenemen in die dag?",
        "Vertel eens, hoe begon het?",
        "Neem me eens mee: wat zag je?",
        "Hoeveel tijd kost het je?",
        "Waarvoor doe je het?",
        "Ik ben benieuwd hoe dat voor je was.",
        "Heb je vragen, bel me dan.",
        "Ben je mal!",
        "Gaat u zitten.",
        "Waarom willen jullie niet?",
        "Wat heb je nu gehoord, en wat niet?",
        "Wie hoor je hier niet?",
        "Dat was een zware week.",
        "",
    ],
)
def test_an_open_question_an_invitation_or_a_check_is_left_alone(text: str) -> None:
    assert found("gesloten_vraag", text) == []


# --- passive forms


@pytest.mark.parametrize(
    ("text", "form"),
    [
        ("Uw aanvraag wordt behandeld.", "wordt behandeld"),
        ("De tekening is bij de beoordeling gebruikt.", "is … gebruikt"),
        ("Er kan contact worden opgenomen met de afdeling.", "worden opgenomen"),
        ("Er werd niets gezegd.", "werd … gezegd"),
        ("De vergunning is verleend.", "is verleend"),
        ("U zult worden uitgenodigd.", "worden uitgenodigd"),
        ("Het plan is door de raad vastgesteld.", "is … vastgesteld"),
        ("Dat de brief is verstuurd, weet ik.", "is verstuurd"),
        ("Het verzoek wordt, gelet op het plan, niet ingewilligd.", "wordt … ingewilligd"),
        ("De stukken waren eerder aangeleverd.", "waren … aangeleverd"),
        ("Hierover wordt u nader geïnformeerd.", "wordt … geïnformeerd"),
        ("De bezwaren werden afgewezen.", "werden afgewezen"),
        ("Er wordt onderzocht of het past.", "wordt onderzocht"),
        ("Het besluit is genomen.", "is genomen"),
        ("Afgesproken is dat de sloot wordt verlegd.", "wordt verlegd"),
        ("De bewoners worden gehoord.", "worden gehoord"),
        ("Ik word morgen gebeld.", "word … gebeld"),
        ("Dit is besproken met de buren.", "is besproken"),
        ("Er is besloten te wachten.", "is besloten"),
        ("De grond wordt verkocht.", "wordt verkocht"),
        ("Het pad werd in 1950 aangelegd.", "werd … aangelegd"),
        ("Het rapport is opgesteld.", "is opgesteld"),
        ("Hij zei dat er niets gedaan wordt.", "gedaan wordt"),
    ],
)
def test_a_passive_form_is_pointed_out(text: str, form: str) -> None:
    assert form in found("lijdend", text)


@pytest.mark.parametrize(
    "text",
    [
        "Ik behandel uw aanvraag.",
        "Wij hebben besloten dat dit niet mag.",
        "Ik heb uw tekening bekeken.",
        "Het is gisteren gebeurd.",
        "Zij is boos weggelopen.",
        "Wij zijn naar het erf gegaan.",
        "De boer is gestopt.",
        "Het gesprek is begonnen.",
        "Dat is me gelukt.",
        "Ik ben daar geboren.",
        "Hij is met haar getrouwd.",
        "Het wordt morgen mooi weer.",
        "Zij wordt boswachter in dat gebied.",
        "Het wordt tijd voor een gesprek.",
        "De sfeer werd beter.",
        "Zijn gemeente heeft beleid.",
        "Hij heeft zijn brief gekregen.",
        "Dat is een goed besluit.",
        "Er is veel geduld nodig.",
        "Er zijn nieuwe gegevens.",
        "Dit is een verbouwd huis.",
        "Het geld is op en de boer heeft gebeld.",
        "Er zijn drie gebouwen.",
        "De gevolgen zijn groot.",
        "Ik ben benieuwd.",
        "Wij zijn verantwoordelijk.",
        "Dat is bekend.",
        "De winkel is gesloten.",
        "Hij wordt gezond.",
        "Ik word verdrietig van dat bericht.",
        "Het water is gestegen.",
        "Dat is vervelend voor iedereen.",
        "Wie is er aan de beurt?",
        "Vertrouwelijkheid is geen dekmantel.",
        "Mijn rol en mijn bevoegdheid zijn niet helder.",
        "Jij bent toch de aangewezen persoon.",
        "Daar is Gerrit met zijn vrouw Gerda.",
    ],
)
def test_an_active_sentence_a_perfect_or_an_adjective_is_left_alone(text: str) -> None:
    assert found("lijdend", text) == []


@pytest.mark.parametrize(
    "word",
    [
        "gezegd",
        "verleend",
        "verdiend",
        "erkend",
        "getekend",
        "gedaan",
        "opgenomen",
        "ingewilligd",
        "medegedeeld",
        "aangeleverd",
        "bekeken",
        "verstuurd",
        "ontvangen",
        "onderzocht",
        "beoordeeld",
        "meegenomen",
        "uitgenodigd",
        "vastgesteld",
        "herzien",
        "voltooid",
        "geïnformeerd",
        "teruggestuurd",
        "afgewezen",
        "begrepen",
    ],
)
def test_a_participle_is_known_by_its_form(word: str) -> None:
    assert is_participle(word)


@pytest.mark.parametrize(
    "word",
    [
        "gebied",
        "geluid",
        "geld",
        "geduld",
        "gemeente",
        "gesprek",
        "gevoel",
        "beleid",
        "besluit",
        "bericht",
        "verstand",
        "verdriet",
        "geven",
        "gevolgen",
        "gegevens",
        "verband",
        "gewoon",
        "geeft",
        "gezin",
        "genoeg",
        "geen",
    ],
)
def test_a_noun_or_another_form_of_a_verb_is_no_participle(word: str) -> None:
    assert not is_participle(word)


# --- whom it addresses


@pytest.mark.parametrize(
    "text",
    [
        "Naar aanleiding van de aanvraag wordt het volgende medegedeeld.",
        "De tekening is bij de beoordeling betrokken.",
        "Wij hebben besloten dat dit niet mag.",
        "Het plan ligt ter inzage.",
        "Gelet op het plan kan dit niet.",
    ],
)
def test_a_sentence_without_a_reader_is_pointed_out(text: str) -> None:
    assert found("aanspreken", text) == [text]


@pytest.mark.parametrize(
    "text",
    [
        "U vroeg of u een schuur mag bouwen.",
        "Ik heb uw tekening bekeken en gemeten.",
        "Hebt u nog vragen over dit besluit?",
        "Wil je dat samen bekijken?",
        "Dit is voor jou bedoeld.",
        "Wat vinden jullie zelf het belangrijkste?",
        "Bel mij gerust op maandag.",
        "Zal ik langskomen om te kijken?",
        "Lees eerst de brief helemaal.",
        "Dat kan.",
        "Het is nee.",
        "Met vriendelijke groet,",
    ],
)
def test_a_sentence_that_speaks_to_somebody_or_is_very_short_is_left_alone(text: str) -> None:
    assert found("aanspreken", text) == []


# --- length


def test_a_sentence_is_long_from_one_word_over_the_limit() -> None:
    fits = " ".join(["woord"] * LONGEST_SENTENCE) + "."
    assert found("zinslengte", fits) == []
    assert found("zinslengte", f"Een {fits}") == ["Een woord woord woord …"]


def test_the_first_sentence_of_the_stiff_letter_is_long() -> None:
    letter = (
        "Naar aanleiding van de ingediende aanvraag wordt medegedeeld dat deze, gelet op het geldende plan, niet kan "
        "worden ingewilligd. De aangeleverde tekening is bij de beoordeling betrokken. Voor verdere vragen kan contact "
        "worden opgenomen met de afdeling."
    )
    assert found("zinslengte", letter) == ["Naar aanleiding van de …"]
    assert found("lijdend", letter) == ["wordt medegedeeld", "worden ingewilligd", "worden opgenomen"]
    assert len(found("aanspreken", letter)) == 3


# --- groups as one person


@pytest.mark.parametrize(
    ("text", "claim"),
    [
        ("Boeren willen niet.", "Boeren willen niet"),
        ("Die ambtenaren snappen niks.", "Die ambtenaren snappen niks"),
        ("De boeren willen gewoon doorgaan.", "De boeren willen gewoon"),
        ("Alle ambtenaren zijn hetzelfde.", "Alle ambtenaren zijn hetzelfde"),
        ("Boeren zijn koppig.", "Boeren zijn koppig"),
        ("Natuurmensen denken alleen aan vogels.", "Natuurmensen denken alleen"),
        ("Stedelingen begrijpen het platteland niet.", "Stedelingen begrijpen"),
        ("Politici luisteren nooit.", "Politici luisteren nooit"),
        ("Activisten hebben lak aan regels.", "Activisten hebben lak"),
        ("Ik denk dat boeren niet willen.", "boeren niet willen"),
        ("Die mensen van de provincie snappen er niets van.", "Die mensen van de provincie snappen"),
        ("Die lui uit de stad denken dat melk uit een pak komt.", "Die lui uit de stad denken"),
        ("Dat soort mensen wil niet, die mensen klagen altijd.", "die mensen klagen altijd"),
        ("Burgers zeuren.", "Burgers zeuren"),
        ("Jagers kunnen nooit maat houden.", "Jagers kunnen nooit"),
        ("Den Haag luistert nooit.", "Den Haag luistert nooit"),
        ("De overheid wil alleen maar regels.", "De overheid wil alleen"),
        ("Het waterschap doet toch niks.", "Het waterschap doet toch"),
        ("De politiek snapt er niks van.", "De politiek snapt er niks"),
        ("Ambtenaren komen nooit buiten.", "Ambtenaren komen nooit"),
        ("Het dorp is tegen elke verandering.", "Het dorp is tegen elke"),
        ("De landbouw heeft hier alles kapotgemaakt.", "De landbouw heeft hier alles"),
    ],
)
def test_what_a_whole_group_would_be_or_want_is_pointed_out(text: str, claim: str) -> None:
    assert found("identiteit", text) == [claim]


@pytest.mark.parametrize(
    "text",
    [
        "Sommige boeren willen stoppen.",
        "Drie boeren zijn vorig jaar gestopt.",
        "Veel bewoners denken na over de dijk.",
        "Met boeren willen we om tafel.",
        "Wat willen boeren eigenlijk?",
        "Wat hebben ambtenaren nodig om te helpen?",
        "De boeren zijn uitgenodigd.",
        "Bewoners zijn welkom vanaf acht uur.",
        "Boeren hebben koeien en land.",
        "Deze boer wil volgend jaar omschakelen.",
        "De boer aan de dijk wil praten.",
        "Twee ambtenaren komen morgen langs.",
        "Boeren en bewoners zochten samen naar een plek.",
        "De provincie wil in mei een besluit nemen.",
        "Den Haag is een stad.",
        "Het dorp heeft een nieuwe brug.",
        "Hoe praten boeren en burgers met elkaar?",
        "Die mensen heb ik gisteren gesproken.",
        "Mensen willen gehoord worden.",
        "Wij ambtenaren willen dit graag leren.",
        "Ik hoorde van een paar telers dat zij zich zorgen maken.",
        "Volgens 12 bewoners zijn de borden te klein.",
        "Wat heeft deze buurt nodig, en wie zit nog niet aan tafel?",
    ],
)
def test_some_people_one_person_or_a_question_about_them_is_left_alone(text: str) -> None:
    assert found("identiteit", text) == []


# --- judgements in an I-message


@pytest.mark.parametrize(
    ("kind", "text", "words"),
    [
        ("oordeel", "Je komt altijd te laat.", ["altijd"]),
        ("oordeel", "Jij luistert nooit.", ["nooit"]),
        ("oordeel", "Iedereen weet dat, en niemand zegt iets.", ["Iedereen", "niemand"]),
        ("oordeel", "Dat deed je expres.", ["expres"]),
        ("oordeel", "Typisch weer.", ["Typisch"]),
        ("gevoel_dat", "Ik heb het gevoel dat jij niet luistert.", ["Ik heb het gevoel dat jij"]),
        ("gevoel_dat", "Ik had het gevoel dat jullie al klaar waren.", ["Ik had het gevoel dat jullie"]),
        ("gevoel_dat", "Ik heb soms het gevoel dat u mij niet gelooft.", ["Ik heb soms het gevoel dat u"]),
        ("gevoel_dat", "Daardoor heb ik het gevoel dat je wegkijkt.", ["heb ik het gevoel dat je"]),
        ("gevoel_dat", "Het voelt alsof jullie lachen.", ["Het voelt alsof jullie"]),
        ("gevoel_dat", "Ik voel dat jij boos bent.", ["Ik voel dat jij"]),
        ("schijngevoel", "Ik voel me genegeerd.", ["Ik voel me genegeerd"]),
        ("schijngevoel", "Ik voelde me een beetje aangevallen.", ["Ik voelde me een beetje aangevallen"]),
        ("schijngevoel", "Daar voel ik me niet serieus genomen.", ["voel ik me niet serieus genomen"]),
        ("schijngevoel", "Ik merk dat ik me gebruikt voel.", ["me gebruikt voel"]),
        ("ander_in_behoefte", "Ik heb nodig dat jij eerst belt.", ["dat jij"]),
        ("ander_in_behoefte", "Ik wil hulp van jullie.", ["van jullie"]),
        ("eis", "Je moet me eerst bellen.", ["Je moet"]),
        ("eis", "Voortaan moet je mij bellen.", ["moet je"]),
        ("eis", "Ik eis een antwoord.", ["Ik eis"]),
        ("eis", "Je mag niet meer zo praten.", ["Je mag niet"]),
        ("eis", "Jij hoort te bellen.", ["Jij hoort te"]),
        ("eis", "Hou daar eens mee op. Houd op.", ["Houd op"]),
    ],
)
def test_a_judgement_is_pointed_out(kind: str, text: str, words: list[str]) -> None:
    assert found(kind, text) == words


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("oordeel", "Gisteren kwam je om kwart over negen."),
        ("oordeel", "De brief ligt er nog altijd."),
        ("oordeel", "Dat had ik nog nooit gehoord."),
        ("oordeel", "Bijna niemand stak zijn hand op."),
        ("oordeel", "Drie keer ging het punt van de agenda."),
        ("gevoel_dat", "Ik ben onzeker."),
        ("gevoel_dat", "Het voelt zwaar."),
        ("gevoel_dat", "Ik heb er geen goed gevoel bij."),
        ("gevoel_dat", "Dat gevoel ken jij ook."),
        ("schijngevoel", "Ik voel me moe."),
        ("schijngevoel", "Ik ben geschrokken en ik schaamde me."),
        ("schijngevoel", "Ik word er moedeloos van."),
        ("ander_in_behoefte", "Ik heb duidelijkheid nodig."),
        ("ander_in_behoefte", "Ik wil dat dit verhaal aankomt."),
        ("ander_in_behoefte", "Ik heb rust nodig, en tijd."),
        ("eis", "Wil je me de volgende keer eerst bellen?"),
        ("eis", "Heb je straks vijf minuten zonder scherm?"),
        ("eis", "Zou u het mij laten weten?"),
        ("eis", "Ik moet zelf ook wennen."),
        ("eis", "Ik moet u iets vragen."),
        ("eis", "Mag ik horen wat je hoort?"),
        ("eis", "Daarna mag je altijd nee zeggen."),
        ("ander_in_behoefte", "Ik heb rust nodig als je belt."),
    ],
)
def test_what_was_seen_felt_needed_or_asked_is_left_alone(kind: str, text: str) -> None:
    assert found(kind, text) == []


# --- together

texts = st.text(alphabet="Boerenwilt jëng?.!,:“”\n-'’…éaud ", max_size=200) | st.text(max_size=200)


@given(texts)
def test_a_hint_is_about_a_place_in_the_text_whatever_is_in_it(text: str) -> None:
    seen = hints(text, RULES)
    assert seen == sorted(seen, key=lambda hint: (hint.start, hint.end, hint.kind))
    for hint in seen:
        assert 0 <= hint.start < hint.end <= len(text)
        assert hint.words.strip()


@given(texts)
def test_a_marked_text_is_still_the_same_text(text: str) -> None:
    assert "".join(piece for piece, _ in pieces(text, hints(text, RULES))) == text


def test_marks_stand_on_the_words_and_not_on_whole_sentences() -> None:
    text = "Die ambtenaren snappen niks. De aanvraag wordt altijd behandeld."
    seen = hints(text, ["identiteit", "lijdend", "oordeel", "aanspreken"])
    assert [piece for piece, marked in pieces(text, seen) if marked] == [
        "Die ambtenaren snappen niks", "wordt altijd behandeld",
    ]  # fmt: skip


def test_hints_of_a_kind_are_told_together_each_word_once() -> None:
    found = grouped(hints("Je komt altijd te laat, en je belt nooit, altijd zo.", ["oordeel", "zinslengte"]))
    assert [(group.kind, group.quotes, group.n) for group in found] == [("oordeel", ["altijd", "nooit"], 3)]


@given(st.integers(1, 400))
def test_a_very_long_text_is_looked_at_without_getting_stuck(times: int) -> None:
    assert hints("Vind je niet dat boeren altijd gehoord worden " * times, RULES)


# How long these take is measured by `script/bench hints`; a clock has no place in a test.
@pytest.mark.parametrize(
    "text",
    ["." * 999 + "x", "Zeg, " + "." * 999 + "niet?", "kan" + " " * 999 + "?", "zou zou?" * 250, "is gedaan " * 400],
)
def test_a_text_made_to_be_slow_has_hints_like_any_other(text: str) -> None:
    assert all(0 <= hint.start < hint.end <= len(text) for hint in hints(text, RULES))


@pytest.mark.parametrize("tag", ["toch", "nietwaar", "hè"])
@pytest.mark.parametrize("before", [", ", " ", "  ", " , ", ",   "])
def test_a_tag_is_seen_whatever_white_space_stands_before_it(tag: str, before: str) -> None:
    assert found("gesloten_vraag", f"Dat gaat zo niet{before}{tag}?") == [f"{tag}?"]


# --- what a hint says


@pytest.mark.parametrize("language", ["nl", "en"])
def test_each_rule_has_words_for_the_learner(language: str) -> None:
    told = sentences_for(language)
    assert set(told) == set(RULES)
    assert all(name.strip() and advice.strip() for name, advice in told.values())


def test_a_hint_is_said_in_the_language_of_the_page() -> None:
    dutch, english = (looked_at("Jij luistert nooit.", ["oordeel"], language) for language in ("nl", "en"))
    assert dutch["groups"][0]["naam"] == "Hier zit een oordeel in"
    assert dutch["groups"][0]["quotes"] == english["groups"][0]["quotes"] == ["nooit"]
    assert dutch["groups"][0]["naam"] != english["groups"][0]["naam"]
    assert dutch["pieces"] == [("Jij luistert ", False), ("nooit", True), (".", False)]
