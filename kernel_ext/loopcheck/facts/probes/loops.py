"""A loop in words: number, scope or maker, and whether it is closed."""

import asyncio
from typing import Protocol

from loopcheck.facts.labels import Labels
from loopcheck.facts.probes import objects, source
from loopcheck.facts.records import LoopRecord, Place


class Known(Protocol):
    """What the ledger may know of a loop; gather hands it over."""

    serial: int
    thread: str
    main: bool
    scope: str | None
    node: str | None
    callers: tuple[tuple[str, str, int, str], ...]


def read_loop(
    loop: asyncio.AbstractEventLoop,
    labels: Labels,
    known: Known | None = None,
    role: str | None = None,
) -> LoopRecord:
    """Return *loop* in words; *role* is used where the ledger knows none."""
    made_at = maker(known, labels) if known else None
    return LoopRecord(
        label=labels.of("loop", loop),
        role=(role_of(known, labels) if known else None) or role,
        state="closed" if objects.closed(loop) else "open",
        kind=objects.type_name(loop),
        made_at=made_at,
        born=known.serial if known else 0,
    )


def scoped(scope: str, nodeid: str, labels: Labels) -> str:
    """Return "module loop of tests/test_cart.py", "function loop of test_two", "session loop"."""
    if scope == "session":
        return "session loop"
    node = labels.node(nodeid)
    if scope in ("function", "class"):
        node = node.rpartition("::")[2]
    elif scope == "package":
        node = node or "the root"
    elif node == "cell":
        node = "the cell"
    return f"{scope} loop of {node}" if node else f"{scope} loop"


def role_of(known: Known, labels: Labels) -> str | None:
    """Return what kind of loop it is, None where nothing tells."""
    if known.scope:
        return scoped(known.scope, known.node or "", labels)
    makers = {module for module, *_ in known.callers}
    if "unittest.async_case" in makers:
        return "loop of IsolatedAsyncioTestCase"
    if "anyio.pytest_plugin" in makers:
        return "loop of anyio's test runner"
    if (place := maker(known, labels)) is not None:
        return f"loop made at {place}"
    return None if known.main else f"loop of thread {plain_thread(known.thread)}"


def plain_thread(name: str) -> str:
    """Return a thread's name without the number that differs from run to run."""
    return name.rstrip("0123456789_- ") or name


def maker(known: Known, labels: Labels) -> Place | None:
    """Return the user's line that made the loop."""
    for module, filename, line, name in known.callers:
        if source.owner(filename, module) == "user":
            return Place(labels.file(filename), line, name)
    return None
