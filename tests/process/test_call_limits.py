"""Which call can get a limit of its own?"""

import queue
import sys
import threading

from loopcheck.process.waiting import call_limits


def plain() -> bool:
    return call_limits.takes_timeout(sys._getframe(1))


def limited(*, timeout: float = 1.0) -> bool:
    return call_limits.takes_timeout(sys._getframe(1))


def any_options(**options: float) -> bool:
    return call_limits.takes_timeout(sys._getframe(1))


def test_a_parameter_of_that_name_is_what_counts() -> None:
    assert limited()
    assert not plain()


def test_options_that_may_go_anywhere_are_no_parameter() -> None:
    assert not any_options()


def test_methods_in_c_are_known_by_their_signature() -> None:
    assert call_limits.of_method_in_c(type(threading.Lock()), "acquire")
    assert call_limits.of_method_in_c(queue.SimpleQueue, "get")
    assert not call_limits.of_method_in_c(type(threading.Lock()), "release")
    assert not call_limits.of_method_in_c(list, "append")
