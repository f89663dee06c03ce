"""An answer beside those of experts (curriculum 3.b, also for 3.d and 3.o). Plain functions on plain data.

`Shares` is what the experts said about one thing: {code: share of the experts}, adding up to 1.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import Any

from modules.authoring import Path, Problem
from modules.blocks.gates import is_number

type Shares = Mapping[str, float]

# Below this no code has a majority: "daar denken experts verschillend over".
MAJORITY = 0.5
# Publication gate of curriculum 3.b; a group is shown from five people on.
MIN_EXPERTS, MIN_GROUP = 5, 5
# What an author says who made the shares up.
ILLUSTRATIVE = "illustratief"

# Shares are decimals of the author: .1 + .2 isn't .3 in binary.
_TOLERANCE = 1e-9


def modal_codes(shares: Shares) -> set[str]:
    """The codes most experts chose: one, or more when they share the first place."""
    peak = max(shares.values())
    return {code for code, share in shares.items() if share > peak - _TOLERANCE}


def contested(shares: Shares) -> bool:
    """No code has half of the experts behind it."""
    return max(shares.values()) < MAJORITY - _TOLERANCE


def relative(shares: Shares, code: str) -> float:
    """0..1: the share of `code` against the highest share."""
    return min(1.0, shares.get(code, 0.0) / max(shares.values()))


def expert_points(shares: Shares, code: str) -> float:
    """0..1. As `relative`; where experts differ, every code that any of them chose is as good as another."""
    if contested(shares) and shares.get(code, 0.0) > 0:
        return 1.0
    return relative(shares, code)


def ranked(shares: Shares) -> list[tuple[str, int]]:
    """[(code, per cent of the experts)], most first; what nobody chose is left out."""
    rows = [(code, round(100 * share)) for code, share in shares.items() if share > 0]
    return sorted(rows, key=lambda row: (-row[1], row[0]))


def check_shares(shares: object, path: Path, codes: Collection[str]) -> Iterator[Problem]:
    """Each of `codes` that the experts chose with its part, 0 to 1, together 1."""
    if not isinstance(shares, Mapping) or not shares:
        yield Problem(path, f"geef per keuze het deel van de experts; keuzes zijn: {', '.join(codes)}")
        return
    fine = True
    for code, share in shares.items():
        if code not in codes:
            yield Problem((*path, str(code)), f"moet een van deze zijn: {', '.join(codes)}")
        if not (is_number(share) and 0 <= share <= 1):
            yield Problem((*path, str(code)), "een deel ligt tussen 0 en 1")
            fine = False
    if fine and abs(sum(shares.values()) - 1) > 0.01:
        yield Problem(path, "de delen tellen niet op tot 1")


def check_experts(data: Mapping[str, Any]) -> Iterator[Problem]:
    """Who is behind the shares: at least five experts, or the author alone, who then says so."""
    experts = data.get("n_experts", 0)
    if type(experts) is not int or experts < 0:
        yield Problem(("n_experts",), "moet een aantal zijn: hoeveel experts dit invulden, of 0")
    elif experts < MIN_EXPERTS and data.get("aandelen") != ILLUSTRATIVE:
        yield Problem(("aandelen",), f"minder dan {MIN_EXPERTS} experts: zet er 'aandelen: illustratief' bij")
    if data.get("aandelen", ILLUSTRATIVE) != ILLUSTRATIVE:
        yield Problem(("aandelen",), f"kan alleen '{ILLUSTRATIVE}' zijn; laat het weg als de delen van experts komen")
