"""The fixture that provides an object, or the function that returned it, and its own expressions.

It has ended, or waits at its `yield`. What it gave away is still there: by that value, `phone.line`
in the fixture is the object that the test calls `phone.line`.
"""

from __future__ import annotations

import ast
from collections.abc import Collection, Iterator
from types import FunctionType
from typing import Any

from loopcheck.light import dataclass
from loopcheck.process import objects
from loopcheck.records import Kept
from loopcheck.runner import fixture_tables, fixtures
from loopcheck.source import bindings, parsed_files
from loopcheck.source.assignments import assignments_in
from loopcheck.source.bindings import Function
from loopcheck.source.nodes import calls_in, nodes_of, results_of
from loopcheck.source.values import meaning
from loopcheck.source.values.callees import Env


@dataclass(frozen=True, eq=False)
class Provider:
    """A function that gave an object away. Lives only while loopcheck gathers evidence."""

    function: FunctionType
    gave: object
    fixture: str | None = None

    @property
    def block(self) -> Function | None:
        return parsed_files.function_of(self.function.__code__)

    @property
    def names(self) -> Env:
        """Return the values of its names: of its own only that of what it gave away."""
        name = bindings.given_away(self.block) if self.block is not None else None
        return meaning.in_call(self.function, {name: self.gave} if name is not None else {})

    def means(self, expression: ast.AST) -> object:
        """Return the value of *expression*, UNKNOWN if what was given away does not lead to it."""
        return meaning.of(expression, self.names)

    def may_open(self, methods: Collection[str]) -> bool:
        """Return whether it calls one of *methods* on what it gave away, on a part, or enters it.

        Only names tell: the values of its own names are gone once it has returned.
        """
        given = _given_names(self.block)
        return any(_names_in(owner) & given for owner in opened_in(self.block, methods))


def of_fixture(kept: Kept, item: Any) -> Iterator[Provider]:
    """Yield the fixture that provides *kept*."""
    definition = fixtures.definitions(item).get(kept.fixture or "") if item is not None else None
    function = objects.function_of(definition.func) if definition is not None else None
    if function is not None:
        yield Provider(function, fixture_tables.value_of(definition), kept.fixture)


def opened_in(block: Function | None, methods: Collection[str]) -> Iterator[ast.expr]:
    """Yield what *block* calls one of *methods* on, or enters."""
    for call in calls_in(block):
        if isinstance(call.func, ast.Attribute) and call.func.attr in methods:
            yield call.func.value
    for item in nodes_of(ast.withitem, block):
        yield item.optional_vars or item.context_expr


def _given_names(block: Function | None) -> set[str]:
    names = {name for result in results_of(block) for name in _names_in(result)}
    made = [(_names_in(one.target), _names_in(one.value)) for one in assignments_in(block)]
    while more := {new for to, used in made if to & names for new in used} - names:
        names |= more
    return names


def _names_in(expression: ast.AST) -> set[str]:
    return {one.id for one in nodes_of(ast.Name, expression)}
