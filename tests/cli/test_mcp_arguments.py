"""What a client may hand to pytest: known options, and places in the folder of the server."""

import os
import random
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from _pytest.config import get_config

from loopcheck.cli.mcp_server.arguments import MOST_WORDS, Arguments
from loopcheck.cli.typed import WrongInput


@pytest.fixture
def here(tmp_path: Path) -> Path:
    root = tmp_path.resolve() / "shop"
    (root / "tests").mkdir(parents=True)
    (root / "tests" / "test_a.py").write_text("def test_one(): pass\ndef test_two(): pass\n")
    (root.parent / "test_out.py").write_text("def test_out(): pass\n")
    (root / "options.txt").write_text("--rootdir=/\n")
    return root


@pytest.mark.parametrize(
    ("words", "made"),
    [
        ([], []),
        (["tests"], ["tests"]),
        (["."], ["."]),
        (["tests/../tests/test_a.py::test_one[a::b]"], None),
        (["-xvk", "one or two"], ["-x", "-v", "-kone or two"]),
        (["-kone"], ["-kone"]),
        (["-k", "--rootdir=/"], ["-k--rootdir=/"]),
        (["-k", "@options.txt"], ["-k@options.txt"]),
        (["--maxfail", "2", "--tb=short"], ["--maxfail=2", "--tb=short"]),
        (["--deselect", "tests/test_a.py::test_one"], ["--deselect=tests/test_a.py::test_one"]),
        (["-n", "auto"], ["-nauto"]),
        (["-n4", "-p", "no:randomly"], ["-n4", "-pno:randomly"]),
    ],
)
def test_a_known_argument_is_handed_on(here: Path, words: list[str], made: list[str]) -> None:
    assert Arguments(here).checked(words) == tuple(words if made is None else made)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["../test_out.py"], "`../test_out.py` is outside of {root}"),
        (["{root}/../test_out.py::test_out"], "is outside of {root}"),
        (["/"], "`/` is outside of {root}"),
        (["tests/../../test_out.py"], "is outside of"),
        (["--deselect=/x.py::test"], "`/x.py` is outside of"),
        (["--ignore", ".."], "`..` is outside of"),
        (["nothing.py"], "No file or folder `nothing.py` in {root}."),
        (["::test_one"], "No file or folder `` in"),
        (["@options.txt"], "No file or folder `@options.txt` in"),
        (["a" * 3000], "No file or folder `aaa"),
        (["tests\0/x"], "`tests\\x00/x` has an invisible character."),
        (["tests\ud800"], "has an invisible character."),
        (["--rootdir=/"], "`--rootdir`. Whoever starts the server can allow it"),
        (["--root=/"], "`--root`."),
        (["--maxfial=1"], "`--maxfial`. Near is --maxfail."),
        (["-c", "/x.ini"], "`-c`."),
        (["-c/x.ini"], "`-c in -c/x.ini`."),
        (["-xc", "/x.ini"], "`-c in -xc`."),
        (["-qo", "cache_dir=/x"], "`-o in -qo`."),
        (["--junitxml=/x.xml"], "`--junitxml`."),
        (["--loopcheck-json=/x"], "`--loopcheck-json`."),
        (["--basetemp=/x"], "`--basetemp`."),
        (["--pyargs", "json"], "`--pyargs`."),
        (["--confcutdir=/"], "`--confcutdir`."),
        (["--log-file=/x"], "`--log-file`."),
        (["--", "/x"], "`--`."),
        (["-"], "`-`."),
        (["-p", "evil"], "`-p evil` loads code: only -p no:NAME is allowed."),
        (["-pevil"], "`-p evil` loads code"),
        (["-p", "no:loopcheck.plugin"], "loads code"),
        (["--tb"], "`--tb` needs a value."),
        (["-k"], "`-k` needs a value."),
        (["--lf=x"], "`--lf`."),
        (["-n", "9999999"], "`-n 9999999`: write auto, or 0 to 32."),
        (["--numprocesses=-1"], "`--numprocesses -1`: write auto"),
        (["tests"] * (MOST_WORDS + 1), f"More than {MOST_WORDS} words"),
    ],
)
def test_any_other_is_refused_in_one_line(here: Path, words: list[str], said: str) -> None:
    words = [word.replace("{root}", str(here)) for word in words]
    with pytest.raises(WrongInput) as refused:
        Arguments(here).checked(words)
    line = str(refused.value)
    assert said.replace("{root}", str(here)) in line
    assert "\n" not in line
    assert len(line) < 400 + len(str(here))


