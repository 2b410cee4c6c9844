"""What else is at work beside a loop: other threads, and child processes."""

from __future__ import annotations

import ast
import asyncio
import os
import select
import socket
import threading
import types
from collections.abc import Iterator, Sequence

from loopcheck.process import objects, thread_stacks
from loopcheck.process.frames import module_of
from loopcheck.process.loops import live_loops, queued_work
from loopcheck.process.loops.queued_work import Loop
from loopcheck.process.waiting import loop_inputs
from loopcheck.source import lines, project_files
from loopcheck.source.statements import while_loops
from loopcheck.source.values import meaning

# The last name of the call with which a thread waits for work: all other threads are at work.
IDLE = frozenset({"get", "acquire", "accept", "wait", "join"})
READS = frozenset({"recv", "recv_into"})
SERVES = frozenset({"serve_forever", "_run_once"})  # they wait for input, as loops do
LOCKS = (type(threading.Lock()), type(threading.RLock()))
OPENED = (open,)  # as `loop_inputs.LISTED`
OURS = "loopcheck "  # the prefix of the names of our own threads
NAMELESS = "loopcheck.watch."  # the module where those without a name begin
CARRIERS = ("execnet.", "xdist.")  # modules that carry a worker's messages


def native_threads() -> bool:
    """Return whether threads that run no Python may be at work: what they do is unknown.

    Those that wait without a limit for another thread of this process, as numpy's do between two
    products of matrices, deliver nothing by themselves.
    """
    pythons = thread_stacks.idents()
    try:
        tasks = loop_inputs.LISTED[0]("/proc/self/task")
    except OSError:  # no way to know
        return False
    if len(tasks) <= len(pythons):
        return False
    started = [getattr(threading, "_active", {}).get(one) for one in pythons]
    known = {objects.peek(one, "_native_id") for one in started if one is not None}
    others = [one for one in tasks if int(one) not in known]
    nameless = len(pythons) - len(known)  # started by `_thread`: one of *others*
    return sum(not _waits_for_a_thread(one) for one in others) > nameless


def _waits_for_a_thread(task: str) -> bool:
    """Return whether a thread of Linux sleeps in a lock of this process, without a limit.

    *task* is its number. The fourth argument of the call, `futex`, is the limit.
    """
    try:
        with OPENED[0](f"/proc/self/task/{task}/wchan") as at:
            sleeps = any(line.startswith("futex") for line in at)
        with OPENED[0](f"/proc/self/task/{task}/syscall") as called:
            words = next(iter(called), "").split()
    except (OSError, ValueError):
        return False
    return sleeps and words[4:5] == ["0x0"]


def threads(but: int | None = None, readers: bool = True) -> bool:
    """Return whether another thread does something that may end: it can wake any loop.

    Without *readers*, a thread doesn't count if it waits for what only this process can send.
    """
    here = {threading.get_ident(), but}
    for ident, frames in thread_stacks.threads().items():
        at_work = ident not in here and _at_work(frames, _thread_name(ident))
        if at_work and (readers or not _hears_us_alone(frames[0])):
            return True
    own = _loop_of(but) or asyncio._get_running_loop()
    return any(_goes_on(run.loop) for run in live_loops.running() if run.loop is not own)


def beside(thread: int) -> int:
    """Return how many threads run Python beside *thread* and our own."""
    here = {threading.get_ident(), thread}
    found = thread_stacks.threads().items()
    names = ((_thread_name(ident), frames[-1]) for ident, frames in found if ident not in here)
    return sum(not _is_machinery(name, outermost) for name, outermost in names)


def _is_machinery(name: str, outermost: types.FrameType) -> bool:
    return name.startswith(OURS) or module_of(outermost).startswith((NAMELESS, *CARRIERS))


def in_executor(loop: Loop) -> bool:
    """Return whether a thread of *loop*'s own pool is at work."""
    pool = objects.peek(loop, "_default_executor")
    begun, idle = objects.peek(pool, "_threads"), objects.peek(pool, "_idle_semaphore")
    free = objects.peek(idle, "_value") if idle is not None else None
    return type(begun) is set and type(free) is int and len(begun) > free


def _loop_of(thread: int | None) -> Loop | None:
    return next(filter(None, map(live_loops.loop_of, thread_stacks.of(thread))), None)


def is_ours(ident: int) -> bool:
    """Return whether *ident* is the number of one of our own threads."""
    return _thread_name(ident).startswith(OURS)


