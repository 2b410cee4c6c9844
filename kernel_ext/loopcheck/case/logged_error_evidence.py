"""The error that code caught and logged before the test failed, as servers and workers do.

It is looked for last: where a mode explains the failure or the logged error, that says more.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from loopcheck.labels import Labels, plain
from loopcheck.process import failure, objects
from loopcheck.process.pending import premature_asserts
from loopcheck.records import LoggedError, Place
from loopcheck.source import effects, parsed_files, project_files
from loopcheck.source.catching import swallowing_handlers
from loopcheck.source.values import meaning

LONGEST = 60  # characters of a message


def of_failure(error: BaseException, item: Any, labels: Labels) -> LoggedError | None:
    """Return the error that was logged, if the failing line may be a result of it.

    A test that reads the log itself is about what is in there.
    """
    if "caplog" in getattr(item, "fixturenames", ()):
        return None
    links = list(failure.chain(error))
    own = {id(link.error) for link in links}
    asked = premature_asserts.asked(error)
    found = [
        one
        for record, told in swallowing_handlers.with_tracebacks(item)
        if id(told) not in own and record.name != "asyncio"  # what that logs is lost, see Evidence
        for one in _read(record, told, asked, links[0], labels)
    ]
    return next((one for one in found if one.undone is not None), next(iter(found), None))


def _read(
    record: Any,
    error: BaseException,
    asked: premature_asserts.Asked | None,
    failed: failure.Link,
    labels: Labels,
) -> Iterator[LoggedError]:
    link = next(iter(failure.chain(error)))
    step = link.user
    if step is None:
        return
    undone = _undone(link, asked) if asked is not None else None
    file = str(record.pathname)
    by_user = project_files.owner(file) == "user"
    if by_user and undone is None:
        return  # a handler of the project, which may have done all that is needed
    code = step.frame.f_code
    yield LoggedError(
        name=code.co_qualname.rpartition("<locals>.")[2],
        type=objects.type_name(error).rpartition(".")[2],
        message=plain(objects.said(error))[:LONGEST],
        place=step.place(labels),
        logger=plain(str(record.name)),
        logged_at=Place(labels.file(file), int(record.lineno)) if by_user else None,
        undone=undone,
        used_at=failed.user.place(labels) if failed.user is not None else None,
    )


def _undone(link: failure.Link, asked: premature_asserts.Asked) -> str | None:
    """Return what the failing line reads that the functions of *link* have not changed."""
    for step in link.users:
        block = parsed_files.function_of(step.frame.f_code)
        if block is not None:
            sight = effects.Sight()
            rest = effects.rest(block.body, step.line)
            effects.changed_by(rest, meaning.names_of(step.frame), step.frame.f_code, sight)
            text = effects.common(asked.sight, sight)
            if text is not None:
                return text
    return None
