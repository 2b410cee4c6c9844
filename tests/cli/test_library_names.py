"""`loopcheck explain TestClient` finds the modes whose samples use it; this file makes the list.

`make pages` writes it anew.
"""

import ast
import json
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path

import pytest

from loopcheck.modes import library_names, nearest_modes

SAMPLES = Path(__file__).parents[1] / "modes"
# Of Python's own modules, those that say something about a mode. Else `json` would name three.
PYTHONS = {"asyncio", "concurrent", "contextvars", "selectors", "signal", "threading", "unittest"}
EVERYWHERE = {"pytest", "pytest_asyncio"}
MOST_MODES = 25  # a name that more modes have says too little
LISTED = 8
FEWEST_SAMPLES = 2


def made() -> dict[str, list[str]]:
    samples: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for folder in SAMPLES.glob("lc*_*"):
        code = folder.name[:5].upper()
        for sample in folder.glob("bad*"):
            for name in {one.casefold() for one in names(sample)}:
                samples[name][code] += 1
    return {
        name: [code for code, _ in sorted(found.items(), key=lambda one: (-one[1], one[0]))][
            :LISTED
        ]
        for name, found in sorted(samples.items())
        if len(found) <= MOST_MODES and found.total() >= FEWEST_SAMPLES and len(name) > 3
    }


def names(sample: Path) -> Iterator[str]:
    """Yield what *sample* uses of libraries: their names, imports, functions, arguments."""
    files = sorted(sample.rglob("*.py")) if sample.is_dir() else [sample]
    own = {part for file in files for part in (file.stem, *file.relative_to(SAMPLES).parts)}
    for file in files:
        tree = ast.parse(file.read_bytes())
        known: set[str] = set()
        for node in ast.walk(tree):
            match node:
                case ast.Import(names=imported):
                    for one in imported:
                        if says(one.name, own):
                            known.add(one.asname or one.name.partition(".")[0])
                            yield one.name.partition(".")[0]
                case ast.ImportFrom(module=str(module), names=imported, level=0):
                    if says(module, own):
                        known |= {one.asname or one.name for one in imported}
                        yield module.partition(".")[0]
                        yield from (one.name for one in imported)
        for node in ast.walk(tree):
            match node:
                case ast.Attribute(value=ast.Name(id=root), attr=name) if root in known:
                    yield name
                case ast.Call(func=ast.Name(id=root), keywords=given) if root in known:
                    yield from (one.arg for one in given if one.arg)


def says(module: str, own: set[str]) -> bool:
    root = module.partition(".")[0]
    if root in own or root in EVERYWHERE:
        return False
    return root in PYTHONS or root not in sys.stdlib_module_names


def written(found: dict[str, list[str]]) -> str:
    lines = [f"  {json.dumps(name)}: {json.dumps(codes)}" for name, codes in found.items()]
    return "{\n" + ",\n".join(lines) + "\n}\n"


def test_the_list_is_that_of_todays_samples() -> None:
    assert library_names.FILE.read_text(encoding="utf-8") == written(made())


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ("TestClient", "LC102"),
        ("aiohttp", "LC307"),
        ("starlette TestClient", "LC101"),
        ("sqlalchemy", "LC601"),
        ("clientsession", "LC307"),
        ("contextvars", "LC102"),
    ],
)
def test_a_name_of_a_library_finds_the_modes_that_show_up_with_it(words: str, code: str) -> None:
    assert code in [one.code for one in nearest_modes.find(words)]


def test_what_a_page_says_comes_first() -> None:
    assert nearest_modes.find("aiohttp")[0].code == "LC410"


def test_a_name_that_no_sample_has_finds_nothing() -> None:
    assert nearest_modes.find("wombat") == []
    assert library_names.modes([]) == []


if __name__ == "__main__":
    library_names.FILE.write_text(written(made()), encoding="utf-8")
