"""What rooms above have to say in the notice. They register it at the start, so that we needn't know them.

@additions.lets_hr_look
def basis(organisation_id: int) -> str: …  # on what HR's figures rest, in its words; "" without
"""

from __future__ import annotations

from collections.abc import Callable

Basis = Callable[[int], str]
_bases: dict[str, Basis] = {}


def lets_hr_look(basis: Basis) -> Basis:
    _bases[f"{basis.__module__}.{basis.__qualname__}"] = basis
    return basis


def basis_of_figures(organisation_id: int) -> str:
    """One query. "" while HR sees none."""
    return next((said for basis in _bases.values() if (said := basis(organisation_id))), "")
