"""An error from a protocol's method in user code that its transport called."""

from __future__ import annotations

import asyncio
from types import MethodType
from typing import Any

from loopcheck.process import objects
from loopcheck.process.frames import first_argument, owner_of
from loopcheck.source import failing_line

HEARS = "connection_lost"  # the transport closes because of the error, and passes it to this method


def of(context: dict[str, Any]) -> object | None:
    """Return the protocol that *context*, built by asyncio, is about."""
    if "protocol" in context:
        protocol: object = context["protocol"]
        return protocol
    step = objects.peek(context.get("handle"), "_callback")
    transport = step.__self__ if type(step) is MethodType else None
    if not objects.is_a(transport, asyncio.BaseTransport):
        return None
    return objects.peek(transport, "_protocol")


def hears(protocol: object) -> bool:
    """Return whether *protocol* has its own method that receives why its connection was lost."""
    own = objects.own_dict(protocol)
    if own is not None and dict.__contains__(own, HEARS):
        return True
    kinds = objects.mro(type(protocol))
    first = next((one for one in kinds if HEARS in objects.class_dict(one)), None)
    return first is not asyncio.BaseProtocol


def method(protocol: object, error: BaseException) -> str | None:
    """Return the user's method of *protocol* that raised *error*: "Receiver.data_received"."""
    for trace in failing_line.trace_of(error):
        frame = trace.tb_frame
        if owner_of(frame) == "user":
            code = frame.f_code
            return code.co_qualname if first_argument(frame) is protocol else None
    return None
