"""What stands in for pytest-asyncio's runners: its own machinery hands coroutines to ours."""

from __future__ import annotations

from collections.abc import Callable
from types import ModuleType
from typing import Any

import pytest
import pytest_asyncio

from loopcheck.faces.kernel_runner import KernelRunner

SCOPES = ("session", "package", "module", "class", "function")


def too_old() -> str | None:
    """Return the version of a pytest-asyncio that has no runners to stand in for."""
    there = hasattr(pytest_asyncio.plugin, "_function_scoped_runner")
    return None if there else str(pytest_asyncio.__version__)


def plugin(runner: KernelRunner) -> ModuleType:
    """Return a plugin whose fixtures give *runner*, one fixture for each scope."""
    made = ModuleType("loopcheck_runners")
    for scope in SCOPES:
        name = f"_{scope}_scoped_runner"
        setattr(made, name, pytest.fixture(scope=scope, name=name)(_giving(runner)))  # type: ignore[call-overload]
    return made


def _giving(runner: KernelRunner) -> Callable[[], KernelRunner]:
    def scoped_runner() -> KernelRunner:
        return runner

    return scoped_runner


def as_fixture(function: Callable[..., Any], options: dict[str, Any]) -> Any:
    """Return an async *function* as a fixture of pytest-asyncio's."""
    decorator: Any = pytest_asyncio.fixture
    return decorator(**options)(function)
