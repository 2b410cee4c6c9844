"""What every tracked file keeps to, and what must be equal to something elsewhere."""

import json
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from importlib import metadata
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parents[1]
PIN = re.compile(r"^([A-Za-z0-9._-]+)(?:\[([a-z0-9,-]+)\])?==(\S+)", re.MULTILINE)
HASH = re.compile(r"^    --hash=sha256:[0-9a-f]{64}", re.MULTILINE)

# Written so that this file does not hold what it looks for.
NAMES = (r"roo[t]\b", r"hom[e]/(?!jovyan)\w", r"User[s]/\w", r"wor[k]/", r"op[t]/", r"mn[t]/")
FOLDER = rf"(?<![\w.:/~$}}\\-])/(?:{'|'.join(NAMES)})"
WINDOWS = r"\b[C-Z]:\\+(?:User[s]|hom[e]|wor[k])\b"
INDEX = r"\bpy(?:thonhoste[d]|p[i])\.org\b|\bregistry\.npmj[s]\b|\b(?:deb|security)\.debia[n]\b"
LOCAL = re.compile("|".join((FOLDER, WINDOWS, INDEX)))


def tracked() -> Iterator[Path]:
    """Yield all files that git knows, or would add; those of a source archive where git is not."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    for name in listed.stdout.split("\0"):
        if name and (ROOT / name).is_file():
            yield ROOT / name


def pins(lock: str) -> dict[str, str]:
    """Return the version of each package; one that is pinned twice has both, in order."""
    found: dict[str, str] = {}
    for name, _, version in PIN.findall((ROOT / lock).read_text("utf-8")):
        found[name] = " ".join(filter(None, (found.get(name), version)))
    return found


def wanted(*extras: str) -> set[str]:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    texts = [text for extra in extras for text in project["optional-dependencies"][extra]]
    return {canonicalize_name(Requirement(text).name) for text in texts}


def local_words(text: str) -> list[str]:
    """Return a line for each place of one machine, and each package host, that *text* names."""
    lines = enumerate(text.splitlines(), 1)
    return [f"{number}: {found[0]}" for number, line in lines if (found := LOCAL.search(line))]


def test_no_file_names_a_place_of_one_machine_or_a_package_host() -> None:
    found = []
    for file in tracked():
        try:
            text = file.read_text("utf-8")
        except UnicodeDecodeError:
            continue  # a picture
        found += [f"{file.relative_to(ROOT).as_posix()}:{place}" for place in local_words(text)]
    assert not found, "\n" + "\n".join(found)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("see /{}/me/x.py".format("home"), True),
        ("'/{}/.cache'".format("root"), True),
        ('File "/{}/lc/v311/x.py"'.format("opt"), True),
        (r"C:\{}\me".format("Users"), True),
        ("https://{}.org/simple".format("pypi"), True),
        ("/usr/bin/env bash", False),
        ("https://docs.pytest.org/en/stable/how-to/work/tmp.html", False),
        ("~/work/x and notebooks/home/x and ${HOME}/work/", False),
        ("`/tmp/x`", False),
    ],
)
def test_a_planted_place_is_told_from_an_ordinary_path(text: str, told: bool) -> None:
    assert bool(local_words(text)) is told


def test_binder_builds_the_environment_of_the_root() -> None:
    root, binder = ROOT / "environment.yml", ROOT / "binder" / "environment.yml"
    assert binder.read_bytes() == root.read_bytes()


def test_binder_and_the_command_silence_the_same_questions() -> None:
    binder = json.loads((ROOT / "binder" / "overrides.json").read_text("utf-8"))
    folder = ROOT / "kernel_ext" / "loopcheck" / "lab" / "jupyter" / "labconfig"
    assert json.loads((folder / "default_setting_overrides.json").read_text("utf-8")) == binder


@pytest.mark.parametrize("name", ["postBuild", "start"])
def test_binders_scripts_can_run_and_stop_at_the_first_fault(name: str) -> None:
    file = ROOT / "binder" / name
    lines = file.read_text("utf-8").splitlines()
    assert file.stat().st_mode & 0o100, f"chmod +x binder/{name}"
    assert lines[:2] == ["#!/usr/bin/env bash", "set -euo pipefail"]
    assert subprocess.run(["bash", "-n", str(file)], check=False).returncode == 0


def test_binders_start_hands_over_to_the_server() -> None:
    assert (ROOT / "binder" / "start").read_text("utf-8").splitlines()[-1] == 'exec "$@"'


def test_the_lock_holds_what_both_extras_ask_for() -> None:
    assert wanted("workbook", "test") - pins("requirements.lock").keys() == set()


def test_binders_lock_is_the_workbooks_part_of_the_lock() -> None:
    whole, part = pins("requirements.lock"), pins("binder/requirements.lock")
    strangers = {name: part[name] for name in part if whole.get(name) != part[name]}
    assert strangers == {}
    assert wanted("workbook") - part.keys() == set()
    assert not {"jupyterhub", "mypy", "nbval", "playwright", "ruff"} & part.keys()


def test_the_workshops_lock_adds_the_hub_to_the_workbooks_part() -> None:
    binder, workshop = pins("binder/requirements.lock"), pins("workshop/requirements.lock")
    assert {name: binder[name] for name in binder if workshop.get(name) != binder[name]} == {}
    lines = (ROOT / "workshop" / "requirements.in").read_text("utf-8").splitlines()
    asked = [Requirement(line) for line in lines if line and not line.startswith("#")]
    assert {canonicalize_name(one.name) for one in asked} - workshop.keys() == set()
    assert not {"mypy", "nbval", "playwright", "ruff"} & workshop.keys()


def test_the_peers_lock_is_the_lock_and_who_is_measured_beside() -> None:
    whole, peers = pins("requirements.lock"), pins("tests/bench/requirements.lock")
    assert {name: whole[name] for name in whole if peers.get(name) != whole[name]} == {}
    assert {"aiomonitor", "pyleak"} <= peers.keys()
    assert not {"aiomonitor", "pyleak"} & whole.keys()


def test_a_pin_names_each_extra_that_another_package_asks_for() -> None:
    """pip looks past a pin without it, and finds no hash: its first new release breaks us."""
    text = (ROOT / "requirements.lock").read_text("utf-8")
    named = {name: set(extras.split(",")) for name, extras, _ in PIN.findall(text)}
    missing = [
        f"{name} asks for {asked}"
        for name in named
        for asked in map(Requirement, requires_of(name))
        if (asked.marker is None or asked.marker.evaluate({"extra": ""}))
        and not asked.extras <= named.get(canonicalize_name(asked.name), asked.extras)
    ]
    assert missing == []


def requires_of(name: str) -> list[str]:
    """Return what an installed package asks for."""
    try:
        return metadata.requires(name) or []
    except metadata.PackageNotFoundError:  # another system's
        return []


def test_reading_a_notebook_parses_no_grammars() -> None:
    """Else each JupyterLab, and each pytest beside nbval, starts two to four seconds later."""
    code = "import jsonschema, nbformat, sys; print('lark' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["False"]


FOLDERS = ("", "scripts/", "scripts/release/", "binder/", "workshop/", "tests/bench/")
LOCKS = [f"{folder}requirements.lock" for folder in FOLDERS]


@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_has_hashes_for_all_and_says_how_to_make_it_again(lock: str) -> None:
    text = (ROOT / lock).read_text("utf-8")
    assert "make lock" in text.splitlines()[1]
    assert "://" not in text
    blocks = re.split(r"(?m)^(?=[A-Za-z0-9])", text)[1:]
    assert [block.split()[0] for block in blocks if not HASH.search(block)] == []
