"""The project with a fault of every mode, five times running, in orders chosen by chance."""

import random
from pathlib import Path

import pytest
from samples import Bench
from test_crowd import Found, judge, project, servers
from tried import Planted

__all__ = ["project", "servers"]


@pytest.mark.parametrize("time", range(5))
def test_the_same_is_found_each_time(
    round_number: int,
    time: int,
    project: tuple[Path, Found],
    servers: Bench,
    chance: random.Random,
    planted: Planted,
) -> None:
    planted(len(project[1]))
    judge(*project, servers, 2 * chance.randrange(1_000_000) + time % 2)
