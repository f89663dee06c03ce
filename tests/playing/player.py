"""Somebody who knows, for each type of activity, how to do it from what its author wrote: rightly, wrongly or by turns.

`Play.next` looks at what is shown and says what to do next, or None after the last. It presses nothing itself: `plain`
does that without a browser, `tests.journeys.hands` in one. What was chosen is remembered in the author's terms, and
`Play.score` works out by the rules of the block what that must come to.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from statistics import fmean
from typing import Any

from django.utils import timezone

from modules.blocks.agreement import rules as agreement_rules
from modules.blocks.cardsort import rules as card_rules
from modules.blocks.casevideo import rules as case_rules
from modules.blocks.conditioncheck import rules as condition_rules
from modules.blocks.conversationsim import rules as talk
from modules.blocks.conversationsim.authored import read_simulation
from modules.blocks.decisioncards import rules as decision_rules
from modules.blocks.dialoguefragment import rules as fragment_rules
from modules.blocks.drafts import share_good
from modules.blocks.inferenceladder import rules as ladder_rules
from modules.blocks.layermap import rules as layer_rules
from modules.blocks.polarisationmap import rules as map_rules
from modules.blocks.promisecheck import rules as promise_rules
from modules.blocks.qualityplanner import rules as quality_rules
from modules.blocks.quiz import rules as quiz_rules
from modules.blocks.replydrill import rules as reply_rules
from modules.blocks.streamlens import rules as lens_rules
from modules.blocks.tabledesign import rules as table_rules
from modules.blocks.walkplanner import rules as walk_rules
from tests.playing.shown import Move, Shown, Value, bare

SENTENCE = "Ik luister eerst, dan vraag ik door."
# One a person talks about, of whom nobody may be called by name here.
SOMEBODY = "een melkveehouder"
TELLINGS = 3
# Different ones, before a conversation is done; and sixteen turns in which what is best was said.
ENDINGS, ALL = 2, 0xFFFF


class Wish(StrEnum):
    RIGHT = "right"
    WRONG = "wrong"
    MIXED = "mixed"


@dataclass
class Play:
    """One person at one activity. `given`: {item: answer} in the author's terms; `did`: what was done once."""

    type: str
    data: Mapping[str, Any]
    wish: Wish = Wish.RIGHT
    given: dict[str, Any] = field(default_factory=dict)
    did: list[str] = field(default_factory=list)
    # Of a conversation: the choices so far, all that were planned, and which of the tasks it is.
    path: list[str] = field(default_factory=list)
    plan: list[str] = field(default_factory=list)
    task: str = ""
    # The role somebody looks from.
    role: str = ""

    def next(self, shown: Shown) -> Move | None:
        return MOVES[self.type](self, shown)

    @property
    def score(self) -> float | None:
        """0..1 by the rules of the block; None where nothing is scored."""
        return SCORES[self.type](self) if self.type in SCORES else None

    @property
    def is_done(self) -> bool:
        """Whether the completion rule of the curriculum is met by what was done."""
        return DONE[self.type](self) if self.type in DONE else True

    def rightly(self, item: str, among: Iterable[str]) -> bool:
        if self.wish is Wish.MIXED:
            return list(among).index(item) % 2 == 0
        return self.wish is Wish.RIGHT

    def once(self, what: str) -> bool:
        """True the first time."""
        if what in self.did:
            return False
        self.did.append(what)
        return True

    @cached_property
    def items(self) -> dict[str, Mapping[str, Any]]:
        return {item["id"]: item for item in self.data.get("items", [])}

    @property
    def threshold(self) -> float:
        return float(self.data.get("drempel", 0.6))


def best[T](options: Iterable[T], worth: Callable[[T], float], *, rightly: bool) -> T:
    """The first of what is worth most, or least."""
    return max(options, key=worth) if rightly else min(options, key=worth)


