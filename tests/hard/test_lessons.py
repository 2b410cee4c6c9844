"""Lessons in an order chosen by chance, while others use the processors: they show the same."""

import os
import random
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from tried import Planted

NOTEBOOKS = Path(__file__).resolve().parents[2] / "notebooks"
SAMPLE = 4  # lessons of a round
# Not for longer than these tests: they may be killed.
BUSY = f"import os\nwhile os.getppid() == {os.getpid()}:\n    sum(range(100_000))\n"


def free_processors() -> int:
    """Return how many processors the tests on other workers leave, at least one and at most four.

    More would not be a busier machine, but one where the limits in the lessons themselves pass.
    """
    beside = int(os.environ.get("PYTEST_XDIST_WORKER_COUNT", "1")) - 1
    return max(min(os.cpu_count() or 1, 4) - beside, 1)


@pytest.fixture
def busy() -> Iterator[None]:
    """Keep each processor at work."""
    others = [subprocess.Popen([sys.executable, "-c", BUSY]) for _ in range(free_processors())]
    try:
        yield
    finally:
        for one in others:
            one.kill()
            one.wait()


@pytest.mark.usefixtures("busy")
def test_lessons_under_load(
    round_number: int, chance: random.Random, planted: Planted, tmp_path: Path
) -> None:
    lessons = sorted(NOTEBOOKS.glob("*.ipynb"))
    chosen = chance.sample(lessons, SAMPLE)
    print(*(one.name for one in chosen))
    planted(SAMPLE)
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "--nbval", "-q", "-p", "no:cacheprovider", *chosen],
        cwd=NOTEBOOKS,
        env={**os.environ, "TMPDIR": str(tmp_path), "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        text=True,
        timeout=900,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-5000:]
