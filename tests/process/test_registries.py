"""What user code registered is named with its line; what libraries registered is left out."""

import asyncio
import atexit
import functools
import linecache
import signal
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType

import prometheus_client
import pytest

from loopcheck.labels import Labels
from loopcheck.process.loops import loop_records
from loopcheck.process.registries import read_registries
from loopcheck.records import LoopRecord, Place, RegistryRecord

Load = Callable[[str, str], ModuleType]
Read = Callable[..., dict[str, RegistryRecord]]


@pytest.fixture(autouse=True)
def metrics_go_again() -> Iterator[None]:
    registry = prometheus_client.REGISTRY
    before = set(registry._collector_to_names)
    yield
    for collector in set(registry._collector_to_names) - before:
        registry.unregister(collector)


@pytest.fixture
def loop() -> Iterator[asyncio.AbstractEventLoop]:
    made = asyncio.new_event_loop()
    yield made
    made.close()


@pytest.fixture
def read(tmp_path: Path, loop: asyncio.AbstractEventLoop) -> Read:
    labels = Labels(tmp_path.as_posix())

    def in_words(one: asyncio.AbstractEventLoop) -> LoopRecord:
        return loop_records.read_loop(one, labels)

    def look(roots: object = (), everything: bool = False) -> dict[str, RegistryRecord]:
        found = read_registries([loop], labels, in_words, roots, everything=everything)  # type: ignore[arg-type]
        assert len({one.name for one in found}) == len(found)
        return {one.name: one for one in found}

    return look


def test_nothing_of_the_users_is_nothing(read: Read) -> None:
    assert read() == {}


# Metrics


def test_a_metric_is_named_with_the_line_that_makes_it(load: Load, read: Read) -> None:
    load("shop", 'from prometheus_client import Counter\n\nORDERS = Counter("orders", "Orders")\n')
    assert read() == {
        "orders": RegistryRecord(
            kind="metric", name="orders", detail="Counter", made_at=Place("shop.py", 3, "ORDERS")
        )
    }


def test_a_metric_that_an_object_makes_is_found_by_its_name_in_the_source(
    load: Load, read: Read
) -> None:
    shop = load(
        "shop",
        """
        import prometheus_client as prom
        class Client:
            def __init__(self):
                self.calls = prom.Histogram("calls_seconds", "Calls", ["method", "path"])
        """,
    )
    shop.Client()
    found = read()["calls_seconds"]
    assert found.detail == "Histogram by method, path"
    assert found.made_at == Place("shop.py", 4)


def test_of_two_lines_that_may_have_made_it_none_is_named(load: Load, read: Read) -> None:
    shop = load(
        "shop",
        """
        from prometheus_client import Counter
        def one(): return Counter("calls", "Calls")
        def two(): return Counter("calls_total", "Calls")
        """,
    )
    shop.one()
    assert read()["calls"].made_at is None


def test_a_registry_of_the_users_own_is_named(load: Load, read: Read) -> None:
    load(
        "shop",
        """
        from prometheus_client import CollectorRegistry, Gauge
        class Metrics:
            def __init__(self):
                self.registry = CollectorRegistry()
                self.stock = Gauge("stock", "Stock", registry=self.registry)
        metrics = Metrics()
        """,
    )
    found = read()["stock"]
    assert found.detail == "Gauge, in shop.metrics.registry"
    assert found.made_at == Place("shop.py", 5)


def test_a_collector_of_the_users_own_class_is_named_by_what_it_collects(read: Read) -> None:
    class Stock:
        def describe(self) -> list[object]:
            return [prometheus_client.Metric("stock_level", "Stock", "gauge")]

        def collect(self) -> list[object]:
            raise AssertionError("the probe collected")

    prometheus_client.REGISTRY.register(Stock())  # type: ignore[arg-type]
    assert read()["stock_level"].detail == "Stock"


def test_a_metric_of_a_notebook_is_named_by_its_cell(
    read: Read, monkeypatch: pytest.MonkeyPatch
) -> None:
    notebook = ModuleType("__main__")
    monkeypatch.setitem(sys.modules, "__main__", notebook)
    cell = 'import prometheus_client\norders = prometheus_client.Counter("orders", "Orders")\n'
    for number, lines in ((1, "1 + 1\n"), (2, cell), (3, cell), (4, "orders\n")):
        name = f"<ipython-input-{number}-0123456789ab>"
        entry = len(lines), None, lines.splitlines(keepends=True), name
        monkeypatch.setitem(linecache.cache, name, entry)
    exec(cell, vars(notebook))
    assert read()["orders"].made_at == Place("cell", 2, "orders")


def test_the_collectors_of_the_library_are_shown_on_demand(read: Read) -> None:
    assert not read()
    details = {one.detail for one in read(everything=True).values()}
    assert {"ProcessCollector", "PlatformCollector", "GCCollector"} <= details


