"""Verhalen verzamelen, own part (curriculum 3.n, unit 2.5): ask, write down and have approved, label, see a pattern.

Class D: what others told. Nothing of it is a story without their permission (use, reach, end date) and their approval
of what was read back; everything is in private fields, so our runtime seals it, and no event says more than that this
is done. A story that is withdrawn or whose end date has passed is gone, not hidden; a pattern it was in says so. What
is half written down goes by itself after a month.

`expires_on` is the one thing outside the private fields: a date, so that a nightly job needn't open what isn't due.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Collection, Iterator, Mapping, MutableMapping
from datetime import date
from typing import Any

from webob.multidict import MultiDict
from xblock.fields import List, Scope, String

from modules.authoring import Path, Problem
from modules.blocks import formfields as f
from modules.blocks.base import DONE, HARVESTED, NOT_STARTED, AnswerRefused, form_handler
from modules.blocks.days import today
from modules.blocks.drafts import check_optional
from modules.blocks.formfields import Field
from modules.blocks.gates import check_common, check_texts, is_number
from modules.blocks.halfway import Halfway
from modules.blocks.storycollection import rules
from modules.blocks.storycollection.rules import KNOTS, OTHER_GROUP, Pattern, Story

_TOKEN = re.compile(r"[A-Za-z0-9_-]{8,64}")
MOST_TOKENS = 200


class StoryCollection(Halfway):
    """The learner's own collection. Stories of a group come with the tables."""

    block_type = "storycollection"
    verbs = frozenset({HARVESTED})
    is_bare = True
    own_page = True
    stylesheets = ("drafts.css", "halverwege.css", "storycollection.css")
    scripts = ("otherforms.js", "drafts.js", "druk.js")

    stories: list[Story] = List(scope=Scope.user_state, default=[], private=True)
    patterns: list[Pattern] = List(scope=Scope.user_state, default=[], private=True)
    meaning = String(scope=Scope.user_state, default="", private=True, help="What it means, so far")
    used_tokens = List(scope=Scope.user_state, default=[], private=True, help="Of the forms that were kept already")
    expires_on = String(scope=Scope.user_state, default="", help="ISO date on which something in here must be gone")

    @classmethod
    def check(cls, data: Mapping[str, Any]) -> list[Problem]:
        return list(_problems(data))

    @classmethod
    def expired(cls, fields: MutableMapping[str, Any], on: date) -> None:
        """Take out of the saved fields what may no longer be in them."""
        stories, patterns = fields.get("stories", []), fields.get("patterns", [])
        kept, looked = rules.without(stories, patterns, rules.overdue(stories, on))
        half = {} if rules.half_over(fields.get("half_at", ""), on) else fields.get("half", {})
        ids = {story["id"] for story in stories} - {story["id"] for story in kept}
        half = {form: pairs for form, pairs in half.items() if form.partition("-")[0] not in ids}
        at = fields.get("half_at", "") if half else ""
        fields.update({"stories": kept, "patterns": looked, "half": half, "half_at": at,
                   "expires_on": rules.expires_on(kept, at)})  # fmt: skip

    # --- authored

    @property
    def needed(self) -> int:
        least: int = self.authored.get("minstens", rules.LEAST_STORIES)
        return least

    @property
    def groups(self) -> list[str]:
        groups: list[str] = self.authored["groepen"]
        return groups

    # --- fields

    def story_fields(self, key: str) -> list[Field]:
        """The form of a story; `key` is its id, or "" for a new one, and ends each name."""
        gettext = self.gettext
        groups = (*((group, group) for group in self.groups), (OTHER_GROUP, gettext("iemand anders")))
        reach = (
            ("jij", gettext("Alleen wie het opschrijft")),
            ("groep", gettext("De mensen met wie je leert")),
            ("iedereen", gettext("Iedereen")),
        )
        return [
            Field(f"schuilnaam{key}", gettext("Schuilnaam"), f.TEXT, ours=True, maximum=60,
                  help=gettext("Niet de echte naam, en geen bijnaam die iemand herkent.")),
            Field(f"groep{key}", gettext("Wie vertelt?"), f.SELECT, ours=True, options=groups),
            Field(f"tekst{key}", gettext("Het verhaal, in de woorden van de verteller"), f.LINES, ours=True, rows=8,
                  maximum=4000, help=gettext("Laat namen van mensen en plekken weg.")),
            Field(f"labels{key}", gettext("Wat hoor je erin?"), f.SEVERAL, ours=True,
                  options=tuple(self.authored["labels"].items())),
            Field(f"gebruik{key}", gettext("Waarvoor mag het?"), f.SEVERAL, ours=True,
                  options=tuple(self.authored["gebruik"].items())),
            Field(f"bereik{key}", gettext("Wie mag het lezen?"), f.ONE, ours=True, options=reach, options_ours=True),
            Field(f"einddatum{key}", gettext("Tot wanneer mag het?"), f.DATE, ours=True,
                  help=gettext("Daarna verdwijnt het verhaal hier vanzelf. Hoogstens twee jaar.")),
            Field(f"goedgekeurd{key}", gettext("Ik las het voor. De verteller zei ja op woorden en afspraken."),
                  f.CHECK, ours=True),
        ]  # fmt: skip

    def pattern_fields(self, key: str, stories: list[Story]) -> list[Field]:
        words = self.authored["patroon"]
        told = tuple((story["id"], f"{story['schuilnaam']}: {story['tekst'][:60]}") for story in stories)
        return [
            Field(f"naam{key}", words["prompt"], f.TEXT, maximum=200),
            Field(f"verhalen{key}", self.gettext("In welke verhalen hoor je dit?"), f.SEVERAL, options=told, ours=True,
                  help=self.gettext("Kies er minstens drie.")),
            *(Field(f"{knot}{key}", words["verknoop"][knot], f.LINES, rows=2, maximum=1000) for knot in KNOTS),
        ]  # fmt: skip

    def _read(self, form: MultiDict, fields: list[Field], key: str) -> dict[str, Any]:
        """{field: value} without its key. Refuses what can't be kept, beside its field."""
        sent = f.sent(form, fields)
        why = {
            f.TOO_LONG: self.gettext("Dit is te lang of geen tekst."),
            f.NO_DATE: self.gettext("Schrijf hier een datum, zoals 2027-03-31."),
            f.NO_OPTION: self.gettext("Kies iets uit de lijst."),
        }
        errors = {field.name: why[fault] for field in fields if (fault := f.wrong(field, sent.get(field.name, "")))}
        if errors:
            raise AnswerRefused(errors)
        return {name.removesuffix(key) if key else name: value for name, value in sent.items()}

    def _story(self, form: MultiDict, key: str) -> Story:
        """A story as it is sent, with its permission. Without that nothing of it is kept."""
        found = self._read(form, self.story_fields(key), key)
        gettext = self.gettext
        needs = {
            "schuilnaam": gettext("Geef de verteller een schuilnaam."),
            "groep": gettext("Kies wie dit vertelt."),
            "tekst": gettext("Schrijf het verhaal op."),
            "gebruik": gettext("Vraag waarvoor het mag, en kies het hier."),
            "bereik": gettext("Vraag wie het mag lezen, en kies het hier."),
            "einddatum": gettext("Spreek een einddatum af."),
            "goedgekeurd": gettext("Lees het eerst voor en vraag of het klopt. Zonder ja blijft het een kladje."),
        }
        errors = {name + key: words for name, words in needs.items() if not found.get(name)}
        if found.get("einddatum") and not rules.end_allowed(found["einddatum"], today()):
            errors[f"einddatum{key}"] = gettext("Kies een dag na vandaag, binnen twee jaar.")
        if errors:
            raise AnswerRefused(errors)
        return {**found, "labels": found.get("labels", [])}

    # --- posts

    @form_handler
    def add(self, form: MultiDict) -> None:
        """Keep a new story. The token of the drawn form makes a second post of it harmless."""
        self._forget()
        story, token = self._story(form, ""), self._token(form)
        if token in self.used_tokens:
            return
        if len(self.stories) >= rules.MOST_STORIES:
            raise AnswerRefused({"tekst": self.gettext("Hier passen er %(n)s.", n=rules.MOST_STORIES)})
        self._touch()
        self.stories = [*self.stories, {"id": secrets.token_hex(6), **story, "opgeschreven": today().isoformat()}]
        self.used_tokens = [*self.used_tokens, token][-MOST_TOKENS:]
        self._after(form, self.gettext("Het verhaal is bewaard."))

    @form_handler
    def change(self, form: MultiDict) -> None:
        """Other words, labels or permission for a story that is still as the form showed it. Approved anew."""
        self._forget()
        id_ = form.get("id", "")
        old = next((story for story in self.stories if story["id"] == id_), None)
        if old is None:
            raise AnswerRefused({"id": self.gettext("Dit verhaal is er niet meer.")})
        new = {**old, **self._story(form, f"-{id_}")}
        if new == old:
            return
        if form.get("gezien") != rules.seal(old):
            raise AnswerRefused({f"tekst-{id_}": self.gettext(
                "In een ander venster is dit verhaal veranderd. Bewaar opnieuw als je deze woorden wilt houden."
            )})  # fmt: skip
        self.stories = [new if story["id"] == id_ else story for story in self.stories]
        self._after(form, self.gettext("Het verhaal is bewaard."))

    @form_handler
    def withdraw(self, form: MultiDict) -> None:
        """Gone at once, also from the patterns. What was done stays done."""
        self._forget()
        if any(story["id"] == form.get("id") for story in self.stories):
            self.stories, self.patterns = rules.without(self.stories, self.patterns, [form["id"]])
            self._after(form, self.gettext("Het verhaal is weg."))

    @form_handler
    def name_pattern(self, form: MultiDict) -> None:
        """A new pattern, or one that is looked at again (`id`). Never of fewer than three stories."""
        self._forget()
        id_ = form.get("id", "")
        key = f"-{id_}" if id_ else ""
        old = next((pattern for pattern in self.patterns if pattern["id"] == id_), None)
        if id_ and old is None:
            raise AnswerRefused({"id": self.gettext("Dit patroon is er niet meer.")})
        found = self._read(form, self.pattern_fields(key, self.stories), key)
        errors = {}
        if not found.get("naam"):
            errors[f"naam{key}"] = self.gettext("Geef het patroon een naam, liefst in woorden van een verteller.")
        if len(set(found["verhalen"])) < rules.LEAST_FOR_PATTERN:
            errors[f"verhalen{key}"] = self.gettext("Een patroon hoor je in minstens drie verhalen.")
        if old and form.get("gezien") != rules.seal(old):
            errors[f"naam{key}"] = self.gettext("In een ander venster is dit patroon intussen veranderd.")
        if errors:
            raise AnswerRefused(errors)
        if old:
            self.patterns = [{"id": id_, **found, "opnieuw": False} if p["id"] == id_ else p for p in self.patterns]
        else:
            token = self._token(form)
            if token in self.used_tokens or len(self.patterns) >= rules.MOST_PATTERNS:
                return
            self.patterns = [*self.patterns, {"id": secrets.token_hex(6), **found, "opnieuw": False}]
            self.used_tokens = [*self.used_tokens, token][-MOST_TOKENS:]
        self._after(form, self.gettext("Het patroon is bewaard."))

    @form_handler
    def drop_pattern(self, form: MultiDict) -> None:
        self._forget()
        kept = [pattern for pattern in self.patterns if pattern["id"] != form.get("id")]
        if len(kept) < len(self.patterns):
            self.patterns = kept
            self._after(form, self.gettext("Het patroon is weg."))

    @form_handler
    def give_meaning(self, form: MultiDict) -> None:
        """The note of what it means. An older window's note isn't written over a newer one."""
        self._forget()
        note = form.get("betekenis", "").replace("\r\n", "\n").strip()
        if not note:
            raise AnswerRefused({"betekenis": self.gettext("Schrijf iets. Een vermoeden is genoeg.")})
        if len(note) > 2000:
            raise AnswerRefused({"betekenis": self.gettext("Houd het bij %(n)s tekens.", n=2000)})
        if note == self.meaning:
            return
        if form.get("gezien", "") != f.mark(self.meaning):
            raise AnswerRefused({"betekenis": self.gettext(
                "In een ander venster staat nu: “%(tekst)s”. Bewaar opnieuw als je deze woorden wilt houden.",
                tekst=self.meaning,
            )})  # fmt: skip
        self._touch()
        self.meaning = note
        self._after(form, self.gettext("Je notitie is bewaard."))

    def _token(self, form: MultiDict) -> str:
        token = form.get("token", "")
        if not _TOKEN.fullmatch(token):
            raise AnswerRefused({"token": self.gettext("Dit formulier klopt niet meer. Laad de pagina opnieuw.")})
        return str(token)

    def _forget(self) -> None:
        """What may no longer be here goes, before anything else happens."""
        if gone := rules.overdue(self.stories, today()):
            self.stories, self.patterns = rules.without(self.stories, self.patterns, gone)
        if rules.half_over(self.half_at, today()):
            self.drop_halves()
        if (ends := rules.expires_on(self.stories, self.half_at)) != self.expires_on:
            self.expires_on = ends

    def _touch(self) -> None:
        if self.status == NOT_STARTED:
            self.begin()

    def _after(self, form: MultiDict, said: str) -> None:
        self.said = said
        self.sent_whole(form)
        self.expires_on = rules.expires_on(self.stories, self.half_at)
        if self.status != DONE and len(self.stories) >= self.needed and self.meaning:
            self.finish()
            self.tell(HARVESTED)

    # --- half-way

    def half_forms(self) -> Mapping[str, Collection[str]]:
        """Named by what they are about and as it is now. A teller's yes isn't kept half-way: it is about the words as
        they are read out."""
        stories = rules.without(self.stories, [], rules.overdue(self.stories, today()))[0]
        forms = {"nieuw": self.story_fields("")}
        forms |= {f"{story['id']}-{rules.seal(story)}": self._of(story) for story in stories}
        if len(stories) >= rules.LEAST_FOR_PATTERN:
            forms["patroon"] = self.pattern_fields("", stories)
            forms |= {f"{p['id']}-{rules.seal(p)}": self.pattern_fields(f"-{p['id']}", stories) for p in self.patterns}
        names = {form: [x.name for x in fields if x.kind != f.CHECK] for form, fields in forms.items()}
        return {**names, f"betekenis-{f.mark(self.meaning)}": ["betekenis"]}

    def half_kept(self) -> None:
        self.expires_on = rules.expires_on(self.stories, self.half_at)

    def with_half(self, typed: Mapping[str, Any] | None) -> MultiDict:
        over = rules.half_over(self.half_at, today())
        return MultiDict(typed or {}) if over else super().with_half(typed)

    # --- drawing

    def body(self, errors: Mapping[str, str] | None = None, typed: Mapping[str, Any] | None = None) -> Any:
        """Only what may still be here, also when nothing was sent since an end date passed."""
        stories, patterns = rules.without(self.stories, self.patterns, rules.overdue(self.stories, today()))
        shown: dict[str, Any] = {"betekenis": self.meaning}
        for story in stories:
            shown |= {field.name: story.get(field.name.rpartition("-")[0]) for field in self._of(story)}
            shown[f"goedgekeurd-{story['id']}"] = ""
        for pattern in patterns:
            key = f"-{pattern['id']}"
            fields = self.pattern_fields(key, stories)
            shown |= {field.name: pattern.get(field.name.removesuffix(key)) for field in fields}
        typed = self.with_half(typed)
        shown |= self._typed(typed, stories, patterns)
        return self.filled(
            "body.html",
            errors=errors or {}, typed=typed, shown=shown, current={}, clashes={},
            stories=stories, patterns=patterns, absent=rules.absent(self.groups, stories),
            new_story=self.story_fields(""), new_pattern=self.pattern_fields("", stories),
            enough=len(stories) >= rules.LEAST_FOR_PATTERN, needed=self.needed,
            token=secrets.token_urlsafe(16), seal=rules.seal, mark=f.mark,
            open={typed.get("id", ""), *(form.partition("-")[0] for form in self.half)},
            day=self._day,
        )  # fmt: skip

    def _of(self, story: Story) -> list[Field]:
        return self.story_fields(f"-{story['id']}")

    def _typed(self, typed: MultiDict, stories: list[Story], patterns: list[Pattern]) -> dict[str, Any]:
        """What a refused form holds, or one that isn't sent yet, back in that form."""
        keys = ["", *(f"-{story['id']}" for story in stories)]
        fields = [field for key in keys for field in self.story_fields(key)]
        fields += [x for p in ("", *(f"-{p['id']}" for p in patterns)) for x in self.pattern_fields(p, stories)]
        names = set(typed)
        sent = f.sent(typed, [field for field in fields if field.name in names])
        return sent | ({"betekenis": typed["betekenis"]} if "betekenis" in typed else {})

    def words_of(self, field: Field, value: Any) -> str:
        """On paper a form of a story is empty."""
        return ""

    def _day(self, written: str) -> str:
        return date.fromisoformat(written).strftime("%d-%m-%Y" if self.language == "nl" else "%d/%m/%Y")

    def summary_context(self) -> dict[str, Any]:
        n = len(self.stories) - len(rules.overdue(self.stories, today()))
        return {"saved": self.ngettext("%(n)s verhaal", "%(n)s verhalen", n) if n else ""}


