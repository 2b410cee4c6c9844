"""What a handler did with an error: read from the syntax tree around the raising line."""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from typing import Any, Literal, Protocol

from loopcheck.labels import Labels, plain
from loopcheck.light import dataclass, replace
from loopcheck.process import objects
from loopcheck.process.failure import Link, Step
from loopcheck.process.waiting import await_chain
from loopcheck.records import Place, Swallowed
from loopcheck.source import parsed_files, project_files, user_code
from loopcheck.source.catching import handler_answers, handlers
from loopcheck.source.modules import spaces
from loopcheck.source.nodes import body_spans_line, names_in, nodes_run_by
from loopcheck.source.values import asserted_values, value_origins

By = Literal["interpreter", "raise", "library", "stdlib", "double"]
ON_PURPOSE = ("fail", "open", "error", "down", "broken", "unavailable", "outage", "degrad", "fall")
WRITTEN = frozenset({"caplog", "capsys", "capfd", "recwarn"})
NOT_RAISED = ("Failed", "_pytest.outcomes.Failed")  # pytest calls its module `builtins`
HOPS = 6
GATHERED = 100  # results of one list to look at


Line = tuple[str, int, str]


class Entry(Protocol):
    """The watch's record of one error: the caller passes it to probes, which know no watch."""

    @property
    def file(self) -> str: ...
    @property
    def function(self) -> str: ...
    @property
    def line(self) -> int: ...
    @property
    def type(self) -> str: ...
    @property
    def names(self) -> tuple[str, ...]: ...
    @property
    def message(self) -> str: ...
    @property
    def raised(self) -> tuple[Line, ...]: ...
    @property
    def asked(self) -> tuple[Line, ...]: ...
    @property
    def last(self) -> bool: ...
    @property
    def made(self) -> bool: ...


@dataclass(frozen=True)
class Asserted:
    """The lines behind the values that a test asserts about, and the functions that they call."""

    file: str
    function: str
    lines: tuple[tuple[int, int], ...]
    calls: frozenset[str]


def of_failure(
    links: Sequence[Link], item: Any, entries: Sequence[Entry], labels: Labels
) -> tuple[Swallowed, ...]:
    """Return the errors that were swallowed on the way to a failed assertion."""
    if (waited := _waited_for(links)) is not None:
        each = (_read(entry, waited, labels) for entry in entries)
        return tuple(dict.fromkeys(one for one in each if one is not None and one.asserted))
    step = links[0].trace[-1] if links and links[0].trace else None
    if step is None or step.owner != "user" or not objects.is_a(links[0].error, AssertionError):
        return ()
    statement = assertion(step)
    if statement is None:
        return ()
    asserted = _feeding(step.frame.f_code.co_filename, step.frame.f_code.co_name, [statement])
    compared = list(asserted_values.in_statement(step.frame, statement))
    found = [_read(entry, asserted, labels) for entry in entries]
    if sys.version_info < (3, 12):
        logged = [_logged(one, asserted, labels) for one in _records(item)]
        lists = [_parts(value) for value in compared]
        told = {(one.place.file, one.place.line) for one in found if one is not None}
        found += [
            one
            for one in logged
            if one is not None and (one.place.file, one.place.line) not in told
            if not _outnumbered(one, logged, lists)
        ]
        compared += [part for parts in lists for part in parts]
    return tuple(dict.fromkeys(_with_value(one, compared) for one in found if one is not None))


def of_test(item: Any, entries: Sequence[Entry], labels: Labels) -> tuple[Swallowed, ...]:
    """Return the errors that were swallowed while a passing test asserted about them."""
    code = user_code.test(item)
    block = parsed_files.function_of(code) if code else None
    if code is None or block is None or any(word in code.co_name for word in ON_PURPOSE):
        return ()
    asserts = [node for node in ast.walk(block) if _asserts(node)]
    asserted = _feeding(code.co_filename, code.co_name, asserts)
    found = (_read(entry, asserted, labels, block) for entry in entries)
    return tuple(dict.fromkeys(one for one in found if one is not None and one.asserted))


