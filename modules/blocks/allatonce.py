"""Cards that are laid all at once, or the same done with a case of one's own (curriculum 3.e, 3.o).

A given case is class A: laying all cards is one complete attempt. An own one is class C, in own words (`ownwork`).
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import Any, ClassVar

from webob.multidict import MultiDict

from modules.blocks.base import AnswerRefused, form_handler
from modules.blocks.itembyitem import ItemByItem
from modules.blocks.ownwork import OwnWork

OWN = "eigen"


class AllAtOnce(ItemByItem, OwnWork):
    """An answer is the place of a card. A subclass gives what stands below, and `points`."""

    # What the author calls the cards, and how the field of one begins in the form.
    CARDS: ClassVar[str]
    FIELD: ClassVar[str]

    # --- what a subclass gives

    @property
    def places(self) -> Mapping[str, Any]:
        """{what a form says: the place it means}"""
        raise NotImplementedError

    def lay_first(self, card: str, number: int) -> str:
        """What to say of a card without a place; `number` as it stands on the page, from 1."""
        raise NotImplementedError

    def tell_laid(self, card: str, worth: float) -> None:
        """The event of a card that was laid."""
        raise NotImplementedError

    # --- authored

    @property
    def is_own(self) -> bool:
        return bool(self.authored.get("vorm") == OWN)

    @property
    def is_bare(self) -> bool:
        return self.is_own or super().is_bare

    @cached_property
    def cards(self) -> dict[str, Mapping[str, Any]]:
        return {card["id"]: card for card in self.authored.get(self.CARDS, [])}

    # --- item by item

    @property
    def current(self) -> str:
        """An own case isn't done in rounds, so it is never through one."""
        return OWN if self.is_own else super().current

    def order(self) -> list[str]:
        return self.shuffled(list(self.cards), self.round_number)

    def given(self, item: str, answer: Any) -> list[Any]:
        return [answer]

    @property
    def laid(self) -> bool:
        """Whether this round's cards have their place. An older edition may have had others."""
        return bool(self.cards) and set(self.answers) == set(self.cards)

    # --- posts

    @form_handler
    def place(self, form: MultiDict) -> None:
        """All cards at once, as one complete attempt."""
        if self.is_own or not self.same_round(form) or self.laid:
            return
        places = self.places
        sent = {card: form.get(f"{self.FIELD}-{card}", "") for card in self.cards}
        errors = {
            f"{self.FIELD}-{card}": self.lay_first(card, number)
            for number, card in enumerate(self.order(), 1)
            if sent[card] not in places
        }
        if errors:
            raise AnswerRefused(errors)
        self.touch()
        self.answers = {card: places[place] for card, place in sent.items()}
        record = {card: [place, self.points(card, place)] for card, place in self.answers.items()}
        for card, (_, worth) in record.items():
            self.tell_laid(card, worth)
        self.submit(record, self.round_score)
