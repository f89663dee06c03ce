"""What a trainer sees of the conversations of a group (curriculum 3.c): endings, moves, and what was said most."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from modules.blocks.conversationsim.rules import Choice, Simulation, Turn
from modules.blocks.figures import ALIKE, Row, Say, Table, in_fives, parts, percent, short


def tables(simulation: Simulation, attempts: Sequence[Any], say: Say) -> list[Table]:
    """Nothing of fewer than five conversations."""
    attempts = in_fives(attempts)
    if not attempts:
        return []
    return [_endings(simulation, attempts, say), _moves(simulation, attempts, say), _said(simulation, attempts, say)]


def _endings(simulation: Simulation, attempts: Sequence[Any], say: Say) -> Table:
    _ = say
    rows = []
    for ending in simulation.endings:
        reached = sum(attempt["einde"] == ending.id for attempt in attempts)
        # Whether one person came here or nobody is for nobody to know.
        share = percent(reached / len(attempts)) if reached >= ALIKE else None
        note = "" if reached >= ALIKE else _("hooguit één gesprek")
        rows.append(Row(ending.title, len(attempts), share, note=note))
    return Table(_("Hoe de gesprekken eindigden"), tuple(rows), _("Deel van de gesprekken"))


def _moves(simulation: Simulation, attempts: Sequence[Any], say: Say) -> Table:
    """Of all that was said by all of them."""
    _ = say
    names = {"D": _("Dialoog"), "B": _("Debat"), "N": _("Informatie")}
    made = [choice.move[0] for attempt in attempts for _turn, choice in _steps(simulation, attempt)]
    rows = [
        Row(name, len(attempts), percent(made.count(family) / len(made)) if made else 0)
        for family, name in names.items()
    ]
    return Table(_("Welke zetten er gedaan zijn"), tuple(rows), _("Deel van de zetten"), our_rows=True)


def _said(simulation: Simulation, attempts: Sequence[Any], say: Say) -> Table:
    """Per turn; who came twice counts once, with what they said first."""
    _ = say
    said: dict[str, list[str]] = {}
    for attempt in attempts:
        first: Mapping[str, Choice] = dict(
            reversed([(turn.id, choice) for turn, choice in _steps(simulation, attempt)])
        )
        for node, choice in first.items():
            said.setdefault(node, []).append(f"{choice.move} {choice.text}")
    rows = []
    for turn in simulation.turns:
        here = in_fives(said.get(turn.id, ()))
        if here:
            rows.append(Row(short(turn.text.said or turn.text.whole), len(here), None, parts(here, len(here))[:1]))
    few = len(simulation.turns) - len(rows)
    return Table(_("Wat het vaakst gezegd werd"), tuple(rows), "", _("Vaakst gekozen"), few=few)


def _steps(simulation: Simulation, attempt: Mapping[str, Any]) -> list[tuple[Turn, Choice]]:
    turns = {turn.id: turn for turn in simulation.turns}
    steps = []
    for node, chosen in attempt["choices"]:
        turn = turns[node]
        steps.append((turn, next(choice for choice in turn.choices if choice.id == chosen)))
    return steps
