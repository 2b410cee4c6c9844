"""What only LC214 asks: which function copies its context in a thread, where nothing is set.

`loop.run_in_executor(None, lambda: copy_context().run(work))` looks like a copy of the caller's
context. But the function runs in the thread, and so does the call that copies.
"""

from __future__ import annotations

import ast
import contextvars
import re
from collections.abc import Iterable, Iterator
from contextvars import Context, ContextVar
from types import CodeType
from typing import Any

from loopcheck.case.live import Live
from loopcheck.labels import plain
from loopcheck.light import dataclass, frozen
from loopcheck.modes.finding import Finding
from loopcheck.modes.tasks.lc214_lost_context import reading_lines
from loopcheck.modes.tasks.lc214_lost_context.setting_lines import (
    Search,
    handed,
    last_here,
)
from loopcheck.process import objects
from loopcheck.process.failure import Link, Step
from loopcheck.process.loops import task_contexts
from loopcheck.process.waiting import await_chain
from loopcheck.records import Place, Subject
from loopcheck.source import modules, parsed_files
from loopcheck.source.nodes import calls_in, nodes_of, nodes_run_by
from loopcheck.source.values import asserted_values, called_bodies, callees, meaning
from loopcheck.source.values.called_bodies import Body
from loopcheck.source.values.callees import Env

DEEPEST = 4  # calls between the test and the executor
SHORTEST = 3  # letters of a name or value: others are everywhere


@frozen
class ThreadCopy:
    """A context that is copied in a thread, and the variable that it lacks."""

    name: str
    copied_at: Place
    handed_by: str  # "loop.run_in_executor"
    handed_at: Place
    set_at: Place | None
    missed_at: Place


@dataclass(frozen=True, eq=False)
class Copy:
    """A call of `copy_context` in what *hands* passes to an executor. Lives only during a look."""

    call: ast.Call
    code: CodeType  # around it
    hands: ast.Call
    hands_in: CodeType


def find_thread_copy(live: Live) -> ThreadCopy | None:
    """Return the copied context that lacks what the failing assertion asks for."""
    name = contextvars.copy_context.__name__
    if not any(parsed_files.has_word(file, name) for file in modules.files()):
        return None
    link = live.links[0]
    step = link.user
    if step is None or not objects.is_a(link.error, AssertionError):
        return None
    variable = next(_asked(step, _contexts(link, live)), None)
    copy = next(_reached(step), None) if variable is not None else None
    if variable is None or copy is None:
        return None
    own = last_here(Search(variable).before(step.frame, step.line))
    labels = live.labels
    return ThreadCopy(
        name=plain(variable.name),
        copied_at=await_chain.place(copy.code, copy.call.lineno, labels),
        handed_by=plain(ast.unparse(copy.hands.func)),
        handed_at=await_chain.place(copy.hands_in, copy.hands.lineno, labels),
        set_at=Place(labels.file(own.file), own.line, own.function) if own is not None else None,
        missed_at=step.place(labels),
    )


def _contexts(link: Link, live: Live) -> Iterator[Context]:
    """Yield the contexts of the tasks that ran the failing lines."""
    for task in reading_lines.tasks(live):
        if any(reading_lines.runs(task, one) for one in link.trace):
            yield from task_contexts.contexts_of(task)


def _asked(step: Step, contexts: Iterable[Context]) -> Iterator[ContextVar[Any]]:
    """Yield the variables of *contexts* whose name or value the failing assertion has."""
    statement = step.source.simple
    said = [one.value for one in nodes_of(ast.Constant, statement)]
    words = [one for one in said if type(one) is str and len(one) >= SHORTEST]
    things = [*words, *asserted_values.operands(step.frame)]
    for context in contexts:
        for variable, value in context.items():
            named = any(re.search(rf"(?<![^\W_]){re.escape(one)}$", variable.name) for one in words)
            if named or any(_is_value(one, value) for one in things):
                yield variable


def _is_value(thing: object, value: object) -> bool:
    if type(value) is str:
        return len(value) >= SHORTEST and type(thing) is str and thing == value
    return type(value) not in reading_lines.PLAIN and thing is value


def _reached(step: Step) -> Iterator[Copy]:
    """Yield what the code above the failing line has had copied in a thread."""
    start = called_bodies.of_frame(step.frame)
    for body in called_bodies.reached(start, deepest=DEEPEST):
        for call in calls_in(*body.steps):
            work = handed(call)
            if work is None or (body.code is start.code and call.lineno > step.line):
                continue
            for ran in _run_by(work, body):
                for copy in _copies(nodes_run_by(ran.steps), ran.env):
                    yield Copy(copy, ran.code, call, body.code)


def _run_by(work: ast.expr, body: Body) -> Iterator[Body]:
    """Yield what a call of *work* runs: of a lambda, of a function inside, or of another one."""
    if isinstance(work, ast.Lambda):
        yield body._replace(steps=[work.body])
    for inner in nodes_of(ast.FunctionDef, *body.steps):
        if isinstance(work, ast.Name) and inner.name == work.id:
            yield body._replace(steps=inner.body)
            return
    function = callees.function(work, body.env)
    if function is not None and callees.of_user(function):
        code = function.__code__
        yield Body(parsed_files.body_of(code), meaning.in_call(function, {}), code)


def _copies(nodes: Iterable[ast.AST], env: Env) -> Iterator[ast.Call]:
    for one in nodes:
        if isinstance(one, ast.Call) and callees.target(one.func, env) is contextvars.copy_context:
            yield one


# The words


def finding(seen: ThreadCopy, code: str, slug: str) -> Finding:
    """Name the line that copies a context which has nothing of the caller's."""
    sets = f"{seen.set_at} sets" if seen.set_at is not None else "The test sets"
    return Finding(
        code=code,
        slug=slug,
        certainty="likely",
        subject=Subject(name=seen.name, type="contextvars.ContextVar"),
        where=seen.copied_at,
        made_at=seen.set_at,
        used_at=seen.missed_at,
        what=f"{sets} `{seen.name}`, but {seen.copied_at} copies the context in a thread of an"
        " executor, where it is not set.",
        why=f"`{seen.handed_by}` at {seen.handed_at} calls this code in the thread, which has a"
        " context of its own. A copy of that has none of the caller's values.",
        fix=f"Call `copy_context()` above {seen.handed_at}, in the caller, and use this copy at"
        f" {seen.copied_at}.",
    )