def each_best[K, T](
    play: Play, keys: Mapping[str, K], options: Sequence[T], points: Callable[[K, T], float]
) -> dict[str, T]:
    """{item: the option chosen at it}, of all items at once."""

    def chosen(item: str, key: K) -> T:
        found: T = best(options, lambda option: points(key, option), rightly=play.rightly(item, keys))
        return found

    return {item: chosen(item, key) for item, key in keys.items()}


# --- one item at a time


def lesson(play: Play, shown: Shown) -> Move | None:
    return Move("finished") if shown.has("finished") else None


def streamlens(play: Play, shown: Shown) -> Move | None:
    if shown.has("answer"):
        id_ = shown.hidden("answer", "item")
        item, mode = lens_rules.Item.read(play.items[id_]), play.data.get("mode", lens_rules.BOTH_ASKED)
        asked = shown.names("answer")
        pairs = [
            (stream, dimension)
            for stream in (shown.options("answer", "stroom") if "stroom" in asked else [""])
            for dimension in (shown.options("answer", "dimensie") if "dimensie" in asked else [""])
        ]
        rightly = play.rightly(id_, play.items)
        answer = best(pairs, lambda pair: lens_rules.points(item, pair[0], pair[1], mode), rightly=rightly)
        play.given[id_] = answer
        return Move("answer", {name: said for name, said in zip(("stroom", "dimensie"), answer, strict=True) if said})
    if shown.has("proceed"):
        return Move("proceed")
    if shown.has("rewrite"):
        return Move("rewrite", {"tekst": SENTENCE})
    if shown.has("compared"):
        return Move("compared", {"herkent": "deels"})
    return Move("onward") if shown.has("onward") else None


def streamlens_score(play: Play) -> float:
    mode = play.data.get("mode", lens_rules.BOTH_ASKED)

    def points(item: Mapping[str, Any]) -> float:
        stream, dimension = play.given[item["id"]]
        return lens_rules.points(lens_rules.Item.read(item), stream, dimension, mode)

    return round(fmean(map(points, play.data["items"])), 4)


def cardsort(play: Play, shown: Shown) -> Move | None:
    if shown.has("arrange"):
        order = list(play.items)
        if play.wish is Wish.WRONG:
            order.reverse()
        elif play.wish is Wish.MIXED:
            half = len(order) // 2
            order = [*order[:half], *order[: half - 1 : -1]]
        play.given = dict.fromkeys(order)
        return Move("arrange", {f"plek-{card}": str(place) for place, card in enumerate(order, 1)})
    if shown.has("answer"):
        id_ = shown.hidden("answer", "item")
        card, bins = play.items[id_], shown.options("answer", "bak")
        rightly = play.rightly(id_, play.items)
        play.given[id_] = best(bins, lambda bin_: card_rules.bin_points(card, bin_), rightly=rightly)
        return Move("answer", {"bak": play.given[id_]})
    return Move("proceed") if shown.has("proceed") else None


def cardsort_score(play: Play) -> float:
    if play.data.get("vorm") == "volgorde":
        return card_rules.sequence_score(list(play.items), list(play.given))
    return round(fmean(card_rules.bin_points(card, play.given[id_]) for id_, card in play.items.items()), 4)


def quiz(play: Play, shown: Shown) -> Move | None:
    if shown.has("proceed"):
        return Move("proceed")
    if not shown.has("answer"):
        return None
    id_ = shown.hidden("answer", "item")
    item = play.items[id_]
    options, kind = item["opties"], item.get("soort", quiz_rules.SINGLE)
    rightly = play.rightly(id_, play.items)
    right = [place for place, option in enumerate(options) if option.get("goed")]
    wrong = [place for place in range(len(options)) if place not in right]
    if kind == quiz_rules.ORDERING:
        order = list(range(len(options))) if rightly else [*range(1, len(options)), 0]
        place_of = {option: place for place, option in enumerate(order, 1)}
        names = [name for name in shown.names("answer") if name.startswith("plek-")]
        said = {bare(option["tekst"]): number for number, option in enumerate(options)}
        labels = {name: bare(shown.words(shown.controls("answer", name)[0])) for name in names}
        play.given[id_] = order
        return Move("answer", {name: str(place_of[said[label]]) for name, label in labels.items()})
    if kind == quiz_rules.SHORT:
        play.given[id_] = right[0] if rightly else -1
        return Move("answer", {"antwoord": options[right[0]]["tekst"] if rightly else "Iets heel anders"})
    chosen = right if rightly else wrong
    if kind == quiz_rules.SINGLE:
        chosen = chosen[:1]
    values = [option_value(shown, options[place]["tekst"]) for place in chosen]
    play.given[id_] = chosen if kind == quiz_rules.MULTIPLE else chosen[0]
    return Move("answer", {"antwoord": values if kind == quiz_rules.MULTIPLE else values[0]})


