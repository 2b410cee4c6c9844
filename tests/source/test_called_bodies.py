"""The walk through what a function calls: the nearest first, each call once, and bounded."""

import sys
from collections.abc import Iterator
from pathlib import Path
from types import FunctionType, ModuleType

import pytest

from loopcheck.source import parsed_files, project_files
from loopcheck.source.nodes import calls_in
from loopcheck.source.values import called_bodies, meaning
from loopcheck.source.values.called_bodies import Body

KITCHEN = """
import json

class Kitchen:
    def __init__(self, stove):
        self.stove = stove

    def dinner(self, dish):
        self.heat(dish)
        json.dumps(dish)
        serve(dish)
        serve(dish)

    def heat(self, thing):
        self.stove.on(thing)

class Stove:
    def on(self, pot):
        log(pot)

def serve(plate):
    log(plate)

def log(entry):
    log(entry)

kitchen = Kitchen(Stove())
"""


@pytest.fixture
def kitchen(tmp_path: Path) -> Iterator[ModuleType]:
    file = tmp_path / "kitchen.py"
    file.write_text(KITCHEN)
    module = ModuleType("kitchen")
    module.__file__ = str(file)
    exec(compile(KITCHEN, str(file), "exec"), vars(module))
    sys.modules["kitchen"] = module
    leave = project_files.begin_project([str(tmp_path)])
    yield module
    leave()
    del sys.modules["kitchen"]


def of(function: FunctionType, **given: object) -> Body:
    code = function.__code__
    return Body(parsed_files.body_of(code), meaning.in_call(function, given), code)


def test_the_nearest_come_first_and_each_call_counts(kitchen: ModuleType) -> None:
    start = of(kitchen.Kitchen.dinner, self=kitchen.kitchen, dish="soup")
    found = [(one.code.co_name, one.depth) for one in called_bodies.reached(start, deepest=2)]
    assert found == [
        *(("dinner", 0), ("heat", 1), ("serve", 1), ("serve", 1)),
        *(("on", 2), ("log", 2)),
    ]


def test_arguments_are_known_further_down(kitchen: ModuleType) -> None:
    start = of(kitchen.Kitchen.dinner, self=kitchen.kitchen, dish="soup")
    last = [*called_bodies.reached(start, deepest=2)][-1]
    assert last.env["entry"] == "soup"


def test_a_function_that_calls_itself_ends(kitchen: ModuleType) -> None:
    found = list(called_bodies.reached(of(kitchen.log, entry=1), deepest=100))
    assert [one.depth for one in found] == [0, 1]


def test_only_the_calls_that_are_asked_for(kitchen: ModuleType) -> None:
    def never(body: Body) -> list[object]:
        return []

    start = of(kitchen.Kitchen.dinner, self=kitchen.kitchen)
    assert [*called_bodies.reached(start, deepest=2, calls=never)] == [start]  # type: ignore[arg-type]


def test_a_library_has_no_body_for_us(kitchen: ModuleType) -> None:
    start = of(kitchen.Kitchen.dinner, self=kitchen.kitchen, dish="soup")
    bodies = [called_bodies.of_call(one, start.env) for one in calls_in(*start.steps)]
    assert [one.code.co_name if one else None for one in bodies] == ["heat", None, "serve", "serve"]
    assert [*called_bodies.reached(None, deepest=2)] == []
