"""The line that created an object: where its constructor is called, not where `self` keeps it."""

from __future__ import annotations

from types import FunctionType

from loopcheck.labels import Labels
from loopcheck.process import object_names, objects, parameters
from loopcheck.process.object_names import Way
from loopcheck.records import Place
from loopcheck.source.values import handed_parameters


def made_at(way: Way | None, labels: Labels) -> Place | None:
    """Return the line that created what *way* leads to, None if the source does not show it."""
    if way is None:
        return None
    if way.holder is None:
        return object_names.made_at(way, labels)
    kind = type(way.holder)
    called = objects.class_name(kind).rpartition(".")[2]
    field, fields = way.step.lstrip("."), _fields(kind)
    if field in fields and (made := handed_parameters.made_by_call(field, fields, called, labels)):
        return made
    return handed_parameters.maker(object_names.made_at(way, labels), labels, called)


def _fields(kind: type) -> tuple[str, ...]:
    """Return the arguments of an `__init__` that a dataclass or attrs has generated."""
    spaces = (objects.class_dict(one) for one in objects.mro(kind))
    init = next((one["__init__"] for one in spaces if "__init__" in one), None)
    if type(init) is not FunctionType or not init.__code__.co_filename.startswith("<"):
        return ()
    return parameters.named(init.__code__)[1:]
