"""Tasks that the failing function cancelled, that ran to their end, and what that changed.

Or what it did not change: a handler further in dropped the cancellation before their own got it.
"""

from __future__ import annotations

import ast
from collections import deque
from collections.abc import Iterator
from types import CodeType, CoroutineType
from typing import Any

from loopcheck.labels import Labels
from loopcheck.light import replace
from loopcheck.process import futures, objects
from loopcheck.process.pending import premature_asserts
from loopcheck.records import SwallowedCancel
from loopcheck.source import effects, parsed_files
from loopcheck.source.assignments import assigned_values
from loopcheck.source.catching import cancel_handlers
from loopcheck.source.nodes import calls_in, mentioned, nodes_of
from loopcheck.source.statements import following_steps
from loopcheck.source.values import callees, meaning
from loopcheck.source.values.callees import Env

ADDS = frozenset({"append", "appendleft", "add"})
_MANY = (list, tuple, set, dict, deque)
_PLAIN = (str, bytes, int, float, bool)


def read(asked: premature_asserts.Asked, labels: Labels) -> Iterator[SwallowedCancel]:
    """Yield the handler that dropped a task's cancellation, if the task changed what *asked* reads.

    The task has ended and its names are gone: the line that created it still shows what it ran.
    """
    for name, task in _tasks_of(asked):
        again = not _went_past(task, asked)
        found = cancel_handlers.ended(task, labels, round_again=again)
        if found is not None and effects.common(asked.sight, _changes(name, task, asked)):
            yield found


def _changes(name: str, task: Any, asked: premature_asserts.Asked) -> effects.Sight:
    """Return what the calls behind the task *name* change: `create_task(job.run())`."""
    env, code, sight = meaning.names_of(asked.frame), asked.frame.f_code, effects.Sight()
    ran = futures.coroutine(task)
    block = parsed_files.function_of(code)
    for value in assigned_values(name, block):
        mine = [one for one in calls_in(value) if _is(callees.function(one.func, env), ran)]
        effects.changed_by(mine, env, code, sight)
    return sight


def _is(function: Any, coroutine: Any) -> bool:
    code = coroutine.cr_code if type(coroutine) is CoroutineType else None
    return function is not None and function.__code__ is code


# A task whose own handler should have run, and did not


def missed(asked: premature_asserts.Asked, labels: Labels) -> Iterator[SwallowedCancel]:
    """Yield the handler that dropped a task's cancellation further in than *asked* relies on.

    The failing line reads what the task does when it is cancelled: `except CancelledError` sets it.
    The task was cancelled and ended normally, but this handler has not run.
    """
    for _, task in _tasks_of(asked):
        for code, env in _started(task, asked) if cancel_handlers.returned_anyway(task) else ():
            expected = {
                (code.co_filename, one.lineno)
                for one in cancel_handlers.own_excepts(code)
                if _would_change(one, env, code, asked) and _has_not_run(one, env)
            }
            found = cancel_handlers.on_the_way(code, env) if expected else []
            inner = [one for one in found if (one.code.co_filename, one.line) not in expected]
            if len(inner) == 1:
                yield cancel_handlers.ended_by(inner[0], labels, "returned")


def dropped_on_the_way(
    task: Any, asked: premature_asserts.Asked, labels: Labels
) -> Iterator[SwallowedCancel]:
    """Yield the only handler, in any file, that can have dropped the cancellation of *task*."""
    for code, env in _started(task, asked) if cancel_handlers.returned_anyway(task) else ():
        found = cancel_handlers.on_the_way(code, env)
        if len(found) == 1:
            yield cancel_handlers.ended_by(found[0], labels, "returned")


def not_raised(missed: premature_asserts.Asked, labels: Labels) -> Iterator[SwallowedCancel]:
    """Yield the only handler, in any file, that can have dropped what *missed* should catch.

    The call in `with pytest.raises(CancelledError)` ran in the test's own task, and returned.
    """
    block = missed.step
    if not isinstance(block, ast.With):
        return
    if "CancelledError" not in mentioned(*(item.context_expr for item in block.items)):
        return
    env = meaning.names_of(missed.frame)
    ran = [one for call in calls_in(*block.body) if (one := callees.inside(call, env))]
    ways = [one for inner, code in ran for one in cancel_handlers.on_the_way(code, inner)]
    found = {(one.code.co_filename, one.line): one for one in ways}
    if len(found) == 1:
        [handler] = found.values()
        dropped = cancel_handlers.ended_by(handler, labels, "not raised")
        yield replace(dropped, waits_at=missed.place(labels))


def _tasks_of(asked: premature_asserts.Asked) -> list[tuple[str, Any]]:
    """Return the tasks that the failing function has names for."""
    return [(name, one) for name, one in asked.frame.f_locals.items() if futures.is_task(one)]


