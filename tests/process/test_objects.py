"""What an object holds is read without running a line of its class."""

import asyncio
import functools
import gc
import socket
import threading
import weakref
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any, NamedTuple

import pytest
from tornado.iostream import IOStream

from loopcheck.process import object_names, objects
from loopcheck.records import Keeper


@pytest.fixture
def loop() -> Iterator[asyncio.AbstractEventLoop]:
    made = asyncio.new_event_loop()
    yield made
    made.close()


class Trap:
    """Everything that may run, raises."""

    def __init__(self, **kept: object) -> None:
        object.__getattribute__(self, "__dict__").update(kept)

    def _refuse(self, *args: object) -> Any:
        raise AssertionError("the probe ran code of the user's")

    __getattribute__ = __getattr__ = __setattr__ = __delattr__ = _refuse
    __repr__ = __str__ = __hash__ = __iter__ = __len__ = __bool__ = _refuse
    __eq__ = __contains__ = __getitem__ = __call__ = __instancecheck__ = _refuse


class Liar:
    @property  # type: ignore[misc]
    def __class__(self) -> Any:
        raise AssertionError("asked for __class__")

    @property
    def __dict__(self) -> Any:  # type: ignore[override]
        raise AssertionError("asked for __dict__")


class Slots:
    __slots__ = ("_loop", "empty")

    def __init__(self, loop: object) -> None:
        self._loop = loop


class Greedy(dict[str, object]):
    def items(self) -> Any:
        raise AssertionError("the probe ran items()")

    __iter__ = keys = values = get = items  # type: ignore[assignment]


def reachable(root: object) -> list[tuple[str, object]]:
    return [("".join(path), thing) for path, thing, _ in objects.walk(root)]


def test_a_trap_is_read_without_springing_it(loop: asyncio.AbstractEventLoop) -> None:
    trap = Trap(_loop=loop, deeper=Trap(_loop=loop))
    assert objects.bound_loop(trap) is loop
    assert [path for path, _ in reachable(trap)].count(".deeper") == 1


def test_a_class_that_lies_is_not_asked() -> None:
    assert objects.bound_loop(Liar()) is None
    assert objects.type_name(Liar()).endswith("Liar")
    list(objects.walk(Liar()))


def test_slots_are_read_and_empty_ones_passed_over(loop: asyncio.AbstractEventLoop) -> None:
    assert objects.bound_loop(Slots(loop)) is loop
    assert [path for path, _ in reachable(Slots(loop))] == ["", "._loop"]


def test_dicts_that_override_their_methods_are_read_past_them(
    loop: asyncio.AbstractEventLoop,
) -> None:
    assert ("['main']", loop) in reachable(Greedy(main=loop))


def test_a_function_leads_to_what_it_closes_over(loop: asyncio.AbstractEventLoop) -> None:
    kept = SimpleNamespace(_loop=loop)
    assert (":kept", kept) in reachable(lambda: kept)


def test_a_partial_and_a_bound_method_lead_on() -> None:
    kept = SimpleNamespace()
    found = [thing for _, thing in reachable(functools.partial(print, kept))]
    assert kept in found


def test_a_walk_ends_in_cycles_and_within_its_budget() -> None:
    ring: list[object] = []
    ring.append(ring)
    assert len(reachable(ring)) == 1
    rows = [[[n, [n]] for n in range(200)] for _ in range(500)]
    assert len(reachable(rows)) == objects.NODES


def test_of_a_long_list_the_first_thousand_are_looked_at() -> None:
    assert len(reachable([[n] for n in range(100_000)])) == objects.WIDEST + 1


def test_a_loop_is_a_wall(loop: asyncio.AbstractEventLoop) -> None:
    assert [path for path, _ in reachable([loop])] == ["", "[0]"]


def test_a_free_lock_is_bound_to_nothing() -> None:
    assert objects.bound_loop(asyncio.Lock()) is None


def test_a_future_is_bound_at_once(loop: asyncio.AbstractEventLoop) -> None:
    assert objects.bound_loop(loop.create_future()) is loop


def test_the_loop_of_a_librarys_object_may_have_another_name() -> None:
    async def stream() -> tuple[object, object]:
        wire = IOStream(socket.socket())
        wire.close()
        return wire, asyncio.get_running_loop()

    wire, here = asyncio.run(stream())
    assert objects.bound_loop(wire) is here


def test_a_loop_that_an_object_of_the_users_was_given_is_not_its_home(
    loop: asyncio.AbstractEventLoop,
) -> None:
    assert objects.bound_loop(SimpleNamespace(loop=loop)) is None
    assert objects.bound_loop(Trap(loop=loop)) is None


