"""Carries out an order."""

import contextlib
import errno
import json
import os
from collections.abc import Iterator
from typing import NamedTuple

from loopcheck.servers.guard import deputy, place, user
from loopcheck.servers.guard.child import Child
from loopcheck.servers.guard.order import Order, Refused, Step, from_line
from loopcheck.servers.guard.ties import Ties

TAKEN = os.strerror(errno.EADDRINUSE)


class Room(NamedTuple):
    """The user that runs a server, and what ends it."""

    user: user.User
    tied: deputy.Tied


def serve(order: Order, ties: Ties) -> None:
    """Run the server until it or its owner ends, and tell the owner what happens."""
    try:
        with _room(order, ties) as room:
            ended = _live(order, ties, room)
    except Refused as why:
        tell(**why.words)
    else:
        tell(**ended)  # after all is removed


@contextlib.contextmanager
def _room(order: Order, ties: Ties) -> Iterator[Room]:
    """Yield a server that is ready to launch, and remove what it must not leave."""
    if not order.lasting:
        room = Room((), deputy.tie(order, (), was_there=False))
        try:
            yield room
        finally:
            room.tied.dismiss()
        return
    was_there = os.path.isdir(order.folder)
    if not was_there:
        place.make(order.folder)
    with place.held(order.folder):
        fresh, as_user = place.is_fresh(order), user.choose(order)
        room = Room(as_user, deputy.tie(order, as_user, was_there))
        stays = order.kept and not fresh
        try:
            if not stays:
                room.tied.tell(deputy.GOES)
                user.give(order.folder, as_user)
            for step in order.fresh if fresh else order.again:
                _carry_out(step, order, ties, room)
            if order.kept:
                room.tied.tell(deputy.STAYS)
                stays = True
            yield room
        finally:
            if not stays:
                place.remove(order.folder, was_there)
            room.tied.dismiss()


def _live(order: Order, ties: Ties, room: Room) -> dict[str, object]:
    """Return how the last server ended: there are several if the owner restarts it."""
    while True:
        server, port = _launch(order, ties, room)
        tell(pid=server.pid, port=port)
        server.listen(ties)
        code = server.end(order.ends)
        room.tied.tell(deputy.NONE_LEFT)
        if not ties.mended(b"down\n"):
            return {"ended": code, "said": server.said()}
        tell(down=code)
        order = order._replace(ports=[port])
        while not ties.are_cut:
            ties.wait()
        if not ties.mended(b"up\n"):
            return {"ended": code}


def _carry_out(step: Step, order: Order, ties: Ties, room: Room) -> None:
    """Run a program that must succeed before the server can start."""
    child = Child(*step, order, room.user, room.tied.leash)
    code = child.finish(ties)
    room.tied.tell(deputy.NONE_LEFT)
    if code or ties.are_cut:
        raise Refused(refused=child.said(), code=code)


def _launch(order: Order, ties: Ties, room: Room) -> tuple[Child, int]:
    """Return a running server and its port: the first free one of the order's."""
    for port in order.ports:
        argv = [word.replace("{port}", str(port)) for word in order.argv]
        feed = order.feed.replace("{port}", str(port))
        with place.at_once_removed(order):
            server = Child(argv, feed, order, room.user, room.tied.leash)
        if server.listen(ties, order.ready.encode()):
            return server, port
        code = server.end(order.ends)
        room.tied.tell(deputy.NONE_LEFT)
        if ties.are_cut or TAKEN not in server.said():
            raise Refused(refused=server.said(), code=code)
    raise Refused(taken=True)


def tell(**words: object) -> None:
    """Send *words* to the owner, which may have ended."""
    with contextlib.suppress(OSError):
        os.write(1, json.dumps(words).encode() + b"\n")


def main() -> None:
    """Read the order and carry it out."""
    with open(0, "rb", buffering=0, closefd=False) as owner:
        line = owner.readline()  # and not a byte more: another one means stop
    if line.endswith(b"\n"):  # else the owner ended before it sent its order
        order = from_line(line)
        serve(order, Ties(order.owner))
