"""What somebody says of themselves or of a module, and may take back whole: statements, an exit card, a look back.

Class C, aggregate A (curriculum 3.t, 6.2). What was said is private, its attempt is sealed, and only the figures of at
least five people leave. Never a score, never evidence, never a grade. Taking it back takes all of its type, in every
module: whoever wants to be forgotten needn't go past each of them.
"""

from __future__ import annotations

from typing import ClassVar

from webob.multidict import MultiDict

from modules.blocks.base import COMPLETED, ActivityBlock, AnswerRefused, form_handler


class TakenBack(ActivityBlock):
    """A subclass gives `has_words` and `forget`, and includes `wissen.html` with the words of what goes."""

    verbs = frozenset({COMPLETED})
    privacy: ClassVar[str] = "C"
    is_bare = True
    sealed_attempts = True

    @property
    def has_words(self) -> bool:
        """Whether anything of theirs is kept, here or from another module."""
        raise NotImplementedError

    def forget(self) -> None:
        """Empty the fields with what they said, of this activity."""
        raise NotImplementedError

    @form_handler
    def erase(self, form: MultiDict) -> None:
        """All they ever said, in any module, gone at once; what was done stays done. Asked twice.

        Here that is what this block can reach; a runtime that hears `erase` takes the rest of the type away
        (`learning.runtime.wiping`).
        """
        if form.get("zeker") != "ja":
            raise AnswerRefused({"zeker": self.gettext("Druk op ‘Ja, wis mijn antwoorden’ als je ze kwijt wilt.")})
        if self.has_words:
            self.forget()
            self.attempts = 0
            self.runtime.publish(self, "erase", {})
            self.said = self.gettext("Je antwoorden zijn gewist.")
