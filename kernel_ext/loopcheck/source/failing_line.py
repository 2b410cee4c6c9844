"""The failing line as its syntax tree: the exact part that failed, and the values of its names."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable, Iterator, Sequence
from types import FrameType, TracebackType
from typing import Any

from loopcheck.light import dataclass
from loopcheck.process import objects
from loopcheck.process.doubles import doubles
from loopcheck.process.frames import module_of, owner_of
from loopcheck.records import Wanted
from loopcheck.source import lines, parsed_files, project_files
from loopcheck.source.values import meaning

FileLine = tuple[str, int]

END = 150  # entries at a traceback's end: a recursion has a thousand, all alike


@dataclass(frozen=True, eq=False)
class At:
    """A frame of a traceback, and the line it was at. Lives only while a probe runs."""

    frame: FrameType
    line: int
    source: lines.Line
    scope: doubles.Scope

    @property
    def node(self) -> ast.AST | None:
        """Exactly what failed, if Python and the text agree."""
        return self.source.node

    @property
    def step(self) -> ast.stmt | None:
        """The statement; of a block only its head."""
        return self.source.statement

    @property
    def module(self) -> str:
        return module_of(self.frame)

    @property
    def owner(self) -> project_files.Owner:
        return owner_of(self.frame)

    @property
    def function(self) -> ast.FunctionDef | ast.AsyncFunctionDef | None:
        code = self.frame.f_code
        return parsed_files.function_of(code)

    def mean(self, node: ast.AST) -> object:
        return doubles.mean(node, self.scope)

    def heads(self) -> list[ast.AST]:
        """Return the parts of the statement that run with it: not the body of a block."""
        return self.source.heads()

    def nodes(self) -> Iterator[ast.AST]:
        """Yield all nodes of these parts."""
        return self.source.nodes()


@dataclass(frozen=True, eq=False, kw_only=True)
class Look:
    """The failing test, and what watches know about mocks. Lives only while a probe runs."""

    item: Any
    made_at: Callable[[object], FileLine | None]  # the line that created a mock
    made: Callable[[], list[object]]  # the mocks that were created, and still exist
    puts: Sequence[doubles.Put]  # what patches had put in place, the last first
    warned: Sequence[Any] = ()  # Python's warnings about coroutines, in this test so far

    def all_mocks(self) -> Iterator[object]:
        """Yield the mocks that were created, and their children and results."""
        for one in self.made():
            yield from doubles.out_of(one)

    def called(self, fits: Callable[[object], bool]) -> dict[str, object]:
        """Return the mocks that came from a parent, were called, and fit, by their names.

        It is not always known which object has a mock: `request.app["repo"].find(…)`. So mocks that
        share a name are left out.
        """
        found: dict[str, dict[int, object]] = {}
        for one in self.all_mocks():
            name = objects.peek(one, "_mock_new_name") if doubles.calls(one) else None
            if type(name) is str and name and fits(one):
                found.setdefault(name, {})[id(one)] = one
        alone = (name for name, ones in found.items() if len(ones) == 1)
        return {name: found[name].popitem()[1] for name in alone}

    def stood(self, owner: object, name: str) -> object:
        """Return what a patch had put under *name* of *owner* when the test failed."""
        for one in self.puts:
            if one.over and one.owner is owner and one.name == name:
                return one.double
        return objects.UNKNOWN

    def original(self, double: object) -> doubles.Put | None:
        """Return the patch that put *double* in place."""
        return next((one for one in self.puts if doubles.same(one.double, double)), None)


@dataclass(frozen=True, eq=False, kw_only=True)
class Stumble:
    """A double that an expression led to. Lives only while a probe runs."""

    double: object  # a mock, or a user function
    wanted: Wanted
    node: ast.AST | None  # the expression; None: the line leads there in other ways
    at: At
    got: object = objects.UNKNOWN
    kind: str | None = None  # type of the value, if only that is known
    sure: bool = False
    detail: str | None = None
    set_at: FileLine | None = None  # the line that set the double's return value or side effect
    skipped: str | None = None  # the function that did not run
    layer_at: FileLine | None = None  # the line of it that would have mattered
    called: FileLine | None = None  # the line of the call, if that is long over
    freed: bool = False  # no line uses it: its coroutine was freed there, without an `await`


def trace_of(error: BaseException) -> list[TracebackType]:
    """Return the traceback of *error*, outermost first; of a recursion its two ends."""
    found = []
    trace = objects.trace_of(error)
    while trace is not None:
        found.append(trace)
        trace = trace.tb_next
    return found if len(found) <= 2 * END else [*found[:END], *found[-END:]]


def users_of(trace: Iterable[TracebackType]) -> list[TracebackType]:
    """Return the entries of *trace* that are lines of user code."""
    return [one for one in trace if owner_of(one.tb_frame) == "user"]


def at(trace: TracebackType, stood: doubles.Stood) -> At:
    """Return one entry of a traceback with its line."""
    frame = trace.tb_frame
    scope = doubles.Scope(meaning.own_names(frame), frame.f_globals, stood)
    return At(frame, trace.tb_lineno, lines.of_trace(trace), scope)
