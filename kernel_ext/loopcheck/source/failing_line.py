"""The failing line as its syntax tree: what exactly failed there, and what its names meant."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable, Iterator, Sequence
from types import FrameType, TracebackType
from typing import Any

from loopcheck.light import dataclass
from loopcheck.process import objects
from loopcheck.process.doubles import doubles
from loopcheck.records import Wanted
from loopcheck.source import parsed_files, project_files
from loopcheck.source.values import meaning

Line = tuple[str, int]

END = 150  # entries of a traceback's end: a recursion has a thousand, all alike


@dataclass(frozen=True, eq=False)
class At:
    """A frame of a traceback, and what it was at. Lives only while a probe runs."""

    frame: FrameType
    line: int
    node: ast.AST | None  # exactly what failed, where Python and the text agree
    step: ast.stmt | None  # the statement; of a block its head counts
    scope: doubles.Scope

    @property
    def module(self) -> str:
        return module_of(self.frame)

    @property
    def owner(self) -> project_files.Owner:
        return owner_of(self.frame)

    @property
    def function(self) -> ast.FunctionDef | ast.AsyncFunctionDef | None:
        code = self.frame.f_code
        return parsed_files.function_at(code.co_filename, code.co_firstlineno)

    def mean(self, node: ast.AST) -> object:
        return doubles.mean(node, self.scope)

    def heads(self) -> list[ast.AST]:
        """Return the parts of the statement that run with it: not the body of a block."""
        if self.step is None:
            return []
        if not hasattr(self.step, "body"):
            return [self.step]
        return [
            child
            for child in ast.iter_child_nodes(self.step)
            if isinstance(child, ast.expr | ast.withitem)
        ]


@dataclass(frozen=True, eq=False, kw_only=True)
class Look:
    """Whose failure it is, and what watches know of doubles. Lives only while a probe runs."""

    item: Any
    made_at: Callable[[object], Line | None]  # the line that made a mock
    made: Callable[[], list[object]]  # the mocks that were made, and are there still
    puts: Sequence[doubles.Put]  # what patches had put in place, the last first
    warned: Sequence[Any] = ()  # Python's warnings about coroutines, in this test so far

    def all_mocks(self) -> Iterator[object]:
        """Yield the mocks that were made, and what came out of them."""
        for one in self.made():
            yield from doubles.out_of(one)

    def called(self, fits: Callable[[object], bool]) -> dict[str, object]:
        """Return the mocks that came out of a parent, were called, and fit, by their names.

        Which object has it can't always be told: `request.app["repo"].find(…)`. So of those with
        the same name there is none.
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
        """Return what *double* was put in the place of."""
        return next((one for one in self.puts if doubles.same(one.double, double)), None)


@dataclass(frozen=True, eq=False, kw_only=True)
class Stumble:
    """A double that an expression led to. Lives only while a probe runs."""

    double: object  # a mock, or a function of the user's
    wanted: Wanted
    node: ast.AST | None  # what the line says; None: what it says leads there in other ways
    at: At
    got: object = objects.UNKNOWN
    kind: str | None = None  # type of what stood there, where only that is known
    sure: bool = False
    detail: str | None = None
    set_at: Line | None = None  # the line that said what the double is to give or to do
    skipped: str | None = None  # the function that did not run
    layer_at: Line | None = None  # the line of it that would have mattered
    called: Line | None = None  # the line of the call, where that is long over


def module_of(frame: FrameType) -> str:
    """Return the name of the module whose code *frame* runs, as that module says it."""
    return str(frame.f_globals.get("__name__", ""))


def trace_of(error: BaseException) -> list[TracebackType]:
    """Return the traceback of *error*, outermost first; of a recursion its two ends."""
    found = []
    trace = objects.trace_of(error)
    while trace is not None:
        found.append(trace)
        trace = trace.tb_next
    return found if len(found) <= 2 * END else [*found[:END], *found[-END:]]


def users_of(trace: Iterable[TracebackType]) -> list[TracebackType]:
    """Return the entries of *trace* that are lines of the user's."""
    return [one for one in trace if owner_of(one.tb_frame) == "user"]


def owner_of(frame: FrameType) -> project_files.Owner:
    """Return whose code *frame* runs."""
    return project_files.owner(frame.f_code.co_filename, module_of(frame))


def at(trace: TracebackType, stood: doubles.Stood) -> At:
    """Return what one entry of a traceback was at."""
    frame, line = trace.tb_frame, trace.tb_lineno
    spot = parsed_files.spot(frame.f_code, trace.tb_lasti)
    exact: ast.AST | None = None
    step: ast.stmt | None = None
    lines = line, spot[0] or line
    for node in parsed_files.standing_at(frame.f_code.co_filename, *lines):
        if not isinstance(node, ast.stmt | ast.expr):
            continue
        here = node.lineno, node.end_lineno, node.col_offset, node.end_col_offset
        if here == spot and (exact is None or isinstance(node, ast.expr)):
            exact = node
        begins = (node.lineno, node.col_offset) <= (spot[0] or line, spot[2] or 0)
        if isinstance(node, ast.stmt) and _covers(node, line) and (begins or spot[0] is None):
            step = node if step is None or node.lineno >= step.lineno else step
    scope = doubles.Scope(meaning.own_names(frame), frame.f_globals, stood)
    return At(frame, line, exact, step, scope)


def _covers(node: ast.stmt, line: int) -> bool:
    body = getattr(node, "body", None)
    if not body:
        return node.lineno <= line <= (node.end_lineno or node.lineno)
    return bool(node.lineno <= line < max(body[0].lineno, node.lineno + 1))