def option_value(shown: Shown, words: str, handler: str = "answer", name: str = "antwoord") -> str:
    """The value of exactly these words: one option may begin as another."""
    return next(value for value, said in shown.options(handler, name).items() if bare(said) == bare(words))


def quiz_points(item: Mapping[str, Any], answer: Any) -> float:
    match item.get("soort", quiz_rules.SINGLE):
        case quiz_rules.MULTIPLE:
            return quiz_rules.multiple_points(item["opties"], answer)
        case quiz_rules.ORDERING:
            return quiz_rules.ordering_points(answer)
    return quiz_rules.single_points(item["opties"], answer) if answer >= 0 else 0.0


def quiz_score(play: Play) -> float:
    return round(fmean(quiz_points(play.items[id_], answer) for id_, answer in play.given.items()), 4)


def replydrill(play: Play, shown: Shown) -> Move | None:
    if shown.has("proceed"):
        return Move("proceed")
    if shown.has("own"):
        return Move("own", {"tekst": "Wat maakt dat je dat zo zegt?"})
    if not shown.has("answer"):
        return None
    id_ = shown.hidden("answer", "item")
    replies, rightly = play.items[id_]["reacties"], play.rightly(id_, play.items)
    play.given[id_] = best(range(len(replies)), lambda place: replies[place]["waarde"], rightly=rightly)
    return Move("answer", {"reactie": option_value(shown, replies[play.given[id_]]["tekst"], name="reactie")})


def replydrill_score(play: Play) -> float:
    return round(fmean(reply_rules.reply_points(item, play.given[id_]) for id_, item in play.items.items()), 4)


def decisioncards(play: Play, shown: Shown) -> Move | None:
    """At a key situation what is right is chosen in the end."""
    if shown.has("proceed"):
        return Move("proceed")
    handler = next((each for each in ("answer", "retry") if shown.has(each)), "")
    if not handler:
        return None
    id_ = shown.hidden(handler, "item")
    item, rightly = play.items[id_], handler == "retry" or play.rightly(id_, play.items)
    # In an order of their own: on the page each person has another.
    actions = sorted(shown.options(handler, "actie"))
    action = best(actions, lambda each: decision_rules.action_points(item, each), rightly=rightly)
    play.given.setdefault(id_, action)
    return Move(handler, {"actie": action})


def decisioncards_score(play: Play) -> float:
    return round(fmean(decision_rules.action_points(item, play.given[id_]) for id_, item in play.items.items()), 4)


def conditioncheck(play: Play, shown: Shown) -> Move | None:
    if shown.has("proceed"):
        return Move("proceed")
    if shown.has("improve"):
        place = next(iter(play.items))
        return Move("improve", {"plek": place, "tekst": SENTENCE}) if play.once("improve") else None
    if not shown.has("answer"):
        return None
    id_ = shown.hidden("answer", "item")
    scale, rightly = play.data["schaal"], play.rightly(id_, play.items)

    def word_for(right: str) -> str:
        return str(best(scale, lambda word: condition_rules.judged(scale, right, word), rightly=rightly))

    play.given[id_] = {name: word_for(right) for name, right in play.items[id_]["sleutel"].items()}
    return Move("answer", {f"oordeel-{name}": word for name, word in play.given[id_].items()})


