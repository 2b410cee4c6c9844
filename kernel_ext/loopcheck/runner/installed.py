"""What is installed and configured for the whole process, without importing anything."""

from __future__ import annotations

import asyncio
import platform
import sys
from collections.abc import Iterator
from importlib import metadata
from types import ModuleType

from loopcheck.process import objects
from loopcheck.records import ConfigRecord

PACKAGES = (
    *("pytest", "pytest-asyncio", "anyio", "ipykernel", "ipytest"),
    *("valkey", "redis", "asyncpg", "sqlalchemy"),
)


def versions() -> dict[str, str]:
    """Return the versions of the packages that decide how async tests run."""
    return {name: said for name in PACKAGES if (said := version(name)) is not None}


def version(name: str) -> str | None:
    """Return the installed version of *name*, without importing it."""
    try:
        return metadata.version(name)
    except (metadata.PackageNotFoundError, KeyError, TypeError):  # broken metadata has no version
        return None


def numbers(said: str) -> tuple[int, ...]:
    """Return "1.0.0rc1" as (1, 0, 0)."""
    first = said.split("+")[0].split(".")[:3]
    return tuple(int(digits) for part in first if (digits := part[: _leading(part)]))


def _leading(part: str) -> int:
    return next((at for at, sign in enumerate(part) if not sign.isdigit()), len(part))


def read_process() -> Iterator[ConfigRecord]:
    """Yield the settings of the whole process that change how loops are created or run."""
    policy = vars(asyncio.events).get("_event_loop_policy")  # its getter would create one and warn
    kind = objects.type_name(policy)
    if policy is not None and not kind.startswith("asyncio."):
        yield ConfigRecord(
            name="event loop policy",
            value=kind,
            advice="Policies are deprecated since Python 3.14: give loop_factory= to asyncio.Runner"
            " or asyncio.run.",
        )
    if vars(asyncio).get("_nest_patched") is True:
        yield ConfigRecord(
            name="nest_asyncio",
            value="applied",
            advice="Restart without it: in a notebook, %%ipytest needs a thread of its own.",
        )
    ipytest = sys.modules.get("ipytest._config")
    kept = ipytest.__dict__.get("current_config") if type(ipytest) is ModuleType else None
    if type(kept) is dict and kept.get("run_in_thread") is False:
        yield ConfigRecord(
            name="%%ipytest",
            value="runs on the kernel's loop",
            advice="Async tests fail there: say ipytest.autoconfig(run_in_thread=True).",
        )


def read_versions(versions: dict[str, str]) -> Iterator[ConfigRecord]:
    """Yield the versions, with the differences of an outdated one."""
    yield ConfigRecord(name="Python", value=platform.python_version())
    for name in PACKAGES:
        if name in versions:
            yield ConfigRecord(
                name=name, value=versions[name], advice=_outdated(name, numbers(versions[name]))
            )
        elif name == "pytest-asyncio":
            yield ConfigRecord(name=name, value="not installed")


def _outdated(name: str, found: tuple[int, ...]) -> str | None:
    if name == "pytest-asyncio" and found < (1,):
        return "Its loops come from the event_loop fixture: upgrade to 1.0, and say loop_scope=."
    if name == "pytest" and found < (8, 4):
        return "It skips async tests that no plugin runs, and stays green: upgrade to 8.4."
    return None
