"""A `while` with its own deadline that never yields to the loop: its condition can't change."""

from __future__ import annotations

import ast
import inspect
from collections.abc import Iterable, Iterator
from types import FrameType

from loopcheck.labels import Labels
from loopcheck.process import objects
from loopcheck.process.loops.live_loops import Loop
from loopcheck.process.pending import premature_asserts, timers
from loopcheck.process.waiting import await_chain
from loopcheck.records import Place, SpinRecord
from loopcheck.source import calls, effects, failing_line, lines, parsed_files, project_files
from loopcheck.source.nodes import own_nodes
from loopcheck.source.statements.while_loops import CLOCKS
from loopcheck.source.values import callees, meaning
from loopcheck.source.values.callees import Env

DEEPEST = 4  # coroutines to follow
_WAITS = frozenset({"sleep", "wait", "join", "acquire", "recv", "result", "run", "select", "poll"})
_GIVES_WAY = (ast.AsyncFor, ast.AsyncWith, ast.Yield, ast.YieldFrom)


def read(error: BaseException, loops: Iterable[Loop], labels: Labels) -> SpinRecord | None:
    """Return the `while` that *error* ended, or came after, and what it kept from running."""
    trace = failing_line.users_of(failing_line.trace_of(error))
    if not trace or not trace[-1].tb_frame.f_code.co_flags & inspect.CO_COROUTINE:
        return None
    frame, line = trace[-1].tb_frame, trace[-1].tb_lineno
    code, env = frame.f_code, meaning.names_of(frame)
    block = parsed_files.function_of(code)
    step = lines.of_trace(trace[-1]).simple
    found = _before(block, line) if block is not None else None
    if found is None or step is None or not _asks_the_time(found) or _lets_in(found, env, 0):
        return None
    if not _gave_up(error, code.co_filename, line):
        return None
    sight = effects.read_by([found], env, code)
    if (found.end_lineno or 0) < line:  # the loop may have succeeded
        asked = effects.read_by([step], env, code).keys
        sight.keys = {key: text for key, text in sight.keys.items() if key in asked}
    place = Place(labels.file(code.co_filename), found.lineno, code.co_name)
    for text, name in _kept_out(sight, found, [*loops], place, labels):
        return SpinRecord(
            loop_at=place,
            coroutine=await_chain.short(code.co_qualname),
            waits_on=text,
            kept_out=name,
        )
    return None


def _before(block: ast.AST, line: int) -> ast.While | None:
    """Return the last `while` that begins before *line*."""
    loops = [one for one in own_nodes(block) if isinstance(one, ast.While) and one.lineno < line]
    return max(loops, key=lambda one: one.lineno, default=None)


def _asks_the_time(block: ast.AST) -> bool:
    called = (one.func for one in own_nodes(block) if isinstance(one, ast.Call))
    return any(calls.last(one) in CLOCKS for one in called)


def _gave_up(error: BaseException, file: str, line: int) -> bool:
    """Return whether *error* reports that something has not come in time."""
    kind = objects.type_name(error)
    if type(error) is AssertionError or kind in premature_asserts.FAILED or "Timeout" in kind:
        return True
    around = (one for one in parsed_files.standing_at(file, line) if isinstance(one, ast.If))
    return any(_asks_the_time(ast.Expr(one.test)) for one in around)


def never_yields(frame: FrameType, line: int) -> bool:
    """Return whether the `while` at *line* awaits only what never has to wait."""
    block = parsed_files.function_of(frame.f_code)
    nodes = own_nodes(block) if block is not None else ()
    found = next((one for one in nodes if isinstance(one, ast.While) and one.lineno == line), None)
    return found is not None and not _lets_in(found, meaning.names_of(frame), 0)


def _lets_in(block: ast.AST, env: Env, depth: int) -> bool:
    """Return whether *block* may yield to the loop, or wait in a call: if in doubt, it does."""
    nodes = [*own_nodes(block)]
    known = [one for one in nodes if isinstance(one, ast.Await) and _ready(one, env, depth)]
    return any(
        isinstance(one, _GIVES_WAY)
        or (isinstance(one, ast.Await) and one not in known)
        or (isinstance(one, ast.Call) and calls.last(one.func) in _WAITS)
        or getattr(one, "is_async", 0)
        for one in nodes
    )


def _ready(node: ast.Await, env: Env, depth: int) -> bool:
    """Return whether *node* awaits a user coroutine that never has to wait."""
    function = callees.function(node.value.func, env) if isinstance(node.value, ast.Call) else None
    code = function.__code__ if function is not None else None
    if function is None or code is None or project_files.owner(code.co_filename) != "user":
        return False
    block = parsed_files.function_of(code)
    if not isinstance(block, ast.AsyncFunctionDef) or block.decorator_list or depth >= DEEPEST:
        return False
    inner = {**function.__globals__, **objects.closed_over(function)}
    return not _lets_in(block, inner, depth + 1)


def _kept_out(
    sight: effects.Sight, found: ast.While, loops: list[Loop], place: Place, labels: Labels
) -> Iterator[tuple[str, str | None]]:
    """Yield what the loop reads, and the name of the task or callback that should change it."""
    for task in premature_asserts.pending(loops):  # whatever it waits for could not come, either
        text = effects.common(sight, premature_asserts.changes(task))
        if text is not None:
            yield text, premature_asserts.record(place, text, task, labels).coroutine
    for timer in (one for loop in loops for one in timers.soon(loop)):
        text = timers.changes(timer, sight, found)
        if text is not None:
            yield text, timer.name
