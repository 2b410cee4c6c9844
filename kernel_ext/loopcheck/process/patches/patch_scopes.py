"""Whether code that starts something does so for one test, or for several."""

from __future__ import annotations

from types import FrameType
from typing import Any

RUNS = "pytest_runtest_call"  # of pytest: what it runs is the test, and unittest's `setUp`
FIXTURE = "pytest_fixture_setup"
WIDER = frozenset({"setUpClass", "setUpModule", "setup_class", "setup_module", "<module>"})


def is_for_one_test(frame: FrameType | None) -> bool:
    """Return whether *frame* belongs to a test, or to what is set up for each."""
    while frame is not None:
        name = frame.f_code.co_name
        if name in WIDER or name == RUNS:
            return name == RUNS
        if name == FIXTURE:
            fixture: Any = frame.f_locals.get("fixturedef")
            return getattr(fixture, "scope", None) == "function"
        frame = frame.f_back
    return False