def test_what_a_test_got_from_a_channel_leads_to_the_channel(
    loop: asyncio.AbstractEventLoop,
) -> None:
    def root(name: str, value: object, *, wide: bool = True) -> object_names.Root:
        keeper: Keeper = "global" if wide else "local"
        return object_names.Root(
            name=name, value=value, keeper=keeper, filename=__file__, wide=wide
        )

    channel, stub = SimpleNamespace(_loop=loop), SimpleNamespace(_loop=loop)
    roots = [root("Backend", {"channel": channel}), root("say", stub, wide=False)]
    way, found = object_names.keeper_of(loop, roots) or (None, ())
    assert way is not None
    assert way.name == "Backend['channel']"
    assert found == (channel,)
    assert (
        object_names.keeper_of(loop, [*roots, root("other", stub)]) is None
    )  # either may be meant


class Crawler:
    def __init__(self) -> None:
        self.full = asyncio.Condition()

    def work(self) -> None:
        pass


def test_a_name_that_the_user_wrote_is_better_than_one_through_a_thread() -> None:
    crawler = Crawler()
    there = {"self": crawler, "thread": threading.Thread(target=crawler.work)}
    roots = [
        object_names.Root(name=name, value=value, keeper="local", filename=__file__, wide=False)
        for name, value in there.items()
    ]
    for some in (roots, roots[::-1]):
        way = object_names.find(some, [crawler.full])
        assert way is not None
        assert way.name == "self.full"


def test_what_is_remembered_of_a_class_holds_for_what_it_is_now() -> None:
    class Base:
        pass

    class Middle(Base):
        pass

    class Own(Base):
        __slots__ = ("kept", "second")

    thing: Any = Own()
    thing.kept, thing.second, thing.third = 1, 2, 3
    assert [objects.peek(thing, name) for name in ("kept", "second", "third")] == [1, 2, 3]
    Own.__bases__ = (Middle,)  # where the instance dict is kept is one class further now
    Own.second = property(lambda self: 1 / 0)  # type: ignore[attr-defined]
    assert [objects.peek(thing, name) for name in ("kept", "second", "third")] == [1, None, 3]


def test_fields_of_a_named_tuple_are_read() -> None:
    class Request(NamedTuple):
        item: str
        answer: object

    class Urgent(Request):
        answer = property(lambda self: 1 / 0)

    found = [objects.attribute(Request("tea", 1), name) for name in ("item", "answer", "other")]
    assert found == ["tea", 1, objects.ABSENT]
    assert objects.attribute(Urgent("tea", 1), "answer") is objects.UNKNOWN


def test_a_class_that_was_looked_at_is_not_kept_alive() -> None:
    class Gone:
        __slots__ = ("__weakref__", "kept")

    thing: Any = Gone()
    thing.kept = 1
    assert objects.peek(thing, "kept") == 1
    gone = weakref.ref(Gone)
    del Gone, thing
    gc.collect()
    assert gone() is None


def passed_on(function: Any) -> Any:
    @functools.wraps(function)
    def wrapper(*given: object) -> object:
        return function(*given)

    return wrapper


class Till:
    def open(self) -> None: ...

    @passed_on
    @passed_on
    def close(self) -> None: ...

    @staticmethod
    @passed_on
    def count() -> None: ...

    @passed_on
    @classmethod
    def default(cls) -> None: ...


@pytest.mark.parametrize(
    ("thing", "name"),
    [
        (Till.open, "open"),
        (Till().open, "open"),
        (Till().close, "close"),
        (vars(Till)["count"], "count"),
        (Till.default, "default"),
        (functools.partial(functools.partial(Till.close), 1), "close"),
        (passed_on(functools.partial(Till().open)), "open"),
        (passed_on(len), "wrapper"),  # what it calls has no line of Python
        (functools.partial(len), None),
        (Till, None),
    ],
)
def test_below_methods_partials_and_wrappers_is_the_function_that_was_written(
    thing: object, name: str | None
) -> None:
    found = objects.function_of(thing)
    assert (found.__code__.co_name if found is not None else None) == name


def test_wrappers_in_a_circle_end() -> None:
    first, second = passed_on(Till.open), passed_on(Till.open)
    first.__wrapped__, second.__wrapped__ = second, first
    assert objects.function_of(first) in (first, second)
    assert objects.function_of(Trap()) is None


class OfItself(dict[str, object]):
    """Its attributes are its entries, and it counts who reads them in its own way."""

    def __init__(self) -> None:
        super().__init__(name="tea")
        self.__dict__ = self

    def __getattribute__(self, name: str) -> object:
        raise AssertionError("read")

    def values(self) -> Any:
        raise AssertionError("read")

    items = keys = get = __getitem__ = __iter__ = values  # type: ignore[assignment]


def test_attributes_in_a_dict_of_ones_own_kind_are_read_without_it() -> None:
    own = objects.own_dict(OfItself())
    assert own is not None
    assert list(own.values()) == ["tea"]
    assert objects.peek(OfItself(), "name") == "tea"