def conditioncheck_score(play: Play) -> float:
    scale = play.data["schaal"]
    return round(
        fmean(condition_rules.item_points(scale, item["sleutel"], play.given[id_]) for id_, item in play.items.items()),
        4,
    )


def promisecheck(play: Play, shown: Shown) -> Move | None:
    if shown.has("choose_role"):
        play.role = list(play.data["rollen"])[-1]
        return Move("choose_role", {"rol": play.role})
    if shown.has("proceed"):
        return Move("proceed")
    if shown.has("answer"):
        id_ = shown.hidden("answer", "item")
        right, bins = play.items[id_]["sleutel"][play.role], list(play.data["bakken"])
        rightly = play.rightly(id_, play.items)
        play.given[id_] = best(bins, lambda bin_: promise_rules.promise_points(bins, right, bin_), rightly=rightly)
        return Move("answer", {"bak": play.given[id_]})
    return Move("rewrite", {"tekst": SENTENCE}) if shown.has("rewrite") and play.once("rewrite") else None


def promisecheck_score(play: Play) -> float:
    bins, role = list(play.data["bakken"]), play.role
    return round(
        fmean(
            promise_rules.promise_points(bins, item["sleutel"][role], play.given[id_])
            for id_, item in play.items.items()
        ),
        4,
    )


def casevideo(play: Play, shown: Shown) -> Move | None:
    if shown.has("answer"):
        steps = [step for part in case_rules.parts(play.data) for step in (None, *part.stops)]
        stop = steps[int(shown.hidden("answer", "plek"))]
        assert stop is not None
        if stop["soort"] != case_rules.SINGLE:
            return Move("answer", {"antwoord": SENTENCE})
        rightly = play.rightly(stop["id"], [each["id"] for each in play.data["stops"]])
        places = range(len(stop["opties"]))
        play.given[stop["id"]] = best(places, lambda place: case_rules.stop_points(stop, place), rightly=rightly)
        return Move("answer", {"antwoord": option_value(shown, stop["opties"][play.given[stop["id"]]]["tekst"])})
    return Move("proceed") if shown.has("proceed") else None


def casevideo_score(play: Play) -> float | None:
    return case_rules.case_score(play.data["stops"], play.given)


# --- all at once


def inferenceladder(play: Play, shown: Shown) -> Move | None:
    if shown.has("place"):
        cards = {card["id"]: card["sport"] for card in play.data["kaartjes"]}
        play.given = each_best(play, cards, ladder_rules.RUNGS, ladder_rules.rung_points)
        return Move("place", {f"sport-{card}": str(rung) for card, rung in play.given.items()})
    if shown.has("question"):
        return Move("question", {"wankel": "3", "vraag": "Wat zou een ander hier zien?"})
    for handler in ("write", "descend", "act"):
        if shown.has(handler):
            return Move(handler, dict.fromkeys(shown.names(handler), SENTENCE))
    return None


def inferenceladder_score(play: Play) -> float | None:
    if play.data["vorm"] == "eigen":
        return None
    cards = play.data["kaartjes"]
    return round(fmean(ladder_rules.rung_points(card["sport"], play.given[card["id"]]) for card in cards), 4)


def layermap(play: Play, shown: Shown) -> Move | None:
    if shown.has("place"):
        play.given = each_best(play, layer_key(play), layer_rules.LAYERS, layer_rules.quote_points)
        return Move("place", {f"laag-{quote}": layer for quote, layer in play.given.items()})
    if shown.has("answer"):
        return Move("answer", {"antwoord": play.data["antwoorden"][0]["id"]})
    return Move("write", dict.fromkeys(shown.names("write"), SENTENCE)) if shown.has("write") else None


def layer_key(play: Play) -> dict[str, Mapping[str, float]]:
    return {quote["id"]: quote["sleutel"] for quote in play.data["citaten"]}


