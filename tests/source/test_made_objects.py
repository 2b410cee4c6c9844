"""Values of expressions whose objects nothing refers to any more. Nothing is run."""

import ast
from types import FunctionType, MethodType

import pytest

from loopcheck.process.objects import UNKNOWN
from loopcheck.source.values import callees, meaning
from loopcheck.source.values.made_objects import Listed, Made, is_new

POOL = object()


class Store:
    def __init__(self, pool: object) -> None:
        self.pool = pool
        self.rows: dict[str, int] = {}
        self.first, self.rest = pool, [1, 2]

    @property
    def shared(self) -> object:
        return self.pool

    def same(self) -> "Store":
        return self

    def held(self) -> object:
        return self.pool

    async def fetched(self) -> object:
        return self.pool

    def save(self) -> None:
        self.rows["a"] = 1

    @classmethod
    def of_class(cls) -> None: ...

    @staticmethod
    def plain() -> None: ...


class Cache(Store):
    def save(self) -> None:
        super().save()


def store(pool: object) -> Store:
    return Store(pool)


def careful(pool: object) -> Store:
    print("a store is made")
    return Store(pool)


def inside(function: object, **given: object) -> callees.Env:
    assert isinstance(function, FunctionType)
    return meaning.in_call(function, given)


def read(text: str) -> object:
    return callees.held(ast.parse(text, mode="eval").body, inside(store))


@pytest.mark.parametrize(
    "text",
    [
        "Store(POOL).pool",
        "Store(pool=POOL).first",
        "Store(POOL).same().pool",
        "Store(POOL).held()",
        "Store(POOL).shared",
        "store(POOL).pool",
        "store(Store(POOL).held()).pool",
        "Cache(POOL).pool",
    ],
)
def test_the_object_that_a_new_one_was_given_is_known(text: str) -> None:
    assert read(text) is POOL


def test_a_coroutine_gives_its_result_where_it_is_awaited() -> None:
    [awaited] = ast.parse("await Store(POOL).fetched()").body
    assert isinstance(awaited, ast.Expr)
    assert callees.held(awaited.value, inside(store)) is POOL
    assert read("Store(POOL).fetched()") is UNKNOWN


@pytest.mark.parametrize("text", ["careful(POOL).pool", "Store(POOL).save()", "Store(POOL).none"])
def test_what_only_running_would_show_is_unknown(text: str) -> None:
    assert read(text) is UNKNOWN


def test_a_method_of_a_new_object_is_bound_to_it() -> None:
    saved = read("Cache(POOL).save")
    assert type(saved) is MethodType
    assert saved.__func__ is Cache.save
    assert type(saved.__self__) is Made
    assert saved.__self__.kind is Cache
    of_class = read("Cache(POOL).of_class")
    assert type(of_class) is MethodType
    assert of_class.__self__ is Cache
    assert type(read("Cache(POOL).plain")) is FunctionType


def test_super_is_the_class_above_that_of_the_method() -> None:
    env = inside(Cache.save, self=Cache(POOL))
    found = callees.target(ast.parse("super().save", mode="eval").body, env)
    assert type(found) is MethodType
    assert found.__func__ is Store.save


def test_a_container_of_a_new_object_stays_the_same_one() -> None:
    env = inside(store, one=read("Store(POOL)"))
    rows = [callees.held(ast.parse("one.rows", mode="eval").body, env) for _ in range(2)]
    assert type(rows[0]) is Listed
    assert rows[0].kind is dict
    assert rows[0] is rows[1]


@pytest.mark.parametrize(
    "text", ["Store(POOL)", "Store(POOL).rows", "Store(POOL).save", "[POOL]", "{}"]
)
def test_whoever_asks_for_what_exists_gets_no_stand_in(text: str) -> None:
    assert is_new(read(text))
    node = ast.parse(text, mode="eval").body
    assert callees.value(node, inside(store)) is UNKNOWN
