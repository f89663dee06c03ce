"""Reflectiejournaal (curriculum 3.f): write or say something for yourself, or say that you thought about it elsewhere.

Class C. Texts live in the `journal` service; in a runtime without one, in a `private` field of this activity.
Both ways of completing are equal. There is no attempt, no score, and no event that says more than "done".
"""

from __future__ import annotations

import secrets
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any, cast

from webob.multidict import MultiDict
from xblock.core import XBlock
from xblock.fields import List, Scope

from modules.authoring import Problem
from modules.blocks import recording
from modules.blocks.base import DONE, MAX_TEXT, REFLECTED, ActivityBlock, AnswerRefused, form_handler
from modules.blocks.journal import rules
from modules.blocks.journal.rules import Entry, JournalService
from modules.blocks.recording import FIELD, Take

DEFAULT_MAX = 4000
# Curriculum 3.f: with named people or a buddy. Whom exactly is chosen per text, on the journal's own pages.
SHARING = {"persoon", "buddy"}


@XBlock.wants("journal", "recordings")
class Journal(ActivityBlock):
    """A place to write for yourself."""

    block_type = "journal"
    verbs = frozenset({REFLECTED})
    is_bare = True
    stylesheets = ("recorder.css", "journal.css")
    scripts = ("recorder.js", "otherforms.js")

    own_entries = List(scope=Scope.user_state, default=[], private=True, help="Texts, where no journal service is")
    used_tokens = List(scope=Scope.user_state, default=[], private=True, help="Of the forms that were kept already")

    @classmethod
    def check(cls, data: Mapping[str, Any]) -> list[Problem]:
        return list(_problems(data))

    @property
    def limit(self) -> int:
        limit: int = self.authored.get("max_tekens", DEFAULT_MAX)
        return limit

    @property
    def prompts(self) -> list[str]:
        several: list[str] = self.authored.get("prompts") or [self.authored["prompt"]]
        return several

    # --- what the learner does

    @form_handler
    def write(self, form: MultiDict) -> None:
        """Keep a text, what was said, or both. The token of the drawn form makes a second post of it harmless."""
        take = self._taken()
        text, labels = self._words(form, said=take is not None)
        token = form.get("token", "")
        if not rules.is_token(token):
            raise AnswerRefused(
                {"tekst": self.gettext("Dit formulier is niet meer geldig. Bewaar je tekst nog een keer.")}
            )
        self._write(text, labels, token, take)
        self._complete()
        self.said = self.gettext("Bewaard in je journaal")

    @form_handler
    def outside(self, form: MultiDict) -> None:
        """Thought about outside the app: the same completion as a text. What was typed or said isn't thrown away."""
        if form.get("tekst", "").strip():
            raise AnswerRefused(
                {"tekst": self.gettext("Je schreef ook iets. Bewaar het, of maak het veld leeg en kies dan opnieuw.")}
            )
        if self._taken():
            raise AnswerRefused(
                {FIELD: self.gettext("Je sprak ook iets in. Bewaar het, of gooi het weg en kies dan opnieuw.")}
            )
        self._complete()

    @form_handler
    def replace(self, form: MultiDict) -> None:
        """Other words for a text that is still as the form showed it."""
        entry = rules.find(self._entries(), form.get("id", ""))
        text, labels = self._words(form, said=bool(entry and entry.get("sound")))
        if entry is None:
            raise AnswerRefused(
                {
                    "tekst": self.gettext(
                        "Deze tekst is intussen gewist. "
                        "Wat je schreef staat hier nog; bewaar het als je het wilt houden."
                    )
                }
            )
        if (text, labels) == (entry["text"], entry["tags"]):
            return
        if form.get("gezien") != rules.seal(entry):
            raise AnswerRefused(
                {
                    "tekst": self.gettext(
                        "In een ander venster is deze tekst intussen veranderd. Bewaar opnieuw als je deze wilt houden."
                    )
                }
            )
        self._replace(entry["id"], text, labels)
        self.said = self.gettext("Bewaard in je journaal")

    @form_handler
    def delete(self, form: MultiDict) -> None:
        """Gone at once. What was done stays done."""
        entry = rules.find(self._entries(), form.get("id", ""))
        if entry is not None:
            self._delete(entry["id"])
            self.said = self.gettext("Gewist")

    @property
    def can_record(self) -> bool:
        """What is said goes where the texts go, so not in a field of this activity."""
        return self._service is not None and recording.service(self) is not None

    def _taken(self) -> Take | None:
        return recording.taken(self, seconds=rules.MAX_SECONDS, size=rules.MAX_SOUND) if self.can_record else None

    def _words(self, form: MultiDict, *, said: bool) -> tuple[str, list[str]]:
        """`said`: there is a recording too, so that no words are needed."""
        text, labels = form.get("tekst", "").strip().replace("\r\n", "\n"), rules.tags(form.get("labels", ""))
        errors = {}
        if not text and not said:
            errors["tekst"] = self.gettext("Schrijf iets. Een paar woorden is genoeg.")
        elif rules.length(text) > self.limit:
            errors["tekst"] = self.gettext("Houd het bij %(n)s tekens.", n=self.limit)
        if rules.too_many(labels):
            errors["labels"] = self.gettext(
                "Hoogstens %(n)s labels van %(m)s tekens, met een komma ertussen.", n=rules.MAX_TAGS, m=rules.MAX_TAG
            )
        if errors:
            raise AnswerRefused(errors)
        return text, labels

    def _complete(self) -> None:
        if self.status != DONE:
            self.begin()
            self.finish()
            self.tell(REFLECTED)

    # --- where the texts are

    @property
    def _service(self) -> JournalService | None:
        return cast("JournalService | None", self.runtime.service(self, "journal"))

    def _entries(self) -> list[Entry]:
        service = self._service
        return service.entries() if service else self.own_entries

    def _write(self, text: str, labels: list[str], token: str, take: Take | None) -> None:
        if service := self._service:
            service.write(text, labels, token, take)
        elif token not in self.used_tokens:
            entry = Entry(id=secrets.token_urlsafe(9), text=text, tags=labels, written=datetime.now(UTC).isoformat())
            self.own_entries = [entry, *self.own_entries]
            self.used_tokens = [*self.used_tokens, token]

    def _replace(self, id: str, text: str, labels: list[str]) -> None:  # noqa: A002 the name of the field
        if service := self._service:
            service.replace(id, text, labels)
        else:
            self.own_entries = [
                {**entry, "text": text, "tags": labels} if entry["id"] == id else entry for entry in self.own_entries
            ]

    def _delete(self, id: str) -> None:  # noqa: A002 the name of the field
        if service := self._service:
            service.delete(id)
        else:
            self.own_entries = [entry for entry in self.own_entries if entry["id"] != id]

    # --- drawing

    def body_context(self) -> dict[str, Any]:
        service = self._service
        return {
            "entries": self._entries(),
            "prompts": self.prompts,
            "said": self.said,
            "limit": self.limit,
            "recorder": self.recorder,
            "token": secrets.token_urlsafe(16),
            "seal": rules.seal,
            "date": self._date,
            "clock": recording.clock,
            "href": service.href() if service else "",
        }

    @property
    def recorder(self) -> dict[str, Any]:
        """What `leeg.html` and `body.html` need to draw the recorder, or nothing where there is none."""
        return recording.bounds(rules.MAX_SECONDS, rules.MAX_SOUND) if self.can_record else {}

    def _date(self, written: str) -> str:
        return rules.day(written).strftime("%d-%m-%Y" if self.language == "nl" else "%d/%m/%Y")


