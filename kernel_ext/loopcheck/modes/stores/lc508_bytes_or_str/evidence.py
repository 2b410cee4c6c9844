"""What only LC508 looks for: the client that returns bytes where the code expects text."""

from __future__ import annotations

from loopcheck.case.live import Live
from loopcheck.process.stores import undecoded_answers
from loopcheck.records import Undecoded
from loopcheck.watch.stores import byte_answers


def find_undecoded_answer(live: Live) -> Undecoded | None:
    """The client that returns bytes where the code expects text, or the other way round."""
    return undecoded_answers.read(live.links, live.item, live.labels, byte_answers.latest)
