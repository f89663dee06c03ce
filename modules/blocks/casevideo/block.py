"""A case, watched or read (curriculum 3.k; units 1.2 and 2.5): scene after scene, with a question at each stop.

The text of the scenes is the whole story, so reading it is the same exercise. A video plays from stop to stop by its
own address (`#t=0,95`), without a script.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from typing import Any

from webob.multidict import MultiDict
from xblock.fields import Dict, Integer, Scope

from modules.authoring import Problem
from modules.blocks.base import ANSWERED, COMPLETED, DONE, NOT_STARTED, ActivityBlock, AnswerRefused, form_handler
from modules.blocks.casevideo import rules
from modules.blocks.casevideo.gates import problems
from modules.blocks.casevideo.rules import SINGLE, Part, case_score, is_scored, paragraphs, parts, stop_points
from modules.blocks.figures import Say, Table, items, met, spread
from modules.blocks.gates import entries

# Characters. What somebody thinks at a stop.
LONGEST = 1000


class CaseVideo(ActivityBlock):
    """`place` counts the steps behind the learner: each part is one, and after it each of its stops.

    A form carries `ronde` and `plek`, where it was drawn. Done: past the last step.
    """

    block_type = "casevideo"
    verbs = frozenset({ANSWERED, COMPLETED})
    stylesheets = ("oefening.css", "hints.css", "tekening.css", "casevideo.css")
    same_at_first = frozenset({"student_view"})

    round_number = Integer(scope=Scope.user_state, default=1, help="Which time through the case")
    place = Integer(scope=Scope.user_state, default=0, help="Steps behind the learner in this round")
    answers = Dict(scope=Scope.user_state, default={}, help="{stop: position of the option as authored}, this round")
    # The learner's own words: private, also when the case is gone through again.
    texts = Dict(scope=Scope.user_state, default={}, private=True, help="{stop: own words}")
    written = Integer(scope=Scope.user_state, default=-1, help="The step of the open stop that was just answered")

    # --- authored

    @classmethod
    def check(cls, data: Mapping[str, Any]) -> list[Problem]:
        return problems(data)

    @classmethod
    def assets(cls, data: Mapping[str, Any]) -> list[str]:
        return list(dict.fromkeys(path for path in _files(data) if isinstance(path, str)))

    @classmethod
    def tally(cls, answers: list[Any]) -> dict[str, dict[str, Any]]:
        return rules.tally(answers)

    @classmethod
    def figures(cls, data: Mapping[str, Any], attempts: Sequence[Any], say: Say) -> list[Table]:
        """Stops with a right answer as items; of what is asked for an opinion only what the group thinks."""
        stops = {stop["id"]: stop for part in parts(data) for stop in part.stops if stop["soort"] == SINGLE}
        scored = {id_: stop["vraag"] for id_, stop in stops.items() if is_scored(stop)}
        opinions = {id_: stop["vraag"] for id_, stop in stops.items() if id_ not in scored}

        def words(item: str, record: list[Any]) -> str:
            return str(stops[item]["opties"][record[0]]["tekst"])

        def mistakes(item: str, record: list[Any]) -> list[str]:
            return [] if record[-1] else [words(item, record)]

        thought = {item: [words(item, record) for record in met(item, attempts)] for item in opinions}
        tables = [items(scored, attempts, mistakes, say), spread(opinions, thought, {}, say)]
        return [table for table in tables if table.rows or table.few]

    @cached_property
    def parts(self) -> list[Part]:
        return parts(self.authored)

    @cached_property
    def steps(self) -> list[tuple[int, Mapping[str, Any] | None]]:
        """[(number of the part, None for the part itself or a stop after it), …]"""
        return [
            step
            for number, part in enumerate(self.parts)
            for step in [(number, None), *((number, stop) for stop in part.stops)]
        ]

    @property
    def stop(self) -> Mapping[str, Any] | None:
        """The stop the learner stands at, None at a part and after the end."""
        return self.steps[self.place][1] if self.place < len(self.steps) else None

    # --- posts

    @form_handler
    def proceed(self, form: MultiDict) -> None:
        """On from a part that was read or watched, or from a stop that was answered."""
        if not self._is_here(form) or self.place >= len(self.steps):
            return
        if self.stop is not None and not self._is_answered(self.stop):
            return
        self._touch()
        self.place += 1
        if self.place == len(self.steps):
            self._complete()

    @form_handler
    def answer(self, form: MultiDict) -> None:
        """An option, or own words, at the stop on the page."""
        stop = self.stop
        if not self._is_here(form) or stop is None or self._is_answered(stop):
            return
        if stop["soort"] == SINGLE:
            shown = self.shown(stop)
            if form.get("antwoord", "") not in shown:
                raise AnswerRefused({"antwoord": self.gettext("Kies een antwoord.")})
            self.answers = {**self.answers, stop["id"]: shown[form["antwoord"]]}
            self._tell_answer(stop)
        else:
            text = form.get("antwoord", "").replace("\r\n", "\n").strip()
            if not text:
                raise AnswerRefused({"antwoord": self.gettext("Schrijf iets. Een paar woorden is genoeg.")})
            if len(text) > LONGEST:
                raise AnswerRefused({"antwoord": self.gettext("Houd het bij %(n)s tekens.", n=LONGEST)})
            self.texts = {**self.texts, stop["id"]: text}
            self.written = self.place
            self._tell_answer(stop)
        self._touch()

    @form_handler
    def again(self, form: MultiDict) -> None:
        """Once more from the start. What is done stays done, and own words are kept."""
        if self._is_here(form) and self.place >= len(self.steps):
            self.round_number += 1
            self.place, self.answers, self.written = 0, {}, -1

    def _is_here(self, form: MultiDict) -> bool:
        """Whether the form was drawn in this round at this step. Refuses what can't be either."""
        for name in ("ronde", "plek"):
            number = form.get(name, "")
            if not (number.isdecimal() and len(number) < 6):
                raise AnswerRefused({name: self.gettext("Dit formulier klopt niet meer. Laad de pagina opnieuw.")})
        return (int(form["ronde"]), int(form["plek"])) == (self.round_number, self.place)

    def _is_answered(self, stop: Mapping[str, Any]) -> bool:
        return stop["id"] in self.answers if stop["soort"] == SINGLE else self.written == self.place

    def _tell_answer(self, stop: Mapping[str, Any]) -> None:
        worth = stop_points(stop, self.answers[stop["id"]]) if is_scored(stop) else None
        self.tell_item(ANSWERED, stop["id"], score=worth, success=None if worth is None else worth >= 1)

    def _touch(self) -> None:
        if self.status == NOT_STARTED:
            self.begin()
        elif not self.begun_at:
            self.start_clock()

    def _complete(self) -> None:
        """The attempt is recorded without own words: {stop: [position, points or None]}, of the stops with options."""
        stops = [stop for part in self.parts for stop in part.stops]
        record = {
            stop["id"]: [chosen, stop_points(stop, chosen) if is_scored(stop) else None]
            for stop in stops
            if (chosen := self.answers.get(stop["id"])) is not None
        }
        self.submit(record, case_score(stops, self.answers))
        if self.status != DONE:
            self.finish()

    # --- drawing

    def shown(self, stop: Mapping[str, Any]) -> dict[str, int]:
        """{place on the page: position as authored} of the options, mixed for this learner and round."""
        positions = self.shuffled(list(range(len(stop["opties"]))), f"{self.round_number}|{stop['id']}")
        return {str(place): position for place, position in enumerate(positions, 1)}

    def body_context(self) -> dict[str, Any]:
        total = sum(len(part.stops) for part in self.parts)
        context: dict[str, Any] = {"total": total, "many": len(self.parts), "paragraphs": paragraphs}
        if self.place >= len(self.steps):
            return {**context, "screen": "end", **self._end()}
        number, stop = self.steps[self.place]
        part = self.parts[number]
        context |= {
            "part": part, "number": number + 1, "clip": _clip(part), "last": self.place + 1 == len(self.steps),
            "first": self.place == 0, "to_stop": stop is None and bool(part.stops),
        }  # fmt: skip
        return {**context, "screen": "part"} if stop is None else {**context, "screen": "stop", **self._stop(stop)}

    def _stop(self, stop: Mapping[str, Any]) -> dict[str, Any]:
        done, single = self._is_answered(stop), stop["soort"] == SINGLE
        shown = self.shown(stop) if single else {}
        chosen = self.answers.get(stop["id"]) if done else None
        passed = sum(step is not None for _, step in self.steps[: self.place])
        return {
            "stop": {"id": stop["id"], "vraag": stop["vraag"], "soort": stop["soort"]},
            # Without what is right and why: that stays on the server until there is an answer.
            "options": [(place, stop["opties"][at]["tekst"]) for place, at in shown.items()],
            "chosen": next((place for place, at in shown.items() if at == chosen), None),
            "feedback": self._feedback(stop, shown, chosen) if done and single else None,
            "scored": single and is_scored(stop), "done": done, "longest": LONGEST,
            "earned": stop_points(stop, chosen) if chosen is not None else 0,
            "own": self.texts.get(stop["id"], ""), "model": stop.get("model", "") if done else "",
            "stop_number": passed + 1,
        }  # fmt: skip

    def _feedback(self, stop: Mapping[str, Any], shown: Mapping[str, int], chosen: int | None) -> list[dict[str, Any]]:
        """What is said to each option, the chosen one first."""
        options = stop["opties"]
        told = [
            {"tekst": options[at]["tekst"], "feedback": options[at]["feedback"], "goed": options[at]["goed"] is True,
             "chosen": at == chosen}
            for at in shown.values()
        ]  # fmt: skip
        return sorted(told, key=lambda option: not option["chosen"])

    def _end(self) -> dict[str, Any]:
        stops = [stop for part in self.parts for stop in part.stops]
        scored = [stop for stop in stops if is_scored(stop)]
        return {
            "of": len(scored),
            "right": sum(stop_points(stop, self.answers.get(stop["id"], -1)) == 1 for stop in scored),
            "rows": [
                {
                    "vraag": stop["vraag"], "own": "" if stop["soort"] == SINGLE else self.texts.get(stop["id"], ""),
                    "chosen": self._chosen_words(stop),
                    "model": stop.get("model", ""),
                }
                for stop in stops
            ],
        }  # fmt: skip

    def _chosen_words(self, stop: Mapping[str, Any]) -> str:
        """ "" where nothing was chosen, or what was chosen is no option any more in this edition."""
        options = enumerate(stop.get("opties", ()))
        return next((option["tekst"] for at, option in options if at == self.answers.get(stop["id"])), "")


def _clip(part: Part) -> str:
    """The part of the video, as the end of its address: "#t=95,180"."""
    end = "" if part.end is None else f",{part.end:g}"
    return f"#t={part.start:g}{end}"


def _files(data: Mapping[str, Any]) -> Iterator[Any]:
    """Paths beside the content; in a transcript a path begins with "static/", anything else is the text itself."""
    for _, scene in entries(data, "scenes")[0]:
        if isinstance(scene.get("beeld"), Mapping):
            yield scene["beeld"].get("src")
        if isinstance(scene.get("geluid"), Mapping):
            yield from (scene["geluid"].get(name) for name in ("opus", "mp3", "captions"))
    video = data.get("video")
    if isinstance(video, Mapping):
        yield from (video.get(name) for name in ("mp4", "webm", "captions"))
        if str(video.get("transcript", "")).startswith("static/"):
            yield video["transcript"]
