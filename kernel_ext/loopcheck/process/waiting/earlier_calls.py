"""What earlier calls did to an event or a lock: a `clear()` lost its `set()`, or one kept it.

Both last until somebody sets or releases it again. Whatever else still runs, the statements that
have run show it, if only one line of the project can have done it.
"""

from __future__ import annotations

import ast
import asyncio
from collections.abc import Iterator, Sequence
from types import CodeType, FrameType, MethodType

from loopcheck.labels import Labels
from loopcheck.process import objects
from loopcheck.process.frames import line_at
from loopcheck.process.waiting import await_chain
from loopcheck.records import Place, Unreleased
from loopcheck.source import calls, parsed_files
from loopcheck.source.definitions import Def
from loopcheck.source.nodes import calls_in
from loopcheck.source.statements import attribute_uses, executed_statements, exit_paths
from loopcheck.source.statements.exit_paths import Exit
from loopcheck.source.values import callees, meaning
from loopcheck.source.values.callees import Env

Ran = tuple[FrameType, ast.Call]
DEEPEST = 3  # calls to follow


def lost_set(
    event: object, name: str, frames: Sequence[FrameType], labels: Labels
) -> tuple[Place, Place] | None:
    """Return the line that cleared *event* and the earlier one that had set it, in that order.

    *frames* are those of user code that wait for it, outermost first, and *name* is what they call
    it. It is not set, and only one line of the project clears it: so the set came before that.
    """
    if not objects.is_a(event, asyncio.Event) or objects.peek(event, "_value") is not False:
        return None
    attribute = name.rpartition(".")[2]
    if len(list(attribute_uses.of(attribute, "clear"))) != 1:
        return None
    setters = {(one.file, one.function) for one in attribute_uses.of(attribute, "set")}
    set_by: Ran | None = None
    for ran in calls_before(frames):
        frame, call = ran
        if _on(call, "clear", frame, event):
            return (_place(ran, labels), _place(set_by, labels)) if set_by is not None else None
        function = _function(call, frame, event, attribute)
        if _on(call, "set", frame, event) or (
            function is not None and (function.co_filename, function.co_name) in setters
        ):
            set_by = ran
    return None


def kept_lock(
    lock: object, name: str, frames: Sequence[FrameType], labels: Labels
) -> tuple[Place, Place] | None:
    """Return the line that waits to acquire *lock*, and the earlier call of its function.

    Only that line of the project acquires it: so the earlier call did, and returned with it.
    """
    if not objects.is_a(lock, asyncio.Lock) or objects.peek(lock, "_locked") is not True:
        return None
    waits = frames[-1]
    attribute, line = name.rpartition(".")[2], line_at(waits)
    acquired = [(one.file, one.line) for one in attribute_uses.of(attribute, "acquire")]
    if acquired != [(waits.f_code.co_filename, line)] or attribute_uses.entered(attribute):
        return None
    for ran in calls_before(frames[:-1]):
        frame, call = ran
        method = meaning.of(call.func, frame)
        function = method.__func__ if type(method) is MethodType else method
        if getattr(function, "__code__", None) is waits.f_code:
            here = Place(labels.file(waits.f_code.co_filename), line, waits.f_code.co_name)
            return here, _place(ran, labels)
    return None


def unreleased(lock: object, frames: Sequence[FrameType], labels: Labels) -> Unreleased | None:
    """Return the last earlier call that acquired *lock*, and may have returned without a release.

    The last one: had an earlier one kept the lock, this one would have waited.
    """
    if not objects.is_a(lock, asyncio.Lock) or objects.peek(lock, "_locked") is not True:
        return None
    found: Unreleased | None = None
    for ran in calls_before(frames):
        frame, call = ran
        for block, env, code in _entered(call, meaning.names_of(frame), DEEPEST):
            if (lines := _kept_until(block, *_uses_of(lock, block, env))) is None:
                continue
            file = labels.file(code.co_filename)
            acquired, left = lines
            found = Unreleased(
                function=await_chain.short(code.co_qualname),
                called_at=_place(ran, labels),
                acquired_at=Place(file, acquired, code.co_name),
                left_at=Place(file, left.line, code.co_name) if left is not None else None,
                raises=left is not None and left.how == "raise",
            )
    return found


def _entered(call: ast.Call, env: Env, deep: int) -> Iterator[tuple[Def, Env, CodeType]]:
    """Yield the user function that *call* runs, and those that it calls without a condition."""
    inner = callees.inside(call, env)
    block = parsed_files.function_of(inner[1]) if inner is not None else None
    if inner is None or block is None:
        return
    own = {**inner[0], **callees.assigned_once(block, inner[0])}
    yield block, own, inner[1]
    for step in executed_statements.up_to_end(block.body) if deep else ():
        for one in executed_statements.calls_of(step):
            yield from _entered(one, own, deep - 1)


def _uses_of(lock: object, block: Def, env: Env) -> tuple[list[ast.Call], list[ast.Call]]:
    """Return where *block* acquires and releases *lock*."""
    acquired, released = list[ast.Call](), list[ast.Call]()
    for one in calls_in(*block.body):
        match one.func:
            case ast.Attribute(value=owner, attr="acquire" | "release" as name):
                if meaning.of(owner, env) is lock:
                    (acquired if name == "acquire" else released).append(one)
    return acquired, released


def _kept_until(
    block: Def, acquired: Sequence[ast.Call], released: Sequence[ast.Call]
) -> tuple[int, Exit | None] | None:
    """Return the line that acquires a lock for good, and where it is left before the release."""
    ran = executed_statements.up_to_end(block.body)
    surely = [call for step in ran for call in executed_statements.calls_of(step)]
    if len(acquired) != 1 or acquired[0] not in surely:
        return None
    line = acquired[0].lineno
    if not released:
        return line, None
    left = exit_paths.left_open(block, acquired, released)
    if any(one.line >= block.body[-1].lineno for one in left):
        return None  # it acquires for whoever called
    return (line, left[0]) if left else None


def calls_before(frames: Sequence[FrameType]) -> Iterator[Ran]:
    """Yield the calls that the functions of *frames* have made before the lines they are at."""
    for frame in frames:
        code, line = frame.f_code, line_at(frame)
        block = parsed_files.function_of(code)
        for step in executed_statements.before(block.body, line) if block is not None else ():
            yield from ((frame, call) for call in executed_statements.calls_of(step))


def _on(call: ast.Call, method: str, frame: FrameType, thing: object) -> bool:
    """Return whether *call* is that of a *method* of *thing*."""
    if not isinstance(call.func, ast.Attribute) or call.func.attr != method:
        return False
    return meaning.of(call.func.value, frame) is thing


def _function(call: ast.Call, frame: FrameType, thing: object, attribute: str) -> CodeType | None:
    """Return the code of the method that *call* runs, if its object has *thing* as *attribute*."""
    if calls.last(call.func) is None:
        return None
    method = meaning.of(call.func, frame)
    if type(method) is not MethodType or objects.peek(method.__self__, attribute) is not thing:
        return None
    code = getattr(method.__func__, "__code__", None)
    return code if type(code) is CodeType else None


def _place(ran: Ran, labels: Labels) -> Place:
    frame, call = ran
    return Place(labels.file(frame.f_code.co_filename), call.lineno, frame.f_code.co_name)
