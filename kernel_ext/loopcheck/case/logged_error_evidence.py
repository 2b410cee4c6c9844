"""The error that code caught and logged before the test failed, as servers and workers do.

It is looked for last: where a mode explains the failure or the logged error, that says more.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any

from loopcheck.labels import Labels, plain
from loopcheck.process import failure, objects
from loopcheck.process.pending import premature_asserts
from loopcheck.records import LoggedError, Place
from loopcheck.source import effects, parsed_files, project_files
from loopcheck.source.catching import swallowing_handlers
from loopcheck.source.values import meaning

LONGEST = 60  # characters of a message
MOST = 100_000  # characters of printed text to search, from its end
_FRAME = re.compile(r'^ +File "(?P<file>.+)", line (?P<line>\d+), in (?P<name>.+)$', re.MULTILINE)
_LAST = re.compile(r"^(?P<type>\w[\w.]*)(?:: (?P<message>.*))?$", re.MULTILINE)
_BEGINS = "Traceback (most recent call last):\n"


def of_failure(error: BaseException, item: Any, labels: Labels) -> LoggedError | None:
    """Return the error that was logged, if the failing line may be a result of it.

    A test that reads the log itself is about what is in there.
    """
    if "caplog" in getattr(item, "fixturenames", ()):
        return None
    told_of = list(swallowing_handlers.with_tracebacks(item))
    if not told_of:
        return None
    links = list(failure.chain(error))
    own = {id(link.error) for link in links}
    asked = premature_asserts.asked(error)
    found = [
        one
        for record, told in told_of
        if id(told) not in own and record.name != "asyncio"  # `watch.exceptions` has those
        for one in _read(record, told, asked, links[0], labels)
    ]
    return next((one for one in found if one.undone is not None), next(iter(found), None))


def printed(
    sections: Iterable[tuple[str, str]], error: BaseException, labels: Labels
) -> LoggedError | None:
    """Return the last error that a library caught, and whose traceback it printed.

    A logger with handlers of its own writes to the standard streams, past pytest's log: uvicorn's.
    The first line of a traceback is in the function that caught the error.
    """
    failed = next(iter(failure.chain(error))).user
    texts = [text for name, text in sections if name.startswith("Captured std")]
    for text in reversed(texts):
        for block in reversed(text[-MOST:].split(_BEGINS)[1:]):
            frames = [*_FRAME.finditer(block)]
            last = _LAST.search(block)
            mine = [one for one in frames if project_files.owner(one["file"]) == "user"]
            if last is None or not mine or mine[0] is frames[0]:
                continue
            place = Place(labels.file(mine[-1]["file"]), int(mine[-1]["line"]), mine[-1]["name"])
            return LoggedError(
                name=mine[-1]["name"],
                type=last["type"].rpartition(".")[2],
                message=plain(last["message"] or "")[:LONGEST],
                place=place,
                logger=_package(frames[0]["file"]),
                logged_at=None,
                undone=None,
                used_at=failed.place(labels) if failed is not None else None,
            )
    return None


def _package(file: str) -> str:
    """Return the name of the installed package of *file*, or of its module."""
    path = file.replace("\\", "/").rpartition("-packages/")
    return path[2].partition("/")[0] if path[0] else path[2].rpartition("/")[2].removesuffix(".py")


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
    code, said = step.frame.f_code, objects.said(error)
    yield LoggedError(
        name=code.co_qualname.rpartition("<locals>.")[2],
        type=objects.type_name(error).rpartition(".")[2],
        message=plain(repr(said) if objects.is_a(error, KeyError) else said)[:LONGEST],
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
            sight = premature_asserts.helpful_sight(asked)
            rest = effects.rest(block.body, step.line)
            effects.changed_by(rest, meaning.names_of(step.frame), step.frame.f_code, sight)
            text = effects.common(asked.sight, sight)
            if text is not None:
                return text
    return None
