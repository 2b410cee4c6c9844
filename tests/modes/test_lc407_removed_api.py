"""LC407: what was asked for is named, since when it is gone, and what to write today."""

from dataclasses import replace

from loopcheck.modes.doubles.lc407_removed_api import detect
from loopcheck.modes.doubles.lc407_removed_api.evidence import find_removed_api
from loopcheck.records import ErrorRecord, Evidence, Place, RemovedApi

APP = RemovedApi(
    what="app=",
    owner="httpx.AsyncClient",
    since="httpx 0.28",
    instead="transport=httpx.ASGITransport(app=…)",
    place=Place("test_api.py", 22),
    version="httpx 0.28.1",
)

ERROR = ErrorRecord(
    type="TypeError",
    message="",
    module="shop.api",
    function="connect",
    raised="other",
    owner="library",
)


def case(seen: RemovedApi) -> Evidence:
    return Evidence.knowing({find_removed_api: seen}, errors=(ERROR,))


def test_an_argument_is_named_with_what_takes_its_place() -> None:
    [found] = detect(case(APP))
    assert (found.where, found.certainty) == (APP.place, "certain")
    assert found.what == (
        "test_api.py:22 passes `app=` to `httpx.AsyncClient`, which no longer accepts it."
    )
    assert found.why == "It was removed in httpx 0.28, and httpx 0.28.1 is installed."
    assert found.fix == "Write `transport=httpx.ASGITransport(app=…)`."


def test_one_that_has_no_place_any_more_is_to_be_left_out() -> None:
    loop = replace(APP, what="loop=", instead="leave it out: asyncio uses the running loop")
    [found] = detect(case(loop))
    assert found.fix == "Leave it out: asyncio uses the running loop."


def test_a_name_that_is_gone_is_asked_for() -> None:
    gone = replace(APP, what="coroutine", owner="asyncio.coroutine", instead="async def")
    [found] = detect(case(gone))
    assert found.what == "test_api.py:22 uses `asyncio.coroutine`, which no longer exists."


def test_what_is_refused_only_later_says_where() -> None:
    [found] = detect(case(replace(APP, used_at=Place("test_api.py", 30))))
    assert found.why.endswith("its connection refused it at test_api.py:30.")


def test_nothing_removed_is_nothing_to_say() -> None:
    assert not list(detect(Evidence()))
