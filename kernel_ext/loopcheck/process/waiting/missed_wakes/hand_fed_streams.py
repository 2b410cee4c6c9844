"""The line that fed a stream reader last, where no connection is behind it and nothing ends it."""

from __future__ import annotations

import ast
import asyncio
from collections.abc import Collection, Iterable, Iterator, Sequence
from pathlib import PurePath
from types import FrameType

from loopcheck.labels import Labels
from loopcheck.process import futures, objects
from loopcheck.process.frames import line_at
from loopcheck.process.loops.queued_work import Task
from loopcheck.process.waiting import await_chain
from loopcheck.records import HandFedStream, Place
from loopcheck.source import calls, parsed_files, project_files
from loopcheck.source.calls import Call
from loopcheck.source.nodes import calls_in, nodes_of, spans_line
from loopcheck.source.statements import waking_calls
from loopcheck.source.statements.waking_calls import WakingCall

FEEDS = ("feed_data", "feed_eof")
MAKES = "StreamReader"


def of_wait(
    stream: object, name: str, frames: Sequence[FrameType], tasks: Iterable[Task], labels: Labels
) -> HandFedStream | None:
    """Return the line that fed *stream* last, or makes it, if user code feeds it itself.

    *name* is what the user calls it, *frames* are those of user code that wait, outermost first,
    *tasks* all that have not ended: one of them may feed it yet.
    """
    if not objects.is_a(stream, asyncio.StreamReader) or objects.peek(stream, "_eof") is not False:
        return None
    if objects.peek(stream, "_transport") is not None:
        return None
    names = {name.partition("[")[0].rpartition(".")[2], *_names(stream, frames)}
    feeds = _named(_within_reach([*waking_calls.of(FEEDS)], frames), names)
    if any(_will_run(feeds, frame) for frame in _others(tasks, frames)):
        return None
    fed = [one for one in feeds if one.method == FEEDS[0]]
    last = _last(fed, frames)
    if last is not None and not objects.peek(stream, "_buffer") and _gets_none(last, frames):
        last = None
    if last is not None:
        place = Place(labels.file(last.file), last.line, last.function or None)
        return HandFedStream(place=place, fed=True)
    made = _maker([one.function for one in fed], frames)
    if made is None:
        return None
    return HandFedStream(place=Place(labels.file(made.file), made.line, made.function), fed=False)


def _names(stream: object, frames: Sequence[FrameType]) -> Iterator[str]:
    for frame in frames:
        yield from (name for name, value in [*frame.f_locals.items()] if value is stream)


def _others(tasks: Iterable[Task], frames: Sequence[FrameType]) -> Iterator[FrameType]:
    """Yield the frames of user code of *tasks* that do not wait for the stream."""
    for task in tasks:
        for frame in await_chain.user_frames(futures.coroutine(task)):
            if not any(frame is one for one in frames):
                yield frame


def _within_reach(found: list[WakingCall], frames: Sequence[FrameType]) -> list[WakingCall]:
    """Return those of *found* that may have run: none of other tests, or of files unknown here."""
    ran = [
        one
        for one in found
        if not one.function.startswith("test") or any(_is_in(one, frame) for frame in frames)
    ]
    return [one for one in ran if _is_known(one.file, frames)]


def _is_known(file: str, frames: Sequence[FrameType]) -> bool:
    """Return whether *file* is one of *frames*, one that theirs mention, or a conftest."""
    stem, files = PurePath(file).stem, {frame.f_code.co_filename for frame in frames}
    return stem == "conftest" or file in files or any(stem in parsed_files.text(f) for f in files)


def _named(found: list[WakingCall], names: Collection[str]) -> list[WakingCall]:
    """Return those of *found* that use one of *names*; all, if none does."""
    return [one for one in found if one.name in names] or found


def _is_in(one: WakingCall, frame: FrameType) -> bool:
    return (one.file, one.function) == (frame.f_code.co_filename, frame.f_code.co_name)


def _will_run(feeds: Sequence[WakingCall], frame: FrameType) -> bool:
    """Return whether one of *feeds* comes after the line that *frame* is at."""
    return any(_is_in(one, frame) and one.line > line_at(frame) for one in feeds)


def _last(fed: Sequence[WakingCall], frames: Sequence[FrameType]) -> WakingCall | None:
    """Return the one of *fed* that has run last, None if that is unknown.

    A line of a waiting function ran after those of what makes the stream.
    """
    for frame in frames:
        own = [one for one in fed if _is_in(one, frame) and one.line < line_at(frame)]
        if own:
            return max(own, key=lambda one: one.line)
    before = [one for one in fed if not any(_is_in(one, frame) for frame in frames)]
    if len({(one.file, one.function) for one in before}) != 1:
        return None
    return max(before, key=lambda one: one.line)


def _gets_none(fed: WakingCall, frames: Sequence[FrameType]) -> bool:
    """Return whether *fed* loops over the arguments of a call in *frames* that passes none."""
    block = next(iter(parsed_files.enclosing(fed.file, fed.line)), None)
    rest = block.args.vararg.arg if block is not None and block.args.vararg is not None else None
    turns = (one for one in nodes_of(ast.For, block) if spans_line(one, fed.line))
    if rest is None or not any(calls.last(one.iter) == rest for one in turns):
        return False
    blocks = (parsed_files.function_of(frame.f_code) for frame in frames)
    made = [one for one in calls_in(*blocks) if calls.last(one.func) == fed.function]
    return bool(made) and not any(one.args for one in made)


def _maker(feeding: Collection[str], frames: Sequence[FrameType]) -> Call | None:
    """Return the only call that makes a reader, or the only one in a function that feeds it."""
    made = calls.calls(project_files.files(), MAKES)
    made = [one for one in made if _is_known(one.file, frames)]
    inside = [one for one in made if one.function in feeding]
    names = {frame.f_code.co_name for frame in frames}
    found = inside or [one for one in made if one.function in names] or made
    return found[0] if len(found) == 1 else None
