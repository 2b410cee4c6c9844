"""LC211: it names the read that a wait made old, and leaves alone what no other task can undo."""

import asyncio
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from unittest.mock import AsyncMock

import httpx
import pytest
from starlette.applications import Starlette
from starlette.routing import Route

from loopcheck.case.live import Live
from loopcheck.labels import Labels
from loopcheck.light import replace
from loopcheck.modes.diagnose import diagnose
from loopcheck.modes.tasks.lc211_lost_update import detect, fixes
from loopcheck.modes.tasks.lc211_lost_update.evidence import LostUpdate, find_lost_update
from loopcheck.process import asgi_apps, failure
from loopcheck.records import ErrorRecord, Evidence, Place, Premature
from loopcheck.source.changes.edited_text import applied
from loopcheck.source.changes.source_text import NoSplice
from loopcheck.source.changes.splices import Source

ERROR = ErrorRecord(
    type="AssertionError",
    message="assert 17 == 22",
    module="test_bank",
    function="test_two",
    raised="raise",
    owner="user",
)
SEEN = LostUpdate(
    name="account.balance",
    coroutine="Account.deposit",
    read_at=Place("bank.py", 5, "deposit"),
    awaited_at=Place("bank.py", 6, "deposit"),
    written_at=Place("bank.py", 7, "deposit"),
    started_at=Place("test_bank.py", 9, ""),
    check=False,
    direct=True,
    owner="bank.Account",
)


def case(seen: LostUpdate | None, error: ErrorRecord = ERROR, **more: Any) -> Evidence:
    return Evidence.knowing({find_lost_update: seen}, errors=(error,), **more)


def look(run: Any) -> LostUpdate | None:
    """Return what is read of the failed assertion of the coroutine function *run*."""
    with pytest.raises(AssertionError) as raised:
        asyncio.run(run())
    links = tuple(failure.chain(raised.value))
    return find_lost_update(
        Live(raised.value, links, None, "call", Labels(str(Path(__file__).parent)), None)
    )


def test_the_line_that_reads_is_the_one_to_change_and_nothing_is_certain() -> None:
    [found] = diagnose(case(SEEN))
    assert (found.code, found.certainty, found.where) == ("LC211", "likely", SEEN.read_at)
    assert "reads `account.balance` at bank.py:5, waits at bank.py:6, and writes it" in found.what
    assert found.remedy == ("read later", "7")


def test_a_read_and_a_write_in_one_line_are_said_once() -> None:
    [found] = detect(case(replace(SEEN, read_at=SEEN.written_at)))
    assert "waits, and writes it, all at bank.py:7" in found.what
    assert found.remedy[0] == "await first"


@pytest.mark.parametrize("change", [{"check": True}, {"direct": False}])
def test_where_the_wait_cannot_move_a_lock_is_the_answer(change: dict[str, Any]) -> None:
    [found] = detect(case(replace(SEEN, **change)))
    assert found.fix.startswith("Hold one `asyncio.Lock`")
    assert found.remedy[0] == "lock"


def test_another_error_or_a_task_that_is_not_there_yet_asks_nothing() -> None:
    early = Premature(asked="account.balance", place=Place("test_bank.py", 10), coroutine="deposit")
    assert not list(detect(case(SEEN, replace(ERROR, type="KeyError"))))
    assert not list(detect(case(SEEN, premature=(early,))))
    assert not list(detect(case(None)))
    assert not list(detect(Evidence()))


class Account:
    def __init__(self) -> None:
        self.balance, self.rows, self.lock = 10, dict[str, int](), asyncio.Lock()
        self.notes: list[str] = []

    async def deposit(self, amount: int) -> None:
        before = self.balance
        await asyncio.sleep(0)
        self.balance = before + amount

    async def withdraw(self, amount: int) -> None:
        if self.balance < amount:
            return
        await asyncio.sleep(0)
        self.balance -= amount

    async def deposit_locked(self, amount: int) -> None:
        async with self.lock:
            await self.deposit(amount)

    async def note(self, name: str) -> None:
        if name not in self.notes:
            await asyncio.sleep(0)
            self.notes.append(name)

    async def count(self, key: str) -> None:
        self.rows[key] = self.rows.get(key, 0) + await one()


async def one() -> int:
    await asyncio.sleep(0)
    return 1


def lost() -> Iterator[Any]:
    async def gathered() -> None:
        account = Account()
        await asyncio.gather(account.deposit(1), account.deposit(2))
        assert account.balance == 13

    async def two_functions() -> None:
        account = Account()
        first = asyncio.create_task(account.withdraw(2))
        second = asyncio.create_task(account.deposit(1))
        await asyncio.wait([first, second])
        assert account.balance == 9

    async def in_a_loop() -> None:
        account = Account()
        tasks = []
        for amount in range(3):
            tasks.append(asyncio.create_task(account.deposit(amount)))
        await asyncio.gather(*tasks)
        assert account.balance == 13

    async def one_key() -> None:
        account = Account()
        await asyncio.gather(*[account.count("rye") for _ in range(3)])
        assert account.rows == {"rye": 3}

    async def through_a_helper() -> None:
        async def all_at_once(work: Any, *amounts: int) -> None:
            async with asyncio.TaskGroup() as group:
                for amount in amounts:
                    group.create_task(work(amount))

        account = Account()
        await all_at_once(account.deposit, 1, 2)
        assert account.balance == 13

    async def checked_twice() -> None:
        account = Account()
        await asyncio.gather(account.note("rye"), account.note("rye"))
        assert len(account.notes) == 1

    async def with_a_wide_semaphore() -> None:
        account, limit = Account(), asyncio.Semaphore(5)

        async def deposit(amount: int) -> None:
            async with limit:
                await account.deposit(amount)

        await asyncio.gather(deposit(1), deposit(2))
        assert account.balance == 13

    yield from (gathered, two_functions, in_a_loop, one_key, through_a_helper, checked_twice)
    yield with_a_wide_semaphore


