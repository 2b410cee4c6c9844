"""The paths through the workbook, by available time: which lesson comes next."""

from collections.abc import Collection

# Missing lessons are skipped.
PATHS = {
    "an hour": ("01_how_a_test_gets_its_loop", "lc102", "lc202", "lc203", "80_clinic_one"),
    "half a day": (
        *("lc301", "lc106", "lc101", "lc107", "lc201", "lc205", "lc401", "lc404", "lc405"),
        "81_clinic_two",
    ),
    "a day": (
        *("lc103", "lc502", "lc505", "lc603", "lc606", "90_old_advice", "91_case_studies"),
        *("82_clinic_three", "83_clinic_four", "84_clinic_five", "85_clinic_six"),
        "86_clinic_seven",
    ),
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
