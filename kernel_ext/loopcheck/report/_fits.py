"""Checks that a value matches a record's fields: a report may come from anywhere."""

from __future__ import annotations

from dataclasses import fields, is_dataclass
from types import UnionType
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints


def fits(value: object, kind: Any) -> bool:
    """True if *value* is of *kind*, with all its parts."""
    if is_dataclass(kind):
        return isinstance(value, kind) and _fields_fit(value, kind)  # type: ignore[arg-type]
    of, parts = get_origin(kind), get_args(kind)
    if of in (Union, UnionType):
        return any(fits(value, one) for one in parts)
    if of is Literal:
        return type(value) is str and value in parts
    if of is tuple:
        return type(value) is tuple and all(fits(one, parts[0]) for one in value)
    return type(value) is kind


def _fields_fit(value: object, kind: Any) -> bool:
    known = get_type_hints(kind)
    return all(fits(getattr(value, one.name), known[one.name]) for one in fields(kind))
