"""The exercises: one file each, named like its mode. To be there is to be known."""

from importlib import import_module
from pathlib import Path

from loopcheck.lab.exercise import Exercise


def stems() -> list[str]:
    """Return the stems of all exercises, in the order of their codes. Imports none of them."""
    return sorted(path.stem for path in Path(__file__).parent.glob("lc*.py"))


def code_of(stem: str) -> str:
    """Return the code in a stem: `LC102`."""
    return stem.partition("_")[0].upper()


def load(stem: str) -> Exercise:
    """Return the exercise of that stem."""
    found = import_module(f"{__name__}.{stem}").EXERCISE
    assert isinstance(found, Exercise)
    return found


def find(word: str) -> Exercise | None:
    """Return the exercise that *word* names: `LC102`, `loop-mismatch`, or the stem; else None."""
    wanted = word.lower().replace("-", "_").removesuffix(".ipynb")
    for stem in stems():
        code, _, slug = stem.partition("_")
        if wanted in (code, slug, stem):
            return load(stem)
    return None
