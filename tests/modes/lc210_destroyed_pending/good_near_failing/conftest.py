"""Collects garbage between a test's failure and its teardown, as a busy run may."""

import gc
import sys

import pytest


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_teardown():
    for name in ("last_exc", "last_value", "last_traceback", "last_type"):
        vars(sys).pop(name, None)
    gc.collect()
