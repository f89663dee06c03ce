"""The rules by the names authors use (`hints: [zinslengte, lijdend]`), and their findings laid beside a text."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from itertools import groupby

from modules.blocks.taal import toon
from modules.blocks.taal.lijdend import passives
from modules.blocks.taal.vraag import closed_questions
from modules.blocks.taal.zinnen import sentences

# Words in a sentence. Texts for everybody (B1) stay under it; the stiff letter of unit 3.5 opens with 19.
LONGEST_SENTENCE = 15


@dataclass(frozen=True)
class Hint:
    """Something to look at in a text: `kind` is the rule's name, `words` what to show of `text[start:end]`."""

    kind: str
    start: int
    end: int
    words: str


@dataclass(frozen=True)
class Group:
    """All hints of one kind. `quotes`: what was found, each once, in order; `n`: how often."""

    kind: str
    quotes: list[str]
    n: int


Rule = Callable[[str], list[Hint]]


def _named(kind: str, find: Callable[[str], Iterable[toon.Found]]) -> Rule:
    def rule(text: str) -> list[Hint]:
        return [Hint(kind, found.start, found.end, found.words) for found in find(text)]

    return rule


def closed_question(text: str) -> list[Hint]:
    """Questions one can only answer with yes or no."""
    return [Hint("gesloten_vraag", each.start, each.end, each.words) for each in closed_questions(text)]


def passive(text: str) -> list[Hint]:
    """Sentences that don't say who does it."""
    found = [each for sentence in sentences(text) for each in passives(sentence)]
    return [Hint("lijdend", each.start, each.end, each.words) for each in found]


def long_sentence(text: str) -> list[Hint]:
    """Sentences of more than LONGEST_SENTENCE words; `words` is how they begin."""
    return [
        Hint("zinslengte", sentence.start, sentence.end, " ".join(word.text for word in found[:4]) + " …")
        for sentence in sentences(text)
        if len(found := sentence.words()) > LONGEST_SENTENCE
    ]


RULES: dict[str, Rule] = {
    "gesloten_vraag": closed_question,
    "zinslengte": long_sentence,
    "lijdend": passive,
    "aanspreken": _named("aanspreken", toon.unaddressed),
    "identiteit": _named("identiteit", toon.identity_statements),
    "oordeel": _named("oordeel", toon.judgements),
    "gevoel_dat": _named("gevoel_dat", toon.feelings_that),
    "schijngevoel": _named("schijngevoel", toon.pseudo_feelings),
    "ander_in_behoefte": _named("ander_in_behoefte", toon.others_in_need),
    "eis": _named("eis", toon.demands),
}
# About a whole sentence: said under the text, not marked in it.
_WHOLE_SENTENCES = frozenset({"zinslengte", "aanspreken"})


def hints(text: str, names: Collection[str]) -> list[Hint]:
    """What the rules in `names` see in `text`, from its start to its end. Raises KeyError for a rule there isn't."""
    found = [hint for name in names for hint in RULES[name](text)]
    return sorted(found, key=lambda hint: (hint.start, hint.end, hint.kind))


def grouped(found: Collection[Hint]) -> list[Group]:
    """By kind, in the order of RULES."""
    order = list(RULES)
    kinds = groupby(sorted(found, key=lambda hint: order.index(hint.kind)), key=lambda hint: hint.kind)
    return [Group(kind, list(dict.fromkeys(hint.words for hint in each)), len(each)) for kind, each in _listed(kinds)]


def _listed(kinds: Iterable[tuple[str, Iterable[Hint]]]) -> list[tuple[str, list[Hint]]]:
    return [(kind, list(each)) for kind, each in kinds]


def pieces(text: str, found: Collection[Hint]) -> list[tuple[str, bool]]:
    """`text` cut up as [(piece, whether a hint is about these words), …]; together they are `text` again."""
    marked: list[tuple[str, bool]] = []
    at = 0
    for hint in sorted(found, key=lambda hint: (hint.start, hint.end)):
        if hint.kind in _WHOLE_SENTENCES or hint.end <= at:
            continue
        start = max(hint.start, at)
        if start > at:
            marked.append((text[at:start], False))
        marked.append((text[start : hint.end], True))
        at = hint.end
    if at < len(text):
        marked.append((text[at:], False))
    return marked
