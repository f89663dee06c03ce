"""How long to wait after something didn't work. Plain arithmetic, in seconds.

Full jitter (any moment up to the bound, evenly) keeps a thousand jobs that failed together from coming back together.
`chance` is a number from 0 up to 1.
"""

FIRST, LONGEST = 2.0, 3600.0
CIRCUIT_AFTER = 3
CIRCUIT_FIRST, CIRCUIT_LONGEST = 10.0, 900.0
SPREAD = 60.0


def delay(tries: int, chance: float) -> float:
    """Before the next try of a job that was tried `tries` (≥ 1) times. Never under half a second: no busy loop."""
    return max(0.5, bound(tries) * chance)


def bound(tries: int) -> float:
    return min(LONGEST, FIRST * 2.0 ** min(tries - 1, 30))


def pause(failures: int, chance: float) -> float:
    """How long a receiver is left alone after `failures` failures in a row: not at all below CIRCUIT_AFTER.

    Half of it is certain, for a pause of nearly nothing is none.
    """
    if failures < CIRCUIT_AFTER:
        return 0.0
    longest = min(CIRCUIT_LONGEST, CIRCUIT_FIRST * 2.0 ** min(failures - CIRCUIT_AFTER, 30))
    return longest * (0.5 + chance / 2)


def after_pause(seconds_left: float, chance: float) -> float:
    """When a job that waits for a paused receiver comes back: after the pause, spread, so that one finds out first.

    Never over more than the pause itself: what was down for seconds isn't left alone for a minute.
    """
    left = max(0.0, seconds_left)
    return left + min(SPREAD, left) * chance
