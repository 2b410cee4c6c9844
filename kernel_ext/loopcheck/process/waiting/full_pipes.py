"""A child process that waits until somebody reads what it has written: its pipe is full.

asyncio reads a process's output ahead, until some 128 KB lie unread. Then the rest stays in the
pipe, and once that is full, the process's next write waits.
"""

from __future__ import annotations

import asyncio
import math
import sys
from asyncio import base_subprocess
from collections.abc import Iterable, Iterator
from types import FrameType

from loopcheck.labels import Labels
from loopcheck.process import futures, object_names, objects, parameters
from loopcheck.process.loops import queued_work
from loopcheck.process.loops.queued_work import Task
from loopcheck.process.object_names import Root
from loopcheck.process.waiting import await_chain, wakers
from loopcheck.records import FullPipe

TRANSPORT = base_subprocess.BaseSubprocessTransport
OUTPUTS = ("stdout", "stderr")
WIDELY, NEARBY = 300, 30  # objects to follow from a task with code of the project, and without
PAGE = 4096  # the last page of a pipe may have room for less than the next write


def of(
    frames: Iterable[FrameType], others: Iterable[Task], roots: list[Root], labels: Labels
) -> FullPipe | None:
    """Return the full pipe of the process that one of *frames* waits for or reads from.

    None if one of *others* may read it. One of *roots* may have a name for the process.
    """
    for frame in frames:
        for name, reader in _unread(process := process_of(frame)):
            if not any(_may_read(one, reader) for one in others):
                way = object_names.find(roots, [process])
                at = object_names.made_at(way, labels) if way is not None else None
                return FullPipe(stream=name, at_its_end=_waits(frame), started_at=at)
    return None


def _may_read(task: Task, reader: object) -> bool:
    """Return whether *task* has *reader* within reach: a runner of tests reaches everything."""
    if _sleeps_for_ever(task):
        return False
    steps, _ = await_chain.chain(futures.coroutine(task))
    frames = [frame for step in steps if (frame := await_chain.frame_of(step)) is not None]
    mine = any(await_chain.owner(frame.f_code) == "user" for frame in frames)
    return wakers.leads_to(steps, reader, WIDELY if mine else NEARBY)


def _sleeps_for_ever(task: Task) -> bool:
    """Return whether *task* is in `sleep(math.inf)`, as clean-ups are that wait for their end."""
    waiter = futures.waiter(task)
    timers = queued_work.timers_of(futures.loop(task)) if waiter is not None else ()
    never = (part for one in timers if one._when == math.inf for part in queued_work.roots(one))
    return any(part is waiter for part in never)


def _waits(frame: FrameType) -> bool:
    """Return whether *frame* waits for the end of its process: asyncio's, or a library's."""
    return frame.f_code.co_qualname.endswith("Process.wait")


def process_of(frame: FrameType) -> object:
    """Return the transport of the child process that the object of *frame* has, or reads from."""
    thing = frame.f_locals.get("self") if parameters.first(frame.f_code) == "self" else None
    if type(thing) is asyncio.StreamReader:
        thing = objects.peek(objects.peek(thing, "_transport"), "_protocol")
    kept = list((objects.own_dict(thing) or {}).values())
    return next((one for one in (thing, *kept) if objects.is_a(one, TRANSPORT)), None)


def _unread(process: object) -> Iterator[tuple[str, object]]:
    """Yield the outputs of *process* that are full and that nothing waits for: their readers."""
    protocol, pipes = objects.peek(process, "_protocol"), objects.peek(process, "_pipes")
    for number, name in enumerate(OUTPUTS, 1):
        reader = objects.peek(protocol, name)
        pipe = objects.peek(pipes.get(number), "pipe") if type(pipes) is dict else None
        if type(reader) is not asyncio.StreamReader or objects.peek(reader, "_waiter") is not None:
            continue
        if objects.peek(reader, "_paused") is True and _is_full(objects.peek(pipe, "_fileno")):
            yield name, reader


def _is_full(fd: object) -> bool:
    """Return whether the pipe that *fd* reads is full; only Linux tells how much it holds."""
    if sys.platform != "linux" or type(fd) is not int:
        return False
    import array  # late: few tests wait for a process
    import fcntl
    import termios

    held = array.array("i", [0])
    try:
        fcntl.ioctl(fd, termios.FIONREAD, held)
        return held[0] > fcntl.fcntl(fd, fcntl.F_GETPIPE_SZ) - PAGE
    except OSError:  # closed meanwhile, or no pipe
        return False
