"""Whether the call that a thread is in has a `timeout` parameter: only then can it get a limit."""

from __future__ import annotations

import ast
import inspect
from types import FrameType, FunctionType, MethodDescriptorType

from loopcheck.process import objects, parameters
from loopcheck.process.waiting.busy_threads import LOCKS
from loopcheck.source import lines
from loopcheck.source.values import callees, meaning

NAME = "timeout"


def takes_timeout(frame: FrameType) -> bool:
    """Return whether the function that *frame* calls now has a parameter `timeout`.

    False if that is unknown: `**kwargs` may pass it to anything.
    """
    call = lines.of_frame(frame).call
    call = call.value if isinstance(call, ast.Await) else call
    if not isinstance(call, ast.Call):
        return False
    names = meaning.names_of(frame)
    function = callees.function_of(callees.target(call.func, names))
    if type(function) is FunctionType:
        return NAME in parameters.named(function.__code__)
    if not isinstance(call.func, ast.Attribute):
        return False
    owner = callees.value(call.func.value, names)
    return meaning.known(owner) and of_method_in_c(type(owner), call.func.attr)


def of_method_in_c(kind: type, name: str) -> bool:
    """Return whether the method *name* of *kind* is written in C, and has that parameter."""
    method = objects.class_attribute(kind, name)
    if type(method) is not MethodDescriptorType:
        return False
    if kind in LOCKS:
        return name == "acquire"  # before 3.13 it has no signature
    try:
        return NAME in inspect.signature(method).parameters
    except (TypeError, ValueError):
        return False