@pytest.mark.skipif(sys.platform == "win32", reason="making links may be forbidden")
def test_a_link_is_judged_by_where_it_leads(here: Path) -> None:
    os.symlink(here.parent / "test_out.py", here / "tests" / "test_link.py")
    os.symlink(here / "tests", here / "same")
    os.symlink(here / "round", here / "round")
    with pytest.raises(WrongInput, match="outside of"):
        Arguments(here).checked(["tests/test_link.py"])
    with pytest.raises(WrongInput, match="No file or folder"):
        Arguments(here).checked(["round"])
    assert Arguments(here).checked(["same/test_a.py"]) == ("same/test_a.py",)


def test_who_starts_the_server_can_allow_more(here: Path) -> None:
    allowed = Arguments(here, ("--run-slow", "--env"))
    assert allowed.checked(["--run-slow", "--env=ci"]) == ("--run-slow", "--env=ci")
    with pytest.raises(WrongInput, match=r"Near is --run-slow\."):
        allowed.checked(["--run-slwo"])


def test_pytest_reads_the_words_as_they_were_meant(here: Path) -> None:
    """A value that looks like an option, or like a file of options, stays a value."""
    words = Arguments(here).checked(["-q", "-k", "one and not two", "-p", "no:randomly", "tests"])
    done = subprocess.run(
        [sys.executable, "-m", "pytest", *words], cwd=here, capture_output=True, text=True
    )
    assert "1 passed, 1 deselected" in done.stdout
    for value in ("--rootdir=/", "@options.txt"):
        words = Arguments(here).checked(["-q", "-k", value])
        done = subprocess.run(
            [sys.executable, "-m", "pytest", *words], cwd=here, capture_output=True, text=True
        )
        assert "Wrong expression passed to '-k'" in done.stderr + done.stdout


# The options that change what a run shows, and no file: by pytest's own names for them.
HARMLESS = {
    *("capture", "color", "continue_on_collection_errors", "deselect", "durations", "failedfirst"),
    *("file_or_dir", "ignore", "importmode", "keyword", "lf", "markexpr", "maxfail", "newfirst"),
    *("no_header", "no_summary", "plugins", "quiet", "reportchars", "runxfail", "showcapture"),
    *("showlocals", "stepwise", "stepwise_skip", "tbstyle", "verbose"),
}
VALUES = (
    *("tests", "../x", "/etc", "@options.txt", "--rootdir=/", "-c", "a b", "=x", "-", "--", "1"),
    *("tests/test_a.py::test_one[a b]", "no:x", "evil", "no:x,evil", "", "-pevil", "--lf"),
)


def test_no_words_that_pass_change_any_other_option_of_pytest(here: Path) -> None:
    """Whatever is joined to whatever: pytest's own parser reads it."""
    parser = get_config([])._parser
    default = vars(parser.parse_known_args([]))
    groups = (*parser._groups, parser._anonymous)
    names = [name for group in groups for option in group.options for name in option.names()]
    arguments, dice, read = Arguments(here), random.Random(7), 0

    def word() -> Iterator[str]:
        name, value = dice.choice(names), dice.choice(VALUES)
        flags = "".join(dice.choices("xqvlskmnrpcohV", k=3))
        ways = ([value], [name], [name, value], [f"{name}={value}"], [f"{name}{value}"])
        yield from dice.choice((*ways, [f"-{flags}{value}"]))

    for _ in range(10_000):
        words = [one for _ in range(dice.randint(1, 3)) for one in word()]
        try:
            passed = arguments.checked(words)
            known = vars(parser.parse_known_args(list(passed)))
        except (WrongInput, pytest.UsageError):
            continue
        read += 1
        changed = {name for name, value in known.items() if value != default.get(name)}
        assert changed <= HARMLESS, words
        places = (here / one.partition("::")[0] for one in known["file_or_dir"] or ())
        assert all(place.resolve().is_relative_to(here) for place in places), words
        assert all(one == "no:x" for one in known["plugins"] or ()), words
    assert read > 100
