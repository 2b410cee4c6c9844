"""The clinics: one file each, named like its notebook. Every file in this folder counts."""

from importlib import import_module
from pathlib import Path

from loopcheck.lab.clinic import Clinic


def names() -> list[str]:
    """Return the names of all clinics' files. Imports none of them."""
    return sorted(path.stem for path in Path(__file__).parent.glob("clinic_*.py"))


def stems() -> list[str]:
    """Return the stems of their notebooks, in order."""
    return [clinic.stem for clinic in all_clinics()]


def all_clinics() -> list[Clinic]:
    """Return the clinics in the order of their notebooks."""
    found = [import_module(f"{__name__}.{name}").CLINIC for name in names()]
    return sorted(found, key=lambda clinic: clinic.stem)
