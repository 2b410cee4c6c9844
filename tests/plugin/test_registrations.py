"""Who made a metric is decided by the metric itself: the lines that registered it were seen."""

import gc
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from prometheus_client import CollectorRegistry, Counter
from test_plugin import Project

from loopcheck.watch import registrations, swallowed

KNOWN = """
from prometheus_client import Counter, CollectorRegistry
import pytest
KIND = "hits"
HITS = None

def make(name):
    return Counter(name, "Requests.")

class App:
    def __init__(self):
        self.hits = Counter(f"shop_{KIND}", "Requests.")

def start():
    global HITS
    HITS = Counter("shop_hits", "Requests.")

def elsewhere():
    return Counter("shop_hits", "Requests.", registry=CollectorRegistry())

"""
FIRST = {  # by what makes the first metric, the line that asks for it
    "make('shop_hits')": "make('shop_hits')",
    "App()": 'Counter(f"shop_{KIND}", "Requests.")',
    "start()": "HITS = Counter",
    "[make(f'shop_{one}') for one in ('hits', 'misses')]": "return Counter(name",
}


@pytest.fixture
def project(tmp_path: Path) -> Project:
    return Project(tmp_path)


@pytest.fixture
def watched() -> Iterator[None]:
    undo = registrations.install()
    assert undo is not None
    yield
    undo()


def found(project: Project, text: str) -> Any:
    project.write("test_shop.py", text)
    ended = project.run("--loopcheck", "--loopcheck-json=report.json")
    assert "DuplicateTimeseries" in ended.stdout or "Duplicated timeseries" in ended.stdout
    [one] = project.report()["findings"]
    return one


def line_of(text: str, part: str) -> int:
    return next(n for n, line in enumerate(text.splitlines(), 1) if part in line)


@pytest.mark.parametrize("first", FIRST)
def test_the_line_that_made_the_first_one_is_named(project: Project, first: str) -> None:
    text = (
        f"{KNOWN}def test_one():\n    {first}\n\n"
        "def test_two():\n    Counter('shop_hits', 'Requests.')\n"
    )
    one = found(project, text)
    last = line_of(text, "    Counter('shop_hits'")
    assert one["made_at"]["line"] == line_of(text, FIRST[first])
    assert one["where"]["line"] == last
    assert "a second time" not in one["what"]


def test_a_line_that_ran_twice_is_not_taken_for_another_of_that_name(project: Project) -> None:
    text = (
        f"{KNOWN}@pytest.mark.parametrize('n', [1, 2])\ndef test_two(n):\n    elsewhere()\n"
        "    Counter('shop_hits', 'Requests.')\n"
    )
    one = found(project, text)
    assert (
        one["made_at"]["line"] == one["where"]["line"] == line_of(text, "    Counter('shop_hits'")
    )
    assert "a second time" in one["what"]


def test_a_line_that_cannot_have_run_before_is_not_said_to_have_made_it(project: Project) -> None:
    text = (
        "from prometheus_client import Counter as C, Counter\nhits = C('shop_hits', 'Requests.')\n"
        "del hits\n\ndef test_two():\n    Counter('shop_hits', 'Requests.')\n"
    )
    project.cold = True  # the library is loaded by this file, and nobody watched before
    one = found(project, text)
    assert "made_at" not in one
    assert one["what"] == (
        "test_shop.py:6 registers the Counter `shop_hits`,"
        " but a metric of that name already exists."
    )


@pytest.mark.usefixtures("watched")
def test_the_lines_are_kept_as_long_as_the_metric() -> None:
    registry = CollectorRegistry()
    metric = Counter("shop_hits", "Requests.", registry=registry)
    (code, line), *_ = registrations.lines_of(metric)
    assert code is sys._getframe().f_code
    assert code.co_firstlineno < line
    assert registrations.lines_of(object()) == ()
    number = id(metric)
    assert number in registrations._known
    del metric, registry
    gc.collect()
    assert number not in registrations._known


@pytest.mark.usefixtures("watched")
def test_one_that_is_refused_has_no_frame_of_ours_in_its_error() -> None:
    registry = CollectorRegistry()
    Counter("shop_hits", "Requests.", registry=registry)
    with pytest.raises(ValueError, match="Duplicated") as caught:
        Counter("shop_hits", "Requests.", registry=registry)
    files = [str(entry.path) for entry in caught.traceback]
    assert not any("kernel_ext/loopcheck" in file for file in files)


def gate(registry: CollectorRegistry) -> bool:
    try:
        Counter("shop_hits", "Requests.", registry=registry)
        return registry is not None
    except ValueError:
        return True


@pytest.mark.skipif(swallowed.REPORTED, reason="the interpreter reports it from 3.12 on")
@pytest.mark.usefixtures("watched")
def test_the_handler_of_a_refused_one_is_kept_with_its_callers() -> None:
    registry = CollectorRegistry()
    swallowed.entries.clear()
    assert gate(registry)
    assert swallowed.taken() == ()
    assert gate(registry)
    [one] = swallowed.taken()
    assert (one.function, one.type) == ("gate", "prometheus_client.registry.DuplicateTimeseries")
    assert one.line == gate.__code__.co_firstlineno + 2
    assert one.raised[-1][2] == "prometheus_client.registry"
    assert one.asked[0][2] == "test_the_handler_of_a_refused_one_is_kept_with_its_callers"


@pytest.mark.skipif(swallowed.REPORTED, reason="the interpreter reports it from 3.12 on")
@pytest.mark.usefixtures("watched")
def test_an_error_that_becomes_another_on_its_way_has_no_handler() -> None:
    registry = CollectorRegistry()
    swallowed.entries.clear()

    def count() -> None:
        try:
            Counter("shop_hits", "Requests.", registry=registry)
        except ValueError as error:
            raise LookupError from error

    count()
    with pytest.raises(LookupError):
        count()
    assert swallowed.taken() == ()


@pytest.mark.usefixtures("watched")
def test_a_collector_of_any_kind_is_let_through() -> None:
    class Slotted:
        __slots__ = ()

        def describe(self) -> list[object]:
            return []

        collect = describe

    CollectorRegistry().register(Slotted())  # type: ignore[arg-type]


def test_undone_it_leaves_the_class_as_it_was() -> None:
    before = CollectorRegistry.__dict__["_get_names"]
    undo = registrations.install()
    assert undo is not None
    assert CollectorRegistry.__dict__["_get_names"] is not before
    undo()
    assert CollectorRegistry.__dict__["_get_names"] is before
    assert not registrations.is_installed()
