"""A loop described in words: number or name, role, creator, thread; and a list of all loops."""

from __future__ import annotations

import ast
import sys
import threading
from collections.abc import Callable, Iterable, Iterator
from typing import Protocol

from loopcheck.labels import Labels, plain
from loopcheck.process import objects
from loopcheck.process.loops import live_loops
from loopcheck.process.loops.live_loops import Callers, Loop, Run, closed, thread_words
from loopcheck.records import ClientLoop, LoopRecord, Owner, Place
from loopcheck.source import calls, parsed_files

# Machinery gets a description. The outermost of these modules that runs or created a loop decides.
_WORDS = {
    "ipykernel.subshell": "a subshell's loop",
    "ipykernel.shellchannel": "the kernel's shell channel loop",
    "ipykernel.control": "the kernel's control loop",
    "ipykernel.iostream": "the kernel's iopub loop",
    "ipykernel.heartbeat": "the kernel's heartbeat loop",
    "ipykernel.kernelapp": "the kernel's loop",
    "ipykernel": "a loop of the kernel",
    "IPython": "IPython's loop",
    "pytest_asyncio": "pytest-asyncio's own loop",
    "nbval": "nbval's loop",
    "loopcheck": "loopcheck's own loop",
}
# These run tests, on loops that they create.
_RUNNERS = {
    "unittest.async_case": "loop of IsolatedAsyncioTestCase",
    "anyio.pytest_plugin": "loop of anyio's test runner",
    "aiohttp.pytest_plugin": "loop of aiohttp's plugin",
}
# Starlette's and FastAPI's: it runs the application in the thread of a portal. Without `with`, it
# opens a portal for each request, in this function.
_CLIENT, _FOR_A_REQUEST = "starlette.testclient", "_portal_factory"
# These run a loop for their caller: the next frame outward shows whose loop it is.
_GO_BETWEENS = frozenset({"anyio", "asyncio", "concurrent", "nest_asyncio", "tornado", "uvloop"})


class Known(Protocol):
    """The ledger's facts about a loop; gather passes them in."""

    serial: int
    thread: str
    main: bool
    scope: str | None
    node: str | None
    callers: Callers
    starters: Callers
    stoppers: Callers
    closers: Callers


class Listed(Known, Protocol):
    """An entry of the ledger, with a weak reference to its loop."""

    @property
    def ref(self) -> Callable[[], Loop | None]: ...


def read_loop(
    loop: Loop,
    labels: Labels,
    known: Known | None = None,
    role: str | None = None,
    words: str | None = None,
) -> LoopRecord:
    """Return *loop* as a record; *role* if the ledger has none, *words* for machinery."""
    made_at = maker(known, labels) if known else None
    return LoopRecord(
        label=words or labels.of("loop", loop),
        role=None if words else (role_of(known, labels) if known else None) or role,
        state="closed" if closed(loop) else "open",
        kind=objects.type_name(loop),
        made_at=made_at,
        thread=_other_thread(loop),
        owner="machinery" if words else "user",
        born=known.serial if known else 0,
        cell=_cell(made_at),
        started_at=started_at(known, labels) if known else None,
        test_client=test_client(known) if known else None,
        stopped_at=stopped_at(known, labels) if known else None,
    )


def _other_thread(loop: Loop) -> str | None:
    """Return the name of the other thread that runs *loop* now, None if no other one does."""
    ident = objects.peek(loop, "_thread_id")
    if ident in (None, threading.get_ident()):
        return None
    names = (objects.peek(one, "_name") for one in threading.enumerate() if one.ident == ident)
    return next((plain(name) for name in names if type(name) is str), None)


def read_loops(
    labels: Labels, known: Iterable[Listed] = (), *, deep: bool = False
) -> tuple[LoopRecord, ...]:
    """Return a record of each visible loop; *deep* also searches the heap."""
    return tuple(record for _, record in seen(labels, known, deep=deep))


