"""How a test run that was stopped is told of: by what became of the test, not by the clock."""

from time import monotonic
from types import FrameType
from typing import cast

import pytest

from loopcheck.labels import Labels
from loopcheck.watch.hang import hung_kernels
from loopcheck.watch.runs.pytest_runs import TestRun


class Reporting:
    """A run whose test has ended, and whose pytest takes its time to report it."""

    def __init__(self, seconds: float) -> None:
        self.end = monotonic() + seconds

    def name(self) -> str:
        return "test_hang"

    def frames(self) -> list[FrameType]:
        return []

    def root(self) -> None:
        return None

    users = root

    def go_no_further(self) -> None:
        """Nothing is to come."""

    def gone(self) -> bool:
        return monotonic() > self.end


def test_a_slow_report_is_no_test_that_blocks_its_thread(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hung_kernels, "IN_ALL", 0.0)  # as on a machine that is busy
    ended = hung_kernels.end_test_run(cast("TestRun", Reporting(0.1)), Labels("/"))
    assert ended == hung_kernels.Ended(what="test_hang", how="cancelled")


@pytest.mark.parametrize(
    ("raised_at", "ends_at", "how"), [(30, 31, "raised"), (2, 1_000, None), (1_000, 1_000, "held")]
)
def test_a_cell_goes_on_only_if_it_got_an_error(
    monkeypatch: pytest.MonkeyPatch, raised_at: int, ends_at: int, how: str | None
) -> None:
    """On a busy machine the main thread may take its first error late."""
    monkeypatch.setattr(hung_kernels, "PATIENCE", 0.01)
    monkeypatch.setattr(hung_kernels, "IN_ALL", 30 if how == "raised" else 0.5)
    calls: list[None] = []
    raising = hung_kernels.Raising(lambda: calls.append(None), lambda: int(len(calls) >= raised_at))
    assert raising.until(lambda: len(calls) >= ends_at) == how
