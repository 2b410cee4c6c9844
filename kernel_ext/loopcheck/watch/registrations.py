"""Which lines registered each prometheus_client metric: a registry keeps metrics, but no lines.

We see a metric when the registry reads its names. When the registry then refuses it, our hook has
returned, and no frame of ours is in the error.
"""

from __future__ import annotations

import sys
import weakref
from types import CodeType, FrameType
from typing import Any

from loopcheck.labels import LOCK
from loopcheck.process import objects
from loopcheck.watch._frames import is_users
from loopcheck.watch.hooks import Undo, hooked, once

Line = tuple[CodeType, int]
REGISTRY = ("prometheus_client.registry", "CollectorRegistry")
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
    undo = hooked(registry, "_get_names", _asked_for_names)
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


def _asked_for_names(_: object, collector: object) -> None:
    number = id(collector)
    try:
        ref = weakref.ref(collector, lambda _: _known.pop(number, None))
    except TypeError:
        return  # a user's own collector class with slots
    lines = tuple(_users_lines(sys._getframe(2)))
    with LOCK:
        if lines and lines_of(collector) == () and len(_known) < MOST:
            _known[number] = ref, lines


def _users_lines(frame: FrameType | None) -> list[Line]:
    found: list[Line] = []
    for _ in range(OUTWARD):
        if frame is None:
            break
        if is_users(frame):
            found.append((frame.f_code, frame.f_lineno or 0))
        frame = frame.f_back
    return found
