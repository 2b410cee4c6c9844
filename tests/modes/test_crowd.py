"""One project of 300 tests with a fault of every mode: what is found does not hang on the order.

The faults are samples, so the lines to change are known; healthy files stand between them.
"""

import json
import random
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import warm
from samples import BRIEF, INI, PLUGIN, PYTEST, Bench, Sample, bench, collect

TESTS, FAILING, HEALTHY_FILES = 300, 30, 30
LONGEST = 300  # seconds for a run
# They fail only while no test before has left a current loop, or a new policy, in the thread. A
# test of LC104 does, and where it comes shortly before, they pass.
LEFT_OUT = frozenset({"lc105_hand_made_loop/bad", "lc105_hand_made_loop/bad_fixture"})
OWN_FOLDER = {"LC304": "lc304_unknown_config/bad_inner"}  # a setting in a file of its own
LOOKING = ("--loopcheck", "--loopcheck-hang=2", BRIEF)
Found = frozenset[tuple[str, str, int]]

HEALTHY = """\
import asyncio

import pytest
import pytest_asyncio

pytestmark = pytest.mark.asyncio


@pytest_asyncio.fixture
async def basket():
    queue = asyncio.Queue()
    yield queue
    assert queue.empty()


@pytest.mark.parametrize("number", range({count}))
async def test_basket(basket, number):
    sender = asyncio.create_task(basket.put(number))
    async with asyncio.timeout(10):
        assert await basket.get() == number
    await sender
"""


def faults() -> list[Sample]:
    """Return two samples of each mode, or one: the first that are a single file."""
    chosen: dict[str, list[Sample]] = {}
    for sample in collect():
        alone = sample.path.is_file() or sample.id == OWN_FOLDER.get(sample.fault)
        # What only a newer Python tells is left to the samples' own tests.
        alone = alone and not sample.may_be_silent and sample.id not in LEFT_OUT
        if alone and len(sample.marks) == 1 and len(chosen.get(sample.fault, ())) < 2:
            chosen.setdefault(sample.fault, []).append(sample)
    return [sample for samples in chosen.values() for sample in samples]


@pytest.fixture(scope="module")
def servers() -> Iterator[Bench]:
    with bench() as servers:
        yield servers


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory, servers: Bench) -> tuple[Path, Found]:
    """Return the project's folder, and what is to be found in it."""
    folder = tmp_path_factory.mktemp("project")
    (folder / "pytest.ini").write_text(INI)
    expected = set()
    for sample in faults():
        place = folder / sample.path.parent.name
        if sample.path.is_file():
            place = folder / f"test_{sample.path.parent.name}_{sample.path.name}"
            shutil.copy(sample.path, place)
            expected.add((sample.fault, place.name, next(iter(sample.marks))[1]))
        else:
            shutil.copytree(sample.path, place)
            (place / "pytest.ini").unlink()
            file, line = next(iter(sample.marks))
            expected.add((sample.fault, f"{place.name}/{file}", line))
    collected = warm.run([*PYTEST, "--co", "-q"], folder, servers.environment())
    count = sum("::" in line for line in collected.stdout.splitlines())
    for number in range(HEALTHY_FILES):
        share = (TESTS - count + number) // HEALTHY_FILES
        (folder / f"test_healthy_{number}.py").write_text(HEALTHY.format(count=share))
    return folder, frozenset(expected)


@pytest.mark.parametrize("seed", range(2))  # tests/hard/test_orders.py has more
def test_the_same_is_found_in_any_order(
    project: tuple[Path, Found], servers: Bench, seed: int
) -> None:
    judge(*project, servers, seed)


def judge(folder: Path, expected: Found, servers: Bench, seed: int) -> None:
    """Run the project in the order of *seed*, on one process or four, and look at the report."""
    files = sorted(str(path.relative_to(folder)) for path in folder.rglob("test_*.py"))
    random.Random(seed).shuffle(files)
    spread = ("-p", "xdist.plugin", "-n", "4", "--dist", "loadfile") if seed % 2 else ()
    report = folder.parent / f"{seed}.json"
    command = [*PYTEST, *PLUGIN, *LOOKING, f"--loopcheck-json={report}", *spread, *files]
    with warm.start(command, folder, servers.environment()) as run:
        said, _ = run.communicate(timeout=LONGEST)
    seen: dict[str, Any] = json.loads(report.read_text())
    wheres = [(one["code"], one.get("where", {})) for one in seen["findings"]]
    found = frozenset((code, at.get("file", ""), at.get("line", 0)) for code, at in wheres)
    if spread:  # xdist ends its workers itself, so that none of them waits at its exit
        expected = frozenset(one for one in expected if one[0] != "LC209")
    assert found == expected, said
    assert seen["counts"]["tests"] == TESTS
    assert seen["failed"] >= FAILING
