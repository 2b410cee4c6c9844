"""Collects garbage between the end of each test and that of its loop, as some suites do."""

import gc

import pytest


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call():
    yield
    gc.collect()
