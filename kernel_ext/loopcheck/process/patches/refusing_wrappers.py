"""Blocking calls that a tool has refused: what it put in the function's place raised an error.

blockbuster works so, and hand-written checks do: a wrapper of `time.sleep` or `socket.send` raises
where a loop runs. Its traceback names the call exactly, before anything was blocked.
"""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Sequence
from inspect import CO_COROUTINE
from types import (
    BuiltinFunctionType,
    CodeType,
    FunctionType,
    MethodDescriptorType,
    WrapperDescriptorType,
)

from loopcheck.light import dataclass
from loopcheck.process import objects
from loopcheck.process.failure import Link, Step
from loopcheck.source import calls, parsed_files
from loopcheck.source.nodes import mentioned
from loopcheck.source.values import meaning

_BLOCKS = re.compile(r"block", re.IGNORECASE)
_ASKS_LOOP = frozenset({"get_running_loop", "_get_running_loop", "current_task"})


@dataclass(frozen=True, eq=False)
class Refused:
    """A blocking call and what refused it. Lives during a look only."""

    step: Step  # the line that calls
    name: str  # of Python's own function: "time.sleep", "_io.BufferedWriter.write"
    kept: bool  # the wrapper still has the function that it stands for


def find_refused(link: Link) -> Refused | None:
    """Return the call of user code that a wrapper of a blocking function refused with this error.

    It says so: by the words of the error, or as it asks for a running loop. An OSError is an answer
    of the function itself, or of one that a test uses in its place.
    """
    trace = link.trace
    if objects.is_a(link.error, OSError) or not _in_a_coroutine(trace):
        return None
    told = _BLOCKS.search(f"{objects.type_name(link.error)} {objects.said(link.error)}")
    for inner in range(len(trace) - 1, 0, -1):
        step, wrapper = trace[inner - 1], trace[inner]
        if step.owner != "user" or objects.is_mock(wrapper.frame.f_locals.get("self")):
            continue
        node = step.source.call
        if not isinstance(node, ast.Call) or (name := calls.last(node.func)) is None:
            continue
        block = parsed_files.function_of(wrapper.frame.f_code)
        if not told and _ASKS_LOOP.isdisjoint(mentioned(block)):
            continue
        original = _original(wrapper, name)
        patched = original or _replaced(node.func, step, wrapper)
        if patched is not None:
            return Refused(step, patched, original is not None)
    return None


def is_async(code: CodeType) -> bool:
    """Return whether *code* is that of a coroutine function."""
    return bool(code.co_flags & CO_COROUTINE)


def _in_a_coroutine(trace: Sequence[Step]) -> bool:
    return any(is_async(step.frame.f_code) and step.owner == "user" for step in trace[:-1])


def _original(wrapper: Step, name: str) -> str | None:
    """Return which of Python's functions called *name* the *wrapper* has among its variables."""
    for value in list(wrapper.frame.f_locals.values()):
        if (found := _of_python(value)) is not None and found.rpartition(".")[2] == name:
            return found
    return None


def _of_python(value: object) -> str | None:
    """Return "time.sleep" for that function, None for one that is not of the standard library."""
    if type(value) in (MethodDescriptorType, WrapperDescriptorType):
        return f"{objects.class_name(value.__objclass__)}.{value.__name__}"  # type: ignore[attr-defined]
    if type(value) is not BuiltinFunctionType and type(value) is not FunctionType:
        return None
    if type(value) is FunctionType and is_async(value.__code__):
        return None
    module = value.__module__
    if type(module) is not str or module.partition(".")[0] not in sys.stdlib_module_names:
        return None
    return f"{module}.{value.__qualname__}"


def _replaced(func: ast.expr, step: Step, wrapper: Step) -> str | None:
    """Return the function of a module or class of Python that *wrapper* is in the place of."""
    if not isinstance(func, ast.Attribute):
        return None
    owner = meaning.of(func.value, step.frame)
    if not meaning.known(owner):
        return None
    if objects.is_module(owner):
        home, found = owner.__name__, objects.attribute(owner, func.attr)
    else:
        kind = owner if objects.is_a(owner, type) else type(owner)
        home, found = objects.class_name(kind), objects.class_attribute(kind, func.attr)
    own = home.partition(".")[0] in sys.stdlib_module_names
    return f"{home}.{func.attr}" if own and _runs(found, wrapper) else None


def _runs(found: object, wrapper: Step) -> bool:
    return objects.code_of(found) is wrapper.frame.f_code
