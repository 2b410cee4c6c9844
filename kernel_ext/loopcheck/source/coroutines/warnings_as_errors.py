"""Never-awaited coroutines whose warnings the project's filters turned into a test's error."""

from __future__ import annotations

from types import CoroutineType
from typing import NamedTuple

from loopcheck.process import objects
from loopcheck.process.errors import destructor_errors
from loopcheck.source.coroutines import unawaited_warnings


class Warned(NamedTuple):
    """What pytest would have recorded of the warning."""

    message: RuntimeWarning
    source: object  # the coroutine
    filename: str
    lineno: int
    category: type[Warning] = RuntimeWarning


def of(error: BaseException) -> list[Warned]:
    """Return the warnings about coroutines that made *error*.

    Python cannot raise where a coroutine is dropped: pytest keeps the error, and fails the test.
    """
    found = (_of(one) for one in destructor_errors.of(error) if type(one) is RuntimeWarning)
    return [one for one in found if one is not None and unawaited_warnings.is_one(one)]


def _of(said: RuntimeWarning) -> Warned | None:
    trace, at = objects.trace_of(said), destructor_errors.dropped_at(said)
    values = trace.tb_frame.f_locals.values() if trace is not None else ()
    source = next((one for one in values if type(one) is CoroutineType), None)
    return Warned(said, source, *at) if source is not None else None