@pytest.mark.parametrize("run", [*lost()], ids=lambda one: one.__name__)
def test_an_update_is_lost(run: Any) -> None:
    seen = look(run)
    assert seen is not None
    assert seen.started_at is not None


def look_alikes() -> Iterator[Any]:
    async def one_lock() -> None:
        account = Account()
        await asyncio.gather(account.deposit_locked(1), account.deposit_locked(2))
        assert account.balance == 12

    async def a_narrow_semaphore() -> None:
        account, limit = Account(), asyncio.Semaphore(1)

        async def deposit(amount: int) -> None:
            async with limit:
                await account.deposit(amount)

        await asyncio.gather(deposit(1), deposit(2))
        assert account.balance == 12

    async def two_keys() -> None:
        account = Account()
        await asyncio.gather(account.count("rye"), account.count("tea"))
        assert account.rows == {"rye": 1}

    async def two_names() -> None:
        account = Account()
        await asyncio.gather(account.note("rye"), account.note("tea"))
        assert len(account.notes) == 1

    async def unknown_keys() -> None:
        account = Account()
        await asyncio.gather(*(account.count(key) for key in ("rye", "tea")))
        assert account.rows == {"rye": 1}

    async def one_task() -> None:
        account = Account()
        await asyncio.gather(*(account.deposit(amount) for amount in [1]))
        assert account.balance == 10

    async def ended_before_the_next_starts() -> None:
        account = Account()
        first = asyncio.create_task(account.deposit(1))
        await first
        second = asyncio.create_task(account.deposit(2))
        await second
        assert account.balance == 10

    async def a_group_after_the_other() -> None:
        account = Account()
        async with asyncio.TaskGroup() as group:
            group.create_task(account.deposit(1))
        async with asyncio.TaskGroup() as group:
            group.create_task(account.deposit(2))
        assert account.balance == 10

    async def started_after_the_check() -> None:
        account = Account()
        assert account.balance == 13
        await asyncio.gather(account.deposit(1), account.deposit(2))

    async def a_mock_does_not_wait() -> None:
        account, fee = Account(), AsyncMock(return_value=1)

        async def pay() -> None:
            account.balance -= await fee()

        await asyncio.gather(pay(), pay())
        assert account.balance == 10

    async def another_thing_is_checked() -> None:
        account = Account()
        await asyncio.gather(account.deposit(1), account.deposit(2))
        assert account.rows == {"rye": 1}

    yield from (one_lock, a_narrow_semaphore, two_keys, two_names, unknown_keys, one_task)
    yield from (ended_before_the_next_starts, a_group_after_the_other, started_after_the_check)
    yield from (a_mock_does_not_wait, another_thing_is_checked)


@pytest.mark.parametrize("run", [*look_alikes()], ids=lambda one: one.__name__)
def test_what_no_other_task_can_undo_is_left_alone(run: Any) -> None:
    assert look(run) is None


def mended(text: str) -> str:
    source = Source("bank.py", text)
    steps = source.tree.body[0].body  # type: ignore[attr-defined]
    if len(steps) == 1:
        return applied(text, list(fixes._await_first(source, steps[0])))
    return applied(text, fixes._read_later(source, steps[0], steps[-1]))


def test_an_await_goes_above_its_line() -> None:
    text = "async def scan(self):\n    self.total += 2 * await price()\n"
    assert mended(text) == (
        "async def scan(self):\n    value = await price()\n    self.total += 2 * value\n"
    )


def test_a_read_goes_down_to_its_write() -> None:
    text = "async def pay(a):\n    old = a.sum\n    await go()\n    a.sum = old + 1\n"
    assert mended(text) == (
        "async def pay(a):\n    await go()\n    old = a.sum\n    a.sum = old + 1\n"
    )


@pytest.mark.parametrize(
    "lines",
    [
        "    a.sum = await add(a.sum, 1)\n",  # the old value goes in
        "    a.sum += await one() + await two()\n",
        "    a.sum += b and await one()\n",
        "    old = a.sum\n    await go(old)\n    a.sum = old + 1\n",  # the line between needs it
        "    old = a.sum\n    await go()\n    a.sum = old + await one()\n",
        "    old = a.sum\n    a = await go()\n    a.sum = old + 1\n",
    ],
)
def test_what_the_wait_needs_stays_above_it(lines: str) -> None:
    with pytest.raises(NoSplice):
        mended(f"async def pay(a, b):\n{lines}")


async def sell(request: Any) -> None:
    """An endpoint."""


@pytest.mark.parametrize(
    ("method", "path", "found"),
    [
        ("POST", "/tickets/ann", True),
        ("POST", "/tickets/ann?seat=3", True),
        ("DELETE", "/tickets/ann", False),
        ("POST", "/seats", False),
        ("POST", None, False),
    ],
)
def test_a_request_leads_to_the_endpoint_of_its_path(
    method: str, path: object, found: bool
) -> None:
    app = Starlette(routes=[Route("/tickets/{name}", sell, methods=["POST"])])
    client = httpx.AsyncClient(transport=httpx.ASGITransport(app=app))
    assert asgi_apps.endpoint(client, method, path) is (sell if found else None)
    assert asgi_apps.endpoint(httpx.AsyncClient(), method, path) is None