def _parts(value: object) -> list[object]:
    """Return the results that a test collected in a list, for example one for each request."""
    return list(value[:GATHERED]) if type(value) is list or type(value) is tuple else []


def _plain(values: Iterable[object]) -> list[object]:
    """Return those of *values* that can be compared and shown without running user code."""
    return [value for value in values if type(value) in (bool, str, int)]


def _outnumbered(
    one: Swallowed, logged: Sequence[Swallowed | None], lists: Iterable[list[object]]
) -> bool:
    """Return whether a list has more results like that of *one* than the log has such errors.

    Then the store returned at least some of them, and an earlier line may have met the error.
    """
    openings = logged.count(one)
    said = [[repr(part) for part in _plain(parts)] for parts in lists]
    return any(each.count(str(one.value)) > openings for each in said)


def _with_value(one: Swallowed, values: Iterable[object]) -> Swallowed:
    """Return *one* with whether the failing assertion got what the handler returns."""
    return replace(one, seen=one.asserted and one.value in [repr(v) for v in _plain(values)])


# What the test asserts about


def _asserts(node: ast.AST) -> bool:
    if isinstance(node, ast.Assert):
        return True
    call = node.value if isinstance(node, ast.Expr) else None
    name = ast.unparse(call.func) if isinstance(call, ast.Call) else ""
    return name.startswith("self.assert")


def assertion(step: Step) -> ast.stmt | None:
    """Return the `assert` that failed at *step*."""
    nodes = parsed_files.standing_at(step.frame.f_code.co_filename, step.line)
    return next((node for node in nodes if isinstance(node, ast.Assert)), None)


def _waited_for(links: Sequence[Link]) -> Asserted | None:
    """Return the block under `pytest.raises` that raised nothing, None for another failure."""
    if not links or objects.type_name(links[0].error) not in NOT_RAISED:
        return None
    step = next((one for one in reversed(links[0].trace) if one.owner == "user"), None)
    if step is None:
        return None
    for node in ast.walk(
        parsed_files.tree(step.frame.f_code.co_filename) or ast.Module(body=[], type_ignores=[])
    ):
        if not isinstance(node, ast.With) or not parsed_files.covers(
            node.items[0].context_expr, step.line, None
        ):
            continue
        said = [ast.unparse(one.context_expr) for one in node.items]
        if any(re.match(r"(pytest\.)?raises\(", one) for one in said):
            code, last = step.frame.f_code, node.body[-1]
            lines = ((node.body[0].lineno, last.end_lineno or last.lineno),)
            return Asserted(code.co_filename, code.co_name, lines, frozenset())
    return None


def _feeding(file: str, function: str, asserts: Sequence[ast.AST]) -> Asserted:
    """Return the lines of *asserts*, and those that assign their names."""
    nodes = list(asserts)
    blocks = parsed_files.enclosing(file, getattr(nodes[0], "lineno", 0)) if nodes else []
    done: set[str] = set()
    for _ in range(HOPS):
        names = names_in(*nodes) - done
        done |= names
        given = [one for name in names for b in blocks[:1] for one in value_origins.given(b, name)]
        if not given:
            break
        nodes += given
    # Another assertion has passed, whatever it calls: no value of this one comes from it.
    held = [one for b in blocks[:1] for one in ast.walk(b) if _asserts(one) and one not in asserts]
    nodes = [one for one in nodes if not any(one in ast.walk(other) for other in held)]
    placed = [node for node in nodes if isinstance(node, ast.stmt | ast.expr)]
    lines = tuple((node.lineno, node.end_lineno or node.lineno) for node in placed)
    calls = frozenset(
        ast.unparse(one.func).rpartition(".")[2]
        for node in nodes
        for one in ast.walk(node)
        if isinstance(one, ast.Call)
    )
    return Asserted(file, function, lines, calls)


