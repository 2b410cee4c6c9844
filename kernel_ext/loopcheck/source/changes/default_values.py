"""Moves what a function's head creates once into its body, where each call creates its own."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from loopcheck.records import Edit
from loopcheck.source.changes.source_text import NoSplice
from loopcheck.source.changes.splices import Source
from loopcheck.source.definitions import Def

MADE = (ast.Call, ast.List, ast.Dict, ast.Set)


def make_per_call(source: Source, line: int, argument: str | None = None) -> list[Edit]:
    """Return the changes for the default that is made at *line*, of *argument* if it is named."""
    function = source.statement_at(line)
    if not isinstance(function, Def):
        raise NoSplice("no function at that line")
    found = [
        (name, value)
        for name, value in defaults_of(function)
        if isinstance(value, MADE) and argument in (None, name)
    ]
    if len(found) != 1:
        raise NoSplice("several defaults are created there")
    name, value = found[0]
    made = source.text_of(value)
    if "\n" in made:
        raise NoSplice("the default is of several lines")
    lines = f"if {name} is None:", f"{source.step}{name} = {made}"
    return [source.replace(value, "None"), source.insert_first(function, *lines)]


def defaults_of(function: Def) -> Iterator[tuple[str, ast.expr]]:
    """Yield the parameters with a default, each with its expression."""
    spec = function.args
    plain = [*spec.posonlyargs, *spec.args]
    if spec.defaults:
        for one, value in zip(plain[-len(spec.defaults) :], spec.defaults, strict=True):
            yield one.arg, value
    for one, default in zip(spec.kwonlyargs, spec.kw_defaults, strict=True):
        if default is not None:
            yield one.arg, default
