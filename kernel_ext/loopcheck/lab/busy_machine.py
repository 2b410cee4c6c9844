"""Whether a limit of time ran out because the machine had too much to do."""

import os

from loopcheck.lab.seen import Seen

USUAL_START = 3.0  # seconds for pytest to start: 0.35 on a quiet machine, 1.5 on a slow one
CROWD = 4.0  # processes that want to run, for each processor: with 10, right answers were refused
LIMITS = ("Timeout", "timeout", "timed out")


def hit_a_limit(seen: Seen) -> bool:
    """True if the grader, or a test, gave up after a time."""
    slow_end = seen.lingering and not seen.threads
    return seen.late or seen.never_started or slow_end or seen.failed_with(*LIMITS)


def is_busy(seen: Seen) -> bool:
    """True if the run started slowly, or if more processes want to run than can."""
    return seen.never_started or seen.start > USUAL_START or _load() > CROWD


def _load() -> float:
    """Return how many processes want to run for each processor: 0 where the system can't tell."""
    try:
        return os.getloadavg()[0] / (os.cpu_count() or 1)
    except (AttributeError, OSError):  # Windows
        return 0.0
