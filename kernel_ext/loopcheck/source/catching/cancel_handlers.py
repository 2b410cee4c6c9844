"""Code that catches a cancellation and drops it: by the syntax tree around the waiting lines."""

from __future__ import annotations

import ast
import inspect
import sys
from collections.abc import Iterator, Sequence
from types import CodeType, CoroutineType
from typing import Any, Literal

from loopcheck.labels import Labels
from loopcheck.light import dataclass, replace
from loopcheck.process import futures
from loopcheck.process.waiting import await_chain
from loopcheck.records import Place, SwallowedCancel
from loopcheck.source import parsed_files
from loopcheck.source.calls import last
from loopcheck.source.catching import context_exits
from loopcheck.source.nodes import body_spans_line, is_text, nodes_of, nodes_with_parents, own_nodes
from loopcheck.source.values import called_bodies, callees

How = Literal["went on", "timeout lost", "returned", "failed", "not raised"]
Steps = Sequence[tuple[CodeType, int]]  # code and line, outermost first
CANCEL = frozenset({"CancelledError", "BaseException", "get_cancelled_exc_class"})
OVERDUE = frozenset({"TimeoutError", "Exception", "BaseException"})
FOREVER = frozenset({"Future", "create_future", "sleep_forever"})
DEEPEST = 10  # functions that a task awaits, one from the other
# What runs its argument in a task of its own; before 3.12 `wait_for` does, and raises in any case.
ELSEWHERE = frozenset({"create_task", "ensure_future", "gather", "shield", "start_soon"}) | (
    {"wait_for"} if sys.version_info < (3, 12) else set()
)
_WAITING = inspect.CO_COROUTINE | inspect.CO_ASYNC_GENERATOR
_LOOPS = (ast.For, ast.AsyncFor, ast.While)
_WAITS = (ast.Await, ast.AsyncFor, ast.AsyncWith)


@dataclass(frozen=True)
class Handler:
    """The code that caught it."""

    code: CodeType
    line: int
    words: str  # as the code writes it: "except BaseException"
    waits: int  # the line that was waiting
    goes_on: bool  # the loop around it starts another iteration
    elsewhere: tuple[str, str] | None = None  # file and method of a manager that dropped it
    sure: bool = True  # no handler further in may have dropped it


def took(task: Any) -> bool:
    """Return whether pending *task* was cancelled, got the CancelledError, and waits again."""
    if not futures.cancelling(task) or getattr(task, "_must_cancel", True):
        return False
    waiter = futures.waiter(task)
    if waiter is None:
        return True
    # A future that is done, and not cancelled, wakes the task as usual: the cancellation came
    # before.
    return not futures.cancelled(waiter) and not _passes_on(waiter)


def _passes_on(waiter: Any) -> bool:
    """Return whether a task that waits for *waiter* gets the error only when that has ended."""
    return futures.is_task(waiter) or bool(futures.parts(waiter))


def pending(task: Any, labels: Labels) -> SwallowedCancel | None:
    """Return what *task* did with its cancellation, None unless it continues as if uncancelled."""
    if not took(task):
        return None
    way = await_chain.follow(futures.coroutine(task))
    return went_on(way.steps, labels) if way is not None else None


def went_on(steps: Steps, labels: Labels) -> SwallowedCancel | None:
    """Return how a task at *steps* handled the cancellation that it received."""
    found = handler(steps)
    if found is None or not found.goes_on:
        return None
    return _record(found, steps, labels, "went on")


def round_again(codes: Sequence[CodeType], labels: Labels) -> SwallowedCancel | None:
    """Return the only handler in *codes*, run again and again, that drops a cancellation."""
    found = [one for code in codes for one in _own_handlers(code, _block(code))]
    if len(found) != 1:
        return None
    steps = [(code, found[0].waits) for code in codes]
    return _record(replace(found[0], goes_on=True), steps, labels, "went on")


