"""Facts about the frames of a thread: whose code they run, and where they are."""

from __future__ import annotations

from types import CodeType, FrameType

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


def line_of(code: CodeType, offset: int) -> int:
    """Return the line of the instruction at *offset* of *code*.

    To read a frame's `f_lineno` takes longer than its `f_lasti`, so a watch keeps that.
    """
    lines = (line for start, end, line in code.co_lines() if start <= offset < end)
    return next(lines, None) or code.co_firstlineno


def module_of(frame: FrameType) -> str:
    """Return the name of the module whose code *frame* runs; "" if its globals have none."""
    name = dict.get(frame.f_globals, "__name__")
    return name if type(name) is str else ""
