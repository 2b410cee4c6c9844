"""The ways through the workbook, by how much time there is: which lesson comes next."""

from collections.abc import Collection

# By the first letters of their files: what is not there yet is passed over.
PATHS = {
    "an hour": ("01_", "lc102", "lc202", "lc203", "80_"),
    "half a day": (
        *("lc301", "lc106", "lc101", "lc107", "lc201", "lc205", "lc401", "lc404", "lc405"),
        "81_",
    ),
    "a day": ("lc103", "lc502", "lc505", "lc603", "lc606", "91_", "82_", "83_", "84_", "85_"),
}
REST = "the rest"


def paths(stems: Collection[str]) -> dict[str, list[str]]:
    """Return the lessons among *stems* by path, each path without those of the paths before it."""
    known = sorted(stems)
    found = {
        name: [stem for start in starts for stem in known if stem.startswith(start)]
        for name, starts in PATHS.items()
    }
    taken = {stem for steps in found.values() for stem in steps}
    left = [stem for stem in known if stem.startswith("lc") and stem not in taken]
    return found | {REST: left}
