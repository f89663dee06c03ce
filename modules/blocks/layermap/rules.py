"""Scoring of the layers under behaviour (curriculum 3.o)."""

from __future__ import annotations

from collections.abc import Mapping
from statistics import fmean

from modules.blocks.shares import Shares, relative

BEHAVIOUR, EMOTION, NEED = "gedrag", "emotie", "behoefte"
# From what one sees to what lies deepest.
LAYERS = (BEHAVIOUR, EMOTION, NEED)


def quote_points(shares: Shares, layer: str) -> float:
    """0..1: the share of the chosen layer against the highest."""
    return relative(shares, layer)


def map_score(key: Mapping[str, Shares], chosen: Mapping[str, str]) -> float:
    """0..1: the mean over the quotes; one without a layer counts as 0."""
    if not key:
        return 0.0
    earned = (quote_points(shares, chosen[quote]) if quote in chosen else 0.0 for quote, shares in key.items())
    return round(fmean(earned), 4)
