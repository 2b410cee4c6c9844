"""Facts about the frames of a thread: whose code they run, and where they are."""

from __future__ import annotations

from types import CodeType, FrameType

from loopcheck.process import parameters
from loopcheck.source import project_files


def is_users(frame: FrameType) -> bool:
    """Return whether *frame* runs user code."""
    return owner_of(frame) == "user"


def owner_of(frame: FrameType) -> project_files.Owner:
    """Return whose code *frame* runs."""
    return project_files.owner(frame.f_code.co_filename, module_of(frame))


def is_at(frame: FrameType, module: str, name: str) -> bool:
    """Return whether *frame* runs the function *name* of *module*."""
    return frame.f_code.co_name == name and module_of(frame) == module


def shuts_executor(frame: FrameType) -> bool:
    """Return whether *frame* is that of a loop that waits for the threads of its executor."""
    return is_at(frame, "asyncio.base_events", "shutdown_default_executor")


def first_argument(frame: FrameType) -> object | None:
    """Return what *frame* has under the name of its first argument, in a method `self`."""
    name = parameters.first(frame.f_code)
    return frame.f_locals.get(name) if name is not None else None


def line_at(frame: FrameType) -> int:
    """Return the line at which *frame* is."""
    return frame.f_lineno or line_of(frame.f_code, frame.f_lasti)


def line_of(code: CodeType, offset: int) -> int:
    """Return the line of the instruction at *offset* of *code*, the latest one if it has none.

    The jump back at the end of a loop may have none (3.11), and that is where a signal or another
    thread often finds a frame. To read a frame's `f_lineno` takes longer than its `f_lasti`, so a
    watch keeps that.
    """
    lines = [line for start, _, line in code.co_lines() if line and start <= offset]
    return lines[-1] if lines else code.co_firstlineno


def module_of(frame: FrameType) -> str:
    """Return the name of the module whose code *frame* runs; "" if its globals have none."""
    name = dict.get(frame.f_globals, "__name__")
    return name if type(name) is str else ""
