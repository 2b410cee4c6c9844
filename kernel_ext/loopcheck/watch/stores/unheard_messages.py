"""Messages that reached nobody: a store answers PUBLISH with the number of those who received it.

A store keeps no message. Who subscribes later waits for one that is gone.
"""

from __future__ import annotations

from collections.abc import Iterable
from types import FrameType
from typing import TYPE_CHECKING

from loopcheck.labels import LOCK, Labels
from loopcheck.process.stores import subscriptions
from loopcheck.watch.loops import LEDGER
from loopcheck.watch.stores.leftovers import Line, asking

if TYPE_CHECKING:
    from loopcheck.records import Place

MOST = 20  # channels to remember in one test: for each we look once for the calling line
Channel = tuple[subscriptions.Where, str]

_lines: dict[Channel, Line | None] = {}  # None: somebody received a message
_moment = 0


def note(server: subscriptions.Where, channel: object, receivers: object) -> None:
    """Record a message of this test; the caller holds the lock of the watches."""
    global _moment
    if _moment != LEDGER.moment:
        _moment = LEDGER.moment
        _lines.clear()
    name = subscriptions.channel_name(channel)
    if name is None or type(receivers) is not int:
        return
    key = server, name
    if key not in _lines and len(_lines) >= MOST:
        return
    if receivers:
        _lines[key] = None
    elif key not in _lines:
        _lines[key] = asking()[0]


def find_missed(frames: Iterable[FrameType], labels: Labels) -> Place | None:
    """Return the line that published what *frames*, outermost first, now wait for in vain.

    It was published in this test, before the subscription, and nothing was received since.
    """
    from loopcheck.records import Place  # late: most runs miss no message

    if _moment != LEDGER.moment or not _lines:
        return None
    waiting = subscriptions.read_subscription(frames)
    if waiting is None:
        return None
    keys = [(waiting.server, channel) for channel in waiting.channels]
    with LOCK:
        found = [_lines[key] for key in keys if key in _lines]
    first = found[0] if found and None not in found else None
    return Place(labels.file(first[0]), *first[1:]) if first is not None else None


def forget() -> None:
    """Forget all messages."""
    _lines.clear()
