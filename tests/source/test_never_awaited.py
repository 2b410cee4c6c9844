"""A coroutine that nobody awaited: whose it is, where no line of the project is known for it."""

import gc
import warnings
from pathlib import Path
from typing import Any

import anyio
import pytest

from loopcheck.labels import Labels
from loopcheck.source.coroutines import never_awaited


def role(made: Any, item: pytest.Item) -> str | None:
    said = RuntimeWarning(f"coroutine '{made.__qualname__}' was never awaited")
    warned = warnings.WarningMessage(said, RuntimeWarning, "gc.py", 3, source=made)
    found = never_awaited.read(warned, item, [item], Labels("."), late=True)
    made.close()
    assert found.made_at is None
    return found.role


def test_a_librarys_coroutine_that_no_line_made_is_the_librarys(
    request: pytest.FixtureRequest,
) -> None:
    """A failed test's frames may free it in any other test: it would be named there, and wrong."""
    assert role(eval("anyio.sleep(0)", {"anyio": anyio}), request.node) == "library"


def test_a_projects_own_is_told_even_so(request: pytest.FixtureRequest) -> None:
    names: dict[str, Any] = {}
    exec(compile("async def own(): pass\nmade = own()", __file__, "exec"), names)
    assert role(names["made"], request.node) is None


def frees() -> None:
    gc.collect()


def makes(run: Any) -> None:
    run()


@pytest.mark.parametrize(("function", "made"), [(frees, False), (makes, True)])
def test_a_line_that_only_frees_made_none(
    function: Any, made: bool, request: pytest.FixtureRequest
) -> None:
    """It is another test's: the garbage of all tests before may be freed in this one."""
    names: dict[str, Any] = {}
    exec(compile("async def own(): pass\nmade = own()", __file__, "exec"), names)
    line = function.__code__.co_firstlineno + 1
    said = RuntimeWarning("coroutine 'own' was never awaited")
    warned = warnings.WarningMessage(said, RuntimeWarning, __file__, line, source=names["made"])
    found = never_awaited.read(warned, request.node, [], Labels(str(Path(__file__).parent)))
    names["made"].close()
    assert (str(found.made_at) == f"test_never_awaited.py:{line}") is made
    assert (found.made_at is None) is not made
