"""The lens (curriculum 3.a): which stream do you hear, and by what? Then the same thing said the other way round."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from webob.multidict import MultiDict
from xblock.fields import Boolean, Dict, Scope, String

from modules.authoring import Path, Problem
from modules.blocks.base import AnswerRefused, form_handler
from modules.blocks.figures import Say, Table
from modules.blocks.gates import check_choice, check_common, check_texts, entries
from modules.blocks.itembyitem import ItemByItem
from modules.blocks.streamlens.rules import (
    BOTH_ASKED,
    DIMENSION_ONLY,
    DIMENSIONS,
    MODES,
    STREAM_ONLY,
    STREAMS,
    Bar,
    Item,
    bars,
    points,
)

# Characters. One sentence, said in another way; the longest model in our content has 130.
LONGEST_REWRITE = 500
# "Zou iemand uit de andere stroom zich hierin herkennen?"
RECOGNISED = ("ja", "deels", "nee")


class Streamlens(ItemByItem):
    """Answers are [stream, dimension]; what isn't asked in this mode is ""."""

    block_type = "streamlens"
    stylesheets = ("oefening.css", "streamlens.css")
    same_at_first = frozenset({"student_view"})

    rewriting = Boolean(scope=Scope.user_state, default=False, help="Past the result, on to saying it the other way")
    # The learner's own words and what they think of them: private (curriculum 3.a, C).
    rewrites = Dict(scope=Scope.user_state, default={}, private=True, help="{rewrite id: text}")
    recognised = Dict(scope=Scope.user_state, default={}, private=True, help="{rewrite id: ja|deels|nee}")
    open_rewrite = String(scope=Scope.user_state, default="", help="The rewrite whose models are on the page")

    # --- authored

    @classmethod
    def check(cls, data: Mapping[str, Any]) -> list[Problem]:
        problems = list(check_common(data))
        if data.get("mode", BOTH_ASKED) not in MODES:
            problems.append(Problem(("mode",), f"moet een van deze zijn: {', '.join(MODES)}"))
        items, wrong = entries(data, "items")
        problems += wrong
        for path, item in items:
            problems += _check_item(path, item)
        rewrites, wrong = entries(data, "hertaal", at_least=0)
        problems += wrong
        for path, rewrite in rewrites:
            problems += _check_rewrite(path, rewrite)
        return problems

    @property
    def mode(self) -> str:
        return str(self.authored.get("mode", BOTH_ASKED))

    @property
    def items(self) -> list[Item]:
        return [Item.read(item) for item in self.authored["items"]]

    def item(self, id: str) -> Item:  # noqa: A002 the name of the field
        return next(Item.read(item) for item in self.authored["items"] if item["id"] == id)

    @property
    def hertaal(self) -> dict[str, Mapping[str, Any]]:
        return {rewrite["id"]: rewrite for rewrite in self.authored.get("hertaal", [])}

    # --- item by item

    def order(self) -> list[str]:
        """As written the first time: an author builds it up. Mixed after that, or the order is what one learns."""
        ids = [item["id"] for item in self.authored["items"]]
        return ids if self.round_number == 1 else self.shuffled(ids, self.round_number)

    def given(self, item: str, answer: Any) -> list[Any]:
        return list(answer)

    def points(self, item: str, answer: Any) -> float:
        stream, dimension = answer
        return points(self.item(item), stream, dimension, self.mode)

    def about(self, item: str) -> dict[str, Any]:
        return {"stream": self.item(item).stroom}

    def complete_round(self) -> None:
        self._finish_when_complete()

    def start_round(self) -> None:
        self.rewriting = False

    def _finish_when_complete(self) -> None:
        """All sentences listened to at least once, and each rewrite written."""
        if self.attempts and all(rewrite in self.rewrites for rewrite in self.hertaal):
            self.finish_once()

    @classmethod
    def answer_words(cls, data: Mapping[str, Any], item: Mapping[str, Any], given: list[Any], say: Say) -> str:
        stream, dimension = given
        names = _words(say)
        return ", ".join(names[part] for part in (stream, dimension) if part)

    @classmethod
    def figures(cls, data: Mapping[str, Any], attempts: Sequence[Any], say: Say) -> list[Table]:
        return [replace(table, our_parts=True) for table in super().figures(data, attempts, say)]

    # --- posts

    @form_handler
    def answer(self, form: MultiDict) -> None:
        item = self.turn(form)
        if not item:
            return
        stream, dimension, errors = "", "", {}
        if self.mode != DIMENSION_ONLY:
            stream = form.get("stroom", "")
            if stream not in STREAMS:
                errors["stroom"] = self.gettext("Kies de stroom die je hoort.")
        if self.mode != STREAM_ONLY:
            dimension = form.get("dimensie", "")
            if dimension not in DIMENSIONS:
                errors["dimensie"] = self.gettext("Kies waaraan je dat hoort.")
        if errors:
            raise AnswerRefused(errors)
        self.keep(item, [stream, dimension])

    @form_handler
    def onward(self, form: MultiDict) -> None:
        """From the result to saying it the other way round."""
        if self.same_round(form) and not self.current:
            self.rewriting = True

    @form_handler
    def rewrite(self, form: MultiDict) -> None:
        rewrite = self._asked_rewrite(form)
        if self.current or self.open_rewrite or rewrite in self.rewrites:
            return
        text = form.get("tekst", "").strip()
        if not text:
            raise AnswerRefused({"tekst": self.gettext("Schrijf eerst je eigen zin. Daarna zie je twee voorbeelden.")})
        if len(text) > LONGEST_REWRITE:
            raise AnswerRefused(
                {"tekst": self.gettext("Maak je zin korter: hij mag %(n)s tekens lang zijn.", n=LONGEST_REWRITE)}
            )
        self.rewrites = {**self.rewrites, rewrite: text}
        self.open_rewrite = rewrite
        self._finish_when_complete()

    @form_handler
    def compared(self, form: MultiDict) -> None:
        """Models seen; whether one thinks the other would recognise it may be left open."""
        rewrite = self._asked_rewrite(form)
        if rewrite != self.open_rewrite:
            return
        verdict = form.get("herkent", "")
        if verdict and verdict not in RECOGNISED:
            raise AnswerRefused({"herkent": self.gettext("Kies ja, een beetje of nee.")})
        if verdict:
            self.recognised = {**self.recognised, rewrite: verdict}
        self.open_rewrite = ""

    def _asked_rewrite(self, form: MultiDict) -> str:
        rewrite = form.get("item", "")
        if rewrite not in self.hertaal:
            raise AnswerRefused({"item": self.gettext("Deze zin hoort niet bij deze oefening.")})
        return str(rewrite)

    # --- drawing

    def body_context(self) -> dict[str, Any]:
        current = self.current
        if current:
            return {"screen": "listen", **self._listening(current)}
        waiting = [rewrite for rewrite in self.hertaal if rewrite not in self.rewrites]
        due = self.open_rewrite if self.open_rewrite in self.hertaal else next(iter(waiting), "")
        if self.rewriting and due:
            return {"screen": "rewrite", **self._rewriting(due)}
        return {
            "screen": "result", "bars": self._drawn_bars(), "waiting": len(waiting), "rewritten": self._rewritten(),
            "names": self._names(),
        }  # fmt: skip

    def _listening(self, current: str) -> dict[str, Any]:
        order, item = self.order(), self.item(current)
        shown = current == self.told
        return {
            # The key stays on the server until there is an answer.
            "item": {"id": item.id, "tekst": item.tekst, "spreker": item.spreker},
            "key": item if shown else None,
            "chosen": self.answers.get(current, ["", ""]),
            "agreed": shown and self.points(current, self.answers[current]) == 1,
            "number": order.index(current) + 1, "total": len(order), "names": self._names(),
            "ask_stream": self.mode != DIMENSION_ONLY, "ask_dimension": self.mode != STREAM_ONLY,
            "last": self.answered == len(order),
        }  # fmt: skip

    def _rewriting(self, rewrite: str) -> dict[str, Any]:
        ids, written = list(self.hertaal), self.rewrites.get(rewrite, "")
        source = self.hertaal[rewrite]
        return {
            "rewrite": {"id": rewrite, "tekst": source["tekst"], "naar": source["naar"], "tip": source.get("tip", "")},
            "models": source["modellen"] if written else [],
            "written": written, "number": ids.index(rewrite) + 1, "total": len(ids), "longest": LONGEST_REWRITE,
            "last": all(each in self.rewrites for each in ids), "names": self._names(),
        }  # fmt: skip

    def _rewritten(self) -> list[dict[str, Any]]:
        """Source, own words and models, of what has been written."""
        return [
            {**source, "eigen": self.rewrites[rewrite]}
            for rewrite, source in self.hertaal.items()
            if rewrite in self.rewrites
        ]

    def _drawn_bars(self) -> list[dict[str, Any]]:
        found = bars(self.items, self.answers, self.mode)
        return [{"dimension": dimension, **pair} for dimension, pair in found.items()]

    def words_for(self, bar: Bar) -> str:
        """A bar in words: "1,6 van 2", or a dash where no sentence was about it."""
        if not bar.n:
            return "–"
        told = f"{bar.points:.1f}".removesuffix(".0")
        return self.gettext(
            "%(points)s van %(n)s", points=told.replace(".", "," if self.language == "nl" else "."), n=bar.n
        )

    def _names(self) -> dict[str, str]:
        """Streams and dimensions as words; "aan …" is how a dimension is said after a stream."""
        _ = self.gettext
        return {
            **_words(_),
            "in onder": _("In de onderstroom"), "in boven": _("In de bovenstroom"), "in beide": _("In beide stromen"),
            "aan Inhoud": _("aan de inhoud"), "aan Taal": _("aan de taal"), "aan Doel": _("aan het doel"),
            "aan Redenatie": _("aan de redenatie"), "aan Tempo": _("aan het tempo"),
            "aan Resultaat": _("aan het resultaat"),
        }  # fmt: skip


