"""A team's own lessons: packages that an entry point names."""

from collections.abc import Iterator
from importlib.metadata import entry_points
from importlib.util import find_spec
from pathlib import Path
from typing import NamedTuple

from loopcheck.lab.workbook import copies
from loopcheck.lab.workbook.copies import Refreshed

GROUP = "loopcheck.lessons"


class Package(NamedTuple):
    """An installed package of lessons."""

    name: str  # of the entry point
    module: str
    folder: Path


def packages() -> list[Package]:
    """Return the installed packages of lessons, by name, without importing them."""
    found: dict[str, Package] = {}
    for one in sorted(entry_points(group=GROUP), key=lambda one: one.name):
        spec = find_spec(one.module.partition(".")[0])
        for place in (spec.submodule_search_locations or ()) if spec is not None else ():
            folder = Path(place, *one.module.split(".")[1:])
            found.setdefault(one.name, Package(one.name, one.module, folder))
    return list(found.values())


def refresh(source: Path, target: Path) -> Iterator[tuple[str, Path, Refreshed]]:
    """Update *target* from *source*, and its folders from the installed packages."""
    yield "", target, copies.refresh(source, target)
    for name, _, own in packages():
        yield name, target / name, copies.refresh(own, target / name)
