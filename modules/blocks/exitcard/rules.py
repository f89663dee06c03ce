"""What can be said on an exit card (curriculum 6.2): the same in every module, so that modules can be compared."""

from __future__ import annotations

from collections.abc import Mapping

MARK, RECOMMENDATION, USED, WEIGHT = "cijfer", "aanbeveling", "gebruikt", "zwaarte"
SKIPPED = "over"
CHOICES: dict[str, tuple[str, ...]] = {
    MARK: tuple(str(n) for n in range(1, 11)),
    RECOMMENDATION: tuple(str(n) for n in range(11)),
    USED: ("ja", "nee", "weet_niet"),
    WEIGHT: ("licht", "goed", "zwaar"),
}
QUESTIONS = tuple(CHOICES)
_NUMBERS = (MARK, RECOMMENDATION)


def facts(answers: Mapping[str, str]) -> dict[str, int | str | None]:
    """{question: the number or the choice, or None where it was skipped}"""
    said = {name: answers.get(name, SKIPPED) for name in QUESTIONS}
    return {
        name: None if choice == SKIPPED else int(choice) if name in _NUMBERS else choice
        for name, choice in said.items()
    }