def seen(
    labels: Labels, known: Iterable[Listed] = (), *, deep: bool = False
) -> tuple[tuple[Loop, LoopRecord], ...]:
    """Return each loop that runs, or is open and known or has tasks; with its record."""
    runs = {id(run.loop): run for run in live_loops.running()}
    entries = {id(loop): entry for entry in known if (loop := entry.ref()) is not None}
    found = {id(run.loop): run.loop for run in runs.values()}
    for loop in _others(entries.values(), deep=deep):
        found.setdefault(id(loop), loop)
    both = [
        (loop, _read(loop, labels, runs.get(key), entries.get(key)))
        for key, loop in sorted(found.items(), key=lambda one: _order(one[0], runs, entries))
    ]
    return tuple(sorted(both, key=lambda one: one[1].owner == "machinery"))


def _others(known: Iterable[Listed], *, deep: bool) -> Iterator[Loop]:
    for entry in known:
        if (loop := entry.ref()) is not None and not closed(loop):
            yield loop
    yield from live_loops.with_tasks()
    if deep:
        yield from live_loops.on_heap()


def _order(key: int, runs: dict[int, Run], known: dict[int, Listed]) -> tuple[int, bool, str]:
    """Sort by birth; loops with an unknown birth come first, the main thread's before all."""
    run, entry = runs.get(key), known.get(key)
    return entry.serial if entry else 0, not (run and run.main), run.thread if run else "~"


def _read(loop: Loop, labels: Labels, run: Run | None, known: Known | None) -> LoopRecord:
    owner, words = _whose(run, known)
    made_at = maker(known, labels) if known else None
    runs = run is not None or (not closed(loop) and live_loops.asked(loop, "is_running") is True)
    return LoopRecord(
        label=words or labels.of("loop", loop),
        role=None if words else _role(run, known, labels),
        state="running" if runs else "closed" if closed(loop) else "open",
        kind=objects.type_name(loop),
        made_at=made_at,
        thread=run.thread if run else None,
        owner=owner,
        cell=_cell(made_at),
        born=known.serial if known else 0,
        started_at=started_at(known, labels) if known else None,
        test_client=test_client(known) if known else None,
        stopped_at=stopped_at(known, labels) if known else None,
    )


def _role(run: Run | None, known: Known | None, labels: Labels) -> str | None:
    if known is not None:
        return role_of(known, labels)
    return f"loop of {run.thread}" if run is not None and not run.main else None


def _cell(place: Place | None) -> int | None:
    number = place.file.removeprefix("cell ") if place else ""
    return int(number) if number.isdecimal() else None


def machinery(loop: Loop, known: Known | None = None) -> str | None:
    """Return the words for *loop* if the kernel or pytest runs it for itself, else None."""
    run = next((run for run in live_loops.running() if run.loop is loop), None)
    return _whose(run, known)[1]


def of_cells(loop: Loop, known: Known | None = None) -> str | None:
    """Return the words for *loop* if cells run on it, else None."""
    if not {"ipykernel.kernelapp", "IPython"} & sys.modules.keys():
        return None
    words = machinery(loop, known)
    return words if words in (_WORDS["ipykernel.kernelapp"], _WORDS["IPython"]) else None


def _whose(run: Run | None, known: Known | None) -> tuple[Owner, str | None]:
    """Return the owner of a loop, and the words for it if it is machinery."""
    if (known is not None and known.scope) or _tests_run_there(run, known):
        return "user", None
    for callers in (known.callers if known else (), run.callers if run else ()):
        owner = next((o for module, file, *_ in callers if (o := _owner(module, file))), None)
        if owner == "machinery" and (words := _words(callers)) is not None:
            return owner, words
        if owner is not None and owner != "machinery":
            return owner, None
    return "user", None


def _tests_run_there(run: Run | None, known: Known | None) -> bool:
    """Return whether pytest keeps the loop for tests: those loops belong to user code."""
    made = {module for module, *_ in known.callers} if known else set()
    runs = {module for module, *_ in run.callers} if run else set()
    return bool((made | runs) & {"anyio.pytest_plugin", "unittest.async_case"}) or (
        "pytest_asyncio.plugin" in runs
    )