# --- publish gates


def _problems(data: Mapping[str, Any]) -> Iterator[Problem]:
    yield from check_common(data)
    yield from check_optional(data, "inleiding", "let_op")
    yield from check_texts(data, (), "toestemming")
    if data.get("privacyklasse", "D") != "D":
        yield Problem(("privacyklasse",), "verhalen van anderen zijn klasse D")
    for name, least in (("openingen", 1), ("groepen", 2)):
        yield from _texts(data, name, least)
    for name in ("gebruik", "labels"):
        yield from _mapping(data, name)
    pattern = data.get("patroon")
    if isinstance(pattern, Mapping):
        yield from check_texts(pattern, ("patroon",), "prompt")
        knots = pattern.get("verknoop")
        if isinstance(knots, Mapping):
            yield from check_texts(knots, ("patroon", "verknoop"), *KNOTS)
        else:
            yield Problem(("patroon", "verknoop"), f"moet woorden hebben voor {', '.join(KNOTS)}")
    else:
        yield Problem(("patroon",), "moet een 'prompt' en 'verknoop' hebben")
    least_stories = data.get("minstens", rules.LEAST_STORIES)
    if not (is_number(least_stories) and 1 <= least_stories <= 10 and least_stories == int(least_stories)):
        yield Problem(("minstens",), "moet een aantal verhalen zijn, 1 t/m 10")
    if data.get("eigen_deel", True) is not True:
        yield Problem(("eigen_deel",), "het deel van een groep is er nog niet: zet hier true")


def _texts(data: Mapping[str, Any], name: str, least: int) -> Iterator[Problem]:
    values = data.get(name)
    if not isinstance(values, list) or len(values) < least:
        yield Problem((name,), f"moet een lijst van minstens {least} zijn")
        return
    seen: set[str] = set()
    for index, value in enumerate(values):
        path: Path = (name, index)
        if not (isinstance(value, str) and value.strip()):
            yield Problem(path, "moet tekst zijn")
        elif value in seen or value == OTHER_GROUP:
            yield Problem(path, f"'{value}' staat er al")
        else:
            seen.add(value)


def _mapping(data: Mapping[str, Any], name: str) -> Iterator[Problem]:
    values = data.get(name)
    if not isinstance(values, Mapping) or len(values) < 2:
        yield Problem((name,), "moet minstens twee keuzes hebben, elk met woorden")
        return
    for key, words in values.items():
        if not isinstance(key, str) or not (isinstance(words, str) and words.strip()):
            yield Problem((name, str(key)), "moet uit woorden bestaan")
