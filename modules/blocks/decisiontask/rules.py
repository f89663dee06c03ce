"""Which decision task somebody gets where, and what they must show there (curriculum 2.0, 2.5)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

START, END, LATER = "start", "eind", "herhaal"

MOMENTS = (START, END, LATER)

# Parallel tasks, in an order of each learner's own: one for the Startpunt, three for the Eindpunt, one for the
# Herhaalmoment. So nobody meets one twice before they have asked for a fourth conversation at an Eindpunt.
TASKS = 5

# Curriculum 2.0. At the start somebody only shows where they stand.
ENOUGH: Mapping[str, float] = {END: 0.65, LATER: 0.60}


def sequence(many: int, moment: str) -> list[int]:
    """The places of `many` tasks in the learner's order, as this moment asks for them: an Eindpunt from the second on,
    a Herhaalmoment from the last back. What the Startpunt took comes after all others."""
    match moment:
        case "start":
            return [0]
        case "eind":
            return [*range(1, many), 0]
    return [*range(many - 1, 1, -1), 0, 1]


def next_task[T](tasks: Sequence[T], moment: str, met: Sequence[T]) -> T:
    """`tasks` in the learner's order; `met`: those they began, at this moment or elsewhere, in order. The first that is
    new to them, else the one they met longest ago."""
    here = [tasks[place] for place in sequence(len(tasks), moment)]
    last = {task: place for place, task in enumerate(met)}
    return min(here, key=lambda task: last.get(task, -1))
