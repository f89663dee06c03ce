"""A form that holds only when it is whole, kept while somebody is still busy with it: an own map, twelve statements, a
story. A laptop may close in the middle.

With script it keeps itself as a worksheet does (`static/drafts.js`), without it by a button, and it says so. What is
kept is what stands in the form, right or wrong: nothing is judged, done or told by it. It is private (our runtime seals
it), one per form, and goes when the form is sent, or thrown away. A form says which one it is by `half`: of a form that
was drawn before something changed elsewhere nothing is kept, so that a forgotten tab never writes over what is newer.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from webob import Request, Response
from webob.multidict import MultiDict
from xblock.core import XBlock
from xblock.fields import Dict, Scope, String

from modules.blocks.base import MAX_TEXT, NOT_STARTED, ActivityBlock, AnswerRefused, form_handler
from modules.blocks.days import kept_words, now

# Of one name: no list on our pages is longer.
MOST_VALUES = 50

type Pairs = list[list[str]]


class Halfway(ActivityBlock):
    """A subclass gives `half_forms` and includes `halverwege.html` in each of those forms; a handler that takes such a
    form calls `sent_whole`. `body` finds what was typed in `typed`, as after a refused form."""

    half: dict[str, Pairs] = Dict(
        scope=Scope.user_state, default={}, private=True, help="{form: [[name, what was typed], …]} that isn't sent yet"
    )
    half_at = String(scope=Scope.user_state, default="", help="When that was kept last: ISO 8601, with its offset")

    # --- what a subclass gives

    def half_forms(self) -> Mapping[str, Collection[str]]:
        """{form: names of its fields} of the forms on the page now. A form that something changed about has another
        name."""
        raise NotImplementedError

    def half_kept(self) -> None:
        """What else follows from keeping, or from throwing away."""

    # --- posts

    @XBlock.handler
    def autosave(self, request: Request, suffix: str = "") -> Response:
        """Keep it without drawing anew. JSON: what to say."""
        if request.method != "POST":
            return Response("", status=405, allow=("POST",))
        form = request.POST
        if any(not isinstance(value, str) or len(value) > MAX_TEXT or "\x00" in value for value in form.values()):
            return Response(json_body={"said": self.gettext("Nog niet bewaard: dit is te lang.")})
        kept = self._keep_half(form)
        return Response(json_body={"said": self.half_words if kept else self._changed_elsewhere()})

    @form_handler
    def save_half(self, form: MultiDict) -> None:
        """The same by a button, for whoever has no script, or leaves."""
        if not self._keep_half(form):
            raise AnswerRefused({"half": self._changed_elsewhere()})

    @form_handler
    def drop_half(self, form: MultiDict) -> None:
        """Back to what was sent last, or to nothing."""
        if form.get("half", "") in self.half:
            self.sent_whole(form)
            self.half_kept()

    def _keep_half(self, form: MultiDict) -> bool:
        """False when this isn't a form of the page as it is now."""
        forms = self.half_forms()
        names = forms.get(form.get("half", ""))
        if names is None:
            return False
        typed = [[name, value] for name in names for value in form.getall(name)[:MOST_VALUES]]
        if not any(value for _, value in typed) and form["half"] not in self.half:
            return True
        if self.status == NOT_STARTED:
            self.begin()
        self.half = {**{name: pairs for name, pairs in self.half.items() if name in forms}, form["half"]: typed}
        self.half_at = now().isoformat()
        self.half_kept()
        return True

    def sent_whole(self, form: MultiDict) -> None:
        """It was sent, so what was kept of it goes; with it what was kept of forms that are no more."""
        self.drop_halves(keep=set(self.half_forms()) - {form.get("half", "")})

    def drop_halves(self, keep: Collection[str] = ()) -> None:
        left = {name: pairs for name, pairs in self.half.items() if name in keep}
        if left != self.half:
            self.half = left
        if not left and self.half_at:
            self.half_at = ""

    # --- drawing

    @property
    def half_words(self) -> str:
        return kept_words(self.half_at, self.language, self.gettext)

    def with_half(self, typed: Mapping[str, Any] | None) -> MultiDict:
        """What was typed in the forms of this page, as if they had been sent together; of a form that was refused as it
        came."""
        sent = MultiDict(typed or {})
        half = {form: self.half.get(form, ()) for form in self.half_forms() if form != sent.get("half")}
        return MultiDict([*((name, value) for pairs in half.values() for name, value in pairs), *sent.items()])

    def body(self, errors: Mapping[str, str] | None = None, typed: Mapping[str, Any] | None = None) -> Any:
        return super().body(errors, self.with_half(typed))

    def _changed_elsewhere(self) -> str:
        return self.gettext(
            "Nog niet bewaard: in een ander venster is dit intussen veranderd. Kopieer wat je schreef en laad de "
            "pagina opnieuw."
        )
