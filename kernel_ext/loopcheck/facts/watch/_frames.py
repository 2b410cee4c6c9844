"""What the frames of a thread say: whose they are, and where they stand."""

from __future__ import annotations

from types import FrameType

from loopcheck.facts.probes import whose


def is_users(frame: FrameType) -> bool:
    return whose.owner(frame.f_code.co_filename, module_of(frame)) == "user"


def is_at(frame: FrameType, module: str, name: str) -> bool:
    return frame.f_code.co_name == name and module_of(frame) == module


def module_of(frame: FrameType) -> str:
    return str(frame.f_globals.get("__name__", ""))
