"""Scoring of the layers under behaviour (curriculum 3.o)."""

from __future__ import annotations

from modules.blocks.shares import Shares, relative

BEHAVIOUR, EMOTION, NEED = "gedrag", "emotie", "behoefte"
# From what one sees to what lies deepest.
LAYERS = (BEHAVIOUR, EMOTION, NEED)


def quote_points(shares: Shares, layer: str) -> float:
    """0..1: the share of the chosen layer against the highest."""
    return relative(shares, layer)
