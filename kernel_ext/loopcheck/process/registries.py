"""What user code registered in the process: metrics, handlers, exit hooks."""

from __future__ import annotations

import ast
import asyncio
import atexit
import functools
import signal
from collections.abc import Callable, Iterable, Iterator
from types import CodeType, FunctionType, MethodType

from loopcheck.labels import Labels, plain
from loopcheck.process import metrics, objects
from loopcheck.records import LoopRecord, Place, RegistryRecord
from loopcheck.source import modules, parsed_files, project_files
from loopcheck.source.nodes import calls_in

InWords = Callable[[asyncio.AbstractEventLoop], LoopRecord]
Roots = Iterable[tuple[str, object]]

_WRAPPERS = 10  # decorators to follow down to the user's function


def read_registries(
    loops: Iterable[asyncio.AbstractEventLoop],
    labels: Labels,
    in_words: InWords,
    roots: Roots = (),
    *,
    everything: bool = False,
) -> tuple[RegistryRecord, ...]:
    """Return what user code registered; with *everything* also how much else there is.

    Metric registries other than the library's own are searched for from *roots*.
    """
    return (
        *metrics.read_metrics(roots, labels, everything=everything),
        *_exception_handlers(loops, labels, in_words),
        *_exit_hooks(labels, everything),
        *_signal_handlers(labels),
        *_loop_signal_handlers(loops, labels, in_words),
    )


def users_code(thing: object) -> CodeType | None:
    """Return the code of *thing* if it is user code: a function, a method, a callable object."""
    for _ in range(_WRAPPERS):
        if type(thing) is functools.partial:
            thing = thing.func
        elif type(thing) is MethodType:
            thing = thing.__func__
        elif type(thing) is FunctionType:
            if project_files.owner(thing.__code__.co_filename) == "user":
                return thing.__code__
            thing = objects.peek(thing, "__wrapped__")
        else:
            called = [objects.class_dict(k).get("__call__") for k in objects.mro(type(thing))]
            thing = next((found for found in called if type(found) is FunctionType), None)
    return None


def said(code: CodeType) -> str:
    """Return the name of a function as the code writes it: "Shop.open", "lambda"."""
    return plain(code.co_qualname.replace("<locals>.", "").replace("<lambda>", "lambda"))


def defined(code: CodeType, labels: Labels) -> Place:
    """Return the line of the `def`, below its decorators."""
    function = parsed_files.function_of(code)
    line = function.lineno if function else code.co_firstlineno
    return Place(labels.file(code.co_filename), line, code.co_name)


def _exception_handlers(
    loops: Iterable[asyncio.AbstractEventLoop], labels: Labels, in_words: InWords
) -> Iterator[RegistryRecord]:
    for loop in loops:
        code = users_code(objects.peek(loop, "_exception_handler"))
        if code is not None:
            yield RegistryRecord(
                kind="exception handler",
                name=said(code),
                made_at=defined(code, labels),
                loop=in_words(loop),
            )


def _signal_handlers(labels: Labels) -> Iterator[RegistryRecord]:
    for number in sorted(signal.valid_signals()):
        code = users_code(signal.getsignal(number))
        if code is not None:
            yield RegistryRecord(
                kind="signal handler",
                name=_signal(number),
                detail=said(code),
                made_at=defined(code, labels),
            )


def _loop_signal_handlers(
    loops: Iterable[asyncio.AbstractEventLoop], labels: Labels, in_words: InWords
) -> Iterator[RegistryRecord]:
    for loop in loops:
        kept = objects.peek(loop, "_signal_handlers")
        for number, handle in sorted(dict.items(kept)) if type(kept) is dict else ():
            code = users_code(objects.peek(handle, "_callback"))
            if code is not None:
                yield RegistryRecord(
                    kind="signal handler",
                    name=_signal(number),
                    detail=f"{said(code)}, added to the loop",
                    made_at=defined(code, labels),
                    loop=in_words(loop),
                )


def _signal(number: int) -> str:
    try:
        return signal.Signals(number).name
    except ValueError:  # a real-time signal
        return f"signal {int(number)}"


# Exit hooks


def _exit_hooks(labels: Labels, everything: bool) -> Iterator[RegistryRecord]:
    """Yield the hooks that user modules register when they are loaded.

    Python hides its exit hooks (in C, not even the collector walks them: 3.11 to 3.13), so we read
    the source. A hook that a function registers when it is called leaves no trace.
    """
    for space in modules.keeping(atexit, atexit.register):
        enter, take_back = _spelt(space, "register"), _spelt(space, "unregister")
        for file in space.files():
            yield from _hooks_in(file, enter, take_back, labels)
    if everything:
        yield RegistryRecord(
            kind="atexit hook",
            name="all together",
            detail=f"{atexit._ncallbacks()}, of libraries too: Python tells only their number",
        )


def _spelt(space: modules.Space, name: str) -> frozenset[str]:
    """Return the ways in which *space* may write a function of `atexit`."""
    held = list(space.held.items())
    dotted = {f"{given}.{name}" for given, value in held if value is atexit}
    return frozenset(dotted | {given for given, value in held if value is vars(atexit)[name]})


def _hooks_in(
    file: str, enter: frozenset[str], take_back: frozenset[str], labels: Labels
) -> Iterator[RegistryRecord]:
    tree = parsed_files.tree(file)
    gone = {_first(node) for node in calls_in(tree) if ast.unparse(node.func) in take_back}
    for statement in tree.body if tree else ():
        entered = _entered(statement, enter)
        if entered is not None and entered[0] not in gone:
            name, line = entered
            place = Place(labels.file(file), line)
            yield RegistryRecord(kind="atexit hook", name=plain(name), made_at=place)


def _entered(statement: ast.stmt, enter: frozenset[str]) -> tuple[str, int] | None:
    if isinstance(statement, ast.FunctionDef):
        if any(ast.unparse(one) in enter for one in statement.decorator_list):
            return statement.name, statement.lineno
    elif isinstance(statement, ast.Expr | ast.Assign):
        call = statement.value
        if isinstance(call, ast.Call) and ast.unparse(call.func) in enter:
            return _first(call), call.lineno
    return None


def _first(call: ast.Call) -> str:
    """Return the hook's name. Its arguments are left out: they may be secrets."""
    match call.args[:1]:
        case [ast.Name() | ast.Attribute() as hook]:
            return ast.unparse(hook)
        case [ast.Call(func=made)]:
            return f"{ast.unparse(made)}(…)"
        case _:
            return "lambda"
