"""What a changed file checks less: nothing that makes a test pass by that may be proved."""

import pytest

from loopcheck.source.values.assertion_lists import weakened

BEFORE = """
async def test_add(client):
    with pytest.raises(ValueError, match="no"):
        await add(0)
    assert all(get(x) for x in (1, 2)) == 1
    client.add.assert_called_once_with(1)
    self.assertEqual(total(), 3)
"""


@pytest.mark.parametrize(
    ("was", "will"),
    [
        ("get(x) for x in (1, 2)", "[await get(x) for x in (1, 2)]"),
        ("total()", "await total()"),
        ("async def test_add(client)", "@pytest.mark.asyncio\nasync def test_add(store, client)"),
        ("    assert all", "    await done.wait()\n    assert all"),
        (
            "    assert all",
            "    async with asyncio.timeout(1):\n        await go()\n    assert all",
        ),
        (
            'pytest.raises(ValueError, match="no")',
            'pytest.RaisesGroup(pytest.RaisesExc(ValueError, match="no"), flatten_subgroups=True)',
        ),
    ],
)
def test_what_keeps_all_checks_is_no_loss(was: str, will: str) -> None:
    assert was in BEFORE
    assert weakened([BEFORE], [BEFORE.replace(was, will)]) == []


@pytest.mark.parametrize(
    ("was", "will", "loss"),
    [
        ("    self.assertEqual(total(), 3)\n", "", "`self.assertEqual(total(), 3)` is gone"),
        ("== 1", ">= 1", "`assert all((get(x) for x in (1, 2))) == 1` is gone"),
        (
            "ValueError, match",
            "Exception, match",
            "`pytest.raises(ValueError, match='no')` is gone",
        ),
        (
            'raises(ValueError, match="no")',
            "RaisesGroup(ValueError)",
            "`pytest.raises(ValueError, match='no')` is gone",
        ),
        (', match="no"', "", "`pytest.raises(ValueError, match='no')` is gone"),
        ("assert_called_once_with(1)", "assert_called()", "assert_called_once_with(1)` is gone"),
        ("async def", "@pytest.mark.skip\nasync def", "`pytest.mark.skip` is new"),
        ("async def", "@pytest.mark.xfail()\nasync def", "`pytest.mark.xfail` is new"),
        ("    assert all", "    if client:\n        assert all", "is gone"),
        (
            "    assert all(get(x) for x in (1, 2)) == 1",
            "    try:\n        assert all(get(x) for x in (1, 2)) == 1\n"
            "    except Exception:\n        pass",
            "is gone",
        ),
        ("    self.a", "    return\n    self.a", "`self.assertEqual(total(), 3)` is gone"),
        ("    self.a", "    raise unittest.SkipTest\n    self.a", "is gone"),
        ("    self.a", "    with suppress(AssertionError):\n        self.a", "is gone"),
    ],
)
def test_what_checks_less_is_named(was: str, will: str, loss: str) -> None:
    assert was in BEFORE
    [line] = weakened([BEFORE], [BEFORE.replace(was, will)])
    assert loss in line


def test_a_coroutine_instead_of_its_value_checks_less() -> None:
    [line] = weakened(["assert await ok()"], ["assert ok()"])
    assert line == "an `await` in `assert ok()` is gone"


@pytest.mark.parametrize(
    ("was", "will"),
    [
        ("asyncio.run(count(1))", "await count(1)"),
        ("loop.run_until_complete(count(1))", "await count(1)"),
        ("anyio.run(count, 1)", "await count(1)"),
        ("count(1)", "await asyncio.to_thread(count, 1)"),
        ("pool.submit(count).result()", "await asyncio.wrap_future(pool.submit(count))"),
    ],
)
def test_a_value_may_be_awaited_instead_of_run(was: str, will: str) -> None:
    assert weakened([f"assert {was} == 3"], [f"assert {will} == 3"]) == []
    assert weakened([f"assert {was} == 3"], [f"assert {will} == 4"]) != []


def test_a_future_is_no_result() -> None:
    assert weakened(["assert task.result() == 3"], ["assert task == 3"]) != []
    assert weakened(["assert asyncio.run(work) == 3"], ["assert work == 3"]) != []


def test_a_parameter_may_have_another_name_and_an_error_another_module() -> None:
    was = "def test_a(sotre):\n    assert sotre.get(1) == 2\n"
    assert weakened([was], [was.replace("sotre", "store")]) == []
    [line] = weakened([was], [was.replace("sotre", "store").replace("== 2", "== 3")])
    assert line == "`assert store.get(1) == 2` is gone"
    raises = "with pytest.raises(ConnectionError, match='no'):\n    go()\n"
    named = "from redis import ConnectionError as Gone\n" + raises.replace(
        "ConnectionError", "Gone"
    )
    assert weakened([raises], [named]) == []
    assert weakened([raises], [raises.replace("Conn", "redis.Conn")]) == []
    assert weakened([raises], [raises.replace("Connection", "Lookup")]) != []
    assert weakened([raises], [named.replace(", match='no'", "")]) != []


def test_two_parameters_may_not_change_places() -> None:
    was = "def test_a(one, two):\n    assert one == 1\n"
    assert weakened([was], [was.replace("assert one", "assert two")]) != []


OTHERS = "".join(f"def test_{n}():\n    assert get({n}) == {n}\n\n\n" for n in range(30))


@pytest.mark.parametrize(
    ("was", "will", "lost"),
    [
        ("assert get(7) == 7", "assert get(7)", ["`assert get(7) == 7` is gone"]),
        ("    assert get(7) == 7", "    await go()\n    assert get(7) == 7", []),
        ("assert get(7) == 7", "assert await get(7) == 7", []),
        ("def test_7", "@pytest.mark.skip\ndef test_7", ["`pytest.mark.skip` is new"]),
    ],
)
def test_of_a_long_file_only_what_changed_is_compared(was: str, will: str, lost: list[str]) -> None:
    assert weakened([OTHERS], [OTHERS.replace(was, will)]) == lost


def test_what_a_change_elsewhere_takes_away_is_seen_in_what_stayed() -> None:
    assert len(weakened([OTHERS], ["raise SystemExit\n" + OTHERS])) == 30
    twice = OTHERS + "def test_7():\n    assert get(7) == 7\n"
    assert weakened([twice], [OTHERS]) == ["`assert get(7) == 7` is gone"]
    odd = 'PAGES = """a\u2028b\x0cc\u2028d"""\n' + OTHERS
    assert weakened([odd], [odd.replace("get(7) == 7", "get(7)")]) != []
    one = "from a import OneError as Gone  # with care\n"
    one += "def test_a():\n    with raises(Gone):\n        go()\n"
    assert weakened([one], [one.replace("OneError", "AnyError")]) != []
