"""The call that created a never-awaited coroutine: found from the line that dropped it."""

from __future__ import annotations

import ast
import builtins
from collections.abc import Iterable
from types import BuiltinFunctionType, CodeType, CoroutineType
from typing import Any

from loopcheck.runner import fixtures
from loopcheck.source import calls, modules, parsed_files, project_files, user_code
from loopcheck.source.calls import Call
from loopcheck.source.coroutines import (
    callback_routes,
    creating_calls,
    loop_starters,
    returned_coroutines,
)
from loopcheck.source.nodes import spans_line
from loopcheck.source.values import callees

# If code here drops the coroutine it received, it refused it: no loop runs, or another one does.
STARTERS = frozenset(
    {"run", "run_until_complete", "run_coroutine_threadsafe", "create_task", "ensure_future"}
)
# They call their argument, and drop what that returns.
CALLERS = frozenset(
    {"callback", "call_later", "call_at", "call_soon", "call_soon_threadsafe", "add_done_callback"}
    | {"add_signal_handler", "add_reader", "add_writer", "register", "finalize", "Timer", "Thread"}
    | calls.TO_EXECUTORS
)
# They call it in another thread, where Python records no origin of coroutines.
THREADS = calls.MAYBE_TO_THREADS | calls.MAPS | {"apply", "apply_async"}


def find(
    name: str,
    code: CodeType | None,
    line: tuple[str, int],
    item: Any,
    others: Iterable[str] = (),
    coroutine: object = None,
) -> tuple[Call | None, bool]:
    """Return the call that created it, if only one is possible; whether a nested run took it.

    *line* dropped or held it, for the test *item*; *others* are more files that may have created
    it. Without *coroutine* itself, and for those of other threads, Python tells no origin.
    """
    found = _dropped(name, code, line, item, others, coroutine)
    return found if found[0] is not None else (_returned(coroutine), False)


def _dropped(
    name: str,
    code: CodeType | None,
    line: tuple[str, int],
    item: Any,
    others: Iterable[str],
    coroutine: object,
) -> tuple[Call | None, bool]:
    """Return the same, if a line of the project drops what it gets."""
    of_users = code is not None and _is_users(code.co_filename)
    if of_users and (passed := _passed_to_library(name, line, coroutine, user_code.test(item))):
        return passed, False
    if (created := recorded(coroutine)) is not None:
        return _of_exact([created])
    if of_users and (created := _through_callers(coroutine)) is not None:
        return _of_exact([created])
    here = users((line[0],))
    at_drop = [one for file in here for one in calls.at(file, line[1])]
    if exact := [one for one in at_drop if one.name == name and not (one.awaited or one.returned)]:
        return _of_exact(exact)
    test, makers = user_code.test(item), fixtures.codes(item)
    known = [one for one in (test, code, *makers) if one is not None]
    files = users((line[0], *(one.co_filename for one in known), *others))
    every = [*files, *project_files.files()]
    if here and (back := returned_coroutines.by_awaited(name, line, every)):
        return _only(back), False
    if code is None or project_files.owner(code.co_filename) != "user":
        # What the call returned has another name: `store.set(…)`.
        return _only([one for one in at_drop if one.alone or one.operand]), False
    bare = [one for one in at_drop if one.alone and not _only_frees(one)]
    if here and (back := returned_coroutines.by_called(name, bare, every)):
        return _only(back), False
    if wrapped := returned_coroutines.by_decorator(code, every):
        return _only(wrapped), False
    return _by_name(name, code, line, files, every, bare, test, makers)


def _returned(coroutine: object) -> Call | None:
    """Return the call that created it, if an `async def` returns it: what awaits that got it.

    A framework may: it calls what the project registered, and no line of the project drops it.
    """
    created = creating_calls.of(coroutine)
    if created is None or created.awaited:
        return None
    return created if returned_coroutines.of_async(created) else None


def recorded(coroutine: object) -> Call | None:
    """Return the call that Python recorded, unless its function hands the coroutine to a caller."""
    created = creating_calls.of(coroutine)
    if created is None or created.awaited or returned_coroutines.hands_back(created):
        return None
    return created


def _through_callers(coroutine: object) -> Call | None:
    """Return the call of the plain function that hands *coroutine* to the line that drops it.

    `retried(3, bank.pay)` calls `bank.pay` and returns its result.
    """
    name = coroutine.cr_code.co_name if type(coroutine) is CoroutineType else ""
    for file, line, function in creating_calls.callers(coroutine):
        call = creating_calls.at(file, line, name) if _is_users(file) else None
        if call is None or call.awaited:
            return None
        if not returned_coroutines.hands_back(call):
            return call
        around = parsed_files.enclosing(file, line)[:1]
        if function != "<lambda>" and not isinstance(next(iter(around), None), ast.FunctionDef):
            return None  # what an `async def` returns goes to what awaits that
        name = function
    return None