def _is_text(value: object) -> bool:
    return isinstance(value, str) and bool(value.strip())


def _problems(data: Mapping[str, Any]) -> Iterator[Problem]:
    if not _is_text(data.get("titel")):
        yield Problem(("titel",), "'titel' ontbreekt")
    prompts = data.get("prompts")
    if ("prompt" in data) == (prompts is not None):
        yield Problem(("prompt",), "geef één 'prompt', of een lijst 'prompts'")
    elif "prompt" in data and not _is_text(data["prompt"]):
        yield Problem(("prompt",), "de prompt is leeg")
    elif "prompt" not in data and not (isinstance(prompts, list) and prompts and all(map(_is_text, prompts))):
        yield Problem(("prompts",), "elke prompt is een vraag of opdracht in woorden")
    limit = data.get("max_tekens", DEFAULT_MAX)
    if isinstance(limit, bool) or not isinstance(limit, int) or not 1 <= limit <= MAX_TEXT:
        yield Problem(("max_tekens",), f"een aantal van 1 tot en met {MAX_TEXT}")
    options = data.get("deelopties") or []
    if not isinstance(options, list) or not set(map(str, options)) <= SHARING:
        yield Problem(("deelopties",), "een journaal deel je hoogstens met een 'persoon' of een 'buddy'")
    if data.get("competenties"):
        yield Problem(("competenties",), "een journaal is nooit bewijs voor een competentie")