def _started(task: Any, asked: premature_asserts.Asked) -> list[tuple[CodeType, Env]]:
    """Return the code of *task* and its names, by the call in the failing function behind it."""
    env, ran = meaning.names_of(asked.frame), futures.coroutine(task)
    block = parsed_files.function_of(asked.frame.f_code)
    calls = calls_in(block) if block is not None else ()
    found = (callees.inside(one, env) for one in calls if _is(callees.function(one.func, env), ran))
    return [(one[1], one[0]) for one in found if one is not None][:1]


def _would_change(
    caught: ast.ExceptHandler, env: Env, code: CodeType, asked: premature_asserts.Asked
) -> bool:
    sight = effects.Sight()
    effects.changed_by(caught.body, env, code, sight)
    return effects.common(asked.sight, sight) is not None


def _has_not_run(caught: ast.ExceptHandler, env: Env) -> bool:
    """Return whether something that *caught* would leave is not there."""
    if isinstance(caught.body[-1], ast.Raise):
        return True  # the task has a result
    for node in nodes_of((ast.Assign, ast.Call), caught):
        match node:
            case ast.Assign(targets=[target], value=ast.Constant(value=value)):
                now = callees.value(target, env)
                if meaning.known(now) and not _same(now, value):
                    return True
            case ast.Call(func=ast.Attribute(value=of, attr=how), args=[ast.Constant(value=value)]):
                many = callees.value(of, env)
                if how in ADDS and type(many) in _MANY and not _count(many, value):
                    return True
            case ast.Call(func=ast.Attribute(value=of, attr="set"), args=[]):
                if objects.peek(callees.value(of, env), "_value") is False:
                    return True
    return False


# A step that dropped it, and let the later steps run


def _went_past(task: Any, asked: premature_asserts.Asked) -> bool:
    """Return whether *asked* finds the result of code after the step that dropped the cancellation.

    A task's outermost handler may legitimately end the task in this way, with its clean-up. A
    handler in an inner step does not end the task.
    """
    caught = cancel_handlers.dropped_by(task)
    if caught is None or not isinstance(asked.step, ast.Assert):
        return False
    file = caught.code.co_filename
    inner = parsed_files.enclosing(file, caught.line)
    root = parsed_files.function_at(file, caught.code.co_firstlineno)
    if not inner or root is None or inner[0].lineno == root.lineno:
        return False
    later = following_steps.steps_after_await(root, inner[0].name, file)
    test, env = asked.step.test, meaning.names_of(asked.frame)
    return any(_found(test, node, env) for node in later or ())


def _found(test: ast.expr, node: ast.AST, env: Env) -> bool:
    """Return whether *test* failed because of *node*: it expects that this did not happen."""
    match node:
        case ast.Call(func=ast.Attribute(attr=how), args=[ast.Constant(value=value)]):
            return how in ADDS and _is_there(test, value, env)
        case ast.Assign(targets=[ast.Attribute(attr=name)], value=ast.Constant(value=value)):
            return _is_so(test, name, value, env)
    return False


def _is_there(test: ast.expr, value: object, env: Env) -> bool:
    """Return whether what *test* reads contains *value* more often than expected."""
    match test:
        case ast.Compare(left=ast.Constant(value=said), ops=[ast.NotIn()], comparators=[many]):
            return _same(said, value) and _count(callees.value(many, env), value) > 0
        case ast.Compare(left=left, ops=[ast.Eq()], comparators=[right]):
            both = ((left, right), (right, left))
            return any(
                _count(callees.value(one, env), value) > _count(expected, value)
                for one, other in both
                if (expected := _literal(other)) is not None
            )
    return False


def _is_so(test: ast.expr, name: str, value: object, env: Env) -> bool:
    """Return whether the attribute that *test* reads is *value*, and the test expects another."""
    match test:
        case ast.UnaryOp(op=ast.Not(), operand=ast.Attribute(attr=asked) as part):
            return asked == name and bool(value) and _same(callees.value(part, env), value)
        case ast.Compare(
            left=ast.Attribute(attr=asked) as part,
            ops=[ast.Eq() | ast.Is()],
            comparators=[ast.Constant(value=said)],
        ):
            same = _same(callees.value(part, env), value)
            return asked == name and same and not _same(said, value)
    return False


def _same(one: object, value: object) -> bool:
    return type(one) is type(value) and type(one) in _PLAIN and one == value


def _count(many: Any, value: object) -> int:
    return sum(_same(one, value) for one in many) if type(many) in _MANY else 0


def _literal(node: ast.expr) -> object | None:
    """Return the list, tuple or set literal *node* as a value, if its items are constants."""
    if not isinstance(node, ast.List | ast.Tuple | ast.Set):
        return None
    return [one.value if isinstance(one, ast.Constant) else None for one in node.elts]
