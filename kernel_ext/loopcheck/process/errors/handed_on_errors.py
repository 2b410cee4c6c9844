"""The errors that a failure comes from: those that code passed on, not those that it handled."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import cast

from loopcheck.process import failure, objects
from loopcheck.process.failure import Link
from loopcheck.process.frames import module_of
from loopcheck.source import parsed_files, project_files

EXITS = frozenset({"__aexit__", "__exit__", "athrow", "throw"})
FAILS = frozenset({"fail", "_Fail.__call__"})  # pytest before 9, and from then on


def causes(links: Sequence[Link]) -> Iterator[Link]:
    """Yield the error of the test, then each error that it was raised from or hides.

    `except ConnectionError: assert …` has an error behind it, too; that one was handled.
    """
    known = {id(link.error): link for link in links}
    todo = [link.error for link in links[:1]]
    seen: set[int] = set()
    while todo:
        error = todo.pop(0)
        link = known.get(id(error))
        if link is None or id(error) in seen:
            continue
        seen.add(id(error))
        yield link
        if objects.is_a(error, BaseExceptionGroup):
            todo += cast("BaseExceptionGroup[BaseException]", error).exceptions
        if error.__cause__ is not None:
            todo.append(error.__cause__)
        context = error.__context__
        if context is not None and (before := known.get(id(context))) and _made_of(link, before):
            todo.append(context)
        todo += link.given_up


def _made_of(link: Link, before: Link) -> bool:
    """Return whether the error of *link* replaced *before*, and no handler decided to end that."""
    if not link.trace:
        return False
    if failure.hid_another(link):
        return True
    last = link.trace[-1]
    if last.owner == "user":
        code = last.frame.f_code
        return parsed_files.step_at(code.co_filename, last.line, last.span) == "raise"
    own = before.error.__traceback__
    if own is not None:
        code, name = own.tb_frame.f_code, module_of(own.tb_frame)
        if project_files.owner(code.co_filename, name) == "library":
            return True  # the library caught it, and raised another one for it
    if last.module.partition(".")[0] == "_pytest":
        # The handler reports it in other words.
        return last.frame.f_code.co_qualname in FAILS
    return any(step.frame.f_code.co_name in EXITS for step in _since_users(link))


def _since_users(link: Link) -> Sequence[failure.Step]:
    """Return the frames below the innermost frame of user code."""
    users = [number for number, step in enumerate(link.trace) if step.owner == "user"]
    return link.trace[users[-1] + 1 :] if users else link.trace
