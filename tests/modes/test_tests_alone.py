"""A command that names one test shows its fault; the file, if an earlier test has part in it."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from loopcheck.modes import catalogue
from samples import BRIEF, PLUGIN, PYTEST, Bench, Sample, bench, collect, copied
from warm import run

FIRST = [sample for sample in collect() if sample.is_first]


@pytest.fixture(scope="module")
def servers() -> Iterator[Bench]:
    with bench() as made:
        yield made


def findings(servers: Bench, folder: Path, sample: Sample, place: str) -> list[dict[str, Any]]:
    """Return what a run of *place* in a copy of *sample* finds."""
    copied(sample, folder)
    options = ("--loopcheck", "--loopcheck-json=report.json", BRIEF, *sample.options)
    run((*PYTEST, *PLUGIN, *options, *filter(None, [place])), folder, servers.environment())
    found: list[dict[str, Any]] = json.loads((folder / "report.json").read_text())["findings"]
    return found


@pytest.mark.parametrize("sample", FIRST, ids=lambda sample: str(sample.fault))
def test_a_test_shows_its_fault_alone_unless_the_mode_says_otherwise(
    servers: Bench, tmp_path: Path, sample: Sample
) -> None:
    target = sample.path.name if sample.path.is_file() else ""
    one = findings(servers, tmp_path / "all", sample, target)[0]
    if one.get("test") is None:
        pytest.skip("no test has it")
    alone = findings(servers, tmp_path / "alone", sample, one["test"])
    shown = sample.fault in [each["code"] for each in alone]
    assert shown != catalogue.is_after_others(sample.fault)
