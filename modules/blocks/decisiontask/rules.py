"""Which decision task somebody gets where, and what they must show there (curriculum 2.0, 2.5)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

START, END, LATER = "start", "eind", "herhaal"

# Four parallel tasks, in an order of each learner's own: for the Startpunt, the Eindpunt, the Eindpunt once more and
# the Herhaalmoment. Whoever asks for more gets what they haven't met yet, as far as a place can know: an Eindpunt a
# third time takes the last of them, a Herhaalmoment a second time the one that most people never need.
TASKS = 4
ORDER: Mapping[str, tuple[int, ...]] = {START: (0,), END: (1, 2, 3, 0), LATER: (3, 2, 0, 1)}

# Curriculum 2.0. At the start somebody only shows where they stand.
ENOUGH: Mapping[str, float] = {END: 0.65, LATER: 0.60}


def next_task[T](tasks: Sequence[T], moment: str, met: Sequence[T]) -> T:
    """`tasks` in the learner's order; `met`: those they did at this moment, in order, each as often as they did it."""
    sequence = [tasks[place] for place in ORDER[moment]]
    return next((task for task in sequence if task not in met), sequence[len(met) % len(sequence)])