def layermap_score(play: Play) -> float | None:
    if play.data["vorm"] == "eigen":
        return None
    key = layer_key(play).items()
    return round(fmean(layer_rules.quote_points(shares, play.given[quote]) for quote, shares in key), 4)


def polarisationmap(play: Play, shown: Shown) -> Move | None:
    if shown.has("place"):
        return _placed(play, shown.hidden("place", "moment"))
    if shown.has("onward"):
        return Move("onward")
    if shown.has("turn_knobs") and play.once("knobs"):
        knobs = [name for name in shown.names("turn_knobs") if name.startswith("knop-")]
        return Move("turn_knobs", {name: next(iter(shown.options("turn_knobs", name))) for name in knobs})
    if shown.has("draw"):
        people = ((map_rules.PUSHER, map_rules.LEFT), (map_rules.SILENT, ""), (map_rules.BRIDGE, ""))
        words: dict[str, Value] = dict.fromkeys(("kwestie", "links", "rechts"), "de sloot achter het dorp")
        for row, (role, pole) in enumerate(people):
            words |= {f"naam-{row}": SOMEBODY, f"rol-{row}": role} | ({f"pool-{row}": pole} if pole else {})
        return Move("draw", words)
    return None


def _placed(play: Play, moment: str) -> Move:
    fields: dict[str, Value] = {}
    placed = each_best(play, map_key(play), map_rules.ROLES, map_rules.role_points)
    for actor in play.data["actoren"]:
        item = f"{actor['id']}-{moment}" if moment else actor["id"]
        play.given[item] = fields[f"rol-{actor['id']}"] = placed[item]
        if placed[item] in map_rules.SIDED:
            fields[f"pool-{actor['id']}"] = map_rules.RIGHT
    return Move("place", fields)


def map_key(play: Play) -> dict[str, Mapping[str, float]]:
    moments = [moment["id"] for moment in play.data.get("momenten", [])]
    if not moments:
        return {actor["id"]: actor["sleutel"] for actor in play.data["actoren"]}
    return {f"{a['id']}-{moment}": a["sleutel"][moment] for a in play.data["actoren"] for moment in moments}


def polarisationmap_score(play: Play) -> float | None:
    return None if play.data["vorm"] == "eigen" else map_rules.map_score(map_key(play), play.given)


def dialoguefragment(play: Play, shown: Shown) -> Move | None:
    if shown.has("listened"):
        return Move("listened")
    ends = play.data.get("afronden") or {}
    if shown.has("reveal"):
        key = play.data["sleutel"]
        turns = dict(list(key.items())[: ends.get("gemerkt", len(key))])
        play.given = each_best(play, turns, fragment_rules.CODES, fragment_rules.turn_score)
        return Move("reveal", {f"merk-{turn}": code for turn, code in play.given.items()}, ("doel", "onthul"))
    if not ends.get("interventie"):
        return None
    if shown.has("speak"):
        return Move("speak", {"beurt": next(iter(shown.options("speak", "beurt"))), "tekst": SENTENCE})
    if shown.has("self_check"):
        return Move("self_check", dict.fromkeys(shown.names("self_check"), "deels"))
    return None


def dialoguefragment_score(play: Play) -> float | None:
    return fragment_rules.fragment_score(play.data["sleutel"], play.given)


# --- conversations


def conversationsim(play: Play, shown: Shown) -> Move | None:
    """Conversations until there are two endings, then the three questions."""
    simulation, _ = read_simulation(play.data)
    assert simulation
    if shown.has("choose"):
        return _say(play, shown, simulation)
    if len(play.given) < ENDINGS and shown.has("start"):
        play.path, play.plan = [], _another(simulation, play.wish, set(play.given))
        return Move("start")
    if shown.has("reflect") and play.once("reflect"):
        questions = [name for name in shown.names("reflect") if name.startswith("vraag-")]
        return Move("reflect", dict.fromkeys(questions, SENTENCE), ("klaar", "bewaar"))
    return None