def _is_asked(entry: Entry, asserted: Asserted) -> bool:
    """Return whether the error was raised below a line whose value the test asserts about."""
    own = [
        line
        for file, line, function in entry.asked
        if (file, function) == (asserted.file, asserted.function)
    ]
    if any(first <= line <= last for line in own for first, last in asserted.lines):
        return True
    # An earlier line of the test may be about that error itself: only this line has failed.
    earlier = own and not entry.last
    return not earlier and entry.function.rpartition(".")[2] in asserted.calls


# The handler


def _read(
    entry: Entry, asserted: Asserted, labels: Labels, test: ast.AST | None = None
) -> Swallowed | None:
    """Return what the handler did with the error of *entry*, None if it handled it properly."""
    handler = handlers.taker(entry.file, entry.line, entry.names)
    if handler is None:
        return None
    made = handlers.outcome(handler)
    by = _by(entry)
    if made is None or by is None:
        return None
    users = [one for one in entry.raised if project_files.owner(one[0], one[2]) == "user"]
    around = parsed_files.enclosing(entry.file, entry.line)[1:]
    name = _decorated(around, asserted) or plain(await_chain.short(entry.function))
    file, line, _ = users[-1] if users else (entry.file, entry.line, "")
    return Swallowed(
        function=name,
        place=Place(labels.file(entry.file), handler.node.lineno, name),
        words=handlers.words(handler),
        broad=handler.broad,
        type=entry.type,
        message=entry.message,
        by=by,
        outcome=made[0],
        value=made[1],
        raised_at=Place(labels.file(file), line),
        asserted=_is_asked(entry, asserted),
        known="made" if entry.made else "interpreter",
        counted=test is not None and _counted(handler, test),
    )


def _counted(handler: handlers.Handler, test: ast.AST) -> bool:
    """Return whether the test checks what the handler records, or reads its log."""
    arguments = {one.arg for one in ast.walk(test) if isinstance(one, ast.arg)}
    if arguments & WRITTEN:
        return True
    asked = {one.attr for one in ast.walk(test) if isinstance(one, ast.Attribute)}
    body = handler.node.body if isinstance(handler.node, ast.ExceptHandler) else []
    written = {
        target.attr
        for node in nodes_run_by(body)
        if isinstance(node, ast.Assign | ast.AugAssign)
        for target in (node.targets if isinstance(node, ast.Assign) else [node.target])
        if isinstance(target, ast.Attribute)
    }
    return bool(asked & written)


def _by(entry: Entry) -> By | None:
    """Return what raised it, None for pytest's own errors."""
    file, line, module = entry.raised[-1]
    if any(one[2].startswith("unittest.mock") for one in entry.raised):
        return "double"
    owner = project_files.owner(file, module)
    if owner == "user":
        return "raise" if parsed_files.step_at(file, line, None) == "raise" else "interpreter"
    if owner == "machinery":
        return None
    return "library" if project_files.installed(file) else "stdlib"


# Before 3.12: what the handler wrote to a log


def logged(item: Any) -> tuple[BaseException, ...]:
    """Return the errors in the test's log: `log.warning("attempt %s: %s", n, error)`."""
    found: list[object] = []
    for record in _records(item):
        if type(record.args) is tuple:
            found += record.args
        if type(record.exc_info) is tuple:
            found.append(record.exc_info[1])
    return tuple(one for one in found if objects.is_a(one, BaseException))


def unhandled(item: Any) -> tuple[BaseException, ...]:
    """Return the errors that the test's log has with their tracebacks, like a server's errors."""
    return _errors(one for one in _records(item) if one.levelno >= 40)


def served(item: Any) -> tuple[BaseException, ...]:
    """Return the errors that an installed package logged, as a server does that answers 500.

    Errors that asyncio itself logs are another matter: they are lost, and no request was waiting.
    """
    return _errors(one for one in _records(item) if project_files.installed(str(one.pathname)))


def with_tracebacks(item: Any) -> Iterator[tuple[Any, BaseException]]:
    """Yield the records of the test's log that have an error's traceback, each with the error."""
    for record in _records(item):
        for error in _errors([record]):
            yield record, error


