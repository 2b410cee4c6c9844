"""What only LC212 asks: which line expects an error that arrives inside a group."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from typing import Any, Literal, cast

from loopcheck.case.live import Live
from loopcheck.labels import Labels, plain
from loopcheck.light import frozen
from loopcheck.process import failure, objects, thread_stacks
from loopcheck.process.errors import expected_errors
from loopcheck.process.errors.expected_errors import How, Waiting
from loopcheck.process.failure import Link, Step
from loopcheck.records import Place
from loopcheck.source import user_code

STARLETTE = ("starlette._exception_handler", "wrapped_app")  # FastAPI's, too
TASK_GROUPS = {
    ("asyncio.taskgroups", "__aexit__"): "asyncio.TaskGroup",
    ("anyio._backends._asyncio", "__aexit__"): "anyio's task group",
}


@frozen
class GroupedError:
    """A line that names the class of every error in a group, and did not catch the group."""

    how: How | Literal["app"]  # "app": an exception handler of Starlette or FastAPI
    written: str  # the class, as that line names it: "OutOfStock"
    place: Place  # that line; of an app, its handler function
    member: str  # the import path of the class of the first member
    count: int  # members, those of nested groups too
    nested: bool  # the group holds groups
    group: str  # what raised it: "asyncio.TaskGroup", "a group"
    opened_at: Place | None = None  # the innermost line of the project that the group passed
    raised_at: Place | None = None  # the line of the project that raised the first member


def find_grouped_error(live: Live) -> GroupedError | None:
    """Return the line that missed the first group of the chain, and names all its members."""
    for number, link in enumerate(live.links):
        if objects.is_a(link.error, BaseExceptionGroup):
            return _read(link, live, only_own=number > 0)
        if not failure.passed_on(link):
            return None
    return None


def _read(link: Link, live: Live, *, only_own: bool) -> GroupedError | None:
    # A group that was caught and turned into another error passed its own frames only.
    steps = expected_errors.own_steps(link) if only_own else link.trace
    members = tuple(objects.parts(link.error))
    missed = _missed(steps, link.error, members, live.labels)
    if missed is None and not only_own:
        missed = _marked(live, link.error, members)
    if missed is None:
        return None
    how, written, place = missed
    inner = next((step for step in reversed(link.trace) if step.owner == "user"), None)
    return GroupedError(
        how=how,
        written=plain(written),
        place=place,
        member=expected_errors.import_path(type(members[0])),
        count=len(members),
        nested=any(objects.is_a(one, BaseExceptionGroup) for one in _children(link.error)),
        group=_raised_by(link),
        opened_at=inner.place(live.labels) if inner is not None else None,
        raised_at=_raised_at(members[0], live),
    )


Missed = tuple[How | Literal["app"], str, Place]


def _missed(
    steps: Sequence[Step], group: BaseException, members: Sequence[Any], labels: Labels
) -> Missed | None:
    """Return the innermost handler on the group's way that names all its *members*."""
    for step, caller in zip(reversed(steps), (*reversed(steps[:-1]), None), strict=True):
        if (step.module, step.frame.f_code.co_name) == STARLETTE:
            found = _missed_by_app(step, members, labels)
            if found is not None:
                return found
        on_the_way = expected_errors.on_the_way(step, caller)
        for _, block in groupby(on_the_way, key=lambda one: one.block):
            handlers = list(block)
            kinds = [kind for one in handlers for _, kind in one.named]
            if any(one.group for one in handlers) or _catches_any(kinds, group):
                return None  # this `try` caught the group, and raised it again
            if all(_catches_any(kinds, one) for one in members):
                first, written = _first_for(handlers, members[0])
                return first.how, written, expected_errors.place_of(step, labels, first.line)
    return None


def _catches_any(kinds: Iterable[type], error: object) -> bool:
    return any(expected_errors.catches(kind, error) for kind in kinds)


def _first_for(handlers: Sequence[Waiting], member: object) -> tuple[Waiting, str]:
    return next(
        (one, written)
        for one in handlers
        for written, kind in one.named
        if expected_errors.catches(kind, member)
    )


def _missed_by_app(step: Step, members: Sequence[Any], labels: Labels) -> Missed | None:
    """Return the app's exception handler for the class of all *members*, if it has one."""
    table: object = thread_stacks.locals_of(step.frame).get("exception_handlers")
    handlers = cast("Mapping[object, object]", table) if type(table) is dict else {}
    for kind, function in handlers.items():
        code = user_code.function(function)
        if not expected_errors.is_error_class(kind) or code is None:
            continue
        named = cast("type", kind)
        if all(_catches_any([named], one) for one in members):
            place = Place(labels.file(code.co_filename), code.co_firstlineno, code.co_name)
            return "app", str(type.__dict__["__name__"].__get__(named)), place
    return None


def _marked(live: Live, group: BaseException, members: Sequence[Any]) -> Missed | None:
    """Return the `xfail(raises=…)` of the test that names the class of all *members*."""
    for kinds in expected_errors.xfail_classes(live.item):
        if _catches_any(kinds, group) or not all(_catches_any(kinds, one) for one in members):
            continue
        place = expected_errors.xfail_place(live.item, live.labels)
        if place is not None:
            return "xfail", str(type.__dict__["__name__"].__get__(kinds[0])), place
    return None


def _children(group: BaseException) -> Iterator[object]:
    yield from BaseExceptionGroup.__dict__["exceptions"].__get__(group)


def _raised_by(link: Link) -> str:
    last = link.trace[-1] if link.trace else None
    named = (last.module, last.frame.f_code.co_name) if last is not None else ("", "")
    return TASK_GROUPS.get(named, "a group")


def _raised_at(member: BaseException, live: Live) -> Place | None:
    link = next((one for one in live.links if one.error is member), None)
    step = link.user if link is not None else None
    return step.place(live.labels) if step is not None else None
