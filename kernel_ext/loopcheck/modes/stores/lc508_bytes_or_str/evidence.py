"""What only LC508 asks: which client answers in bytes where text is meant."""

from __future__ import annotations

from loopcheck.case.live import Live
from loopcheck.process.stores import undecoded_answers
from loopcheck.records import Undecoded


def find_undecoded_answer(live: Live) -> Undecoded | None:
    """Return the client that answers in bytes where text is meant, or in text."""
    return undecoded_answers.read(live.links, live.item, live.labels)