def _owner(module: str, filename: str) -> Owner | None:
    """Return whose frame it is; None for the standard library and for go-betweens."""
    found = live_loops.owner(filename, module)
    root = module.partition(".")[0]
    if found == "library" and (root in _GO_BETWEENS or root in sys.stdlib_module_names):
        return None
    return found


def _words(callers: Callers) -> str | None:
    modules = {module for module, *_ in callers}
    for name, words in _WORDS.items():
        if any(module == name or module.startswith(f"{name}.") for module in modules):
            return words
    return None


def notes() -> tuple[str, ...]:
    """Return what cannot be seen here, one line each."""
    said = []
    if live_loops.runs_trio():
        said.append("loops: trio's are not looked at")
    if "uvloop" in sys.modules:
        said.append("loops: uvloop's are seen only while they run or have tasks")
    return tuple(said)


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
    """Return the role of the loop, None if it is unknown."""
    if known.scope:
        return scoped(known.scope, known.node or "", labels)
    runner = next((module for module in _askers(known.callers) if module in _RUNNERS), None)
    if runner is not None:
        return _RUNNERS[runner]
    if (place := maker(known, labels)) is not None:
        return f"loop made at {place}"
    if known.starters:
        started = started_at(known, labels)
        who = "loop of TestClient" if test_client(known) else "loop of a portal"
        return f"{who} at {started}" if started is not None else who
    return None if known.main else f"loop of {thread_words(known.thread)}"


def test_client(known: Known) -> ClientLoop | None:
    """Return how a test client runs the loop, None if none does."""
    names = {name for module, _, _, name in known.starters if module == _CLIENT}
    return ("request" if _FOR_A_REQUEST in names else "entered") if names else None


def started_at(known: Known, labels: Labels) -> Place | None:
    """Return the innermost line of user code that waited for the thread of a portal."""
    mine = (live_loops.owner(file, module) == "user" for module, file, *_ in known.starters)
    return asked_at(known.starters, next((at for at, own in enumerate(mine) if own), None), labels)


def _askers(callers: Callers) -> Iterator[str]:
    """Yield the modules for which a loop was created, innermost first, up to user code.

    If asyncio calls the line of user code, in a policy or a factory, the loop is for asyncio's
    caller.
    """
    for (module, filename, *_), outer in zip(callers, (*callers[1:], None), strict=True):
        yield module
        own = live_loops.owner(filename, module) == "user"
        if own and not (outer and outer[0].startswith("asyncio.") and outer[3] != "_run"):
            return


def asked_at(callers: Callers, number: int | None, labels: Labels) -> Place | None:
    """Return the line of the caller of that *number*, if it is user code."""
    if number is None or live_loops.owner(callers[number][1], callers[number][0]) != "user":
        return None
    _, file, line, name = callers[number]
    return Place(labels.file(file), line, name)


def maker(known: Known, labels: Labels) -> Place | None:
    """Return the line of user code that created the loop."""
    return _users(known.callers, labels)


def closer(known: Known, labels: Labels) -> Place | None:
    """Return the line of user code that closed the loop."""
    return _users(known.closers, labels)


def _users(callers: Callers, labels: Labels) -> Place | None:
    """Return the innermost line of user code among *callers*."""
    for module, filename, line, name in callers:
        if live_loops.owner(filename, module) == "user":
            return Place(labels.file(filename), line, name)
    return None


def stopped_at(known: Known, labels: Labels) -> Place | None:
    """Return the line of user code that stopped the loop last, else the one that closed it.

    A line that reads `loop.stop` for a signal's handler stops nothing yet.
    """
    for callers in (known.stoppers, known.closers):
        for module, filename, line, name in callers:
            if live_loops.owner(filename, module) == "user":
                nodes = parsed_files.standing_at(filename, line)
                made = {calls.last(node.func) for node in nodes if isinstance(node, ast.Call)}
                if "add_signal_handler" not in made:
                    return Place(labels.file(filename), line, name)
                break
    return None
