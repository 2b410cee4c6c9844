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
