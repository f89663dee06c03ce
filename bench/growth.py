"""What people read of their growth and HR of groups, in an organisation of 100,000 people that is seeded for it.

The seeded organisation is shared: what changes it comes last.
"""

from __future__ import annotations

from bench.measuring.rows import Row
from bench.seeded import exporting, house, reading, working_out

POSTGRESQL = True


def rows() -> list[Row]:
    seeded = house.seeded()
    return [*seeded.rows(), *reading.rows(seeded), *working_out.rows(seeded), *exporting.rows(seeded)]
