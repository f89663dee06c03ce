"""The conversation simulator (curriculum 3.c, unit 1.5): hold a conversation, look back on it, hold it again.

What is kept of a conversation is its list of choices; where it stands is worked out from that. Every form carries the
number of the conversation and of the step it was drawn for, so that a second click, a second tab or a late retry
changes nothing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from webob.multidict import MultiDict
from xblock.fields import Boolean, Dict, Integer, List, Scope, String

from modules.authoring import Authored, Problem, read_yaml
from modules.blocks.base import (
    ANSWERED,
    COMPLETED,
    DONE,
    INITIALIZED,
    PROGRESSED,
    REPLAYED,
    ActivityBlock,
    AnswerRefused,
    form_handler,
)
from modules.blocks.conversationsim import authored as written
from modules.blocks.conversationsim import debrief, gates, rules, told
from modules.blocks.conversationsim.table import table_of
from modules.blocks.figures import Say, Table
from modules.blocks.gates import check_common

INTRO, PLAYING, DEBRIEF = "intro", "spel", "nabespreking"
WRITTEN, OUTSIDE = "beantwoord", "buiten"
QUESTIONS = 3

# Attempts one can look back on and replay from. Their results stay with the runtime, however many there were.
MOST_KEPT = 20
# Characters: a note in passing is a sentence, an answer in the debrief a page.
LONGEST_NOTE, LONGEST_ANSWER = 1000, 4000
MOST_NOTES = 100

# Simulations already read: {id of the shared authored mapping: (that mapping, its simulation)}. Holding on to the
# mapping keeps its id from being given away.
_READ: dict[int, tuple[Mapping[str, Any], rules.Simulation]] = {}
_MOST_READ = 64


def simulation_of(data: Mapping[str, Any]) -> rules.Simulation:
    """The simulation an author wrote, read once for each edition of the content."""
    known = _READ.get(id(data))
    if known and known[0] is data:
        return known[1]
    simulation, problems = written.read_simulation(data)
    if simulation is None:
        raise ValueError(problems[0].reason)
    if len(_READ) >= _MOST_READ:
        _READ.clear()
    _READ[id(data)] = data, simulation
    return simulation


class ConversationSim(ActivityBlock):
    """Done (curriculum 2.1, 1.5) when two plays had different endings, or one was replayed from a turning point; and
    the three questions have been answered, or thought about outside the app."""

    block_type = "conversationsim"
    verbs = frozenset({INITIALIZED, PROGRESSED, ANSWERED, REPLAYED, COMPLETED})
    own_page = True
    same_at_first = frozenset({"summary_view"})
    stylesheets = ("conversationsim.css",)
    scripts = ("conversationsim.js",)
    # Whether a conversation can be taken up again from a turn in it.
    replays: ClassVar[bool] = True

    screen = String(scope=Scope.user_state, default=INTRO)
    play = Integer(scope=Scope.user_state, default=0, help="Number of the newest conversation, finished or not")
    choices = List(scope=Scope.user_state, default=[], help="[[node, choice], …] of the conversation under way")
    origin = List(scope=Scope.user_state, default=[], help="[attempt, step] this conversation was taken up from, or []")
    history = List(scope=Scope.user_state, default=[], help="[{n, choices, einde, vanaf}, …]: the newest attempts")
    endings = List(scope=Scope.user_state, default=[], help="Every ending reached, once")
    turned_back = Boolean(scope=Scope.user_state, default=False, help="Finished a replay from a turning point")
    shown = Integer(scope=Scope.user_state, default=0, help="The attempt looked back on")
    against = Integer(scope=Scope.user_state, default=0, help="The attempt beside it, or 0")
    # Curriculum 3.c: what somebody felt, and the debrief, are class C.
    notes = Dict(scope=Scope.user_state, default={}, private=True, help="{play:step: text}")
    reflections = Dict(scope=Scope.user_state, default={}, private=True, help="{number of the question: text}")
    reflected = String(scope=Scope.user_state, default="", help="How the three questions were dealt with")
    saved = Integer(scope=Scope.user_state, default=0, help="How often the answers were saved")
    landing = ""  # where in the debrief the form that was just sent stands: "naast", "vragen" or its top; never kept

    # --- authored

    @classmethod
    def read(cls, text: str) -> Authored:
        """A file may hold other things beside `simulatie:`."""
        found = read_yaml(text)
        inner = found.data.get("simulatie")
        if not isinstance(inner, dict):
            return found
        return Authored(inner, {path[1:]: line for path, line in found.lines.items() if path[:1] == ("simulatie",)})

    @classmethod
    def check(cls, data: Mapping[str, Any]) -> list[Problem]:
        return [*check_common(data), *gates.report(data).problems]

    @classmethod
    def assets(cls, data: Mapping[str, Any]) -> list[str]:
        turns = simulation_of(data).turns
        return [path for turn in turns for path in (turn.audio, turn.image) if path]

    @classmethod
    def tally(cls, answers: list[Any]) -> Any:
        return debrief.tally(answers)

    @classmethod
    def figures(cls, data: Mapping[str, Any], attempts: Sequence[Any], say: Say) -> list[Table]:
        """Endings, the mix of moves, and per turn what was said most (curriculum 3.c); never a note."""
        return told.tables(simulation_of(data), attempts, say)

    @property
    def simulation(self) -> rules.Simulation:
        return simulation_of(self.content)

    @property
    def questions(self) -> list[str]:
        return written.questions(self.content) or [
            self.gettext("Waar kantelde het?"),
            self.gettext("Wat voelde je daar?"),
            self.gettext("Wat had je nodig?"),
        ]

    @property
    def title(self) -> str:
        return str(self.display_name)

    # --- where we are

    def _steps(self) -> tuple[rules.Step, ...] | None:
        """The conversation under way; None where there is none, or it isn't one of this edition any more."""
        if self.screen != PLAYING:
            return None
        try:
            return rules.replay(self.simulation, self.choices)
        except rules.NotAChoiceError:
            return None

    def _attempts(self) -> dict[int, tuple[rules.Step, ...]]:
        """The attempts kept, by number, as far as they can still be replayed."""
        found = dict[int, tuple[rules.Step, ...]]()
        for attempt in self.history:
            try:
                found[attempt["n"]] = rules.replay(self.simulation, attempt["choices"])
            except rules.NotAChoiceError:
                continue
        return found

    def _state(self, steps: Sequence[rules.Step]) -> rules.State:
        return steps[-1].after if steps else rules.begin(self.simulation)

    def offered(self, state: rules.State, step: int) -> list[rules.Choice]:
        """The choices in this learner's order, another in each conversation: V9's place of the best choice varies.

        A form sends the place in this order: an author's ids (a first) would give the order away.
        """
        choices = [choice for choice, _ in rules.ways(self.simulation, state)]
        return self.shuffled(choices, f"{self.play}:{step}:{state.node}")

    @property
    def played_enough(self) -> bool:
        return len(self.endings) > 1 or self.turned_back

    def _moments(self, steps: Sequence[rules.Step]) -> tuple[debrief.Moment, ...]:
        return debrief.moments(self.simulation, steps, self.content.get("vlagteksten", {}))

    # --- handlers

    @form_handler
    def start(self, form: MultiDict) -> None:
        """Take a seat: a conversation from the beginning."""
        if self._steps() is None and form.get("play") == str(self.play + 1):
            self._take_up([], [])

    @form_handler
    def choose(self, form: MultiDict) -> None:
        steps = self._steps()
        if steps is None or not self._is_now(form, len(steps)):
            return
        state = self._state(steps)
        if form.get("node") != state.node:
            return
        offered = self.offered(state, len(steps))
        chosen = {str(place): choice for place, choice in enumerate(offered, 1)}.get(form.get("choice", ""))
        if chosen is None:
            raise AnswerRefused({"choice": self.gettext("Kies een van de zinnen.")})
        self.choices = [*self.choices, [state.node, chosen.id]]
        step = rules.choose(self.simulation, state, chosen.id)
        self.tell_item(ANSWERED, state.node, response=chosen.id)
        self.tell_item(PROGRESSED, step.after.node)
        if isinstance(self.simulation.nodes[step.after.node], rules.Ending):
            self._complete([*steps, step])

    @form_handler
    def pause(self, form: MultiDict) -> None:
        """Even stilstaan: a note to oneself. It belongs to its step, so one that arrives late still finds its place."""
        text = form.get("note", "").strip()
        if len(text) > LONGEST_NOTE:
            raise AnswerRefused({"note": self.gettext("Dit is te lang. Er passen %(n)s tekens.", n=LONGEST_NOTE)})
        key = f"{form.get('play', '')}:{form.get('step', '')}"
        if key not in self._places_for_notes():
            return
        others = {place: note for place, note in self.notes.items() if place != key}
        newest = dict(list(others.items())[1 - MOST_NOTES :])
        self.notes = {**newest, key: text} if text else newest

    @form_handler
    def leave(self, form: MultiDict) -> None:
        """Stop this conversation. It leaves no attempt."""
        if self._steps() is not None and form.get("play") == str(self.play):
            self.screen, self.choices, self.origin = (DEBRIEF if self.history else INTRO), [], []

    @form_handler
    def replay(self, form: MultiDict) -> None:
        """Speel opnieuw vanaf hier: from any turn that was passed, with everything as it stood there."""
        if self._steps() is not None or form.get("play") != str(self.play + 1):
            return
        steps = {str(number): steps for number, steps in self._attempts().items()}.get(form.get("attempt", ""))
        place = {str(place): place for place in range(len(steps or ()))}.get(form.get("step", ""))
        if not steps or place is None:
            raise AnswerRefused({"step": self.gettext("Vanaf dit moment kun je niet opnieuw spelen.")})
        self._take_up([[step.before.node, step.choice.id] for step in steps[:place]], [int(form["attempt"]), place])
        self.tell_item(REPLAYED, steps[place].before.node)

    @form_handler
    def look(self, form: MultiDict) -> None:
        """Look at another attempt, or put one beside it."""
        numbers = {str(number): number for number in self._attempts()}
        shown, against = form.get("attempt", ""), form.get("against", "")
        if shown not in numbers:
            raise AnswerRefused({"attempt": self.gettext("Deze poging is er niet meer.")})
        self.shown = numbers[shown]
        self.against = numbers.get(against, 0) if against != shown else 0
        self.landing = "naast"

    @form_handler
    def reflect(self, form: MultiDict) -> None:
        """The three questions. What is there is always kept; they are done when all three are answered or skipped."""
        if not self.history:
            return
        typed = {str(number): form.get(f"vraag-{number}", "").strip() for number in range(QUESTIONS)}
        too_long = [number for number, text in typed.items() if len(text) > LONGEST_ANSWER]
        if too_long:
            sentence = self.gettext("Dit is te lang. Er passen %(n)s tekens.", n=LONGEST_ANSWER)
            raise AnswerRefused({f"vraag-{number}": sentence for number in too_long})
        outside = form.get("klaar") == OUTSIDE
        kept = {number: text for number, text in typed.items() if text}
        if form.get("saved") != str(self.saved) and kept != self.reflections:
            raise AnswerRefused(
                {
                    "saved": self.gettext(
                        "Je schreef ook in een ander venster. Hieronder staat wat je hier schreef. Klopt het? "
                        "Bewaar het dan."
                    )
                }
            )
        if kept != self.reflections or outside:
            self.reflections, self.saved = kept, self.saved + 1
        if outside:
            self.reflected = OUTSIDE
        elif len(kept) == QUESTIONS:
            self.reflected = WRITTEN
        self.landing = "vragen"
        self._finish_when_done()

    def _is_now(self, form: MultiDict, step: int) -> bool:
        return bool(form.get("play") == str(self.play) and form.get("step") == str(step))

    def _take_up(self, choices: list[list[str]], origin: list[int]) -> None:
        self.play, self.screen, self.choices, self.origin = self.play + 1, PLAYING, choices, origin
        self.begin()

    def _complete(self, steps: Sequence[rules.Step]) -> None:
        ending = steps[-1].after.node
        answers: dict[str, Any] = {"start": None, "choices": self.choices, "einde": ending}
        if self.origin:
            attempt, place = self.origin
            answers |= {"start": steps[place].before.node, "vanaf": {"poging": attempt, "stap": place}}
            self.turned_back = self.turned_back or self._was_turning_point(attempt, place)
        self.submit(answers, rules.score(self.simulation, steps))
        kept = {"n": self.attempts, "choices": self.choices, "einde": ending, "vanaf": self.origin, "play": self.play}
        self.history = [*self.history, kept][-MOST_KEPT:]
        self.endings = sorted({*self.endings, ending})
        earlier = [attempt["n"] for attempt in self.history[:-1]]
        self.shown = self.attempts
        self.against = self.origin[0] if self.origin and self.origin[0] in earlier else (earlier or [0])[-1]
        self.screen, self.choices, self.origin = DEBRIEF, [], []
        self._finish_when_done()

    def _was_turning_point(self, attempt: int, place: int) -> bool:
        steps = self._attempts().get(attempt, ())
        return place < len(steps) and self._moments(steps)[place].is_turning_point

    def _finish_when_done(self) -> None:
        if self.status != DONE and self.played_enough and self.reflected:
            self.finish()

    def _places_for_notes(self) -> set[str]:
        """ "play:step" of every turn that was reached in a conversation still known."""
        lengths = {attempt["play"]: len(attempt["choices"]) - 1 for attempt in self.history}
        if self.screen == PLAYING:
            lengths[self.play] = len(self.choices)
        return {f"{play}:{step}" for play, length in lengths.items() for step in range(length + 1)}

    # --- drawing

    def body_context(self) -> dict[str, Any]:
        steps = self._steps()
        if steps is not None:
            return {"screen": PLAYING, **self._play_context(steps)}
        attempts = self._attempts()
        if self.screen != INTRO and attempts:
            return {"screen": DEBRIEF, **self._debrief_context(attempts)}
        return {"screen": INTRO, "table": table_of(self.content)}

    def _play_context(self, steps: Sequence[rules.Step]) -> dict[str, Any]:
        """Nothing of what a choice does or why: during the conversation nobody is told how they do."""
        state = self._state(steps)
        turn, text = self.simulation.nodes[state.node], debrief.text_at(self.simulation, state)
        return {
            "turn": turn,
            "text": text,
            "table": table_of(self.content, text.speaker),
            "step": len(steps),
            "offered": [choice.text for choice in self.offered(state, len(steps))],
            "earlier": [(debrief.text_at(self.simulation, step.before), step.choice.text) for step in steps],
            "meters": list(zip(self.simulation.meters, state.meters, strict=True)),
            "note": self.notes.get(f"{self.play}:{len(steps)}", ""),
        }

    def _debrief_context(self, attempts: Mapping[int, tuple[rules.Step, ...]]) -> dict[str, Any]:
        shown = self.shown if self.shown in attempts else max(attempts)
        steps = attempts[shown]
        moments, outcome = self._moments(steps), debrief.outcome(self.simulation, steps)
        plays = {attempt["n"]: attempt["play"] for attempt in self.history}
        return {
            "landing": self.landing,
            "shown": shown,
            "moments": moments,
            "outcome": outcome,
            "ending_words": written.debrief_text(self.content, outcome.ending.id, outcome.flags),
            "again": debrief.look_again(moments),
            "lines": debrief.lines(self.simulation, steps),
            "width": debrief.width_meter(self.simulation).name,
            "waves": debrief.waves_meter(self.simulation),
            "notes": {moment.place: self.notes.get(f"{plays[shown]}:{moment.place}", "") for moment in moments},
            "shares": self._shares(moments),
            "attempts": {number: debrief.outcome(self.simulation, made) for number, made in attempts.items()},
            **self._beside(attempts, shown, moments),
        }

    def _beside(
        self, attempts: Mapping[int, tuple[rules.Step, ...]], shown: int, moments: Sequence[debrief.Moment]
    ) -> dict[str, Any]:
        if self.against not in attempts or self.against == shown:
            return {"other": 0, "comparison": None, "other_levels": {}}
        steps = attempts[self.against]
        return {
            "other": self.against,
            "comparison": debrief.compare(attempts[shown], steps, moments, self._moments(steps)),
            "other_levels": rules.levels_of(self.simulation, steps[-1].after),
        }

    def _shares(self, moments: Sequence[debrief.Moment]) -> dict[int, float]:
        """Per moment the share of the group that chose the same, where at least five people came there."""
        cohort = self.cohort_figures()
        if cohort is None:
            return {}
        chosen = cohort["figures"]["choices"]
        return {
            moment.place: chosen[moment.node].get(moment.choice.id, 0.0) for moment in moments if moment.node in chosen
        }

    def summary_context(self) -> dict[str, Any]:
        attempts = self.history
        ending = self.simulation.nodes.get(attempts[-1]["einde"]) if attempts else None
        return {
            "playing": self._steps() is not None,
            "last_title": ending.title if isinstance(ending, rules.Ending) else "",
        }

    # --- words

    @staticmethod
    def printed(text: str) -> str:
        """An author's text with printed quotes."""
        return written.typographic(text)

    def word(self, outcome: debrief.Outcome) -> str:
        """The score in a word."""
        return self.went_words()[outcome.word]

    def went_words(self) -> dict[str, str]:
        return {
            rules.STIFF: self.gettext("Stroef"),
            rules.ON_THE_WAY: self.gettext("Onderweg"),
            rules.OPEN: self.gettext("Open"),
        }

    def word_said(self, outcome: debrief.Outcome) -> str:
        return {
            rules.STIFF: self.gettext("Er kwam weinig ruimte. Kijk waar die kleiner werd: daar ligt ook de weg terug."),
            rules.ON_THE_WAY: self.gettext("Er kwam iets op gang, en er bleef iets liggen."),
            rules.OPEN: self.gettext("Er was ruimte, en niemand hoefde daarvoor iets weg te geven."),
        }[outcome.word]

    def turn_said(self, moment: debrief.Moment) -> str:
        """The yellow words at a turning point."""
        return (
            moment.flag_words
            or {
                debrief.OPENED: self.gettext("Kantelpunt: er kwam ruimte"),
                debrief.MENDED: self.gettext("Kantelpunt: je herstelde"),
                debrief.STIFFENED: self.gettext("Kantelpunt: het werd stroever"),
                debrief.STILL: self.gettext("Kantelpunt"),
            }[moment.turn]
        )

    def move_said(self, choice: rules.Choice) -> str:
        """The move as curriculum 3.b names it."""
        names = {
            "D1": self.gettext("samenvatten"),
            "D2": self.gettext("open vraag"),
            "D3": self.gettext("eigen oordeel uitstellen"),
            "D4": self.gettext("erkennen"),
            "D5": self.gettext("eigen stem"),
            "D6": self.gettext("ruimte maken"),
            "B1": self.gettext("overtuigen"),
            "B2": self.gettext("oordelen over de ander"),
            "B3": self.gettext("invullen"),
            "B4": self.gettext("te snel oplossen"),
            "B5": self.gettext("verschuilen"),
            "B6": self.gettext("sturende of gesloten vraag"),
            "N0": self.gettext("informatie"),
        }
        return f"{choice.move} {names[choice.move]}"

    def number_said(self, value: float) -> str:
        """A score as a number, in the reader's notation."""
        number = f"{value:.2f}"
        return number.replace(".", ",") if self.language == "nl" else number

    def change_said(self, change: int) -> str:
        return f"{change:+d}".replace("-", "−") if change else self.gettext("gelijk")

    def table_said(self, table: Any) -> str:
        """The drawing in words."""
        where = {
            "links": self.gettext("links"),
            "rechts": self.gettext("rechts"),
            "voor": self.gettext("vooraan"),
            "achter": self.gettext("achteraan"),
            "linksvoor": self.gettext("linksvoor"),
            "rechtsvoor": self.gettext("rechtsvoor"),
            "linksachter": self.gettext("linksachter"),
            "deur": self.gettext("op de drempel"),
        }
        said = [
            self.gettext("De tafel van boven."),
            *(self.gettext("%(name)s: %(place)s.", name=seat.name, place=where[seat.place]) for seat in table.seats),
        ]
        if table.speaker:
            said.append(self.gettext("%(name)s is aan het woord.", name=table.speaker))
        return " ".join(said)
