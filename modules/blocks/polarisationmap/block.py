"""Polarisatiekaart (curriculum 3.d): who pushes, who joins, who is silent, who builds a bridge, who gets the blame.

A case (class A): place everybody, at each moment; then compare with experts and group; then four knobs. An own map
(class C): functions instead of names, for nobody else, wiped after 90 days unless kept. A role is what somebody does
now, no label for ever. The five roles are a way of thinking of Bart Brandsma; the drawing is ours.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import date
from functools import cached_property
from typing import Any

from webob.multidict import MultiDict
from xblock.fields import Boolean, Dict, Scope, String

from modules.authoring import Problem
from modules.blocks.base import COMPLETED, PLACED, AnswerRefused, form_handler
from modules.blocks.days import today
from modules.blocks.figures import Part, Say, Table, by_experts, met, spread
from modules.blocks.halfway import Halfway
from modules.blocks.itembyitem import ItemByItem
from modules.blocks.ownwork import OwnWork, words
from modules.blocks.polarisationmap import gates, rules
from modules.blocks.polarisationmap.drawing import ZONES, Dot, dots
from modules.blocks.polarisationmap.rules import LEFT, RIGHT, ROLES, SIDED
from modules.blocks.shares import ILLUSTRATIVE, MIN_GROUP, contested, modal_codes, ranked

# Characters: one line.
LINE = 200
# Of a case without moments: it is as it is now.
NOW: Mapping[str, str] = {"id": "", "titel": "", "tekst": ""}
# Lines for people on an own map: at the start, and empty ones after that.
FIRST_ROWS, SPARE_ROWS = 6, 2


def _role_names(say: Say) -> dict[str, str]:
    _ = say
    return {
        "pusher": _("Pusher"), "joiner": _("Joiner"), "stil midden": _("Stil midden"),
        "bruggenbouwer": _("Bruggenbouwer"), "zondebok": _("Zondebok"),
    }  # fmt: skip


class PolarisationMap(ItemByItem, Halfway, OwnWork):
    """Of a case an item is somebody at a moment, "a01-m2", and an answer [role, pole]. Of an own map `written` holds
    kwestie, links, rechts and actoren: [{naam, rol, pool}]."""

    block_type = "polarisationmap"
    verbs = frozenset({PLACED, COMPLETED})
    own_page = True
    same_at_first = frozenset({"summary_view"})
    stylesheets = ("oefening.css", "eigenwerk.css", "halverwege.css", "polarisationmap.css")
    scripts = ("polarisationmap.js", "drafts.js")

    draft = Dict(scope=Scope.user_state, default={}, help="{actor: [role, pole]} of the moment under way")
    reasons = Dict(scope=Scope.user_state, default={}, private=True, help="{item: why, in one line}")
    compared = Boolean(scope=Scope.user_state, default=False, help="Past the comparison, on to the knobs")
    knobs = Dict(scope=Scope.user_state, default={}, help="{knob: the id that was chosen}")
    writing = Boolean(scope=Scope.user_state, default=True, help="An own map is being written, not looked at")
    kept = Boolean(scope=Scope.user_state, default=False, help="An own map that stays until its owner wipes it")
    # A runtime that knows it wipes what is private on that day (`learning.runtime.wiping`); elsewhere we do, at the
    # first look or post after it.
    wipe_on = String(scope=Scope.user_state, default="", help="The day on which the own map goes, ISO 8601, or nothing")

    # --- authored

    @classmethod
    def check(cls, data: Mapping[str, Any]) -> list[Problem]:
        return list(gates.problems(data))

    @classmethod
    def tally(cls, answers: list[Any]) -> dict[str, dict[str, Any]]:
        """As of any item; and "spreiding", how much the group differs about somebody: for a talk, not a score."""
        return {
            item: {**figures, "spreiding": rules.spread(figures["gekozen"][0] if figures["gekozen"] else {})}
            for item, figures in super().tally(answers).items()
        }

    @property
    def is_own(self) -> bool:
        return bool(self.authored.get("vorm") == gates.OWN)

    @property
    def is_bare(self) -> bool:
        return self.is_own or super().is_bare

    @cached_property
    def actors(self) -> dict[str, Mapping[str, Any]]:
        return {actor["id"]: actor for actor in self.authored.get("actoren", [])}

    @cached_property
    def moments(self) -> list[Mapping[str, Any]]:
        return self.authored.get("momenten") or [NOW]

    def item(self, actor: str, moment: str) -> str:
        return f"{actor}-{moment}" if moment else actor

    def shares(self, actor: str, moment: str) -> dict[str, float]:
        key: dict[str, Any] = self.actors[actor]["sleutel"]
        return key[moment] if moment else key

    def pole(self, actor: str, moment: str) -> str:
        pole = self.actors[actor].get("pool", rules.NONE)
        return str(pole.get(moment, rules.NONE) if isinstance(pole, Mapping) else pole)

    @cached_property
    def key(self) -> dict[str, dict[str, float]]:
        return {
            self.item(actor, moment["id"]): self.shares(actor, moment["id"])
            for moment in self.moments
            for actor in self.actors
        }

    @classmethod
    def figures(cls, data: Mapping[str, Any], attempts: Sequence[Any], say: Say) -> list[Table]:
        """The roles somebody was given, moment after moment, beside the experts (curriculum 3.d)."""
        names, labels, experts = _role_names(say), dict[str, str](), dict[str, tuple[Part, ...]]()
        for actor in data["actoren"]:
            for moment in data.get("momenten") or [NOW]:
                item = f"{actor['id']}-{moment['id']}" if moment["id"] else actor["id"]
                labels[item] = f"{actor['naam']} ({moment['titel']})" if moment["id"] else actor["naam"]
                experts[item] = by_experts(actor["sleutel"][moment["id"]] if moment["id"] else actor["sleutel"], names)
        chosen = {item: [names[record[0]] for record in met(item, attempts)] for item in labels}
        return [replace(spread(labels, chosen, experts, say), our_parts=True)]

    # --- item by item

    @property
    def current(self) -> str:
        """An own map isn't done in rounds, so it is never through one."""
        return gates.OWN if self.is_own else super().current

    def order(self) -> list[str]:
        return list(self.key)

    def given(self, item: str, answer: Any) -> list[Any]:
        return list(answer)

    def points(self, item: str, answer: Any) -> float:
        return rules.role_points(self.key[item], answer[0])

    def start_round(self) -> None:
        self.draft, self.reasons, self.compared, self.knobs = {}, {}, False, {}

    @property
    def moment(self) -> Mapping[str, Any] | None:
        """The first moment at which somebody has no place yet; None when the map is whole."""
        answers = self.answers
        return next(
            (
                each
                for each in self.moments
                if any(self.item(actor, each["id"]) not in answers for actor in self.actors)
            ),
            None,
        )

    # --- posts: a case

    def _at(self, form: MultiDict) -> Mapping[str, Any] | None:
        """The moment this form is about; None when it isn't its turn (any more)."""
        moment = None if self.is_own or not self.same_round(form) else self.moment
        return moment if moment and form.get("moment") == moment["id"] else None

    @form_handler
    def sketch(self, form: MultiDict) -> None:
        """Draw the map with what is chosen so far. Nothing is fixed by that."""
        moment = self._at(form)
        if moment is None:
            return
        self.touch()
        self.draft = {actor: placed for actor, placed in self._chosen(form).items() if placed[0]}
        self._keep_reasons(form, moment)
        self.said = self.gettext("De kaart is bijgetekend.")

    @form_handler
    def place(self, form: MultiDict) -> None:
        """Everybody has a place at this moment. After the last moment this is a complete attempt."""
        moment = self._at(form)
        if moment is None:
            return
        chosen = self._chosen(form)
        errors = {}
        for number, (actor, (role, pole)) in enumerate(chosen.items(), 1):
            if not role:
                errors[f"rol-{actor}"] = self.gettext("Kies een rol voor nummer %(n)s.", n=number)
            elif role in SIDED and not pole:
                errors[f"pool-{actor}"] = self.gettext("Kies aan welke kant nummer %(n)s staat.", n=number)
        if errors:
            raise AnswerRefused(errors)
        self.touch()
        self._keep_reasons(form, moment)
        placed = {self.item(actor, moment["id"]): each for actor, each in chosen.items()}
        self.answers = {**self.answers, **placed}
        for item, each in placed.items():
            self.tell_item(PLACED, item, score=self.points(item, each))
        self.draft = {}
        if self.moment is None:
            given = {item: self.answers[item] for item in self.key}
            record = {item: [*answer, self.points(item, answer)] for item, answer in given.items()}
            self.submit(record, rules.map_score(self.key, {item: role for item, (role, _) in given.items()}))

    def _chosen(self, form: MultiDict) -> dict[str, list[str]]:
        """{actor: [role, pole]} as the lists say, "" for what isn't chosen."""
        chosen = {}
        for actor in self.actors:
            role = form.get(f"rol-{actor}", "")
            role = role if role in ROLES else ""
            chosen[actor] = [role, rules.pole_of(role, form.get(f"pool-{actor}", ""))]
        return chosen

    def _keep_reasons(self, form: MultiDict, moment: Mapping[str, Any]) -> None:
        new = {self.item(actor, moment["id"]): words(form, f"reden-{actor}")[:LINE] for actor in self.actors}
        reasons = {item: why for item, why in {**self.reasons, **new}.items() if why}
        if reasons != self.reasons:
            self.reasons = reasons

    @form_handler
    def onward(self, form: MultiDict) -> None:
        """Compared: on to the knobs. Placed and compared is done (curriculum 2.2)."""
        if not self.is_own and self.same_round(form) and self.moment is None and not self.compared:
            self.compared = True
            self.finish_once()

    @form_handler
    def turn_knobs(self, form: MultiDict) -> None:
        """With whom, about what, from where, in which tone. None is wrong; one may turn them again."""
        if self.is_own or not self.compared or not self.same_round(form):
            return
        chosen = {knob: form.get(f"knop-{knob}", "") for knob in gates.KNOBS}
        errors = {
            f"knop-{knob}": self.gettext("Kies wat jij zou doen.")
            for knob, id_ in chosen.items()
            if id_ not in self._knob_choices(knob)
        }
        if errors:
            raise AnswerRefused(errors)
        self.knobs = chosen

    def _knob_choices(self, knob: str) -> dict[str, tuple[str, str]]:
        """{id: (words, feedback)}"""
        choices = self.authored["knoppen"][knob]
        if knob == "wie":
            return {each["actor"]: (self.actors[each["actor"]]["naam"], each["feedback"]) for each in choices}
        return {each["id"]: (each["tekst"], each["feedback"]) for each in choices}

    # --- posts: an own map

    @property
    def over(self) -> bool:
        """The day has come, and nobody wiped the own map yet."""
        return bool(self.written or self.half) and rules.is_over(self.wipe_on, today())

    def _wipe_when_over(self) -> None:
        if self.over:
            self._wipe()

    def _wipe(self) -> None:
        self.written, self.wipe_on, self.kept, self.writing = {}, "", False, True
        self.version += 1
        self.drop_halves()

    @property
    def fewest(self) -> int:
        return int(self.authored.get("min_actoren", gates.FEWEST))

    @property
    def days(self) -> int:
        return int(self.authored.get("bewaren_dagen", rules.KEPT_DAYS))

    @form_handler
    def draw(self, form: MultiDict) -> None:
        """Keep the own map. What may be a name is asked about first; nothing is kept before the answer."""
        if not self.is_own:
            return
        self._wipe_when_over()
        self.returned = gates.OWN
        why = self.gettext("Schrijf hier een paar woorden.")
        names = ("kwestie", "links", "rechts")
        new: dict[str, Any] = self.texts(form, names, dict.fromkeys(names, why), LINE)
        new["actoren"] = self._people(form)
        self._ask_about_names(form, new)
        if not self.is_stale(form, new):
            self.remember(new)
            self.sent_whole(form)
            self.writing = False
            self.wipe_on = "" if self.kept else rules.wipe_day(today(), self.days)
            self.done()

    def _people(self, form: MultiDict) -> list[dict[str, str]]:
        """The lines that are filled in. Refuses half a line, and fewer than are asked for."""
        people, errors = [], {}
        for row in range(gates.MOST):
            name, role = words(form, f"naam-{row}"), form.get(f"rol-{row}", "")
            if not name and not role:
                continue
            pole = rules.pole_of(role, form.get(f"pool-{row}", ""))
            if not name or len(name) > LINE:
                errors[f"naam-{row}"] = self.gettext("Schrijf een functie, in een paar woorden.")
            if role not in ROLES:
                errors[f"rol-{row}"] = self.gettext("Kies een rol op regel %(n)s.", n=row + 1)
            elif role in SIDED and not pole:
                errors[f"pool-{row}"] = self.gettext("Kies een kant op regel %(n)s.", n=row + 1)
            people.append({"naam": name, "rol": role, "pool": pole})
        if not errors and len(people) < self.fewest:
            errors[f"naam-{len(people)}"] = self.gettext("Zet minstens %(n)s mensen op de kaart.", n=self.fewest)
        if errors:
            raise AnswerRefused(errors)
        return people

    def _ask_about_names(self, form: MultiDict, new: Mapping[str, Any]) -> None:
        if form.get("geen-namen") == "ja":
            return
        texts = {name: new[name] for name in ("kwestie", "links", "rechts")}
        rows = [row for row in range(gates.MOST) if words(form, f"naam-{row}")]
        texts |= {f"naam-{row}": words(form, f"naam-{row}") for row in rows}
        errors = {
            field: self.gettext(
                "Is “%(woord)s” een naam? Schrijf een functie, zoals “een melkveehouder”.", woord=found[0]
            )
            for field, text in texts.items()
            if (found := rules.names_in(text))
        }
        if errors:
            ask = self.gettext("Geen naam van een mens? Vink dat dan onderaan aan en bewaar opnieuw.")
            raise AnswerRefused({**errors, "geen-namen": ask})

    @form_handler
    def change(self, form: MultiDict) -> None:
        """Back to the form, with what is there."""
        self._wipe_when_over()
        if self.is_own and self.written and form.get("versie") == str(self.version):
            self.writing = True

    @form_handler
    def hold(self, form: MultiDict) -> None:
        """Keep the own map longer (`bewaren` = "ja"), or have it wiped after all, counted from now ("nee")."""
        self._wipe_when_over()
        asked = form.get("bewaren")
        if not self.is_own or not self.written or asked not in ("ja", "nee") or self.is_stale(form, {}):
            return
        self.kept = asked == "ja"
        self.version += 1
        self.wipe_on = "" if self.kept else rules.wipe_day(today(), self.days)

    def erased(self) -> None:
        self.wipe_on, self.kept, self.writing = "", False, True
        self.drop_halves()

    @property
    def is_written_now(self) -> bool:
        """Whether the form of an own map is on the page."""
        return self.is_own and bool(self.writing or self.returned or self.over or not self.written)

    @property
    def _token(self) -> int:
        """The version that the form on the page is drawn from."""
        return int(self.version) + bool(self.over)

    def half_forms(self) -> Mapping[str, Collection[str]]:
        rows = [f"{name}-{row}" for row in range(gates.MOST) for name in ("naam", "rol", "pool")]
        return {f"{gates.OWN}-{self._token}": ["kwestie", "links", "rechts", *rows]} if self.is_written_now else {}

    def half_kept(self) -> None:
        """What is half written has its day too."""
        if self.over:
            half, at = self.half, self.half_at
            self._wipe()
            self.half, self.half_at = half, at
        if not self.kept:
            self.wipe_on = rules.wipe_day(today(), self.days) if self.written or self.half else ""

    # --- drawing

    def role_names(self) -> dict[str, str]:
        return _role_names(self.gettext)

    def role_meanings(self) -> dict[str, str]:
        _ = self.gettext
        return {
            "pusher": _("Duwt. Zegt wie goed is en wie fout."),
            "joiner": _("Kiest een kant en praat mee."),
            "stil midden": _("Kiest geen kant. Twijfelt, zwijgt of ziet beide."),
            "bruggenbouwer": _("Wil de kanten bij elkaar brengen. Geeft ze soms een podium."),
            "zondebok": _("Krijgt de schuld, vaak van beide kanten."),
        }

    def placed_words(self, role: str, pole: str) -> str:
        """ "Pusher, kant van “Handen af”"; "–" where nothing is chosen."""
        name = self.role_names().get(role, "–")
        if pole not in (LEFT, RIGHT) or role not in SIDED:
            return name
        return self.gettext("%(rol)s, %(kant)s", rol=name, kant=self.side_names()[pole].lower())

    def side_names(self) -> dict[str, str]:
        return {LEFT: self.gettext("Links"), RIGHT: self.gettext("Rechts")}

    def body_context(self) -> dict[str, Any]:
        context: dict[str, Any] = {
            "roles": list(self.role_names().items()), "names": self.role_names(), "meanings": self.role_meanings(),
            "sides": list(self.side_names().items()), "zones": ZONES, "line": LINE, "said": self.said,
        }  # fmt: skip
        if self.is_own:
            return {**context, **self._own_context()}
        moment = self.moment
        if moment is not None:
            return {**context, **self._placing_context(moment)}
        return {**context, **self._whole_context()}

    def _own_context(self) -> dict[str, Any]:
        over = self.over
        own: Mapping[str, Any] = {} if over else self.written
        people = own.get("actoren", [])
        rows = min(gates.MOST, max(FIRST_ROWS, self.fewest, len(people) + SPARE_ROWS))
        return {
            "screen": "eigen" if self.is_written_now else "eigen_kaart",
            "own": own, "people": people, "poles": (own.get("links", ""), own.get("rechts", "")),
            "rows": range(rows), "over": over, "fewest": self.fewest, "days": self.days,
            "dots": dots((number, each["rol"], each["pool"]) for number, each in enumerate(people, 1)),
            "wipe_day": self._date(self.wipe_on) if self.wipe_on else "",
            "token": self._token, "half": f"{gates.OWN}-{self._token}",
            "fields": ["kwestie", "links", "rechts", "geen-namen",
                       *(f"{name}-{row}" for row in range(rows) for name in ("naam", "rol", "pool"))],
        }  # fmt: skip

    def _date(self, day: str) -> str:
        return date.fromisoformat(day).strftime("%d-%m-%Y" if self.language == "nl" else "%d/%m/%Y")

    def _placing_context(self, moment: Mapping[str, Any]) -> dict[str, Any]:
        index = self.moments.index(moment)
        before = self._placed(self.moments[index - 1]["id"]) if index else {}
        # Everybody stands where the learner put them last: at a new moment only who moved has to be moved.
        now = {actor: self.draft.get(actor) or before.get(actor) or ["", ""] for actor in self.actors}
        people = [
            {"id": actor, "nr": number, "naam": each["naam"], "portret": each["portret"], "rol": now[actor][0],
             "citaten": [each["citaten"][moment["id"]]] if moment["id"] else each["citaten"], "pool": now[actor][1],
             "reden": self.reasons.get(self.item(actor, moment["id"]), "")}
            for number, (actor, each) in enumerate(self.actors.items(), 1)
        ]  # fmt: skip
        return {
            "screen": "plaatsen", "moment": moment, "index": index, "moments": self.moments, "people": people,
            "before": bool(before), "dots": self._dots(now), "poles": self.authored["polen"],
            "fields": [f"{name}-{actor}" for actor in self.actors for name in ("rol", "pool", "reden")],
        }  # fmt: skip

    def _placed(self, moment: str) -> dict[str, list[str]]:
        answers = self.answers
        return {actor: answers[item] for actor in self.actors if (item := self.item(actor, moment)) in answers}

    def _dots(self, placed: Mapping[str, list[str]]) -> list[Dot]:
        numbers = {actor: number for number, actor in enumerate(self.actors, 1)}
        return dots((numbers[actor], role, pole) for actor, (role, pole) in placed.items())

    def _whole_context(self) -> dict[str, Any]:
        drawn = [self._compared(moment) for moment in self.moments]
        choices = {knob: self._knob_choices(knob) for knob in gates.KNOBS}
        return {
            "screen": "knoppen" if self.compared else "vergelijken", "drawn": drawn, "poles": self.authored["polen"],
            "same": sum(row["earned"] == 1 for each in drawn for row in each["rows"]), "total": len(self.key),
            "illustrative": self.authored.get("aandelen") == ILLUSTRATIVE, "notes": self._notes(),
            "questions": self._knob_questions(),
            "choices": {knob: [(id_, tekst) for id_, (tekst, _) in found.items()] for knob, found in choices.items()},
            "turned": {knob: choices[knob][id_] for knob, id_ in self.knobs.items() if id_ in choices.get(knob, {})},
            "fields": [f"knop-{knob}" for knob in gates.KNOBS],
        }  # fmt: skip

    def _knob_questions(self) -> dict[str, str]:
        _ = self.gettext
        return {
            "wie": _("Met wie ga je praten?"), "waarover": _("Waarover?"),
            "vanaf": _("Vanaf welke plek?"), "toon": _("Op welke toon?"),
        }  # fmt: skip

    def _notes(self) -> list[tuple[int, str, str]]:
        """(number, function, why) of those with an explanation."""
        people = enumerate(self.actors.values(), 1)
        return [(number, actor["naam"], actor["uitleg"]) for number, actor in people if actor.get("uitleg")]

    def _compared(self, moment: Mapping[str, Any]) -> dict[str, Any]:
        """One moment: the own map, that of the experts, and a row for everybody."""
        own = self._placed(moment["id"])
        experts = {actor: self._expert_place(actor, moment["id"]) for actor in self.actors}
        rows = [self._row(number, actor, moment["id"], own[actor]) for number, actor in enumerate(self.actors, 1)]
        return {"moment": moment, "own": self._dots(own), "experts": self._dots(experts), "rows": rows}

    def _expert_place(self, actor: str, moment: str) -> list[str]:
        modal = modal_codes(self.shares(actor, moment))
        role = next(role for role in ROLES if role in modal)
        return [role, rules.pole_of(role, self.pole(actor, moment))]

    def _row(self, number: int, actor: str, moment: str, own: list[str]) -> dict[str, Any]:
        item = self.item(actor, moment)
        return {
            "nr": number, "naam": self.actors[actor]["naam"], "own": self.placed_words(*own),
            "earned": self.points(item, own), "differ": contested(self.key[item]),
            "experts": [(self.role_names()[role], share) for role, share in ranked(self.key[item])],
            "side": self.side_names().get(self._expert_place(actor, moment)[1], ""),
            "reden": self.reasons.get(item, ""), "group": self._group(item),
        }  # fmt: skip

    @cached_property
    def _figures(self) -> Mapping[str, Any]:
        return (self.cohort_figures() or {}).get("figures") or {}

    def _group(self, item: str) -> list[tuple[str, int]]:
        """[(role, people)] of at least five people, most first."""
        counts = self._figures.get(item) or {}
        chosen = (counts.get("gekozen") or [{}])[0] if counts.get("n", 0) >= MIN_GROUP else {}
        rows = [(self.role_names()[role], n) for role, n in chosen.items() if role in ROLES]
        return sorted(rows, key=lambda row: (-row[1], row[0]))
