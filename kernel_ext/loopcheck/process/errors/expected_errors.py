"""The lines on an error's way that expect errors, and the classes that they name."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator, Sequence
from types import FrameType, ModuleType
from typing import Any, Literal, cast

from loopcheck.labels import Labels
from loopcheck.light import dataclass
from loopcheck.process import objects
from loopcheck.process.failure import Link, Step
from loopcheck.records import Place
from loopcheck.runner import fixtures
from loopcheck.source import parsed_files
from loopcheck.source.catching import expecting_blocks, handlers
from loopcheck.source.nodes import body_spans_line
from loopcheck.source.values import meaning

How = Literal["except", "raises", "suppress", "xfail", "isinstance", "decorator"]
CALLS: dict[str, How] = {**dict.fromkeys(expecting_blocks.CALLS, "raises"), "suppress": "suppress"}


@dataclass(frozen=True, eq=False)
class Waiting:
    """A line that handles errors, and the classes that it names. Lives only during a look."""

    how: How
    line: int
    named: tuple[tuple[str, type], ...]
    block: int  # the first line of its `try`, `with` or decorator: one `try` has several handlers
    group: bool = False  # `except*`


def own_steps(link: Link) -> Sequence[Step]:
    """Return the frames that the error of *link* passed itself, until something caught it."""
    count, trace = 0, link.error.__traceback__
    while trace is not None:
        count, trace = count + 1, trace.tb_next
    return link.trace[-max(1, count) :]


def is_another_expected(steps: Sequence[Step]) -> bool:
    """Return whether one of *steps* is in a block that expects an error, though another one."""
    return any(
        any(expecting_blocks.around(function, step.line))
        for step in steps
        for function in parsed_files.enclosing(step.frame.f_code.co_filename, step.line)[:1]
    )


def on_the_way(step: Step, caller: Step | None) -> Iterator[Waiting]:
    """Yield the handlers for errors of *step*, innermost first; *caller* called its function."""
    if step.owner != "user":
        return
    yield from _around(step)
    if caller is not None and caller.owner == "library":
        yield from _over(step)


def _over(step: Step) -> Iterator[Waiting]:
    """Yield the library decorators over the function of *step* that receive error classes."""
    code = step.frame.f_code
    function = parsed_files.function_of(code)
    for call in reversed(function.decorator_list if function is not None else ()):
        if not isinstance(call, ast.Call) or ast.unparse(call.func).startswith("pytest."):
            continue
        each = [
            read_classes("decorator", one, step.frame, one.lineno, call.lineno)
            for one in _handed(call)
        ]
        known = [one for one in each if one is not None]
        if known:
            named = tuple(pair for one in known for pair in one.named)
            yield Waiting("decorator", known[0].line, named, call.lineno)


def _handed(node: ast.expr) -> Iterator[ast.expr]:
    """Yield what may name classes in a call, also nested: `retry_if_exception_type(OSError)`."""
    match node:
        case ast.Call(func=func, args=args, keywords=keywords) if "not_" not in ast.unparse(func):
            for one in (*args, *(keyword.value for keyword in keywords)):
                yield from _handed(one)
        case ast.BinOp(left=left, right=right):
            yield from _handed(left)
            yield from _handed(right)
        case ast.Name() | ast.Attribute() | ast.Tuple():
            yield node


def _around(step: Step) -> Iterator[Waiting]:
    """Yield the handlers around the failing line of *step*, innermost first."""
    file = step.frame.f_code.co_filename
    tree = parsed_files.tree(file)
    if tree is None:
        return
    functions = parsed_files.enclosing(file, step.line)
    inside = step.frame.f_code.co_name != "<module>" and functions
    body = functions[0].body if inside else tree.body
    for node in reversed(list(handlers.path_to(body, step.line))):
        yield from _waits(node, step)


def _waits(node: ast.stmt, step: Step) -> Iterator[Waiting]:
    if isinstance(node, ast.Try | ast.TryStar):
        group = isinstance(node, ast.TryStar)
        each = [
            read_classes("except", one.type, step.frame, one.lineno, node.lineno, group)
            for one in node.handlers
        ]
        if all(one is not None for one in each) and not _bare(node):
            yield from (one for one in each if one is not None)
    elif isinstance(node, ast.With | ast.AsyncWith) and body_spans_line(node.body, step.line):
        for part in reversed(node.items):
            yield from _of_call(part.context_expr, step)
    elif isinstance(node, ast.Expr):
        call = node.value.value if isinstance(node.value, ast.Await) else node.value
        if isinstance(call, ast.Call) and len(call.args) > 1:  # raises(TimeoutError, get, "k")
            yield from _of_call(call, step)


def _bare(node: ast.Try | ast.TryStar) -> bool:
    return any(handler.type is None for handler in node.handlers)


def _of_call(call: ast.expr, step: Step) -> Iterator[Waiting]:
    if not isinstance(call, ast.Call):
        return
    name = ast.unparse(call.func).rpartition(".")[2]
    how = CALLS.get(name)
    if how is None:
        return
    given = call.args if how == "suppress" else call.args[:1]
    given = given or [k.value for k in call.keywords if k.arg == "expected_exception"]
    node = ast.Tuple(elts=list(given), ctx=ast.Load()) if len(given) != 1 else given[0]
    waiting = read_classes(how, node, step.frame, call.lineno, call.lineno)
    if waiting is not None:
        yield waiting


def read_classes(
    how: How, node: ast.expr | None, frame: FrameType, line: int, block: int, group: bool = False
) -> Waiting | None:
    """Return the classes that *node* names, None if one of them is unknown."""
    named: list[tuple[str, type]] = []
    todo = [node] if node is not None else []
    while todo:
        one = todo.pop(0)
        if isinstance(one, ast.Tuple):
            todo += one.elts
            continue
        found = meaning.of(one, frame)
        several = found if type(found) is tuple else (found,)
        for kind in several:
            if not is_error_class(kind):
                return None
            named.append((ast.unparse(one), cast("type", kind)))
    return Waiting(how, line, tuple(named), block, group) if named else None


def is_error_class(kind: object) -> bool:
    """True if *kind* is a class of errors."""
    return objects.is_a(kind, type) and any(base is BaseException for base in objects.mro(kind))


def catches(kind: type, error: object) -> bool:
    """True if a handler of *kind* catches *error*, by the classes that it inherits from."""
    return any(base is kind for base in objects.mro(type(error)))


def import_path(kind: type) -> str:
    """Return the import path of *kind*: without private modules, if possible."""
    module, name = objects.module_of(kind), str(type.__dict__["__qualname__"].__get__(kind))
    if module == "builtins":
        return name
    parts = module.split(".")
    private = next((i for i, part in enumerate(parts) if part.startswith("_")), None)
    if private:
        public = sys.modules.get(".".join(parts[:private]))
        if type(public) is ModuleType and vars(public).get(name) is kind:
            return f"{'.'.join(parts[:private])}.{name}"
    return f"{module}.{name}"


def place_of(step: Step, labels: Labels, line: int | None = None) -> Place:
    """Return the failing line of *step*, or another *line* of its function."""
    code = step.frame.f_code
    return Place(labels.file(code.co_filename), line or step.line, code.co_name)


def xfail_classes(item: Any) -> Iterator[tuple[type, ...]]:
    """Yield the classes of each `xfail(raises=…)` of the test."""
    for mark in item.iter_markers("xfail") if item is not None else ():
        classes = tuple(
            cast("type", k) for k in _flat(mark.kwargs.get("raises")) if is_error_class(k)
        )
        if classes:
            yield classes


def xfail_place(item: Any, labels: Labels) -> Place | None:
    """Return the line of the decorator that marks the test, else its `def`."""
    test = fixtures.read_test(item, "call", labels).place
    code = getattr(getattr(item, "function", None), "__code__", None)
    function = parsed_files.function_of(code) if code else None
    for one in function.decorator_list if function is not None else ():
        if "xfail" in ast.unparse(one) and code is not None:
            return Place(labels.file(code.co_filename), one.lineno, code.co_name)
    return test


def _flat(kinds: object) -> tuple[object, ...]:
    return kinds if type(kinds) is tuple else (kinds,)