def _errors(records: Iterable[Any]) -> tuple[BaseException, ...]:
    told = [one.exc_info[1] for one in records if type(one.exc_info) is tuple]
    return tuple(one for one in told if objects.is_a(one, BaseException))


def behind(error: BaseException, item: Any) -> tuple[BaseException, ...]:
    """Return the errors in the log that may have caused *error*.

    A failed assertion about a result shows only that something failed, and so does a server's 500.
    """
    return logged(item) if objects.is_a(error, AssertionError) else served(item)


def _records(item: Any) -> list[Any]:
    """Return the log records of the test, as pytest keeps them for its report."""
    logging = sys.modules.get("_pytest.logging")
    handler = getattr(logging, "caplog_handler_key", None)
    stash = getattr(item, "stash", None)
    kept = stash.get(handler, None) if stash is not None and handler is not None else None
    return [one for one in list(getattr(kept, "records", ())) if one.levelno >= 30]


def _logged(record: Any, asserted: Asserted, labels: Labels) -> Swallowed | None:
    """Return the handler that wrote *record*: its line proves that it ran."""
    file, line = str(record.pathname), int(record.lineno)
    if project_files.owner(file) != "user":
        return None
    blocks = parsed_files.enclosing(file, line)
    for node in ast.walk(blocks[0]) if blocks else ():
        if isinstance(node, ast.Try):
            for one in node.handlers:
                said = set(handlers.said(one.type))
                broad = one.type is None or bool(said & handler_answers.BROAD)
                if body_spans_line(one.body, line) and (broad or _of_a_library(_told(record))):
                    handler = handlers.Handler(one, node, blocks[0], broad=broad, looped=False)
                    return _of_log(record, handler, blocks, asserted, labels)
    return None


def _told(record: Any) -> BaseException | None:
    """Return the error that was logged: with its traceback, or as an argument of the message."""
    info = record.exc_info if type(record.exc_info) is tuple else (None, None, None)
    given = record.args if type(record.args) is tuple else ()
    return next((one for one in (info[1], *given) if objects.is_a(one, BaseException)), None)


def _of_a_library(error: BaseException | None) -> bool:
    """Return whether *error* is of a class from an installed library, for example a store's."""
    module = sys.modules.get(objects.module_of(type(error))) if error is not None else None
    file = objects.peek(module, "__file__")
    return type(file) is str and project_files.installed(file)


def _of_log(
    record: Any,
    handler: handlers.Handler,
    blocks: Sequence[Any],
    asserted: Asserted,
    labels: Labels,
) -> Swallowed | None:
    made = handlers.outcome(handler)
    if made is None:
        return None
    error, own = _told(record), str(blocks[0].name)
    name = own if own in asserted.calls else _decorated(blocks[1:], asserted)
    return Swallowed(
        function=name or own,
        place=Place(labels.file(str(record.pathname)), handler.node.lineno, own),
        words=handlers.words(handler),
        broad=handler.broad,
        type=objects.type_name(error) if error is not None else "",
        message="",
        by="interpreter",
        outcome=made[0],
        value=made[1],
        asserted=name is not None,
        known="log",
    )


def _decorated(around: Sequence[Any], asserted: Asserted) -> str | None:
    """Return the function that the test asserts about, and that *around* decorates."""
    names = frozenset(str(one.name) for one in around)
    files = [one.file for one in spaces() if one.file is not None] if names else []
    found = (
        _under(parsed_files.text(file), names, asserted.calls) for file in dict.fromkeys(files)
    )
    return next((one for one in found if one is not None), None)


@lru_cache(1024)  # one test may handle some hundred errors at one line
def _under(text: str, names: frozenset[str], calls: frozenset[str]) -> str | None:
    for node in ast.walk(parsed_files.parse(text) or ast.Module(body=[], type_ignores=[])):
        if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            continue
        if node.name in calls and names & {_last(one) for one in node.decorator_list}:
            return node.name
    return None


def _last(decorator: ast.expr) -> str:
    called = decorator.func if isinstance(decorator, ast.Call) else decorator
    return ast.unparse(called).rpartition(".")[2]
