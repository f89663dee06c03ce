"""Gespreksfragment (curriculum 3.b): hear a conversation, say what each turn does, lay that beside the experts.

Class A, the sentence the learner writes or says class B: it is `private` until the learner hands it in to the trainer.
The route is listen or read → mark → reveal → say it yourself → three self-checks → model answers. Key and models
enter the page only from the step in which they may be seen.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from webob import Request, Response
from webob.multidict import MultiDict
from xblock.core import XBlock
from xblock.fields import Boolean, Dict, Integer, List, Scope

from modules.authoring import Authored, Problem
from modules.blocks import recording
from modules.blocks.base import (
    ANSWERED,
    EXPERIENCED,
    NOT_STARTED,
    SHARED,
    SUBMITTED,
    WITHDREW,
    AnswerRefused,
    form_handler,
)
from modules.blocks.dialoguefragment import rules
from modules.blocks.dialoguefragment.gates import problems
from modules.blocks.figures import Row, Say, Table, by_experts, in_fives, met, parts, percent
from modules.blocks.handingin import HandsIn, Piece
from modules.blocks.shares import contested, modal_codes

MAX_SENTENCE = 300
MAX_SECONDS, MAX_SOUND = 30, 1_000_000  # curriculum 3.b: said in at most half a minute
SELF_CHECK_ANSWERS = ("ja", "deels", "nee")
# One key a code, in the order of rules.CODES: two rows of the keyboard, the families apart (design 05).
KEYS = dict(zip(rules.CODES, "123456qwerty0", strict=True))
SPEEDS = ("0.75", "1", "1.25", "1.5")


@dataclass(frozen=True)
class Turn:
    """One turn of the conversation. Times in seconds from the start of the sound."""

    id: str
    number: int
    start: float
    end: float
    speaker: str
    role: str
    text: str

    @property
    def clock(self) -> str:
        return clock(self.start)


@dataclass(frozen=True)
class Choice:
    """A code as the palette shows it."""

    code: str
    name: str
    meaning: str
    key: str


@dataclass(frozen=True)
class Verdict:
    """A marked turn beside the experts. `experts`: [(code, votes, is it the learner's own)], most votes first."""

    experts: list[tuple[str, int, bool]]
    contested: bool
    note: str
    group: list[tuple[str, int]]


def clock(moment: float) -> str:
    """69.0 → "1:09"."""
    return f"{int(moment) // 60}:{int(moment) % 60:02d}"


def wave(turn: Turn, step: float = 1.5) -> str:
    """The strokes of one turn as an SVG path: decoration, the slider tells where you are (design 05)."""
    count = max(1, round((turn.end - turn.start) / step))
    places = [turn.start + (index + 0.5) * (turn.end - turn.start) / count for index in range(count)]
    heights = [3 + 9 * abs(math.sin(x * 1.7) * math.cos(x * 0.31 + turn.number)) for x in places]
    return "".join(f"M{x:.1f} {13 - height:.1f}v{2 * height:.1f}" for x, height in zip(places, heights, strict=True))


@XBlock.wants("recordings")
class DialogueFragment(HandsIn):
    """State: what was heard, the marks until they are revealed for good, and the learner's own sentence.

    A sentence may be said instead of written, where there is a `recordings` service.
    """

    block_type = "dialoguefragment"
    verbs = frozenset({EXPERIENCED, ANSWERED, SHARED, WITHDREW})
    is_rated = True
    own_page = True
    same_at_first = frozenset({"summary_view"})
    stylesheets = ("recorder.css", "dialoguefragment.css")
    scripts = ("recorder.js", "dialoguefragment.js")

    heard = Boolean(scope=Scope.user_state, default=False, help="Listened to or read once, by the learner's own word")
    marks = Dict(scope=Scope.user_state, default={}, help="{turn: code}; fixed from the reveal on")
    revealed = Boolean(scope=Scope.user_state, default=False)
    sentence = Dict(scope=Scope.user_state, default={}, private=True, help='{"beurt", "tekst", "opname"?: Kept}')
    self_checks = List(scope=Scope.user_state, default=[], private=True, help="An answer for each self-check")
    version = Integer(scope=Scope.user_state, default=0, help="Counts changes of the sentence: knows a stale form")

    # --- authored content

    @classmethod
    def read(cls, text: str) -> Authored:
        """YAML. Moments become seconds ("1:04" is 64), ids of turns text, so that `sleutel: {1: …}` fits turn 1.

        Speakers may be a list of {naam, rol, …} (how a voice sounds is for the script that makes it) or {naam: rol}.
        """
        authored = super().read(text)
        data = dict(authored.data)
        if isinstance(data.get("sprekers"), list):
            data["sprekers"] = {
                speaker.get("naam"): speaker.get("rol", "") for speaker in data["sprekers"] if isinstance(speaker, dict)
            }
        if isinstance(data.get("beurten"), list):
            data["beurten"] = [_plain_turn(turn) for turn in data["beurten"]]
        if isinstance(data.get("interventie_beurten"), list):
            data["interventie_beurten"] = [str(turn) for turn in data["interventie_beurten"]]
        for name in ("sleutel", "model_interventies", "toelichting"):
            if isinstance(data.get(name), dict):
                data[name] = {str(turn): value for turn, value in data[name].items()}
        return Authored(data, authored.lines)

    @classmethod
    def check(cls, data: Mapping[str, Any]) -> list[Problem]:
        return problems(data)

    @classmethod
    def assets(cls, data: Mapping[str, Any]) -> list[str]:
        sound = data.get("audio") or {}
        return [path for path in (sound.get("opus"), sound.get("mp3"), data.get("captions")) if path]

    @classmethod
    def tally(cls, answers: list[Any]) -> dict[str, dict[str, int]]:
        """{turn: {code: people}}: the strip of the group on the transcript, and the group in the reveal."""
        return rules.distribution(answers)

    @classmethod
    def figures(cls, data: Mapping[str, Any], attempts: Sequence[Any], say: Say) -> list[Table]:
        """The strip (curriculum 3.b): per turn what the group heard most beside the experts, and how many heard the
        same as they."""
        _ = say
        names = {code: f"{code} {words[0]}" for code, words in _code_words(say).items()}
        turns = {turn["id"]: (number, turn) for number, turn in enumerate(data["beurten"], 1)}
        rows, unmet = list[Row](), 0
        for id_, shares in data["sleutel"].items():
            marks = in_fives(met(id_, attempts))
            if not marks:
                unmet += 1
                continue
            number, turn = turns[id_]
            same = sum(mark in modal_codes(shares) for mark in marks) / len(marks)
            note = _("Daar denken experts verschillend over.") if contested(shares) else ""
            heard = parts([names[mark] for mark in marks], len(marks))[:1]
            label = f"{number}. {turn['spreker']}: {turn['tekst']}"
            rows.append(Row(label, len(marks), percent(same), heard, by_experts(shares, names)[:1], note))
        heading, asked = _("Zelfde als de experts"), _("Hoorde de groep het meest")
        return [
            Table("", tuple(rows), heading, asked, _("Hoorden de experts het meest"), unmet, our_parts=True, strip=True)
        ]

    @classmethod
    def pieces(cls, data: Mapping[str, Any], words: Mapping[str, Any]) -> list[Piece]:
        """The one sentence, beside the turn after which it is said."""
        turns = {turn["id"]: f"{turn['spreker']}: “{turn['tekst']}”" for turn in data["beurten"]}
        return [Piece(turns.get(words["beurt"], ""), words["tekst"])]

    @property
    def key(self) -> dict[str, dict[str, float]]:
        key: dict[str, dict[str, float]] = self.authored["sleutel"]
        return key

    @property
    def turns(self) -> list[Turn]:
        roles = self.authored.get("sprekers") or {}
        return [
            Turn(
                turn["id"],
                number,
                turn["start"],
                turn["eind"],
                turn["spreker"],
                roles.get(turn["spreker"], ""),
                turn["tekst"],
            )
            for number, turn in enumerate(self.authored["beurten"], 1)
        ]

    @property
    def needed(self) -> int:
        """How many turns must be marked before the key is laid beside them."""
        total = len(self.authored["beurten"])
        asked: int = (self.authored.get("afronden") or {}).get("gemerkt", total)
        return min(total, asked)

    @property
    def speaking_needed(self) -> bool:
        """Fragment B asks for an own sentence with self-checks before it is done; fragment A only for the marks."""
        return bool((self.authored.get("afronden") or {}).get("interventie"))

    # --- what the learner does

    @form_handler
    def listened(self, form: MultiDict) -> None:
        """Heard or read. Nobody checks: the learner says so."""
        self._touch()

    @XBlock.handler
    def mark(self, request: Request, suffix: str = "") -> Response:
        """One mark, saved at once. Answers with figures instead of the page, so that the sound plays on.

        After the reveal nothing changes any more, whatever an open tab still sends.
        """
        if request.method != "POST":
            return Response("", status=405, allow=("POST",))
        turn, code = request.POST.get("beurt"), request.POST.get("merk")
        if turn not in self.key or code not in rules.CODES:
            return Response("", status=422)
        if not self.revealed:
            self._take({turn: code})
        return Response(json_body={"gemerkt": len(self.marks), "onthuld": self.revealed})

    @form_handler
    def reveal(self, form: MultiDict) -> None:
        """All marks of the form; with `doel` = "onthul" they are laid beside the experts and fixed."""
        if self.revealed:
            return
        self._take(self._changed_marks(form))
        if form.get("doel") != "onthul":
            return
        missing = self.needed - len(self.marks)
        if missing > 0:
            raise AnswerRefused(
                {
                    "gemerkt": self.ngettext(
                        "Merk nog %(n)s beurt. Daarna leg je jouw merken naast die van de experts.",
                        "Merk nog %(n)s beurten. Daarna leg je jouw merken naast die van de experts.",
                        missing,
                    )
                }
            )
        self.revealed = True
        self.status = SUBMITTED
        self.runtime.publish(self, "progress", {"status": SUBMITTED})
        for turn, code in self.marks.items():
            if turn in self.key:
                self.tell_item(ANSWERED, turn, score=rules.turn_score(self.key[turn], code))
        self.submit(dict(self.marks), rules.fragment_score(self.key, self.marks))
        if not self.speaking_needed:
            self.finish()

    @form_handler
    def speak(self, form: MultiDict) -> None:
        """The learner's own sentence at one of the intervention turns, written, said or both."""
        turn, text = form.get("beurt", ""), form.get("tekst", "").strip()
        take = recording.taken(self, seconds=MAX_SECONDS, size=MAX_SOUND)
        if not self.revealed or self._is_stale(form, {"beurt": turn, "tekst": text}, take):
            return
        errors = {}
        if turn not in self.authored["interventie_beurten"]:
            errors["beurt"] = self.gettext("Kies een van deze beurten.")
        if not text and not take:
            errors["tekst"] = self.gettext("Schrijf wat jij zou zeggen. Eén zin is genoeg.")
        elif _length(text) > MAX_SENTENCE:
            errors["tekst"] = self.gettext("Houd het bij %(n)s tekens. Korter luistert beter.", n=MAX_SENTENCE)
        if errors:
            raise AnswerRefused(errors)
        self.take_back()
        self._erase_recording()
        said = {"opname": studio.keep(take, str(self.version))} if take and (studio := recording.service(self)) else {}
        self.sentence, self.self_checks = {"beurt": turn, "tekst": text, **said}, []
        self.version += 1

    @form_handler
    def self_check(self, form: MultiDict) -> None:
        """Three looks at the own sentence. Any answer is good; they open the model answers."""
        if not self.sentence or self.self_checks or self._is_stale(form):
            return
        answers = [form.get(f"check{index}", "") for index in range(len(self.authored["zelfchecks"]))]
        errors = {
            f"check{index}": self.gettext("Kies wat het dichtst bij jouw zin ligt.")
            for index, answer in enumerate(answers)
            if answer not in SELF_CHECK_ANSWERS
        }
        if errors:
            raise AnswerRefused(errors)
        self.self_checks = answers
        if self.speaking_needed:
            self.finish()

    @form_handler
    def hand_in(self, form: MultiDict) -> None:
        """Let the trainer see the written sentence, or take it back (`inleveren` = "ja" or "nee").

        A voice has no read path for others.
        """
        if not self.sentence.get("tekst") or self._is_stale(form):
            return
        if form.get("inleveren") != "ja":
            self.take_back()
        elif self.has_trainer and not self.handed_in:
            self.hand_over({name: self.sentence[name] for name in ("beurt", "tekst")})
            self.tell(SHARED)

    @form_handler
    def erase(self, form: MultiDict) -> None:
        """Wipe the own sentence everywhere and choose again. What was done stays done."""
        if self.sentence and not self._is_stale(form):
            self.take_back()
            self._erase_recording()
            self.sentence, self.self_checks = {}, []
            self.version += 1

    def take_back(self) -> None:
        if self.handed_in:
            super().take_back()
            self.tell(WITHDREW)

    def score_with(self, rating: int | None) -> float | None:
        return rules.rated_score(rules.fragment_score(self.key, self.marks), rating)

    def _erase_recording(self) -> None:
        kept, studio = self.sentence.get("opname"), recording.service(self)
        if kept and studio:
            studio.erase(kept["id"])

    def _touch(self) -> None:
        """Heard or read now, if that wasn't said before."""
        if not self.heard:
            self.heard = True
            self.tell(EXPERIENCED)
        if self.status == NOT_STARTED:
            self.begin()

    def _take(self, marks: Mapping[str, str]) -> None:
        if any(self.marks.get(turn) != code for turn, code in marks.items()):
            self.marks = {**self.marks, **marks}
            self._touch()

    def _changed_marks(self, form: MultiDict) -> dict[str, str]:
        """The marks this form changed: what it was drawn with (`was-`) may be older than another tab's work."""
        changed = {}
        for turn in self.key:
            code = form.get(f"merk-{turn}")
            if code and code != form.get(f"was-{turn}"):
                if code not in rules.CODES:
                    raise AnswerRefused({"gemerkt": self.gettext("Kies een van de merken in de lijst.")})
                changed[turn] = code
        return changed

    def _is_stale(
        self, form: MultiDict, sentence: Mapping[str, str] | None = None, take: recording.Take | None = None
    ) -> bool:
        """The form was drawn before the sentence last changed. What is new in it is handed back, not thrown away."""
        if form.get("versie") == str(self.version):
            return False
        written = {name: self.sentence.get(name, "") for name in ("beurt", "tekst")}
        is_new = bool(take and take.mark != self.sentence.get("opname", {}).get("mark"))
        if is_new or (sentence and sentence["tekst"] and sentence != written):
            raise AnswerRefused(
                {
                    "tekst": self.gettext(
                        "In een ander venster is deze zin intussen veranderd. Dit is wat je hier schreef. "
                        "Bewaar opnieuw als dit jouw zin is."
                    )
                }
            )
        return True

    # --- drawing

    def code_names(self) -> dict[str, Choice]:
        """The thirteen marks with their names and what they mean."""
        return {
            code: Choice(code, name, meaning, KEYS[code]) for code, (name, meaning) in _code_words(self.gettext).items()
        }

    def body_context(self) -> dict[str, Any]:
        turns, names = self.turns, self.code_names()
        context = {
            "turns": turns,
            "names": names,
            "marks": self.marks,
            "count": len(self.marks),
            "needed": self.needed,
            "families": (
                (self.gettext("Dialoog"), [names[code] for code in rules.DIALOGUE]),
                (self.gettext("Debat"), [names[code] for code in rules.DEBATE]),
            ),
            "information": names[rules.INFORMATION],
            "current": next((turn.id for turn in turns if turn.id not in self.marks), turns[-1].id),
            "length": turns[-1].end,
            "clock": clock,
            "wave": wave,
            "speeds": SPEEDS,
            "step": "naast" if self.revealed else "merken" if self.heard else "luisteren",
        }
        if self.revealed:
            context |= self._revealed_context(turns)
        return context

    def _revealed_context(self, turns: list[Turn]) -> dict[str, Any]:
        pairs = rules.compared(self.key, self.marks)
        choices = [turn for turn in turns if turn.id in self.authored["interventie_beurten"]]
        models = self.authored["model_interventies"]
        return {
            "verdicts": self._verdicts(),
            "experts": self.authored["n_experts"],
            "illustrative": self.authored.get("sleutel_status") == "illustratief",
            "same": sum(own == expert for own, expert in pairs),
            "of": len(pairs),
            "agreement": rules.agreement(pairs),
            "marked": rules.fragment_score(self.key, self.marks),
            "kappa": rules.cohen_kappa(pairs),
            "choices": choices,
            "limit": MAX_SENTENCE,
            **self._recorded(),
            "answers": SELF_CHECK_ANSWERS,
            "answer_names": dict(zip(SELF_CHECK_ANSWERS, self._answer_names(), strict=True)),
            "models": [(turn, models[turn.id]) for turn in choices] if self.self_checks else [],
        }

    def _recorded(self) -> dict[str, Any]:
        """What to draw the recorder with, and what was said."""
        studio, kept = recording.service(self), self.sentence.get("opname")
        return {
            "recorder": recording.bounds(MAX_SECONDS, MAX_SOUND) if studio else {},
            "sound": studio.url(kept["id"]) if studio and kept else "",
            "said_for": recording.clock(kept["seconds"]) if kept else "",
        }

    def _answer_names(self) -> tuple[str, str, str]:
        return self.gettext("Ja"), self.gettext("Een beetje"), self.gettext("Nog niet")

    def _verdicts(self) -> dict[str, Verdict]:
        figures = self.cohort_figures() or {}
        group = figures.get("figures") or {}
        notes = self.authored.get("toelichting") or {}
        verdicts = {}
        for turn, shares in self.key.items():
            votes = rules.votes(shares, self.authored["n_experts"])
            ranked = sorted(votes.items(), key=lambda vote: (-vote[1], vote[0]))
            verdicts[turn] = Verdict(
                [(code, count, code == self.marks.get(turn)) for code, count in ranked if count],
                contested(shares),
                notes.get(turn, ""),
                sorted((group.get(turn) or {}).items(), key=lambda count: (-count[1], count[0])),
            )
        return verdicts

    def summary_context(self) -> dict[str, Any]:
        return {"count": len(self.marks), "total": len(self.authored["beurten"]), "length": clock(self.turns[-1].end)}


def _code_words(say: Say) -> dict[str, tuple[str, str]]:
    """{code: (name, what it means)}"""
    _ = say
    words = (
        (_("samenvatten"), _("In eigen woorden teruggeven wat de ander zei.")),
        (_("open vraag"), _("Vragen zonder het antwoord al te weten.")),
        (_("eigen oordeel uitstellen"), _("De eigen mening even opzij leggen en verder kijken.")),
        (_("erkennen"), _("Laten merken dat je ziet wat dit voor de ander is.")),
        (_("eigen stem"), _("Eerlijk zeggen wat er bij jezelf speelt, in de ik-vorm.")),
        (_("ruimte maken"), _("Zorgen dat iemand of iets erbij kan.")),
        (_("overtuigen"), _("De ander naar je eigen standpunt trekken.")),
        (_("oordelen over de ander"), _("Iets vinden van wie de ander is of wat die doet.")),
        (_("invullen"), _("Zeggen wat de ander denkt, voelt of wil.")),
        (_("te snel oplossen"), _("Een plan geven terwijl de vraag nog open ligt.")),
        (_("verschuilen"), _("Wegkruipen achter regels, proces of een ander.")),
        (_("sturende of gesloten vraag"), _("Een vraag met maar één goed antwoord.")),
        (_("informatie"), _("Een feit of mededeling, verder niets.")),
    )
    return dict(zip(rules.CODES, words, strict=True))


def _plain_turn(turn: object) -> object:
    if not isinstance(turn, dict):
        return turn
    plain = {**turn, "id": str(turn.get("id", ""))}
    for name in ("start", "eind"):
        moment = rules.seconds(turn.get(name))
        plain[name] = turn.get(name) if moment is None else moment
    return plain


def _length(text: str) -> int:
    """In characters as a textarea counts them: a line end is one."""
    return len(text.replace("\r\n", "\n"))
