"""Facts about the frames of a thread: whose code they run, and where they are."""

from __future__ import annotations

from types import FrameType

from loopcheck.source import project_files


def is_users(frame: FrameType) -> bool:
    """Return whether *frame* runs user code."""
    return project_files.owner(frame.f_code.co_filename, module_of(frame)) == "user"


def is_at(frame: FrameType, module: str, name: str) -> bool:
    """Return whether *frame* runs the function *name* of *module*."""
    return frame.f_code.co_name == name and module_of(frame) == module


def shuts_executor(frame: FrameType) -> bool:
    """Return whether *frame* is that of a loop that waits for the threads of its executor."""
    return is_at(frame, "asyncio.base_events", "shutdown_default_executor")


def module_of(frame: FrameType) -> str:
    """Return the `__name__` of the module whose code *frame* runs."""
    return str(frame.f_globals.get("__name__", ""))
