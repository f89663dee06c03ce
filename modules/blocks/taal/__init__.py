"""What can be seen in Dutch sentences by looking at their words: plain functions, for hints and never for scores.

`hints(text, names)` looks for what a writer may want to see (curriculum 1.3, 1.6, 2.3, 3.5); `words` says it to the
learner; `stijl` measures a text of our own. None of it understands Dutch: it knows lists and patterns, and would
rather miss something than be wrong.
"""

from modules.blocks.taal.regels import RULES, Group, Hint, grouped, hints, pieces

__all__ = ["RULES", "Group", "Hint", "grouped", "hints", "pieces"]