def _words(say: Say) -> dict[str, str]:
    """Streams and dimensions as words."""
    _ = say
    return {
        "onder": _("Onderstroom"), "boven": _("Bovenstroom"), "beide": _("Beide"),
        "Inhoud": _("Inhoud"), "Taal": _("Taal"), "Doel": _("Doel"), "Redenatie": _("Redenatie"),
        "Tempo": _("Tempo"), "Resultaat": _("Resultaat"),
    }  # fmt: skip


def _check_item(path: Path, item: Mapping[str, Any]) -> Iterator[Problem]:
    yield from check_texts(item, path, "tekst", "uitleg")
    yield from check_choice(item, path, "stroom", STREAMS)
    yield from check_choice(item, path, "dimensie", DIMENSIONS)
    if item.get("tweede_dimensie"):
        yield from check_choice(item, path, "tweede_dimensie", DIMENSIONS)
        if item["tweede_dimensie"] == item.get("dimensie"):
            yield Problem((*path, "tweede_dimensie"), "is dezelfde als de eerste dimensie")
    if item.get("stroom") in ("onder", "boven"):
        yield from check_texts(item, path, "andersom")


def _check_rewrite(path: Path, rewrite: Mapping[str, Any]) -> Iterator[Problem]:
    yield from check_texts(rewrite, path, "tekst")
    yield from check_choice(rewrite, path, "naar", ("onder", "boven"))
    models = rewrite.get("modellen")
    if not (isinstance(models, list) and len(models) == 2 and all(isinstance(m, str) and m.strip() for m in models)):
        yield Problem((*path, "modellen") if "modellen" in rewrite else path, "er horen twee modellen bij")