def lost_timeout(steps: Steps, labels: Labels) -> SwallowedCancel | None:
    """Return the handler that dropped the cancellation of a timeout that ran out at *steps*.

    Something dropped it. A handler that raises in some cases only may have let it pass, one that
    never raises can't.
    """
    found = handler(steps, past_unsure=True)
    return _record(found, steps, labels, "timeout lost") if found is not None else None


def ended(task: Any, labels: Labels, *, round_again: bool = False) -> SwallowedCancel | None:
    """Return the handler that caught the cancellation of *task*, which then ended normally.

    *round_again*: only if the loop around the handler continued.
    """
    one = dropped_by(task)
    if one is None or (round_again and not one.goes_on):
        return None
    return ended_by(one, labels, "returned")


def ended_by(caught: Handler, labels: Labels, how: How = "failed") -> SwallowedCancel:
    """Return *caught*, which dropped the cancellation of what has ended by now."""
    return _record(caught, ((caught.code, 0),), labels, how)


def dropped_by(task: Any, *, failed: bool = False) -> Handler | None:
    """Return the only handler that can have dropped the cancellation of *task*, which has a result.

    If it *failed*, the task has an error of its own instead of a result.
    """
    if not returned_anyway(task, failed=failed):
        return None
    found = list(_handlers_of(futures.coroutine(task).cr_code))
    return found[0] if len(found) == 1 else None


def returned_anyway(task: Any, *, failed: bool = False) -> bool:
    """Return whether *task* was cancelled, and has a result, or if it *failed* an error."""
    if type(futures.coroutine(task)) is not CoroutineType or not futures.done(task):
        return False
    if futures.cancelled(task) or not futures.cancelling(task):
        return False
    return (getattr(task, "_exception", None) is not None) is failed


def own_excepts(code: CodeType) -> list[ast.ExceptHandler]:
    """Return the `except` blocks of *code* itself that catch a cancellation."""
    block = _block(code)
    tries = nodes_of((ast.Try, ast.TryStar), block) if block is not None else ()
    return [
        one
        for node in tries
        for one in node.handlers
        if one.type is not None and _catches(one.type, code.co_filename, CANCEL)
    ]


def handler(steps: Steps, *, past_unsure: bool = False) -> Handler | None:
    """Return the user's handler that catches what is raised at *steps* and drops it.

    *past_unsure*: look further out, too, if one may drop it or not.
    """
    users = [(code, line) for code, line in steps if await_chain.owner(code) == "user"]
    sure = True
    while users:
        found, certain = _around(*users.pop())
        sure = sure and certain
        if found is not None and any(_in_a_loop(code, line) for code, line in users):
            return replace(found, goes_on=True, sure=sure)  # its caller calls it again in a loop
        if found is not None:
            return replace(found, sure=sure)
        if not sure and not past_unsure:
            return None
    return None


def works_at_the_end(steps: Steps) -> bool:
    """Return whether the task at *steps* does its only work when it is cancelled.

    All before that is a wait without an end: `await sleep(math.inf)` in a `try`, whose handler or
    `finally` closes what the loop leaves. The end of the loop is what this kind of task waits for.
    """
    code = steps[0][0] if steps else None
    block = _block(code) if code is not None else None
    if code is None or not isinstance(block, ast.AsyncFunctionDef):
        return False
    acts = [step for step in block.body if not _runs_nothing(step)]
    if not acts or not isinstance(acts[0], ast.Try):
        return False
    match acts[0].body:
        case [ast.Expr(value=ast.Await(value=ast.Call() as call))] if _has_no_end(call):
            after = acts[0].finalbody
            for caught in acts[0].handlers:
                if _catches(caught.type, code.co_filename, CANCEL):
                    after = [*caught.body, *after]
                    break
            return any(not isinstance(one, ast.Pass | ast.Raise | ast.Return) for one in after)
    return False


