"""A relay on the loopback interface, in its own thread and without an event loop."""

import heapq
import itertools
import os
import selectors
import socket
import struct
import threading
import time
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future

BOUND = 2.0  # seconds
END = b""
# SO_LINGER: reset the connection at once, on purpose.
RESET = struct.pack("hh" if os.name == "nt" else "ii", 1, 0)


class Relay:
    """Forwards what arrives on `port`, with the delays and cuts that are set."""

    def __init__(self, target: int) -> None:
        self.late = 0.0  # seconds that each piece of an answer waits
        self._target, self._left = target, -1  # bytes of answers before the next cut; -1: never
        self._selector = selectors.DefaultSelector()
        self._ear, self._mouth = socket.socketpair()
        self._ear.setblocking(False)
        self._selector.register(self._ear, selectors.EVENT_READ)
        self._listener: socket.socket | None = None
        self._peers: dict[socket.socket, socket.socket] = {}
        self._clients: set[socket.socket] = set()
        self._mute: set[socket.socket] = set()  # ends that have closed
        self._unsent: dict[socket.socket, deque[bytes]] = {}
        self._waiting: list[tuple[float, int, socket.socket, bytes]] = []
        self._number = itertools.count()
        self._orders: deque[Callable[[], None]] = deque()
        self._ended = False
        self.port = 0
        self._listen()
        self._thread = threading.Thread(target=self._run, name="loopcheck-relay", daemon=True)
        self._thread.start()

    # Calls from other threads: the relay's own thread runs them before they return.

    def cut(self) -> None:
        """Reset all connections."""
        self._do(self._cut_all)

    def cut_after(self, size: int) -> None:
        """Hang up after *size* more bytes of answers, once."""
        self._do(lambda: setattr(self, "_left", size))

    def refuse(self) -> None:
        """Reset all connections and close the port: nothing listens there."""
        self._do(self._close_port)

    def accept(self) -> None:
        """Listen again, on the same port."""
        self._do(self._listen)

    def stop(self) -> None:
        """End the relay."""
        if self._thread.is_alive():
            self._do(self._end)
            self._thread.join(BOUND)

    def _do(self, work: Callable[[], None]) -> None:
        done: Future[None] = Future()

        def order() -> None:
            try:
                work()
                done.set_result(None)
            except Exception as error:
                done.set_exception(error)

        self._orders.append(order)
        self._mouth.send(b"!")
        done.result(BOUND)

    # What the thread does

    def _run(self) -> None:
        while not self._ended:
            for key, events in self._selector.select(self._until_due()):
                ready = key.fileobj
                assert isinstance(ready, socket.socket)
                if ready is self._ear:
                    self._obey()
                elif ready is self._listener:
                    self._connect()
                elif ready in self._peers:  # not cut a moment ago
                    if events & selectors.EVENT_WRITE:
                        self._send(ready)
                    if events & selectors.EVENT_READ and ready in self._peers:
                        self._receive(ready)
            self._pass_on_what_is_due()

    def _obey(self) -> None:
        self._ear.recv(4096)
        while self._orders:
            self._orders.popleft()()

    def _listen(self) -> None:
        if not self._listener:
            self._listener = socket.create_server(("127.0.0.1", self.port))
            self._listener.setblocking(False)
            self.port = self._listener.getsockname()[1]
            self._selector.register(self._listener, selectors.EVENT_READ)

    def _close_port(self) -> None:
        if self._listener:
            self._selector.unregister(self._listener)
            self._listener.close()
            self._listener = None
        self._cut_all()

    def _connect(self) -> None:
        assert self._listener
        client, _ = self._listener.accept()
        try:
            server = socket.create_connection(("127.0.0.1", self._target), BOUND)
        except OSError:
            _hang_up(client)
            return
        self._clients.add(client)
        for one, other in ((client, server), (server, client)):
            one.setblocking(False)
            one.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self._peers[one], self._unsent[one] = other, deque()
            self._watch(one)

    def _receive(self, source: socket.socket) -> None:
        target = self._peers[source]
        try:
            piece = source.recv(65536)
        except OSError:
            self._cut(source)
            return
        if not piece:
            self._mute.add(source)
            self._watch(source)
        late = self.late if target in self._clients else 0.0
        # An end waits, too: the data before it must arrive first.
        due = time.monotonic() + late
        heapq.heappush(self._waiting, (due, next(self._number), target, piece))

    def _pass_on_what_is_due(self) -> None:
        while self._waiting and self._waiting[0][0] <= time.monotonic():
            _, _, target, piece = heapq.heappop(self._waiting)
            if target in self._peers:
                self._unsent[target] += self._shortened(target, piece)
                self._send(target)

    def _shortened(self, target: socket.socket, piece: bytes) -> list[bytes]:
        """Return *piece*, or as much of it as may pass, and whether to cut."""
        if self._left < 0 or target not in self._clients:
            return [piece]
        passing, self._left = piece[: self._left], self._left - len(piece)
        if self._left > 0:
            return [piece]
        self._left = -1
        return [passing, END] if passing else [END]

    def _send(self, target: socket.socket) -> None:
        """Send what can be sent now; the rest follows later."""
        unsent = self._unsent[target]
        try:
            while unsent and unsent[0] != END:
                unsent[0] = unsent[0][target.send(unsent[0]) :]
                if not unsent[0]:
                    unsent.popleft()
        except BlockingIOError:
            self._watch(target)
        except OSError:
            self._cut(target)
        else:
            if unsent:
                self._cut(target, reset=False)
            else:
                self._watch(target)

    def _watch(self, one: socket.socket) -> None:
        """Watch *one* for data until it has ended, and for room while data is unsent."""
        events = 0 if one in self._mute else selectors.EVENT_READ
        if self._unsent[one]:
            events |= selectors.EVENT_WRITE
        if one in self._selector.get_map():
            self._selector.unregister(one)
        if events:
            self._selector.register(one, events)

    def _cut_all(self) -> None:
        for client in list(self._clients):
            self._cut(client)

    def _cut(self, one: socket.socket, *, reset: bool = True) -> None:
        other = self._peers[one]
        for each in (one, other):
            if each in self._selector.get_map():
                self._selector.unregister(each)
            self._mute.discard(each)
            self._clients.discard(each)
            _hang_up(each) if reset else each.close()
        del self._peers[one], self._peers[other], self._unsent[one], self._unsent[other]

    def _until_due(self) -> float | None:
        return max(0, self._waiting[0][0] - time.monotonic()) if self._waiting else None

    def _end(self) -> None:
        self._close_port()
        self._selector.close()
        self._ear.close()
        self._ended = True


def _hang_up(one: socket.socket) -> None:
    one.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)
    one.close()
