"""What every form shares that one works on over time: a worksheet, a plan for a walk, a table to invite people to.

It is saved by a plain post. With script it is saved by itself too (`static/drafts.js`), and says so. Nothing is lost in
two windows: each field says what it was drawn from, so that what was changed in one of them is kept, and what was
changed in both is shown twice and chosen from.

Everything in it is private: our runtime seals it, and nobody but the learner has a way to it (curriculum 3.0).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from typing import Any, ClassVar

from webob import Request, Response
from webob.multidict import MultiDict
from xblock.core import XBlock
from xblock.fields import Dict, Scope, String

from modules.authoring import Path, Problem
from modules.blocks import formfields as f
from modules.blocks.base import COMPLETED, DONE, MAX_TEXT, NOT_STARTED, ActivityBlock, AnswerRefused, form_handler
from modules.blocks.days import kept_words, now
from modules.blocks.formfields import Field, Part, Value, Values
from modules.blocks.gates import check_texts

SAVED, BY_ITSELF, EMPTIED, BACK = "bewaard", "vanzelf", "leeg", "terug"
GOOD, MIND = "goed", "let_op"


class Draft(ActivityBlock):
    """A subclass gives `parts`, `to_do` and a template `body.html` that extends `werkblad.html`."""

    own_page = True
    verbs = frozenset({COMPLETED})
    stylesheets: ClassVar[tuple[str, ...]] = ("drafts.css",)
    scripts: ClassVar[tuple[str, ...]] = ("drafts.js", "druk.js")

    values: dict[str, Any] = Dict(scope=Scope.user_state, default={}, private=True, help="{field: what stands in it}")
    last_change: dict[str, Any] = Dict(
        scope=Scope.user_state,
        default={},
        private=True,
        help="{was: {field: before}, kind}: what one press of a button undoes, and undoes again",
    )
    # The part that the form which was just sent asked more rows of. Never kept.
    landing = ""

    saved_at = String(scope=Scope.user_state, default="", help="ISO 8601, with its offset")

    # --- what a subclass gives

    def parts(self, values: Mapping[str, Value]) -> list[Part]:
        """The form. `values` decides how many rows are drawn."""
        raise NotImplementedError

    def to_do(self, values: Mapping[str, Value]) -> list[tuple[str, str]]:
        """What is missing before this is done: [(id of a part, sentence)]."""
        raise NotImplementedError

    def kept(self) -> None:
        """Something was saved by a press of the button: what follows from it besides being done."""

    # --- what stands in it

    @property
    def last_kind(self) -> str:
        return str(self.last_change.get("kind", ""))

    def _fields(self, values: Mapping[str, Value]) -> dict[str, Field]:
        return {field.name: field for part in self.parts(values) for field in part.all_fields}

    def _take(self, form: MultiDict) -> tuple[Values, dict[str, str], list[str]]:
        """(what is kept, {field: why it can't be}, fields changed in two windows)"""
        current: Values = dict(self.values)
        # A form may have been drawn with more rows than there are now, or with fewer.
        fields = self._fields({**dict.fromkeys(form, ""), **current})
        sent = f.sent(form, fields.values())
        wrong = {name: why for name, value in sent.items() if (why := f.wrong(fields[name], value))}
        chosen = {name: form.get(f"kies-{name}", "") for name in sent}
        base = f.read_marks(form.get("gezien", ""))
        right = {name: value for name, value in sent.items() if name not in wrong}
        kept, clashes = f.merged(current, base, right, chosen)
        return kept, {name: self._why(fields[name], why) for name, why in wrong.items()}, clashes

    def _put(self, values: Values, kind: str) -> bool:
        """Whether anything changed."""
        was = f.changed(self.values, values)
        if not was:
            return False
        if kind == BY_ITSELF and self.last_kind == BY_ITSELF and set(self.last_change["was"]) == set(was):
            was = self.last_change["was"]  # still the same field: one change, however often it was saved on the way
        self.values, self.last_change = values, {"was": was, "kind": kind}
        self.saved_at = now().isoformat()
        if self.status == NOT_STARTED:
            self.begin()
        return True

    def _why(self, field: Field, why: str) -> str:
        return {
            f.TOO_LONG: self.gettext("Houd het bij %(n)s tekens.", n=field.maximum),
            f.NO_NUMBER: self.gettext("Schrijf hier een getal, zoals 20 of 4,5."),
            f.NO_DATE: self.gettext("Schrijf hier een datum, zoals 2027-03-31."),
            f.NO_OPTION: self.gettext("Kies iets uit de lijst."),
        }[why]

    # --- posts

    @form_handler
    def keep(self, form: MultiDict) -> None:
        """Keep the form, and see what is done. `meer` names the part whose button asked for more rows."""
        self._put(self._taken(form), SAVED)
        self.landing = form.get("meer", "")
        if not self.values:
            self.said = self.gettext("Er staat nog niets om te bewaren")
            return
        self.said = self.saved_words
        self.kept()
        if self.status != DONE and not self.to_do(self.values):
            self.finish()

    def _taken(self, form: MultiDict) -> Values:
        """All of the form. Refuses it when something can't be kept, so that nothing typed is lost."""
        values, wrong, clashes = self._take(form)
        clash = self.gettext("Dit is ook in een ander venster veranderd. Kies welke tekst je houdt.")
        if errors := {**wrong, **dict.fromkeys(clashes, clash)}:
            raise AnswerRefused(errors)
        return values

    @XBlock.handler
    def autosave(self, request: Request, suffix: str = "") -> Response:
        """Keep what can be kept, without drawing anew. JSON: what to say, what the form is drawn from now, the checks.

        A field that is wrong or was changed elsewhere waits for the button, where that can be said beside it.
        """
        if request.method != "POST":
            return Response("", status=405, allow=("POST",))
        form = request.POST
        if any(not isinstance(value, str) or len(value) > MAX_TEXT or "\x00" in value for value in form.values()):
            return Response(json_body={"said": self.gettext("Nog niet bewaard: dit is te lang.")})
        values, wrong, clashes = self._take(form)
        self._put(values, BY_ITSELF)
        base = f.read_marks(form.get("gezien", ""))
        seen = {name: f.mark(value) for name, value in self.values.items()}
        for name in (*wrong, *clashes):
            seen[name] = base.get(name, "")
        # A field that another window changed shows its old text here: the form is still drawn from that.
        sent = f.sent(form, self._fields(self.values).values())
        seen |= {n: base.get(n, "") for n, value in sent.items() if f.mark(value) != seen.get(n, "")}
        if clashes:
            said = self.gettext("In een ander venster is hetzelfde veranderd. Druk op Bewaar om te kiezen.")
        elif wrong:
            said = self.gettext("Bijna alles is bewaard. Druk op Bewaar om te zien wat nog niet klopt.")
        else:
            said = self.saved_words
        kept = {name: value for name, value in seen.items() if value}
        answer = {"said": said, "seen": kept, "undo": bool(self.last_change), "panel": str(self.panel())}
        return Response(json_body=answer)

    @form_handler
    def undo(self, form: MultiDict) -> None:
        """The last change back; once more, and it is there again. What wasn't saved yet is that last change."""
        self._put(self._taken(form), SAVED)
        if not self.last_change:
            return
        kind = SAVED if self.last_kind == BACK else BACK
        self._put(f.restored(self.values, self.last_change["was"]), kind)
        self.said = self.gettext("De laatste wijziging is terug.") if kind == SAVED else self.gettext("Teruggedraaid.")

    @form_handler
    def wipe(self, form: MultiDict) -> None:
        """Start again, when asked twice. It can be undone until something new is written, unsaved words too."""
        if form.get("zeker") != f.YES:
            raise AnswerRefused({"zeker": self.gettext("Druk op ‘Ja, maak alles leeg’ als je opnieuw wilt beginnen.")})
        self._put(self._take(form)[0], SAVED)
        if self._put({}, EMPTIED):
            self.said = self.gettext("Alles is leeg. Zolang je niets nieuws schrijft, kun je het nog terugzetten.")

    # --- drawing

    @property
    def saved_words(self) -> str:
        return kept_words(self.saved_at, self.language, self.gettext)

    def panel(self) -> Any:
        """What is judged on the way, for `werkblad.html` and for after an autosave; "" where nothing is."""
        return ""

    def body(self, errors: Mapping[str, str] | None = None, typed: Mapping[str, Any] | None = None) -> Any:
        """Like any activity; what was typed stays, also where another window has other words."""
        current = dict(self.values)
        shown, base = current, f.marks(current)
        if errors and isinstance(typed, MultiDict):
            fields = self._fields({**dict.fromkeys(typed, ""), **current})
            shown = {**current, **f.sent(typed, fields.values())}
            base = typed.get("gezien", "")
        clashing = [name for name in errors or {} if f.mark(shown.get(name)) != f.mark(current.get(name))]
        known = f.read_marks(base)
        clashes = {n: f.mark(current.get(n)) for n in clashing if f.mark(current.get(n)) != known.get(n, "")}
        return self.filled(
            "body.html",
            errors=errors or {},
            typed=typed or {},
            shown=shown,
            current=current,
            clashes=clashes,
            base=base,
            parts=self.parts(shown),
            to_do=self.to_do(current) if current or self.said else [],
            **self.body_context(),
        )

    def body_context(self) -> dict[str, Any]:
        return {"panel": self.panel()}

    def summary_context(self) -> dict[str, Any]:
        return {"saved": self.saved_words}

    def words_of(self, field: Field, value: Value | None) -> str:
        """A value as somebody reads it on paper."""
        options = dict(field.options)
        if isinstance(value, list):
            return ", ".join(options.get(each, each) for each in value)
        if field.kind == f.CHECK:
            return self.gettext("ja") if value else ""
        return options.get(value, value) if value else ""


class Checked(Draft):
    """A plan that rules look at: each says good or mind, in the author's words (curriculum 3.j, 3.m, 3.q, 3.r).

    The share that is good is the score; an attempt says which, and nothing of what was written.
    """

    CHECKS: ClassVar[tuple[str, ...]] = ()
    # False: nothing to score, the checks only help (longline: curriculum 3.u).
    scored: ClassVar[bool] = True
    # The template of what one takes along on paper, drawn under the checks, or "".
    card: ClassVar[str] = ""
    last_outcome: dict[str, str] = Dict(scope=Scope.user_state, default={}, help="{check: good or mind} sent last")

    def outcome(self, values: Mapping[str, Value]) -> dict[str, str]:
        """{check: GOOD or MIND}, in the order of CHECKS."""
        raise NotImplementedError

    def filled_in(self, values: Mapping[str, Value]) -> bool:
        """Whether the plan is there, so that what the rules say counts as an attempt."""
        return not self.to_do(values)

    def card_context(self) -> dict[str, Any]:
        """What the template of the card needs."""
        return {}

    def field(self, name: str, kind: str = f.LINES, **more: Any) -> Field:
        """A field with the author's words."""
        words = self.authored["velden"][name]
        return Field(name, words["vraag"], kind, help=words.get("hulp", ""), **more)

    @cached_property
    def tips(self) -> dict[str, Mapping[str, str]]:
        tips: dict[str, Mapping[str, str]] = self.authored["tips"]
        return tips

    def kept(self) -> None:
        if not self.filled_in(self.values):
            return
        outcome = self.outcome(self.values)
        if outcome != self.last_outcome:
            self.last_outcome = outcome
            self.submit(outcome, share_good(outcome) if self.scored else None)

    def panel(self) -> Any:
        if not self.values:
            return ""
        outcome = self.outcome(self.values)
        rows = [(check, verdict, self.tips[check][verdict]) for check, verdict in outcome.items()]
        good = sum(verdict == GOOD for verdict in outcome.values())
        card = self.filled(self.card, **self.card_context()) if self.card else ""
        return self.filled("oordelen.html", rows=rows, good=good, card=card)

    @classmethod
    def tally(cls, answers: list[Any]) -> dict[str, dict[str, Any]]:
        """Per check {"n", "p": share that was good}."""
        attempts = [attempt for attempt in answers if isinstance(attempt, Mapping)]
        found = {}
        for check in cls.CHECKS:
            verdicts = [attempt[check] for attempt in attempts if check in attempt]
            if verdicts:
                found[check] = {"n": len(verdicts), "p": round(verdicts.count(GOOD) / len(verdicts), 4)}
        return found


def share_good(outcome: Mapping[str, str]) -> float:
    """0..1"""
    return round(sum(verdict == GOOD for verdict in outcome.values()) / len(outcome), 4) if outcome else 0.0


def verdict(good: bool) -> str:
    return GOOD if good else MIND


# --- publish gates


def check_fields(data: Mapping[str, Any], names: Sequence[str]) -> Iterator[Problem]:
    """`velden` has a question for each field, and nothing that isn't a field."""
    at = "velden"
    fields = data.get(at)
    if not isinstance(fields, Mapping):
        yield Problem((at,), "moet per veld een 'vraag' hebben")
        return
    for name in names:
        field, path = fields.get(name), (at, name)
        if not isinstance(field, Mapping):
            yield Problem(path if name in fields else (at,), f"het veld '{name}' ontbreekt of heeft geen 'vraag'")
            continue
        yield from check_texts(field, path, "vraag")
        if "hulp" in field:
            yield from check_texts(field, path, "hulp")
    yield from _strangers(fields, names, (at,), "veld")
    yield from check_example(data, names)


def check_example(data: Mapping[str, Any], names: Sequence[str]) -> Iterator[Problem]:
    """`voorbeeld`, where there is one: text, or a text for some of the fields."""
    example = data.get("voorbeeld", "-")
    if isinstance(example, Mapping):
        known = {str(name): text for name, text in example.items() if name in names}
        yield from check_texts(known, ("voorbeeld",), *known)
        yield from _strangers(example, names, ("voorbeeld",), "veld")
    elif not (isinstance(example, str) and example.strip()):
        yield Problem(("voorbeeld",), "moet tekst zijn, of een tekst per veld")


def check_tips(data: Mapping[str, Any], checks: Sequence[str]) -> Iterator[Problem]:
    """`tips` says something good and something to mind for each check."""
    tips = data.get("tips")
    if not isinstance(tips, Mapping):
        yield Problem(("tips",), "moet per check een 'goed' en een 'let_op' hebben")
        return
    for check in checks:
        if not isinstance(tips.get(check), Mapping):
            path: Path = ("tips", check) if check in tips else ("tips",)
            yield Problem(path, f"de check '{check}' ontbreekt of heeft geen 'goed' en 'let_op'")
            continue
        yield from check_texts(tips[check], ("tips", check), GOOD, MIND)
    yield from _strangers(tips, checks, ("tips",), "check")


def _strangers(found: Mapping[Any, Any], known: Sequence[str], path: Path, kind: str) -> Iterator[Problem]:
    for name in found:
        if name not in known:
            yield Problem((*path, str(name)), f"deze {kind} bestaat niet: kies uit {', '.join(known)}")


def check_optional(data: Mapping[str, Any], *names: str) -> Iterator[Problem]:
    """Texts that may be absent, but not empty."""
    for name in names:
        if name in data:
            yield from check_texts(data, (), name)
