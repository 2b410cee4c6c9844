"""The exercise of LC501: two ovens count one kind of loaf, and each test needs a count from zero.

The lesson moves a gauge to the top of its module. That does not work here, because the tests bring
their own registries. The counter belongs to a registry, not to an oven or a module.
"""

from loopcheck.lab.exercise import Exercise, Requirement, Run, WrongTurn
from loopcheck.lab.requirements import (
    ANY_ORDER,
    EVERY_TEST_PASSES,
    NOTHING_LEFT,
    all_there,
    first_not_passed,
    notices,
)
from loopcheck.lab.seen import Seen

TESTS = """\
import pytest
from bakery import Bakery
from prometheus_client import REGISTRY, CollectorRegistry, generate_latest

pytestmark = pytest.mark.asyncio


@pytest.fixture
def registry():
    return CollectorRegistry()


def loaves(registry, oven):
    return registry.get_sample_value("loaves_total", {"oven": oven})


async def test_the_shop_has_two_ovens():
    shop = Bakery("left", "right")  # in the registry of the process, as in the real shop
    await shop.bake("left", 4)
    await shop.bake("right", 6)
    assert (loaves(REGISTRY, "left"), loaves(REGISTRY, "right")) == (4, 6)


async def test_one_oven_counts_from_zero(registry):
    await Bakery("left", registry=registry).bake("left", 3)
    assert loaves(registry, "left") == 3


async def test_two_ovens_count_from_zero(registry):
    bakery = Bakery("left", "right", registry=registry)
    for number in (1, 2):
        await bakery.bake("left", number)
    assert (loaves(registry, "left"), loaves(registry, "right")) == (3, 0)


async def test_the_process_still_tells_of_itself(registry):
    Bakery("left", registry=registry)
    assert b"python_info" in generate_latest(REGISTRY)
"""

SKELETON = '''\
"""A bakery: each oven counts its loaves, and Prometheus asks for the counts."""

import asyncio

from prometheus_client import REGISTRY, Counter


class Oven:
    def __init__(self, name):
        self.baked = Counter("loaves", "Loaves that were baked", ["oven"]).labels(name)

    async def bake(self, number):
        await asyncio.sleep(0)  # heat
        self.baked.inc(number)


class Bakery:
    def __init__(self, *names, registry=REGISTRY):
        self.ovens = {name: Oven(name) for name in names}

    async def bake(self, oven, number):
        await self.ovens[oven].bake(number)
'''

TWICE = "Duplicated timeseries"
SHOP, FROM_ZERO = "test_the_shop_has_two_ovens", "test_one_oven_counts_from_zero"
TWO, ITSELF = "test_two_ovens_count_from_zero", "test_the_process_still_tells_of_itself"
MANY = Run(
    planted=(
        (
            "test_bakery.py",
            """counts_from_zero(registry):
    await Bakery("left", registry=registry).bake("left", 3)
    assert loaves(registry, "left") == 3
""",
            """counts_from_zero():
    for _ in range(50):
        registry = CollectorRegistry()
        await Bakery("left", registry=registry).bake("left", 3)
        assert loaves(registry, "left") == 3
        del registry  # so that the next one may lie in its place
""",
        ),
    )
)


def _said(seen: Seen, test: str, *words: str) -> bool:
    return any(word in seen.failures.get(test, "") for word in words)


WRONG_TURNS = (
    WrongTurn(
        name="another name",
        did=lambda seen: "(None, None)" in seen.failures.get(SHOP, ""),
        answer="Nothing is registered twice, and nobody finds the loaves: Prometheus asks for "
        "`loaves_total`. The label tells the ovens apart, and the name stays one.",
    ),
    WrongTurn(
        name="emptied too early",
        did=lambda seen: TWICE in seen.failures.get(SHOP, "") and "unregister" in seen.answer,
        answer="Each bakery empties the registry, and then its own two ovens register the same "
        "counter twice. One counter is enough for both: it has a label for the oven.",
    ),
    WrongTurn(
        name="the refusal is caught",
        did=lambda seen: any("has no attribute" in said for said in seen.failures.values()),
        answer="An oven has no counter. If you catch the error of the second one, you lose its "
        "counter with it: it needs the existing counter, not another try to make one.",
    ),
    WrongTurn(
        name="handed to the ovens",
        did=lambda seen: _said(seen, TWO, TWICE) and not _said(seen, FROM_ZERO, TWICE),
        answer="The tests use their own registries now, and that is right. But two ovens of one "
        "bakery still make the same counter in the same registry. One counter is enough for both.",
    ),
    WrongTurn(
        name="counted elsewhere",
        did=lambda seen: (
            not seen.planted
            and not _said(seen, SHOP, TWICE)
            and _said(seen, FROM_ZERO, "assert None ==")
        ),
        answer="Nothing fails to register any more, but the test's registry doesn't contain these "
        "loaves: the code counts them in another registry, or under another name.",
    ),
    WrongTurn(
        name="known by its id",
        did=lambda seen: seen.planted and _said(seen, FROM_ZERO, "assert None =="),
        answer="A registry came, and the code took it for an earlier one, which is gone. The next "
        "object may get the same `id`. Keep the registry itself as the key, or make the counter "
        "where the registry is passed.",
    ),
    WrongTurn(
        name="all are thrown out",
        did=lambda seen: _said(seen, ITSELF, "python_info"),
        answer="You emptied the registry, and removed what the process reports about itself, such "
        "as its Python version and its memory. The real shop would lose those numbers.",
    ),
)

EXERCISE = Exercise(
    stem="lc501_duplicate_metric",
    kind="mend the code",
    task="Make all four tests pass, in any order: the two ovens of a bakery must share one "
    "counter, and each bakery must count in the registry that its caller passes.",
    edits="bakery.py",
    skeleton=SKELETON,
    frozen={"test_bakery.py": TESTS},
    requirements=(
        all_there(4),
        EVERY_TEST_PASSES,
        NOTHING_LEFT,
        ANY_ORDER,
        Requirement(
            name="registries that come and go, one after the other, too",
            unmet=first_not_passed,
            run=MANY,
        ),
        notices("a loaf that is counted twice", "test_bakery.py", '("left", 4)', '("left", 8)'),
    ),
    wrong_turns=WRONG_TURNS,
    hints=(
        "How often does the line with `Counter(` run in one test, and which registry does it use?",
        "The counter has a label for the oven, so one counter serves all of them. Which object "
        "exists once for each registry: an oven, or the bakery?",
        "In `Bakery.__init__`: `loaves = Counter(…, registry=registry)`, then each oven gets its "
        "part, `Oven(loaves.labels(…))`, and only has to call `inc`.",
    ),
    learned="You can tell which object should make a metric, and give each test one that starts "
    "at zero.",
    seconds=8.0,
)
