"""A drawing of a whole conversation for its author: every turn, what leads where, and where something is wrong.

Plain SVG that stands on its own. Turns are boxes, a weging is a diamond, an ending is round; a line carries the ids of
its choices (or the numbers of its rules) and is dashed when each of them has a condition. What the gates found is
written beside its node.

Nodes stand in rows by how soon one can get there, endings in the last. A line over several rows gets a place of its own
in each row between (a `Bend`), so that it goes around boxes and not behind them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape
from itertools import pairwise

from modules.authoring import Problem
from modules.blocks.conversationsim.debrief import heading
from modules.blocks.conversationsim.rules import Ending, Node, Simulation, Turn, Weighing, edges

WIDE, HIGH, BEND_WIDE = 150, 44, 18
BESIDE, BELOW, MARGIN = 22, 64, 30
LONGEST_LABEL = 20
SWEEPS = 8
LETTER = 'font-family="system-ui, sans-serif" font-size="12"'
# Of what is wrong, beside a thicker line and the name of the rule: 5.9 to 1 on white.
WRONG = "#c00020"


@dataclass(frozen=True)
class Bend:
    """Where the line between two nodes passes a row."""

    source: str
    target: str
    row: int


Place = str | Bend
Spot = tuple[float, float]


def depths(simulation: Simulation) -> dict[str, int]:
    """{node: its row}: the fewest steps from the start. Endings, and what is never reached, come below the rest."""
    depth, waiting = {simulation.start: 0}, [simulation.start]
    for node in waiting:
        for target in simulation.nodes[node].targets:
            if target in simulation.nodes and target not in depth:
                depth[target] = depth[node] + 1
                waiting.append(target)
    ending_ids = {ending.id for ending in simulation.endings}
    last = max((row for node, row in depth.items() if node not in ending_ids), default=0) + 1
    return {node: last if node in ending_ids else depth.get(node, last) for node in simulation.nodes}


def rows_of(simulation: Simulation) -> list[list[Place]]:
    """What stands in each row from left to right, with as few crossings as a few sweeps give."""
    depth = depths(simulation)
    rows: list[list[Place]] = [[] for _ in range(max(depth.values()) + 1)]
    near: dict[Place, list[Place]] = {node: [] for node in simulation.nodes}
    for node, row in depth.items():
        rows[row].append(node)
    for source, target in sorted(set(edges(simulation))):
        chain = _chain(source, target, depth)
        for bend in chain[1:-1]:
            rows[bend.row if isinstance(bend, Bend) else depth[bend]].append(bend)
        for upper, lower in pairwise(chain):
            near.setdefault(upper, []).append(lower)
            near.setdefault(lower, []).append(upper)
    for _ in range(SWEEPS):
        spot = {place: (index + 0.5) / len(row) for row in rows for index, place in enumerate(row)}
        middle = {
            place: sum(spot[other] for other in near[place]) / len(near[place]) if near[place] else spot[place]
            for place in spot
        }
        rows = [sorted(row, key=middle.__getitem__) for row in rows]
    return rows


def _chain(source: str, target: str, depth: Mapping[str, int]) -> list[Place]:
    between = range(depth[source] + 1, depth[target])
    return [source, *(Bend(source, target, row) for row in between), target]


def graph_svg(simulation: Simulation, problems: Sequence[Problem] = ()) -> str:
    """The drawing as SVG text; it takes its colour from where it stands (currentColor)."""
    rows, depth = rows_of(simulation), depths(simulation)
    lengths = [sum(map(_width, row)) + BESIDE * (len(row) - 1) for row in rows]
    width, height = max(lengths) + 2 * MARGIN, len(rows) * (HIGH + BELOW) - BELOW + 2 * MARGIN
    spots = dict[Place, Spot]()
    for level, (row, length) in enumerate(zip(rows, lengths, strict=True)):
        x = (width - length) / 2
        for place in row:
            spots[place] = (x + _width(place) / 2, MARGIN + HIGH / 2 + level * (HIGH + BELOW))
            x += _width(place) + BESIDE
    chains = [_chain(source, target, depth) for source, target in sorted(set(edges(simulation)))]
    wrong = _wrong_at(problems)
    drawn = [
        *(_line(simulation, chain, chains, spots) for chain in chains),
        *(_node(node, spots[node.id], wrong.get(node.id, [])) for node in simulation.nodes.values()),
    ]
    label = escape(f"{len(simulation.turns)} beurten en {len(simulation.endings)} einden")
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:g} {height:g}" role="img" aria-label="{label}" '
        f'fill="none" stroke="currentColor" stroke-width="1.5" stroke-linejoin="round" stroke-linecap="round">'
        f'<defs><marker id="naar" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto">'
        f'<path d="M1 1l6 3-6 3z" fill="currentColor"/></marker></defs>'
        f"{''.join(drawn)}</svg>"
    )


def _width(place: Place) -> int:
    return BEND_WIDE if isinstance(place, Bend) else WIDE


def _wrong_at(problems: Sequence[Problem]) -> Mapping[str, list[str]]:
    """{node: the gates it failed}"""
    found: dict[str, list[str]] = {}
    for problem in problems:
        if len(problem.path) > 1 and problem.path[0] == "nodes":
            rules = found.setdefault(str(problem.path[1]), [])
            if (problem.rule or "!") not in rules:
                rules.append(problem.rule or "!")
    return found


def _line(simulation: Simulation, chain: list[Place], chains: list[list[Place]], spots: Mapping[Place, Spot]) -> str:
    """Down from the bottom of a box to the top of another; over the top within its row; from top to bottom back up."""
    source, target = simulation.nodes[str(chain[0])], str(chain[-1])
    (x, y), (to_x, to_y) = spots[source.id], spots[target]
    side = 1 if to_x >= x else -1
    if to_y > y:
        start = _port(chains, spots, source.id, chain, end=0)
        edge = y + HIGH / 2 * (1 - abs(start - x) / (WIDE / 2) if isinstance(source, Weighing) else 1)
        end = (_port(chains, spots, target, chain, end=-1), to_y - HIGH / 2)
        points = [(start, edge), *(spots[bend] for bend in chain[1:-1]), end]
        words_at = (start + 4, y + HIGH / 2 + 14)
    elif to_y == y:
        start, over = x + side * WIDE / 3, y - HIGH / 2 - 14 - abs(to_x - x) / 12
        end = (to_x - side * WIDE / 4, y - HIGH / 2)
        points = [(start, y - HIGH / 2), ((start + end[0]) / 2, over), end]
        words_at = (start + 6, y - HIGH / 2 - 4)
    else:
        start, end = x + side * WIDE / 3, (to_x - side * WIDE * 0.4, to_y + HIGH / 2)
        points = [(start, y - HIGH / 2), end]
        words_at = (start + 6, y - HIGH / 2 - 4)
    ids, guarded = _along(source, target)
    dashes = ' stroke-dasharray="4 5"' if guarded else ""
    words = (
        f'<text x="{words_at[0]:g}" y="{words_at[1]:g}" {LETTER} fill="currentColor" stroke="none">{escape(ids)}</text>'
    )
    return f'<path d="{_curve(points, level=to_y == y)}"{dashes} marker-end="url(#naar)"/>{words}'


def _curve(points: Sequence[Spot], *, level: bool) -> str:
    """Through the points: leaving and arriving upright, or (level) in one bow over the middle one."""
    x, y = points[0]
    if level:
        (_, over), (to_x, to_y) = points[1], points[-1]
        return f"M{x:g} {y:g}C{x:g} {over:g} {to_x:g} {over:g} {to_x:g} {to_y:g}"
    return f"M{x:g} {y:g}" + "".join(
        f"C{x1:g} {(y1 + y2) / 2:g} {x2:g} {(y1 + y2) / 2:g} {x2:g} {y2:g}" for (x1, y1), (x2, y2) in pairwise(points)
    )


def _port(chains: list[list[Place]], spots: Mapping[Place, Spot], node: str, chain: list[Place], *, end: int) -> float:
    """Where on the bottom (end 0) or top (end -1) of its box this line leaves, in the order of where the lines go."""
    beside = 1 if end == 0 else -2
    downwards = [one for one in chains if one[end] == node and spots[one[-1]][1] > spots[one[0]][1]]
    downwards.sort(key=lambda one: spots[one[beside]])
    return spots[node][0] - WIDE / 2 + WIDE * (downwards.index(chain) + 1) / (len(downwards) + 1)


def _along(source: Node, target: str) -> tuple[str, bool]:
    """The choices (or the numbers of the rules) that lead there, and whether each of them has a condition."""
    if isinstance(source, Turn):
        choices = [choice for choice in source.choices if choice.target == target]
        return ", ".join(choice.id for choice in choices), all(choice.guard for choice in choices)
    if isinstance(source, Weighing):
        numbers = [number for number, rule in enumerate(source.rules, 1) if rule.target == target]
        return ", ".join(map(str, numbers)), False
    return "", False


def _node(node: Node, spot: Spot, wrong: Sequence[str]) -> str:
    x, y = spot
    left, top = x - WIDE / 2, y - HIGH / 2
    look = 'fill="Canvas" ' + (f'stroke="{WRONG}" stroke-width="4"' if wrong else 'stroke-width="1.5"')
    if isinstance(node, Weighing):
        label, label_full = "weging", "; ".join(str(rule.guard) if rule.guard else "anders" for rule in node.rules)
        half = f"{WIDE / 2:g}", f"{HIGH / 2:g}"
        shape = f'<path d="M{left:g} {y:g}l{half[0]}-{half[1]} {half[0]} {half[1]}-{half[0]} {half[1]}z" {look}/>'
    else:
        label = label_full = node.title if isinstance(node, Ending) else heading(node.text)
        corner = HIGH / 2 if isinstance(node, Ending) else 3
        shape = f'<rect x="{left:g}" y="{top:g}" width="{WIDE}" height="{HIGH}" rx="{corner:g}" {look}/>'
    short = label if len(label) <= LONGEST_LABEL else label[: LONGEST_LABEL - 1].rstrip() + "…"
    text = f'{LETTER} fill="{WRONG if wrong else "currentColor"}" stroke="none" text-anchor="middle"'
    said = " ".join([node.id, *wrong])
    return (
        f"<g><title>{escape(f'{node.id}: {label_full}')}</title>{shape}"
        f'<text x="{x:g}" y="{y - 3:g}" font-weight="700" {text}>{escape(said)}</text>'
        f'<text x="{x:g}" y="{y + 12:g}" {text}>{escape(short)}</text></g>'
    )