def _another(simulation: talk.Simulation, wish: Wish, known: set[str]) -> list[str]:
    """The choices to an ending that isn't known yet: as wished if that will do, else by turns of all sorts."""
    first = [0] if wish is Wish.WRONG else [ALL] if wish is Wish.RIGHT else []
    for turns in (*first, *(0b0101 * 0x1111, 0b0011 * 0x1111, 0, ALL), *range(ALL)):
        steps = _led(simulation, turns)
        if steps[-1].after.node not in known:
            return [step.choice.id for step in steps]
    raise AssertionError("there is only one ending")


def _led(simulation: talk.Simulation, turns: int) -> list[talk.Step]:
    """A conversation in which each bit of `turns` says whether what is best is said, or what is worst."""
    state, steps = talk.begin(simulation), list[talk.Step]()
    while ways := talk.ways(simulation, state):
        choice, after = best(
            ways,
            lambda way: simulation.gain(way[0].effect) + 2 * way[0].is_dialogue,
            rightly=bool(turns >> len(steps) % 16 & 1),
        )
        steps.append(talk.Step(state, choice, after))
        state = after
    return steps


def _say(play: Play, shown: Shown, simulation: talk.Simulation) -> Move:
    """The next sentence of the plan."""
    steps = talk.walk(simulation, play.path)
    state = steps[-1].after if steps else talk.begin(simulation)
    assert state.node == shown.hidden("choose", "node")
    wanted = play.plan[len(play.path)]
    choice = next(choice for choice, _ in talk.ways(simulation, state) if choice.id == wanted)
    play.path.append(choice.id)
    after = talk.walk(simulation, play.path)[-1].after
    if isinstance(simulation.nodes[after.node], talk.Ending):
        play.given[after.node] = list(play.path)
    value = next(v for v, said in shown.buttons("choose", "choice").items() if bare(said) == bare(choice.text))
    return Move("choose", button=("choice", value))


def conversationsim_score(play: Play) -> float:
    simulation, _ = read_simulation(play.data)
    assert simulation
    return talk.score(simulation, talk.walk(simulation, play.path))


def decisiontask(play: Play, shown: Shown) -> Move | None:
    """One conversation: whichever of the tasks comes."""
    if shown.has("choose"):
        if not play.plan:
            play.task = _task_of(play, shown)
            play.plan = _path(_simulation(play), play.wish)
        return _say(play, shown, _simulation(play))
    return Move("start") if shown.has("start") and not play.plan else None


def _simulation(play: Play) -> talk.Simulation:
    task = next(task for task in play.data["taken"] if task["id"] == play.task)
    simulation, _ = read_simulation(task)
    assert simulation
    return simulation


def _task_of(play: Play, shown: Shown) -> str:
    """The task whose first choices these are."""
    offered = {bare(words) for words in shown.buttons("choose", "choice").values()}
    for task in play.data["taken"]:
        simulation, _ = read_simulation(task)
        assert simulation
        ways = talk.ways(simulation, talk.begin(simulation))
        if {bare(choice.text) for choice, _ in ways} == offered:
            return str(task["id"])
    raise AssertionError("no task begins like this")


