"""Zelfbeeld (curriculum 3.t, 5.6): twelve statements about last month, at the start, at the end and three months later.

What somebody says goes with them through all modules (`Scope.preferences`), so that nobody is asked twice within 90
days and earlier moments show as lines. It is private, and theirs to take back (`modules/blocks/takenback`).
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date
from functools import cached_property
from typing import Any

from webob.multidict import MultiDict
from xblock.fields import Dict, List, Scope

from modules.authoring import Problem
from modules.blocks.base import DONE, NOT_STARTED, AnswerRefused, form_handler
from modules.blocks.days import today
from modules.blocks.drafts import check_optional
from modules.blocks.gates import COMPETENCES, check_choice, check_common, check_texts, entries
from modules.blocks.halfway import Halfway
from modules.blocks.selfcheck import drawing, rules
from modules.blocks.selfcheck.rules import BACK, LATER, NOT, NOW, SCALE, START, Moment, Scores
from modules.blocks.takenback import TakenBack

END = "eind"
ASKED = {START: [START], END: [NOW, BACK], LATER: [LATER]}


class SelfCheck(TakenBack, Halfway):
    """`moment: start` asks once, `eind` asks twice: how it is now, and looking back how it was. `later` asks once, and
    where it was said less than 90 days ago whether that is still so.
    """

    block_type = "selfcheck"
    own_page = True
    stylesheets = ("oefening.css", "halverwege.css", "selfcheck.css")
    scripts = ("drafts.js",)

    moments: list[Moment] = List(
        scope=Scope.preferences, default=[], private=True, help="All this learner said in any module, the oldest first"
    )
    given: dict[str, Moment] = Dict(
        scope=Scope.user_state, default={}, private=True, help="{START, NOW, BACK or LATER: what was said here}"
    )

    @classmethod
    def check(cls, data: Mapping[str, Any]) -> list[Problem]:
        return list(_problems(data))

    # --- authored

    @property
    def statements(self) -> list[Mapping[str, Any]]:
        statements: list[Mapping[str, Any]] = self.authored["stellingen"]
        return statements

    @cached_property
    def scale(self) -> dict[str, str]:
        """{"1": "bijna nooit", …}. YAML may call it 1."""
        return {str(step): words for step, words in self.authored["schaal"].items()}

    @property
    def asked(self) -> list[str]:
        """The times through the statements, in order."""
        return ASKED[self.authored["moment"]]

    @property
    def due(self) -> str:
        """The time that is on the page now; "" after the last."""
        given = self.given if self.status != NOT_STARTED else {}  # from before what was done here was wiped
        return next((time for time in self.asked if time not in given), "")

    @property
    def known(self) -> Moment | None:
        """What was said less than 90 days ago, elsewhere: then it isn't asked as if it were new."""
        return rules.recent(self.moments, today()) if self.due in (START, LATER) else None

    @property
    def asks(self) -> bool:
        """Whether there is a form to fill in; three months later also for whom it changed since."""
        return self.due == LATER or bool(self.due and not self.known)

    def half_forms(self) -> Mapping[str, Collection[str]]:
        if not self.asks:
            return {}
        return {self.due: [statement["id"] for statement in self.statements]}

    # --- posts

    @form_handler
    def answer(self, form: MultiDict) -> None:
        """All twelve at once. A form of another time, a second click or an old tab, changes nothing."""
        time = form.get("keer", "")
        if time not in self.asked:
            raise AnswerRefused({"keer": self.gettext("Dit formulier klopt niet meer. Laad de pagina opnieuw.")})
        if time != self.due or not self.asks:
            return
        answers = {statement["id"]: form.get(statement["id"], "") for statement in self.statements}
        missing = self.gettext("Kies een antwoord, of ‘%(nvt)s’.", nvt=self.authored["nvt"])
        if errors := {id_: missing for id_, answer in answers.items() if answer not in (*SCALE, NOT)}:
            raise AnswerRefused(errors)
        self._say(time, answers)
        self.sent_whole(form)

    def _say(self, time: str, answers: Mapping[str, str]) -> None:
        if self.status == NOT_STARTED:
            self.given = {}
            self.begin()
        moment: Moment = {"soort": time, "op": today().isoformat(), "antwoorden": dict(answers)}
        self.given = {**self.given, time: moment}
        if not self.due:
            self._complete()

    def _complete(self) -> None:
        given = self.given
        self.moments = [*self.moments, *(given[time] for time in self.asked)]
        said: dict[str, Any] = {time: self._scores(given[time]) for time in self.asked}
        if LATER in given:
            said[rules.WORTHS] = rules.worths(given[LATER]["antwoorden"])
        self.submit(said, None)
        self.finish()

    @form_handler
    def go_on(self, form: MultiDict) -> None:
        """What was said lately still holds: read, and done. Three months later that is an answer too."""
        known = self.known
        if known and self.due == LATER:
            self._say(LATER, known["antwoorden"])
            self.drop_halves()
        elif known and self.status != DONE:
            self.begin()
            self.finish()

    @property
    def has_words(self) -> bool:
        return bool(self.given or self.moments or self.half)

    def forget(self) -> None:
        self.moments, self.given = [], {}
        self.drop_halves()

    @classmethod
    def tally(cls, answers: list[Any]) -> dict[str, dict[str, dict[str, float]]]:
        """{START, NOW, BACK or LATER: {competence: {"n", "gemiddeld"}}}, each of at least five people."""
        attempts = [attempt for attempt in answers if isinstance(attempt, Mapping)]
        return {
            time: figures
            for time in (START, NOW, BACK, LATER)
            if (figures := rules.tally(attempt[time] for attempt in attempts if time in attempt))
        }

    # --- drawing

    def body_context(self) -> dict[str, Any]:
        known = self.known
        form = {
            "time": self.due,
            "options": [*self.scale.items(), (NOT, self.authored["nvt"])],
            "again": self.due == BACK,
            "half": self.due,
        }
        if self.due and not known:
            return {"screen": "vragen", **form}
        shown = known or self.given[self.asked[0]]
        return {"screen": "beeld", "known": known, "still": bool(known and self.asks), **form, **self._picture(shown)}

    def summary_context(self) -> dict[str, Any]:
        return {"known": None if self.status == DONE else self.known, "empty": bool(self.due and not self.known)}

    def _scores(self, moment: Moment) -> Scores:
        return rules.scores(self.statements, moment["antwoorden"])

    def _picture(self, shown: Moment) -> dict[str, Any]:
        """The radar, its table and its sentence: `shown` first, then looking back, then what was said before."""
        codes = rules.competences(self.statements)
        lines = [(moment, self._scores(moment)) for moment in (shown, *self._others(shown))]
        latest = lines[0][1]
        return {
            "axes": drawing.axes(codes),
            "rings": drawing.rings(codes),
            "lines": [
                {"name": name, "first": moment is shown, **vars(drawing.line(codes, found))}
                for name, (moment, found) in zip(self._names([moment for moment, _ in lines]), lines, strict=True)
            ],
            "rows": [
                (code, [rules.in_words(found[code], self.scale, self.authored["nvt"]) for _, found in lines])
                for code in codes
            ],
            "names": self.names,
            "short": self.short_names,
            "sentence": self._sentence(latest),
            "onward": self._onward(latest),
        }

    def _others(self, shown: Moment) -> list[Moment]:
        here = [self.given[time] for time in self.asked[1:] if time in self.given]
        before = [m for m in self.moments if m["soort"] != BACK and m != shown and m["op"] <= shown["op"]]
        return [*here, *reversed(before[-rules.MOST_EARLIER :])]

    def _names(self, moments: Sequence[Moment]) -> list[str]:
        """What each line is called, no two alike. `moments`: the newest first."""
        gettext = self.gettext
        places = {START: gettext("Startpunt"), NOW: gettext("Eindpunt"), LATER: gettext("Terugblik")}
        names = [self._named(moment) for moment in moments]
        shared = {name for name in names if names.count(name) > 1}
        names = [
            f"{name}, {places[moment['soort']]}" if name in shared else name
            for name, moment in zip(names, moments, strict=True)
        ]
        # Of two at the same place on one day the later one says so: "(2)".
        nth = [names[place:].count(name) for place, name in enumerate(names)]
        return [f"{name} ({n})" if n > 1 else name for name, n in zip(names, nth, strict=True)]

    def _named(self, moment: Moment) -> str:
        day = date.fromisoformat(moment["op"]).strftime("%d-%m-%Y" if self.language == "nl" else "%d/%m/%Y")
        if moment["soort"] == BACK:
            return self.gettext("Terugkijkend op het begin")
        return self.gettext("Op %(dag)s", dag=day)

    def _sentence(self, found: Scores) -> str:
        """What was said, never a grade (curriculum 5.6)."""
        if all(score is None for score in found.values()):
            return self.gettext("Je zei overal dat het niet van toepassing was. Dat kan.")
        ends = rules.extremes(found)
        if ends is None:
            return self.gettext("Je zegt over alles dat het ongeveer even vaak gebeurt.")
        most, least = (self.doing[code] for code in ends)
        return self.gettext("Je zegt dat je vaker %(meest)s, en minder vaak %(minst)s.", meest=most, minst=least)

    def _onward(self, found: Scores) -> str:
        """The author's words about where to practise what happens least."""
        ends = rules.extremes(found)
        words: str = self.authored.get("verwijs", {}).get(ends[1], "") if ends else ""
        return words

    @property
    def names(self) -> dict[str, str]:
        gettext = self.gettext
        return {
            "C1": gettext("Luisteren en doorvragen"), "C2": gettext("Oordeel uitstellen"),
            "C3": gettext("Eerlijk je stem laten horen"), "C4": gettext("Onder- en bovenstroom verbinden"),
            "C5": gettext("Polarisatie doorzien en keren"), "C6": gettext("Omgaan met ongenoegen"),
            "C7": gettext("Tussenruimte maken en begeleiden"), "C8": gettext("Reflecteren en leren met anderen"),
            "C9": gettext("Betekenis geven aan verhalen"), "C10": gettext("Achtjes draaien"),
        }  # fmt: skip

    @property
    def short_names(self) -> dict[str, str]:
        gettext = self.gettext
        return {
            "C1": gettext("Luisteren"), "C2": gettext("Oordeel"), "C3": gettext("Stem"), "C4": gettext("Stromen"),
            "C5": gettext("Polarisatie"), "C6": gettext("Ongenoegen"), "C7": gettext("Ruimte"),
            "C8": gettext("Reflectie"), "C9": gettext("Verhalen"), "C10": gettext("Achtjes"),
        }  # fmt: skip

    @property
    def doing(self) -> dict[str, str]:
        """Each competence as the middle of a sentence: "Je zegt dat je vaker …"."""
        gettext = self.gettext
        return {
            "C1": gettext("samenvat en doorvraagt"), "C2": gettext("navraagt wat je invulde"),
            "C3": gettext("eerlijk zegt wat je hoorde en wat je niet kunt beloven"),
            "C4": gettext("kiest tussen feiten en ervaringen"),
            "C5": gettext("let op wie er niets zegt"), "C6": gettext("rustig blijft bij boosheid"),
            "C7": gettext("tijd maakt voor een gesprek zonder besluit"),
            "C8": gettext("iemand laat meekijken"), "C9": gettext("terugkomt op een verhaal"),
            "C10": gettext("terugmeldt wat ermee gebeurde"),
        }  # fmt: skip