def test_without_prometheus_nothing_is_searched_for(
    load: Load, read: Read, monkeypatch: pytest.MonkeyPatch
) -> None:
    load("shop", 'from prometheus_client import Counter\nORDERS = Counter("orders", "Orders")\n')
    monkeypatch.delitem(sys.modules, "prometheus_client.registry")
    assert read() == {}


# Handlers


def test_the_exception_handler_of_a_loop_is_named_with_its_line_and_loop(
    load: Load, read: Read, loop: asyncio.AbstractEventLoop
) -> None:
    shop = load("shop", "\ndef swallow(loop, context):\n    pass\n")
    loop.set_exception_handler(shop.swallow)
    found = read()["swallow"]
    assert (found.kind, found.made_at) == ("exception handler", Place("shop.py", 1, "swallow"))
    assert found.loop is not None
    assert found.loop.label == "loop 1"


def test_a_librarys_exception_handler_is_left_out(
    read: Read, loop: asyncio.AbstractEventLoop
) -> None:
    loop.set_exception_handler(functools.partial(print))
    assert read() == {}


def test_a_handler_is_seen_through_partials_methods_and_wrappers(
    load: Load, read: Read, loop: asyncio.AbstractEventLoop
) -> None:
    shop = load(
        "shop",
        """
        import functools
        class Shop:
            def on_error(self, loop, context): pass
            def __call__(self, loop, context): pass
        """,
    )
    for handler, name in (
        (shop.Shop().on_error, "Shop.on_error"),
        (functools.partial(shop.Shop().on_error), "Shop.on_error"),
        (shop.Shop(), "Shop.__call__"),
        (functools.lru_cache(shop.Shop.on_error), None),  # C, and it hides what it calls
    ):
        loop.set_exception_handler(handler)
        assert set(read()) == ({name} if name else set())


def test_a_signal_handler_of_the_users_is_named(load: Load, read: Read) -> None:
    shop = load("shop", "def on_term(number, frame):\n    pass\n")
    before = signal.signal(signal.SIGUSR1, shop.on_term)
    try:
        found = read()["SIGUSR1"]
    finally:
        signal.signal(signal.SIGUSR1, before)
    assert (found.detail, found.made_at) == ("on_term", Place("shop.py", 1, "on_term"))


def test_a_signal_handler_of_a_loop_names_the_loop(
    load: Load, read: Read, loop: asyncio.AbstractEventLoop
) -> None:
    shop = load("shop", "def on_term():\n    pass\n")
    loop.add_signal_handler(signal.SIGUSR2, shop.on_term)
    try:
        found = read()["SIGUSR2"]
    finally:
        loop.remove_signal_handler(signal.SIGUSR2)
    assert found.detail == "on_term, added to the loop"
    assert found.loop is not None


# Exit hooks: Python does not list them, so the lines that enter them are read


@pytest.fixture
def hooks(load: Load) -> Iterator[Callable[[str], ModuleType]]:
    made: list[ModuleType] = []

    def make(text: str) -> ModuleType:
        made.append(load("shop", text))
        return made[-1]

    yield make
    for module in made:
        for value in vars(module).values():
            if callable(value) and getattr(value, "__module__", "") == "shop":
                atexit.unregister(value)


def test_exit_hooks_that_a_module_enters_are_named(
    hooks: Callable[[str], ModuleType], read: Read
) -> None:
    hooks(
        """
        import atexit as at_end
        from atexit import register

        @register
        def save(): pass

        def close(password): pass
        at_end.register(close, "hunter2")
        """
    )
    found = read()
    assert {name: one.made_at for name, one in found.items()} == {
        "save": Place("shop.py", 5),
        "close": Place("shop.py", 8),
    }
    assert "hunter2" not in str(found)


def test_exit_hooks_taken_back_or_only_in_functions_are_left_out(
    hooks: Callable[[str], ModuleType], read: Read
) -> None:
    hooks(
        """
        import atexit
        def save(): pass
        def later(): atexit.register(save)
        atexit.register(save)
        atexit.unregister(save)
        """
    )
    assert read() == {}


def test_another_function_called_register_enters_no_exit_hook(
    hooks: Callable[[str], ModuleType], read: Read
) -> None:
    hooks("import atexit\ndef register(f): return f\n@register\ndef save(): pass\n")
    assert read() == {}


def test_the_number_of_all_exit_hooks_is_told_on_demand(read: Read) -> None:
    said = read(everything=True)["all together"].detail
    assert said is not None
    assert said.startswith(f"{atexit._ncallbacks()}, of libraries too")


def test_reading_changes_nothing(load: Load, read: Read, loop: asyncio.AbstractEventLoop) -> None:
    load("shop", 'from prometheus_client import Counter\nORDERS = Counter("orders", "Orders")\n')

    def state() -> tuple[object, ...]:
        return (
            dict(prometheus_client.REGISTRY._names_to_collectors),
            [signal.getsignal(one) for one in sorted(signal.valid_signals())],
            loop.get_exception_handler(),
            atexit._ncallbacks(),
            set(sys.modules),
        )

    read()
    before = state()
    read(everything=True)
    assert state() == before
