"""The lines that can end one future: those of the functions and objects that keep it.

A thread that has set the result may have ended. Its function is still there, in what the future's
own holders lead to: the variable of a closure, the attribute of an object.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from loopcheck.light import dataclass
from loopcheck.process import heap, objects
from loopcheck.source import bindings, parsed_files
from loopcheck.source.assignments import assigned_values
from loopcheck.source.statements.waking_calls import WakingCall

MOST = 50  # holders of one future


@dataclass(frozen=True)
class Holder:
    """The lines in which a name stands for the future."""

    file: str
    first: int
    last: int
    name: str  # "future", or "self._answer" without its "self."
    attribute: bool

    def covers(self, call: WakingCall) -> bool:
        """Return whether *call* is in these lines, and uses the name."""
        inside = call.file == self.file and self.first <= call.line <= self.last
        dotted = call.text.count(".") > 1  # "self._answer.set_result"
        return inside and call.name == self.name and dotted is self.attribute


def of_future(future: object, found: Sequence[WakingCall]) -> list[WakingCall]:
    """Return those of *found* that surely call a method of *future*."""
    holders = {*_closures(future), *_objects(future)}
    return [one for one in found if any(holder.covers(one) for holder in holders)]


def _closures(future: object) -> Iterator[Holder]:
    """Yield the functions whose closures share a variable with *future* in it."""
    for function in heap.closing_over(future, MOST):
        code = function.__code__
        for name, value in objects.closed_over(function).items():
            if value is not future:
                continue
            for block in parsed_files.enclosing(code.co_filename, code.co_firstlineno):
                if name in bindings.parameters(block) or assigned_values(name, block):
                    end = block.end_lineno or block.lineno
                    yield Holder(code.co_filename, block.lineno, end, name, attribute=False)
                    break


def _objects(future: object) -> Iterator[Holder]:
    """Yield the user's classes whose instances keep *future* in an attribute."""
    for thing in heap.keeping(future, MOST):
        file = objects.users_class(type(thing))
        if file is None:
            continue
        for step, value in objects.steps(thing):
            if value is not future or not step.startswith("."):
                continue
            for kind in objects.mro(type(thing)):
                if (file := objects.users_class(kind)) is not None:
                    name = objects.class_name(kind).removeprefix(f"{objects.module_of(kind)}.")
                    block = parsed_files.class_named(file, name)
                    if block is not None:
                        end = block.end_lineno or block.lineno
                        yield Holder(file, block.lineno, end, step[1:], attribute=True)