def _thread_name(ident: int) -> str:
    known = getattr(threading, "_active", {}).get(ident)
    name = objects.peek(known, "_name") if known is not None else None
    return name if type(name) is str else ""


def _goes_on(loop: Loop) -> bool:
    """Return whether a loop in another thread has something to do."""
    return bool(
        loop_inputs.hidden(loop) or queued_work.ready_of(loop) or list(queued_work.timers_of(loop))
    )


def _at_work(frames: Sequence[types.FrameType], name: str) -> bool:
    frame = frames[0]
    if name.startswith(OURS) or module_of(frames[-1]).startswith(NAMELESS):
        return False
    if any(module_of(one).startswith(CARRIERS) for one in frames):
        return False
    function = frame.f_code.co_name
    if module_of(frame) == "threading" and function == "wait":
        return thread_stacks.locals_of(frame).get("timeout") is not None  # its own timeout wakes it
    if module_of(frame) == "selectors":
        return not any(one.f_code.co_name in SERVES for one in frames)
    if function in IDLE:
        return False
    if module_of(frame) == "concurrent.futures.thread" and function == "_worker":
        return False
    if enters_a_lock(frame):
        return False
    limited = project_files.owner(frame.f_code.co_filename) == "user" and not while_loops.bare_call(
        frame
    )  # `acquire(timeout=1)`
    return limited or last_name(frame) not in IDLE


def enters_a_lock(frame: types.FrameType) -> bool:
    """Return whether *frame* is at a `with` that acquires a thread's lock."""
    step = lines.of_frame(frame).call
    entered = step.items[0].context_expr if isinstance(step, ast.With) else step
    known = meaning.of(entered, frame) if isinstance(entered, ast.expr) else None
    return type(known) in LOCKS


def _hears_us_alone(frame: types.FrameType) -> bool:
    """Return whether a thread reads what only this process can send, and nothing has arrived.

    The threads of a fake server do so between two calls.
    """
    socks = list(_sockets(frame)) if last_name(frame) in READS else []
    if not socks:
        return False
    ports = loop_inputs.own_ports()
    try:
        return (
            all(one.gettimeout() is None for one in socks)
            and all(loop_inputs.from_inside(one.fileno(), ports) for one in socks)
            and not select.select(socks, [], [], 0)[0]
        )
    except (OSError, ValueError):  # closed meanwhile, or the number is too high
        return False


def _sockets(frame: types.FrameType) -> Iterator[socket.socket]:
    """Yield the sockets of the function that *frame* runs, and of the objects it works with."""
    for thing in thread_stacks.locals_of(frame).values():
        for one in (thing, *(value for _, value in objects.steps(thing))):
            if objects.is_a(one, socket.socket):
                yield one


def last_name(frame: types.FrameType) -> str | None:
    """Return the last name of the call that *frame* is in: "get" of `self._jobs.get()`."""
    index = frame.f_lasti // 2
    names: list[str] = []
    for number, instruction in enumerate(_instructions(frame.f_code)):
        if number > 200_000 or instruction[0] > index * 2:
            break
        if instruction[1] is not None:
            names.append(instruction[1])
    return names[-1] if names else None


def _instructions(code: types.CodeType) -> Iterator[tuple[int, str | None]]:
    import dis  # late: only for threads, when a test hangs

    for one in dis.get_instructions(code):
        attribute = one.opname in ("LOAD_METHOD", "LOAD_ATTR", "LOAD_GLOBAL", "LOAD_NAME")
        yield one.offset, one.argval if attribute and isinstance(one.argval, str) else None


def children_since(when: float) -> bool:
    """Return whether a child process was started after *when* (of `time.time`) and still runs.

    True if there is no way to know.
    """
    try:
        with open("/proc/stat", encoding="ascii") as file:
            boot = next(float(line.split()[1]) for line in file if line.startswith("btime"))
        ticks = os.sysconf("SC_CLK_TCK")
        for child in _children():
            with open(f"/proc/{child}/stat", encoding="ascii", errors="replace") as file:
                fields = "".join(file).rpartition(")")[2].split()
            if fields[0] != "Z" and boot + int(fields[19]) / ticks > when - 2:  # whole seconds
                return True
    except (OSError, ValueError, StopIteration, IndexError, AttributeError):
        return True
    return False


def _children() -> Iterator[str]:
    for thread in loop_inputs.LISTED[0]("/proc/self/task"):
        with open(f"/proc/self/task/{thread}/children", encoding="ascii") as file:
            yield from "".join(file).split()
