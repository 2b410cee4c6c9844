"""Tasks that the failing function cancelled, that went on to their end, and what that changed."""

import ast
import asyncio
from collections.abc import Iterator
from types import CoroutineType
from typing import Any

from loopcheck.facts.labels import Labels
from loopcheck.facts.probes import cancels, effects, objects, premature, source
from loopcheck.facts.records import SwallowedCancel


def read(asked: premature.Asked, labels: Labels) -> Iterator[SwallowedCancel]:
    """Yield who dropped the cancellation of a task that changed what *asked* is about.

    The task has ended and its names are gone: the line that made it still says what it ran.
    """
    for name, task in list(asked.frame.f_locals.items()):
        if not objects.is_a(task, asyncio.Task):
            continue
        found = cancels.ended(task, labels, round_again=True)
        if found is not None and effects.common(asked.sight, _changes(name, task, asked)):
            yield found


def _changes(name: str, task: Any, asked: premature.Asked) -> effects.Sight:
    """Return what the calls change that the task *name* was made of: `create_task(job.run())`."""
    env, code, sight = effects.env_of(asked.frame), asked.frame.f_code, effects.Sight()
    ran = asyncio.Task.get_coro(task)
    block = source.function_at(code.co_filename, code.co_firstlineno)
    for node in ast.walk(block) if block is not None else ():
        match node:
            case ast.Assign(targets=[ast.Name(id=target)], value=value) if target == name:
                calls = (one for one in ast.walk(value) if isinstance(one, ast.Call))
                mine = [one for one in calls if _is(effects.function(one.func, env), ran)]
                effects.changed_by(mine, env, code, sight)
    return sight


def _is(function: Any, coroutine: Any) -> bool:
    code = coroutine.cr_code if type(coroutine) is CoroutineType else None
    return function is not None and function.__code__ is code
