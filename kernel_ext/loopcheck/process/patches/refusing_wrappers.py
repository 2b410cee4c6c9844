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

DEEPEST = 5  # functions of a wrapper, the one that raises included
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

    It says so: it asks for a running loop, or it is in the function's place now, by the words of
    its error. An OSError is an answer of the function, or of one that a test uses in its place.
    """
    trace = link.trace
    if objects.is_a(link.error, OSError) or not _in_a_coroutine(trace[:-1]):
        return None
    if not _raises(trace[-1]):
        return None
    told = _BLOCKS.search(f"{objects.type_name(link.error)} {objects.said(link.error)}")
    for inner in range(len(trace) - 1, max(0, len(trace) - 1 - DEEPEST), -1):
        step, wrapper = trace[inner - 1], trace[inner]
        if not _in_one_file(trace[inner:]):
            return None
        if step.owner != "user" or not _in_a_coroutine(trace[:inner]):
            continue
        node = step.source.call
        if not isinstance(node, ast.Call) or (name := calls.last(node.func)) is None:
            continue
        block = parsed_files.function_of(wrapper.frame.f_code)
        asks = not _ASKS_LOOP.isdisjoint(mentioned(block))
        original = _original(wrapper, name) if asks else None
        patched = original or (_replaced(node.func, step, wrapper) if asks or told else None)
        if patched is not None:
            return Refused(step, patched, original is not None)
    return None


def is_async(code: CodeType) -> bool:
    """Return whether *code* is that of a coroutine function."""
    return bool(code.co_flags & CO_COROUTINE)


def _in_a_coroutine(trace: Sequence[Step]) -> bool:
    return any(is_async(step.frame.f_code) and step.owner == "user" for step in trace)


def _raises(step: Step) -> bool:
    """Return whether the line of *step* itself raises: what it calls may do so on its own."""
    kind = parsed_files.step_at(step.frame.f_code.co_filename, step.line, step.span)
    return kind == "raise" and not _is_python(step.module)


def _in_one_file(below: Sequence[Step]) -> bool:
    """Return whether the frames from the wrapper on are its own plain functions."""
    files = {step.frame.f_code.co_filename for step in below}
    return len(files) == 1 and not any(is_async(step.frame.f_code) for step in below)


def _is_python(module: str) -> bool:
    return module.partition(".")[0] in sys.stdlib_module_names


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
    if type(module) is not str or not _is_python(module):
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
    runs = objects.code_of(found) is wrapper.frame.f_code
    return f"{home}.{func.attr}" if runs and _is_python(home) else None
