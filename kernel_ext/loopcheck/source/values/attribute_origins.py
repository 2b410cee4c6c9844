"""What the methods of a class give the attributes of its objects, by their texts."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from types import FunctionType

from loopcheck.process import objects
from loopcheck.source import bindings, parsed_files
from loopcheck.source.assignments import assignments_in


def methods_of(kind: type) -> Iterator[tuple[str, FunctionType]]:
    """Yield the methods of *kind* and of its bases, those that are overridden included."""
    for one in objects.mro(kind):
        for name, value in objects.class_dict(one).items():
            function = objects.function_of(value)
            if function is not None and type(name) is str:
                yield name, function


def given_by(method: FunctionType, attribute: str) -> Iterator[ast.expr]:
    """Yield the expressions that *method* assigns to *attribute* of its object."""
    block = parsed_files.function_of(method.__code__)
    own = bindings.first_parameter(block) if isinstance(block, bindings.Function) else None
    for one in assignments_in(block):
        if one.how == "assigned" and one.sets(f"{own}.{attribute}"):
            yield one.value
