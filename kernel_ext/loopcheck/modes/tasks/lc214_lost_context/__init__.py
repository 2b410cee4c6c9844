"""LC214 lost-context: a context variable is set in one task or thread, and read in another.

What: `LookupError: <ContextVar name='tenant' …>` though a line sets it. With a default, the code
      goes on with that. Or `ValueError: <Token …> was created in a different Context`.
Why:  each task works on a copy of the context that it was created in, so what it sets ends with it,
      and what others set later never reaches it. A thread of an executor has a context of its own,
      and a copy that is made there has nothing of the caller's.
      The lifespan of an app, a plain dependency of FastAPI, and with anyio's plugin a plain fixture
      run in another task or thread than what reads the value.
Fix:  set it in the task that reads it, or above that task before it is created: await a coroutine
      instead of starting a task, or return the value and set it in the caller. A thread:
      `asyncio.to_thread`, or `copy_context().run`. A dependency or fixture: `async def`. What lives
      longer than one request belongs into `app.state`, and a job carries its values along.
Edit: `asyncio.to_thread`, `copy_context().run`, `async def` for a dependency or a fixture of anyio,
      `await` without a task. None where the value has to be passed along, since you choose how.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from loopcheck.modes.finding import Finding
from loopcheck.records import ErrorRecord, Evidence, Place, Subject

if TYPE_CHECKING:
    from loopcheck.modes.tasks.lc214_lost_context.evidence import LostContext

CODE, SLUG = "LC214", "lost-context"
SUPERSEDES: frozenset[str] = frozenset()
SAYS = (
    "LookupError: <ContextVar name=",
    "was created in a different Context",
    "<ContextVar name=",
)
OF_NONE = frozenset({"AttributeError", "TypeError"})
OF_DEFAULT = frozenset({"AssertionError", "KeyError"})  # of another value than the set one


def detect(evidence: Evidence) -> Iterator[Finding]:
    """Name the line that sets the variable out of the reader's sight."""
    if not any(map(_may_be_lost, evidence.errors)):
        return
    from loopcheck.modes.tasks.lc214_lost_context import (
        copied_contexts,  # late, like the next: for its own cases
    )
    from loopcheck.modes.tasks.lc214_lost_context import evidence as questions

    seen = evidence.ask(questions.find_lost_context)
    if seen is None:
        copy = evidence.ask(copied_contexts.find_thread_copy)
        if copy is not None:
            yield copied_contexts.finding(copy, CODE, SLUG)
        return
    yield Finding(
        code=CODE,
        slug=SLUG,
        certainty="likely" if seen.returned else "certain",
        subject=Subject(name=seen.name, type="contextvars.ContextVar"),
        where=_where(seen),
        made_at=seen.set_at,
        used_at=seen.read_at,
        what=_what(seen),
        why=_why(seen),
        fix=_fix(seen),
        remedy=_remedy(seen),
    )


def _may_be_lost(error: ErrorRecord) -> bool:
    if error.type == "LookupError":
        return True
    if error.type == "ValueError" and "different Context" in error.message:
        return True
    if error.owner != "user":
        return error.type == "AssertionError" and error.module == "unittest.case"
    if error.type in OF_NONE and "'NoneType'" in error.message:
        return True
    return error.type in OF_DEFAULT or error.raised == "raise"


def _where(seen: LostContext) -> Place:
    if seen.how == "older task":
        return seen.read_at
    return seen.defined_at or seen.apart_at or seen.set_at


def _what(seen: LostContext) -> str:
    sets = f"{seen.set_at} sets `{seen.name}`"
    if seen.how == "reset" and seen.apart_at is not None:
        return (
            f"{sets} in a context of its own (`{seen.written}` at {seen.apart_at}), and"
            f" {seen.read_at} resets it in another."
        )
    if seen.how in ("reset", "reset of a dependency"):
        return f"{sets} in one context, and {seen.read_at} resets it in another."
    if seen.how == "older task":
        created = f", which {seen.apart_at} created before" if seen.apart_at is not None else ""
        return f"{sets}, but {seen.read_at} reads it in the task `{seen.runs}`{created}."
    if seen.how == "reader's thread":
        by = f", which `{seen.written}` uses at {seen.apart_at}" if seen.written else ""
        return f"{sets}, but {seen.read_at} reads it in a thread of an executor{by}."
    if seen.how == "constructor":
        return f"{sets} when a `{seen.runs}` is created, and {seen.read_at} reads it elsewhere."
    return f"{sets} in {_apart(seen)}, so {seen.read_at} does not find it."


