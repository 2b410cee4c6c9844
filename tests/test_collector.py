"""While we look nothing is collected; afterwards it is as it was."""

import gc
import threading

import pytest

from loopcheck import collector


class Node:
    """Garbage as soon as nobody holds it: only the collector takes it away."""

    def __init__(self) -> None:
        self.me = self


def test_nothing_is_collected_meanwhile_whatever_is_made() -> None:
    seen: list[str] = []

    def note(phase: str, info: object) -> None:
        seen.append(phase)

    with collector.still(), collector.still():
        gc.callbacks.append(note)
        nodes = [Node() for _ in range(20_000)]
        gc.callbacks.remove(note)
    assert len(nodes) == 20_000
    assert seen == []
    assert gc.isenabled()


def test_an_error_leaves_it_as_it_was() -> None:
    with pytest.raises(KeyError), collector.still():
        raise KeyError
    assert gc.isenabled()


def test_a_collector_that_the_user_stopped_stays_so() -> None:
    gc.disable()
    try:
        with collector.still():
            assert not gc.isenabled()
        assert not gc.isenabled()
    finally:
        gc.enable()


def test_who_is_done_leaves_it_still_for_those_who_look_on() -> None:
    seen: list[bool] = []

    def look() -> None:
        with collector.still():
            seen.append(gc.isenabled())
        seen.append(gc.isenabled())

    with collector.still():
        thread = threading.Thread(target=look)
        thread.start()
        thread.join(10)  # nobody waits for another's look
        assert seen == [False, False]
    assert gc.isenabled()