def _runs_nothing(step: ast.stmt) -> bool:
    """Return whether *step* is a docstring, or a name with its type."""
    return step.value is None if isinstance(step, ast.AnnAssign) else is_text(step)


def _has_no_end(call: ast.Call) -> bool:
    """Return whether nobody can wake the one who awaits *call*: no timer, and nothing shared."""
    match call:
        case ast.Call(func=ast.Attribute(attr="wait", value=ast.Call() as made)):
            return last(made.func) == "Event"
        case ast.Call(args=[delay], keywords=[]) if last(call.func) == "sleep":
            return any(last(node) == "inf" or _says_inf(node) for node in ast.walk(delay))
    return last(call.func) in FOREVER


def _says_inf(node: ast.AST) -> bool:
    return isinstance(node, ast.Constant) and node.value in ("inf", "infinity")


def _in_a_loop(code: CodeType, line: int) -> bool:
    block = _block(code)
    nodes = own_nodes(block) if block is not None else ()
    return any(isinstance(one, _LOOPS) and body_spans_line(one.body, line) for one in nodes)


def _around(code: CodeType, line: int) -> tuple[Handler | None, bool]:
    """Return what drops a cancellation at *line* of *code*; False if that is unknown."""
    block = _block(code)
    return _in(code, block, line) if block is not None else (None, True)


def _in(code: CodeType, block: ast.AST, line: int) -> tuple[Handler | None, bool]:
    blocks = [(node, above) for node, above in nodes_with_parents(block) if guards(node, line)]
    for node, above in reversed(blocks):
        name = code.co_filename
        loop = any(isinstance(one, _LOOPS) for one in above)
        if isinstance(node, ast.With | ast.AsyncWith) and (line_of := _suppressed(node, name)):
            return Handler(code, line_of, "contextlib.suppress", line, loop), True
        if isinstance(node, ast.With | ast.AsyncWith):
            for end in context_exits.of(node, name, _is_cancellation):
                if end.drops is not False:
                    words = f"return in {end.name}"
                    there = Handler(code, end.line, words, line, loop, (end.file, end.name))
                    return (there, True) if end.drops else (None, False)
        if not isinstance(node, ast.Try | ast.TryStar):
            continue
        caught = next((one for one in node.handlers if _catches(one.type, name, CANCEL)), None)
        if caught is not None and not _raises(caught, name):
            on = loop and not _leaves(caught.body)
            return Handler(code, caught.lineno, _words(caught), line, on), True
        if caught is not None and not isinstance(caught.body[-1], ast.Raise):
            return None, False
        if (out := next(_way_out(node.finalbody), None)) is not None:
            on = isinstance(out, ast.Continue)
            words = f"{type(out).__name__.lower()} in finally"
            return Handler(code, out.lineno, words, line, on), True
    return None, True


def _handlers_of(code: CodeType) -> Iterator[Handler]:
    """Yield each handler in *code*, and in what it awaits, that would drop a cancellation."""
    todo, seen = [code.co_name], set[str]()
    tree = parsed_files.tree(code.co_filename)
    while todo and len(seen) < DEEPEST:
        name = todo.pop(0)
        if name in seen:
            continue
        seen.add(name)
        same = [n for n in ast.walk(tree) if _named(n, name)] if tree is not None else []
        block = _block(code) if name == code.co_name else same[0] if len(same) == 1 else None
        for node, _ in nodes_with_parents(block) if block is not None else ():
            if isinstance(node, ast.Await) and isinstance(node.value, ast.Call):
                todo += [last(node.value.func) or ""]
        yield from _own_handlers(code, block)


