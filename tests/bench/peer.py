"""Another process that says an operation took as many seconds as it is asked for times, and stops at 13."""

import sys

from bench.measuring.cost import serve


def case(times: int) -> float:
    if times == 13:
        sys.exit(1)
    return float(times)


if __name__ == "__main__":
    serve(case)
