"""Where code sets a limit on a wait: `async with timeout(…)`, `fail_after`, `wait_for`."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from loopcheck.labels import Labels
from loopcheck.light import dataclass
from loopcheck.process import objects
from loopcheck.records import Place
from loopcheck.source import calls, modules, parsed_files
from loopcheck.source.catching import handlers
from loopcheck.source.nodes import body_spans_line, calls_in, head_spans_line
from loopcheck.source.values import callees, meaning

BLOCKS = frozenset({"timeout", "timeout_at", "fail_after", "fail_at"})
CALLS = frozenset({"wait_for"})
OF_SECONDS = frozenset({"timeout", "fail_after", "wait_for"})  # the others get a time
HOMES = frozenset({"asyncio", "anyio", "async_timeout", "aiohttp"})
_WITH = (ast.With, ast.AsyncWith)


@dataclass(frozen=True, eq=False)
class Limit:
    """A limit as a line sets it. Lives only during a look."""

    file: str
    call: ast.Call
    item: ast.withitem | None = None  # None: `wait_for`

    @property
    def written(self) -> str:
        return ast.unparse(self.call)

    @property
    def line(self) -> int:
        return self.call.lineno

    @property
    def seconds(self) -> ast.expr | None:
        """The limit itself, as an expression."""
        first = 0 if self.item is not None else 1
        named = [one.value for one in self.call.keywords if one.arg in ("timeout", "delay", "when")]
        return next(iter([*self.call.args[first : first + 1], *named]), None)


def ending_at(file: str, line: int) -> Limit | None:
    """Return the only limit whose end *line* waits for, None if there are none or several."""
    found = [
        *(
            one
            for node in parsed_files.standing_at(file, line)
            if isinstance(node, _WITH) and head_spans_line(node, line)
            for one in _of_block(node, file)
        ),
        *_of_call(file, line),
    ]
    return found[0] if len(found) == 1 else None


def around(body: list[ast.stmt], file: str, line: int) -> Limit | None:
    """Return the outermost limit in *body* that *line* is under, None if there is none."""
    for node in handlers.path_to(body, line):
        if isinstance(node, _WITH) and body_spans_line(node.body, line):
            found = next(_of_block(node, file), None)
            if found is not None:
                return found
    return next(_of_call(file, line), None)


def _of_block(node: ast.With | ast.AsyncWith, file: str) -> Iterator[Limit]:
    for item in node.items:
        call = item.context_expr
        if isinstance(call, ast.Call) and _is(call, BLOCKS, file):
            yield Limit(file, call, item)


def _of_call(file: str, line: int) -> Iterator[Limit]:
    nodes = parsed_files.standing_at(file, line)
    statements = [one for one in nodes if isinstance(one, ast.stmt) and not hasattr(one, "body")]
    for call in calls_in(*statements[-1:]):
        if _is(call, CALLS, file):
            yield Limit(file, call)


def _is(call: ast.Call, names: frozenset[str], file: str) -> bool:
    """True if *call* is of a function of these *names*, and a library's."""
    if calls.last(call.func) not in names:
        return False
    target = callees.value(call.func, modules.globals_of(file))
    if not meaning.known(target):  # imported in a function
        return ast.unparse(call.func).partition(".")[0] in HOMES
    home = objects.own_attribute(target, "__module__")
    if objects.is_a(target, type):
        home = objects.module_of(target)
    return type(home) is str and home.partition(".")[0] in HOMES


def place(file: str, line: int, labels: Labels) -> Place:
    """Return a line with the function around it."""
    around = parsed_files.enclosing(file, line)
    return Place(labels.file(file), line, around[0].name if around else None)