def on_the_way(code: CodeType, env: callees.Env) -> list[Handler]:
    """Return each handler in *code*, or in what its own task runs, that would drop a cancellation.

    *env* has the values of the names in *code*: they show which methods it calls, in any file.
    """
    start = called_bodies.Body(parsed_files.body_of(code), env, code)
    found: dict[tuple[str, int], Handler] = {}
    for body in called_bodies.reached(start, deepest=DEEPEST, calls=_own_calls):
        if body is start or body.code.co_flags & _WAITING:  # a plain function can't wait
            for one in _own_handlers(body.code, parsed_files.function_of(body.code)):
                found[body.code.co_filename, one.line] = one
    return list(found.values())


def _own_calls(body: called_bodies.Body) -> Iterator[ast.Call]:
    """Yield the calls of *body* that run in the task that runs it."""
    for step in body.steps:
        for node, above in nodes_with_parents(step):
            if isinstance(node, ast.Call) and not any(map(_runs_elsewhere, above)):
                yield node


def _runs_elsewhere(node: ast.AST) -> bool:
    """Return whether what *node* receives runs in another task, which gets no cancellation."""
    return isinstance(node, ast.Call) and last(node.func) in ELSEWHERE


def _own_handlers(code: CodeType, block: ast.AST | None) -> Iterator[Handler]:
    """Yield each handler in *block* that would drop a cancellation of one of its waits."""
    lines: dict[int, Handler] = {}
    for node, _ in nodes_with_parents(block) if block is not None else ():
        if isinstance(node, _WAITS) and block is not None:
            found, _ = _in(code, block, node.lineno)
            lines.update({found.line: found} if found is not None else {})
    yield from lines.values()


def _named(node: ast.AST, name: str) -> bool:
    return isinstance(node, ast.AsyncFunctionDef) and node.name == name


def expects_timeout(steps: Steps, until: Handler | None) -> bool:
    """Return whether a user line outside *until* expects a TimeoutError."""
    return any(
        (
            isinstance(node, ast.With | ast.AsyncWith)
            and _suppressed(node, code.co_filename, OVERDUE)
        )
        or any(_handling(node, code))
        for code, node in _guarding(steps, until)
    )


def timeout_handlers(steps: Steps) -> Iterator[ast.ExceptHandler]:
    """Yield the handlers around *steps* that expect a TimeoutError."""
    for code, node in _guarding(steps, None):
        yield from _handling(node, code)


def _guarding(steps: Steps, until: Handler | None) -> Iterator[tuple[CodeType, ast.AST]]:
    """Yield the statements of user code, each with its function's code, that guard *steps*."""
    for code, line in steps:
        if until is not None and code is until.code:
            break
        block = _block(code) if await_chain.owner(code) == "user" else None
        for node, _ in nodes_with_parents(block) if block is not None else ():
            if guards(node, line):
                yield code, node


def _handling(node: ast.AST, code: CodeType) -> Iterator[ast.ExceptHandler]:
    for one in node.handlers if isinstance(node, ast.Try | ast.TryStar) else ():
        if _does_without(one, code.co_filename):
            yield one


def _does_without(caught: ast.ExceptHandler, filename: str) -> bool:
    """Return whether *caught* handles a TimeoutError, and does not just report any error."""
    if not _catches(caught.type, filename, OVERDUE):
        return False
    said = (getattr(node, "id", None) for node, _ in _all(caught.body))
    heard = caught.name is not None and caught.name in said
    return not heard or _catches(caught.type, filename, frozenset({"TimeoutError"}))


def _block(code: CodeType) -> ast.AST | None:
    block: ast.AST | None = parsed_files.function_of(code)
    return block or (parsed_files.tree(code.co_filename) if code.co_name == "<module>" else None)


def guards(node: ast.AST, line: int) -> bool:
    """Return whether *node* guards *line*: not from its handlers or its `finally`."""
    if not isinstance(node, ast.Try | ast.TryStar | ast.With | ast.AsyncWith):
        return False
    return body_spans_line(node.body, line)


