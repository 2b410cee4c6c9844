"""Gathers the Evidence of an async test that its runner never awaits."""

from __future__ import annotations

from typing import Any

from loopcheck.labels import Labels
from loopcheck.light import replace
from loopcheck.records import Evidence
from loopcheck.runner import collected_tests, fixtures, session
from loopcheck.source import user_code
from loopcheck.watch import thrown_away


def of_unrun(item: Any, labels: Labels) -> Evidence:
    """Return the Evidence of a test that its runner calls, or does not even call, but never awaits.

    A decorator that poses as the function, or a class that wraps its methods on attribute access,
    may have run it: then no coroutine of the test was thrown away.
    """
    test = collected_tests.read_item(item, labels)
    if test is not None and test.form == "coroutine":
        given = getattr(item, "obj", None)
        test = replace(
            test, passed_over=thrown_away.met(user_code.own(given), user_code.test(item))
        )
    return Evidence(
        test=fixtures.read_test(item, "call", labels),
        item=test,
        session=session.read_session(item, labels),
    )
