"""Entries and who may see them."""

from __future__ import annotations

__all__: list[str] = []