def _suppressed(
    block: ast.With | ast.AsyncWith, filename: str, kinds: frozenset[str] = CANCEL
) -> int | None:
    """Return the line of a `suppress` that catches one of *kinds*."""
    for item in block.items:
        call = item.context_expr
        given = call.args if isinstance(call, ast.Call) and last(call.func) == "suppress" else []
        if any(_catches(one, filename, kinds) for one in given):
            return call.lineno
    return None


def _is_cancellation(kind: ast.expr, filename: str) -> bool:
    return _catches(kind, filename, CANCEL)


def _catches(kind: ast.expr | None, filename: str, kinds: frozenset[str]) -> bool:
    if kind is None:
        return True
    if isinstance(kind, ast.Tuple):
        return any(_catches(one, filename, kinds) for one in kind.elts)
    if isinstance(kind, ast.Call):
        return last(kind.func) in kinds
    name, module = last(kind) or "", parsed_files.tree(filename)
    if isinstance(kind, ast.Attribute):
        return name in kinds and "futures" not in ast.unparse(kind.value)
    if module is not None and name:
        imported = parsed_files.imported_from(module, name)
        if imported is not None:
            return imported[1] in kinds and not imported[0].startswith("concurrent")
        for step in module.body:  # ERRORS = (OSError, asyncio.CancelledError)
            if isinstance(step, ast.Assign) and any(last(one) == name for one in step.targets):
                return isinstance(step.value, ast.Tuple) and _catches(step.value, filename, kinds)
    return name in kinds


def _raises(caught: ast.ExceptHandler, filename: str) -> bool:
    """Return whether *caught* can raise something when it has caught a cancellation."""
    return any(
        isinstance(node, ast.Raise)
        and not any(_is_of_others(one, node, caught.name, filename) for one in above)
        for node, above in _all(caught.body)
    )


def _is_of_others(block: ast.AST, node: ast.Raise, name: str | None, filename: str) -> bool:
    """Return whether *block* runs *node* only for errors other than a cancellation."""
    match block:
        case ast.If(
            test=ast.Call(func=ast.Name(id="isinstance"), args=[ast.Name(id=asked), kind]),
            body=body,
        ) if asked == name:
            return body_spans_line(body, node.lineno) and not _catches(kind, filename, CANCEL)
    return False


def _leaves(steps: list[ast.stmt]) -> bool:
    """Return whether one of *steps* ends the loop around it."""
    return any(
        isinstance(node, ast.Return)
        or (isinstance(node, ast.Break) and not any(isinstance(one, _LOOPS) for one in above))
        for node, above in _all(steps)
    )


def _way_out(steps: list[ast.stmt]) -> Iterator[ast.stmt]:
    """Yield the statements that leave a `finally`, and so drop the raised error."""
    for node, above in _all(steps):
        inner = any(isinstance(one, _LOOPS) for one in above)
        if isinstance(node, ast.Return) or (
            isinstance(node, ast.Break | ast.Continue) and not inner
        ):
            yield node


def _all(steps: list[ast.stmt]) -> Iterator[tuple[ast.AST, tuple[ast.AST, ...]]]:
    return nodes_with_parents(ast.Module(body=steps, type_ignores=[]))


def _words(caught: ast.ExceptHandler) -> str:
    return f"except {ast.unparse(caught.type)}" if caught.type is not None else "bare except"


def _record(found: Handler, steps: Steps, labels: Labels, how: How) -> SwallowedCancel:
    mine = [code for code, _ in steps if await_chain.owner(code) == "user"]
    inner = found.code if how == "timeout lost" or not mine else mine[0]
    file, function = found.elsewhere or (found.code.co_filename, found.code.co_name)
    return SwallowedCancel(
        coroutine=await_chain.short(inner.co_qualname),
        caught_at=Place(labels.file(file), found.line, function),
        words=found.words,
        how=how,
        waits_at=Place(labels.file(found.code.co_filename), found.waits, found.code.co_name),
        expected=how == "timeout lost" and expects_timeout(steps, found),
        sure=found.sure,
    )