def _path(simulation: talk.Simulation, wish: Wish) -> list[str]:
    """Of all ways through, the best, the worst, or the one in the middle."""
    paths = sorted(_paths(simulation, talk.begin(simulation), []), key=lambda path: (path[0], path[1]))
    return paths[{Wish.RIGHT: -1, Wish.WRONG: 0, Wish.MIXED: len(paths) // 2}[wish]][1]


def _paths(simulation: talk.Simulation, state: talk.State, steps: list[talk.Step]) -> list[tuple[float, list[str]]]:
    ways = talk.ways(simulation, state)
    if not ways:
        return [(talk.score(simulation, steps), [step.choice.id for step in steps])]
    return [
        path for choice, after in ways for path in _paths(simulation, after, [*steps, talk.Step(state, choice, after)])
    ]


def decisiontask_score(play: Play) -> float:
    simulation = _simulation(play)
    return talk.score(simulation, talk.walk(simulation, play.path))


# --- own words


def journal(play: Play, shown: Shown) -> Move | None:
    if not play.once("write"):
        return None
    if play.wish is Wish.WRONG:
        return Move("write", other="outside")
    return Move("write", {"tekst": SENTENCE, "labels": "oefening"})


def rewrite(play: Play, shown: Shown) -> Move | None:
    if shown.has("write") and shown.hidden("write", "versie") == "0":
        return Move("write", {"tekst": SENTENCE})
    return Move("onward") if shown.has("onward") else None


def imessage(play: Play, shown: Shown) -> Move | None:
    return Move("write", dict.fromkeys(shown.names("write"), SENTENCE)) if play.once("write") else None


def rubric(play: Play, shown: Shown) -> Move | None:
    if not shown.has("assess"):
        return None
    levels = {Wish.RIGHT: "4", Wish.WRONG: "1", Wish.MIXED: "2"}
    return Move(
        "assess",
        {n: levels[play.wish] if n.startswith("niveau-") else SENTENCE for n in shown.names("assess")},
    )


def practicecase(play: Play, shown: Shown) -> Move | None:
    return Move("note", dict.fromkeys(shown.names("note"), SENTENCE)) if play.once("note") else None


def selfcheck(play: Play, shown: Shown) -> Move | None:
    """Where it was said less than 90 days ago it isn't asked again."""
    if shown.has("go_on") and play.once("go on"):
        return Move("go_on")
    if not shown.has("answer"):
        return None
    answer = {Wish.RIGHT: "4", Wish.WRONG: "nvt", Wish.MIXED: "2"}[play.wish]
    return Move("answer", dict.fromkeys(shown.names("answer"), answer))


def exitcard(play: Play, shown: Shown) -> Move | None:
    if not shown.has("answer"):
        return None
    said = {"cijfer": "8", "aanbeveling": "9", "gebruikt": "ja", "zwaarte": "goed"}
    skips = {Wish.RIGHT: [], Wish.WRONG: list(said), Wish.MIXED: ["cijfer", "zwaarte"]}[play.wish]
    return Move("answer", {**said, **dict.fromkeys(skips, "over")})


def lookback(play: Play, shown: Shown) -> Move | None:
    if not shown.has("answer"):
        return None
    return Move("answer", {"geen": "ja"} if play.wish is Wish.WRONG else {"gesprek": SENTENCE})


def storycollection(play: Play, shown: Shown) -> Move | None:
    """Two stories are enough; with a third there may be a pattern."""
    told = play.did.count("story")
    if told < (TELLINGS if play.wish is Wish.RIGHT else TELLINGS - 1):
        play.did.append("story")
        # A box of several is taken once; a story has its permission.
        return Move("add", {name: _filled(shown, "add", name, told) for name in shown.names("add")})
    if shown.has("name_pattern") and play.once("pattern"):
        fields = {n: _filled(shown, "name_pattern", n, told) for n in shown.names("name_pattern")}
        return Move("name_pattern", {**fields, "verhalen": list(shown.options("name_pattern", "verhalen"))})
    return Move("give_meaning", {"betekenis": SENTENCE}) if play.once("meaning") else None


# --- forms one works on over time

_ROW = re.compile(r"-(\d+)-")
NUMBERS = {
    "totaal_minuten": "120", "gesprek_minuten": "80", "afsluiting_minuten": "25", "km": "4", "keynote_minuten": "15",
}  # fmt: skip
CHOICES = {"leidinggevende_paar": "nee"}


def draft(play: Play, shown: Shown) -> Move | None:
    """Every field; wrongly is with nothing ticked that needn't be, and with numbers that are too large."""
    if not play.once("keep"):
        return None
    fields: dict[str, Value] = {}
    for name in shown.names("keep"):
        kind = shown.kind("keep", name)
        if play.wish is not Wish.RIGHT and kind == "checkbox" and len(shown.controls("keep", name)) == 1:
            first = next(each for each in shown.names("keep") if shown.kind("keep", each) == "checkbox")
            if play.type != "agreement" or name != first:
                continue
        value = _filled(shown, "keep", name)
        number = shown.controls("keep", name)[0].get("inputmode") == "decimal"
        fields[name] = "200" if number and play.wish is Wish.WRONG else value
    play.given = {**fields}
    return Move("keep", fields)


def _filled(shown: Shown, handler: str, name: str, number: int = 0) -> Value:
    """Something that fits this field."""
    control = shown.controls(handler, name)[0]
    row = _ROW.search(name)
    place = int(row[1]) if row else number
    match shown.kind(handler, name):
        case "checkbox":
            several = len(shown.controls(handler, name)) > 1
            return [next(iter(shown.options(handler, name)))] if several else str(control.get("value"))
        case "radio":
            return CHOICES.get(name, next(iter(shown.options(handler, name))))
        case "select":
            options = list(shown.options(handler, name))
            return options[place % len(options)]
        case "date":
            # Read the same whichever of day and month comes first.
            return f"{timezone.localdate().year + 1}-03-03"
    if control.get("inputmode") == "decimal":
        return NUMBERS.get(name, "20")
    words = f"{SENTENCE} {place + 1}" if row or number else SENTENCE
    return words[: int(control.get("maxlength", 1000))]


def checked(outcome: Callable[[Play], Mapping[str, str]]) -> Callable[[Play], float]:
    return lambda play: share_good(outcome(play))


def _table_done(play: Play) -> bool:
    return share_good(table_rules.outcome(play.given)) == 1


def good_enough(play: Play) -> bool:
    return (play.score or 0.0) >= play.threshold


def walked(play: Play) -> bool:
    return bool(play.given.get("gelopen"))


Moves = Callable[[Play, Shown], Move | None]
MOVES: dict[str, Moves] = {
    "lesson": lesson, "streamlens": streamlens, "cardsort": cardsort, "quiz": quiz, "replydrill": replydrill,
    "decisioncards": decisioncards, "conditioncheck": conditioncheck, "promisecheck": promisecheck,
    "casevideo": casevideo, "inferenceladder": inferenceladder, "layermap": layermap,
    "polarisationmap": polarisationmap, "dialoguefragment": dialoguefragment, "conversationsim": conversationsim,
    "decisiontask": decisiontask, "journal": journal, "rewrite": rewrite, "imessage": imessage, "rubric": rubric,
    "practicecase": practicecase, "selfcheck": selfcheck, "exitcard": exitcard, "lookback": lookback,
    "storycollection": storycollection, "worksheet": draft, "longline": draft,
    "qualityplanner": draft, "walkplanner": draft, "tabledesign": draft, "agreement": draft,
}  # fmt: skip
SCORES: dict[str, Callable[[Play], float | None]] = {
    "streamlens": streamlens_score, "cardsort": cardsort_score, "quiz": quiz_score, "replydrill": replydrill_score,
    "decisioncards": decisioncards_score, "conditioncheck": conditioncheck_score, "promisecheck": promisecheck_score,
    "casevideo": casevideo_score, "inferenceladder": inferenceladder_score, "layermap": layermap_score,
    "polarisationmap": polarisationmap_score, "dialoguefragment": dialoguefragment_score,
    "conversationsim": conversationsim_score, "decisiontask": decisiontask_score,
    "qualityplanner": checked(
        lambda play: quality_rules.outcome(play.given, [step["id"] for step in play.data["stappen"]])
    ),
    "walkplanner": checked(lambda play: walk_rules.outcome(play.given)),
    "tabledesign": checked(lambda play: table_rules.outcome(play.given)),
    "agreement": checked(lambda play: agreement_rules.outcome(play.data, play.given)),
}  # fmt: skip
DONE: dict[str, Callable[[Play], bool]] = {
    "cardsort": good_enough, "quiz": good_enough, "tabledesign": _table_done, "walkplanner": walked,
    # It is done outside, so never here.
    "practicecase": lambda play: False,
}  # fmt: skip
