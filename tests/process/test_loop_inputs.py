"""Whether a socket has something to read, without reading it."""

import socket

from loopcheck.process.waiting import loop_inputs


def test_data_is_unread_until_somebody_reads_it() -> None:
    ours, theirs = socket.socketpair()
    with ours, theirs:
        assert not loop_inputs.unread(ours.fileno())
        theirs.send(b"?")
        assert loop_inputs.unread(ours.fileno())
        ours.recv(1)
        assert not loop_inputs.unread(ours.fileno())


def test_a_closed_number_and_one_that_select_refuses_may_have_something() -> None:
    ours, theirs = socket.socketpair()
    number = ours.fileno()
    ours.close()
    theirs.close()
    assert loop_inputs.unread(number)
    assert loop_inputs.unread(1_000_000)