def _passed_to_library(
    name: str, line: tuple[str, int], coroutine: object, test: CodeType | None
) -> Call | None:
    """Return the call that passed the function to a library, which called it and dropped this.

    The library may have called a lambda or a plain function that only returns the coroutine.
    """
    if type(coroutine) is not CoroutineType:
        return None
    callers, at = creating_calls.callers(coroutine), None
    if not callers:
        return _only(callback_routes.taken(name, project_files.files(), THREADS, test))
    if _is_users(callers[0][0]):
        (file, number, function), *outer = callers
        call = creating_calls.at(file, number, name)
        if call is None or not returned_coroutines.hands_back(call):
            return None
        if any(_is_users(one) for one, _, _ in outer[:1]):
            return None
        at = (file, number) if function == "<lambda>" else None
        name = name if function == "<lambda>" else function
    elif any(_is_users(file) for file, _, _ in callers) and _may_get(line):
        return None  # a line of the project got it from the library
    return _only(callback_routes.by_libraries(name, project_files.files(), test, at))


def _may_get(line: tuple[str, int]) -> bool:
    """Return whether *line*, if it is known, is the project's and has a call that may return it."""
    return not line[0] or (_is_users(line[0]) and bool(calls.at(*line)))


def _is_users(file: str) -> bool:
    return project_files.owner(file) == "user"


def _only_frees(call: Call) -> bool:
    """Return whether *call* runs no code of the project: `gc.collect()` frees what others made."""
    held = modules.globals_of(call.file)
    calls_here = [
        node
        for node in parsed_files.nodes_at(call.file, call.line)
        if isinstance(node, ast.Call) and calls.last(node.func) == call.name
    ]
    return any(
        type(callees.value(node.func, held)) is BuiltinFunctionType
        and not node.args
        and not node.keywords
        for node in calls_here
    )


def _of_exact(calls_: list[Call]) -> tuple[Call | None, bool]:
    """Return what *calls_* show: they have its name, and are on the line that dropped it."""
    if taken := [one for one in calls_ if one.taker in STARTERS and not one.passed]:
        return _only(taken), True
    start = loop_starters.start_in(calls_[0]) if len(calls_) == 1 else None
    return (start, True) if start is not None else (_only(calls_), False)


def _by_name(
    name: str,
    code: CodeType,
    line: tuple[str, int],
    files: list[str],
    every: list[str],
    bare: list[Call],
    test: CodeType | None,
    makers: list[CodeType],
) -> tuple[Call | None, bool]:
    """Return the only call of that name in *files*: nearest first, then the test's, a fixture's."""
    found = [one for one in calls.calls(files, name) if not one.awaited and not one.returned]
    found = [one for one in found if not _over_before(one, line) and not _within(one, code)]
    around = parsed_files.enclosing(*line)[:1]
    here = [one for one in found if one.file == line[0]]
    near = [one for one in here for block in around if spans_line(block, one.line)]
    found, near = ([one for one in many if not _starts(one)] for many in (found, near))
    if not found:  # it was created under another name, or by the function that received it
        given = callback_routes.taken(name, every, CALLERS, test)
        return _only(given) or _only(bare), False
    own = [one for one in found if test is not None and _in(one, test)]
    given = [one for one in found if any(_in(one, maker) for maker in makers)]
    if returned_coroutines.anywhere(
        name, every
    ):  # code that awaited it may have assigned the result, and dropped that
        found = []
    return _only(near or own or given or found), False


def _within(call: Call, code: CodeType) -> bool:
    """Return whether *call* is in the function of *code* itself, of which not one line ran."""
    block = parsed_files.function_of(code) if call.file == code.co_filename else None
    return block is not None and spans_line(block, call.line)


def _starts(call: Call) -> bool:
    return call.taker in STARTERS or loop_starters.start_in(call) is not None


def _over_before(call: Call, line: tuple[str, int]) -> bool:
    """Return whether *line* handles what *call* raised: its own coroutine had ended by then.

    The error keeps the frames that it passed through, and what those hold: one of them created it.
    """
    if call.file != line[0] or call.named or call.taker in STARTERS:
        return False
    if call.taker is not None and not hasattr(builtins, call.taker):
        return False  # the receiver may have it
    around = parsed_files.enclosing(call.file, call.line)[:1]
    tries = [one for block in around for one in ast.walk(block) if isinstance(one, ast.Try)]
    return any(
        one.lineno <= call.line < handler.lineno
        and spans_line(handler, line[1])
        and call.line <= (one.body[-1].end_lineno or 0)
        for one in tries
        for handler in one.handlers
    )


def _in(one: Call, test: CodeType) -> bool:
    return one.function == test.co_name and one.file == test.co_filename


def _only(found: list[Call]) -> Call | None:
    return found[0] if len({(one.file, one.line) for one in found}) == 1 else None


def users(files: Iterable[str]) -> list[str]:
    """Return those of *files* that are user code, each once."""
    return [file for file in dict.fromkeys(files) if project_files.owner(file) == "user"]
