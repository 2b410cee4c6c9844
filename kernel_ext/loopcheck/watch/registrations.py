"""Which lines registered each prometheus_client metric: a registry keeps metrics, but no lines.

We see a metric when the registry reads its names. When the registry then refuses it, our hook has
returned, and no frame of ours is in the error. From the names we know that it will be refused.
"""

from __future__ import annotations

import sys
import weakref
from types import CodeType, FrameType
from typing import Any

from loopcheck.labels import LOCK
from loopcheck.process import objects
from loopcheck.process.frames import is_users
from loopcheck.watch import swallowed
from loopcheck.watch.hooks import Undo, answered, once

Line = tuple[CodeType, int]
REGISTRY = ("prometheus_client.registry", "CollectorRegistry")
SAYS = "Duplicated timeseries in CollectorRegistry"
OUTWARD = 100  # frames to look at for one metric
MOST = 10_000  # metrics to remember

_installed = False
_known: dict[int, tuple[weakref.ref[Any], tuple[Line, ...]]] = {}


def install() -> Undo | None:
    """Record all registrations from now on; None while the library is not loaded."""
    global _installed
    registry = objects.loaded_class(*REGISTRY)
    if registry is None or "_get_names" not in objects.class_dict(registry):
        return None
    undo = answered(registry, "_get_names", _read_names)
    _installed = True

    def leave() -> None:
        global _installed
        undo()
        _installed = False
        _known.clear()

    return once(leave)


def is_installed() -> bool:
    """Return whether registrations are recorded: an unknown one then came before."""
    return _installed


def lines_of(collector: object) -> tuple[Line, ...]:
    """Return the user's lines that registered *collector*, innermost first; none if not seen."""
    ref, lines = _known.get(id(collector), (None, ()))
    return lines if ref is not None and ref() is collector else ()


def _read_names(names: object, registry: object, collector: object) -> None:
    """Record who registers *collector*; its *names* are what the registry now looks up."""
    register = sys._getframe(2)
    if not swallowed.REPORTED and _note_refusal(names, registry, register):
        return  # the registry does not keep it
    number = id(collector)
    try:
        ref = weakref.ref(collector, lambda _: _known.pop(number, None))
    except TypeError:
        return  # a user's own collector class with slots
    lines = tuple(_users_lines(register))
    with LOCK:
        if lines and lines_of(collector) == () and len(_known) < MOST:
            _known[number] = ref, lines


def _note_refusal(names: object, registry: object, register: FrameType) -> bool:
    """Record the handler of the error that the registry is about to raise; False if none."""
    known = objects.peek(registry, "_names_to_collectors")
    if type(known) is not dict or type(names) is not list:
        return False
    taken = {one for one in names if type(one) is str and one in known}
    if taken:
        kind = objects.loaded_class(REGISTRY[0], "DuplicateTimeseries") or ValueError
        swallowed.note_before(kind, f"{SAYS}: {taken}", register)
    return bool(taken)


def _users_lines(frame: FrameType | None) -> list[Line]:
    found: list[Line] = []
    for _ in range(OUTWARD):
        if frame is None:
            break
        if is_users(frame):
            found.append((frame.f_code, frame.f_lineno or 0))
        frame = frame.f_back
    return found
