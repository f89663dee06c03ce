"""The round of every night: what is past its term goes."""

from __future__ import annotations

from collections import Counter

from django.utils import timezone

from learning.people import retention
from learning.people.models import Destruction, Organisation
from learning.people.retention import Kind


def night(*kinds: Kind) -> dict[str, int]:
    """Only what falls under these kinds, of everybody; returns what was written down of it: {table: rows}."""
    now = timezone.now()
    for organisation in Organisation.objects.values_list("pk", flat=True):
        for rule in retention.rules():
            if rule.kind in kinds and rule.kind.runs:
                retention.wipe(rule, organisation, now)
    counts: Counter[str] = Counter()
    for line in Destruction.objects.filter(made_at=now):
        counts.update(line.counts)
    return dict(counts)