def _apart(seen: LostContext) -> str:
    """Return what the setting line runs in."""
    via = f" (`{seen.written}` at {seen.apart_at})" if seen.apart_at is not None else ""
    return {
        "task": f"a task of its own{via}",
        "thread": f"a thread{via}",
        "context": f"a copy of the context{via}",
        "fixture": "a fixture that anyio's plugin runs outside of the test's task",
        "class set-up": "`setUpClass`, when unittest has copied the test's context already",
        "lifespan": "the lifespan, which is a task of its own",
        "dependency": "a plain dependency, which FastAPI runs in a thread",
        "middleware": "a task of its own",
    }[seen.how]


def _why(seen: LostContext) -> str:
    if seen.how in ("task", "lifespan", "middleware"):
        return (
            "A task works on a copy of the context in which it was created. What it sets ends with"
            " it."
        )
    if seen.how == "older task":
        return (
            "A task copies the context once, when it is created. What others set later does not"
            " reach it."
        )
    if seen.how == "reader's thread":
        return (
            "A thread of an executor does not get the caller's context. `asyncio.to_thread` copies"
            " it."
        )
    if seen.how == "fixture":
        return (
            "anyio's plugin runs all async fixtures and the test in one task. A plain fixture sets"
            " its value outside, where this task can't see it."
        )
    if seen.how == "class set-up":
        return (
            "`IsolatedAsyncioTestCase` copies the context when pytest creates the test case, before"
            " `setUpClass` runs."
        )
    if seen.how in ("dependency", "reset of a dependency"):
        return (
            "FastAPI calls a plain `def` in a thread, on a copy of the context that is thrown away"
            " after the call."
        )
    if seen.how == "reset":
        return (
            "A token belongs to the context in which `set` ran. Each task and each thread has"
            " another one."
        )
    if seen.how == "constructor":
        return (
            "The object can be passed to another task or thread, but the value stays in the context"
            " in which the object was created."
        )
    return "It runs on a copy of the context. What it sets stays in that copy."


def _fix(seen: LostContext) -> str:
    caller = f"let `{seen.runs}` return the value, and set `{seen.name}` in the caller"
    match seen.how:
        case "task" if seen.written.endswith("wait_for"):
            return (
                f"Await `{seen.runs}` at {seen.apart_at} in `async with asyncio.timeout(…)`: before"
                f" Python 3.12 `wait_for` runs it in a task of its own. Or {caller}."
            )
        case "task":
            return f"Await `{seen.runs}` at {seen.apart_at} without a task of its own. Or {caller}."
        case "thread" | "context":
            return f"{caller[:1].upper()}{caller[1:]}, at {seen.apart_at}."
        case "older task":
            return (
                f"Pass the value of `{seen.name}` along with the work that `{seen.runs}` receives,"
                f" and use it at {seen.read_at}. Or create the task after {seen.set_at} has run."
            )
        case "reader's thread":
            name = f"`{seen.runs}`" if seen.runs else "the function"
            at = f" at {seen.apart_at}" if seen.apart_at is not None else ""
            return (
                f"Run {name} with `asyncio.to_thread`{at}. For an executor of your own pass"
                f" `contextvars.copy_context().run` first, then {name} and its arguments."
            )
        case "fixture":
            return f"Make `{seen.set_by}` an `async def`: then anyio runs it in the test's task."
        case "class set-up":
            return f"Set `{seen.name}` in `setUp` or `asyncSetUp`: both run in the test's context."
        case "lifespan":
            return (
                f"Keep what lives as long as the app in `app.state`, or set `{seen.name}` in a"
                " middleware, for each request."
            )
        case "dependency" | "reset of a dependency":
            return (
                f"Make `{seen.set_by}` an `async def`: then FastAPI runs it in the request's task."
            )
        case "constructor":
            return (
                f"Give `{seen.name}` a default instead: `ContextVar(…, default=…)`. Every context"
                " has that. Or set it in the task or thread that reads it."
            )
        case "reset" if seen.apart_at is not None:
            return (
                f"Set and reset `{seen.name}` in one task: call `{seen.runs}` at {seen.apart_at}"
                f" without `{seen.written}`, or reset it there, too."
            )
        case "reset":
            return (
                f"Set and reset `{seen.name}` in one task: if `{seen.set_by}` is a generator, close"
                " it in the task that began it."
            )
    return (
        f"Pass the value back in what `{seen.set_by}` returns, in `request.state` or in a mutable"
        " object that the caller sets before."
    )


def _remedy(seen: LostContext) -> tuple[str, ...]:
    if seen.how == "reader's thread":
        return "thread", seen.written
    if seen.how in ("task", "reset") and seen.written.endswith("create_task"):
        return "await", seen.written
    if seen.how in ("dependency", "reset of a dependency", "fixture"):
        return "async", seen.set_by
    return ()
