"""What the frames of a thread say: whose they are, and where they stand."""

from __future__ import annotations

from types import FrameType

from loopcheck.source import project_files


def is_users(frame: FrameType) -> bool:
    """Return whether *frame* runs code of the user's."""
    return project_files.owner(frame.f_code.co_filename, module_of(frame)) == "user"


def is_at(frame: FrameType, module: str, name: str) -> bool:
    """Return whether *frame* runs the function *name* of *module*."""
    return frame.f_code.co_name == name and module_of(frame) == module


def module_of(frame: FrameType) -> str:
    """Return the name of the module whose code *frame* runs, as that module says it."""
    return str(frame.f_globals.get("__name__", ""))