# --- publish gates


def _problems(data: Mapping[str, Any]) -> Iterator[Problem]:
    yield from check_common(data)
    yield from check_optional(data, "inleiding", "let_op")
    yield from check_choice(data, (), "moment", list(ASKED))
    yield from check_texts(data, (), "nvt")
    if data.get("competenties"):
        yield Problem(("competenties",), "een zelfbeeld is nooit bewijs voor een competentie")
    statements, problems = entries(data, "stellingen", at_least=len(rules.STATEMENTS))
    yield from problems
    if len(statements) > len(rules.STATEMENTS):
        yield Problem(("stellingen",), f"er horen er precies {len(rules.STATEMENTS)} te staan")
    used: set[str] = set()
    for path, statement in statements:
        yield from check_texts(statement, path, "tekst")
        if isinstance(statement.get("id"), str) and statement["id"] not in rules.STATEMENTS:
            yield Problem((*path, "id"), "de id's zijn z1 t/m z12: zo is een moment met een eerder te vergelijken")
        codes = statement.get("competenties")
        if not isinstance(codes, list) or not codes or any(str(code) not in COMPETENCES for code in codes):
            yield Problem((*path, "competenties") if codes else path, "noem één of meer competenties, C1 t/m C10")
        else:
            used |= set(codes)
        if not isinstance(statement.get("omgekeerd", False), bool):
            yield Problem((*path, "omgekeerd"), "moet true of false zijn")
    yield from _scale(data)
    yield from _pointers(data, used)


def _scale(data: Mapping[str, Any]) -> Iterator[Problem]:
    scale = data.get("schaal")
    if not isinstance(scale, Mapping) or [str(step) for step in scale] != list(SCALE):
        yield Problem(("schaal",), "moet woorden hebben voor 1 t/m 5, in die volgorde")
        return
    for step, words in scale.items():
        if not (isinstance(words, str) and words.strip()):
            yield Problem(("schaal", step), "moet uit woorden bestaan")


def _pointers(data: Mapping[str, Any], used: set[str]) -> Iterator[Problem]:
    pointers = data.get("verwijs")
    if not isinstance(pointers, Mapping):
        yield Problem(("verwijs",), "moet per competentie zeggen waar je daarmee oefent")
        return
    for code in sorted(used - set(pointers)):
        yield Problem(("verwijs",), f"'{code}' ontbreekt: zeg waar je daarmee oefent")
    for code, words in pointers.items():
        if code not in COMPETENCES or not (isinstance(words, str) and words.strip()):
            yield Problem(("verwijs", str(code)), "moet een zin zijn bij een competentie, C1 t/m C10")
