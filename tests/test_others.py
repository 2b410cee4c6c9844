"""Other people's suites: what is pinned is what is told, and a difference is seen."""

import subprocess
import sys
import tomllib
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "scripts"))  # no package: each script runs alone
pytest.importorskip("resource")  # no Windows: processor time of children is asked for
import try_others  # noqa: E402

PROJECTS = tomllib.loads((try_others.DATA / "projects.toml").read_text("utf-8"))


@pytest.mark.parametrize("name", PROJECTS)
def test_a_lock_pins_the_project_itself_with_hashes(name: str) -> None:
    own, rest = try_others.parted((try_others.DATA / f"{name}.lock").read_text("utf-8"), name)
    assert own.startswith(f"{name}=={PROJECTS[name]['version']} ")
    assert "--hash=sha256:" in own
    assert f"\n{name}==" not in rest


def test_the_page_is_the_one_of_what_was_measured_and_leaves_no_finding_unread() -> None:
    page = try_others.PAGE.read_text("utf-8")
    assert page == try_others.page(PROJECTS, try_others.saved())
    assert [name for name in PROJECTS if f"{name} {PROJECTS[name]['version']}" not in page] == []
    assert "*not read*" not in page


def test_a_test_that_ends_otherwise_with_loopcheck_is_told_and_a_wavering_one_is_not() -> None:
    seen = try_others.Compared()
    ends = {"without": ("passed", "passed"), "with": ("failure", "passed")}
    for way, (first, second) in ends.items():
        outcomes = {("t", "broken"): first, ("t", "wavers"): second}
        seen.runs[way].append(try_others.Run(outcomes, 1.0, 1.0))
    seen.runs["without"].append(try_others.Run({("t", "wavers"): "failure"}, 1.0, 1.0))
    assert try_others.different(seen) == ["t::broken None/passed without, failure with"]


def measured(without: float, looked: float) -> try_others.Measured:
    run = {("tests.test_thing", "test_one[a::b]"): "passed"}
    found = {"code": "LC201", "slug": "task-leak", "certainty": "certain", "what": "It leaks."}
    return try_others.summed_up(
        {"version": "1.0"},
        try_others.Compared(
            {
                way: [try_others.Run(run, clock / 2, clock)]
                for way, clock in zip(try_others.WAYS, (without, looked), strict=True)
            },
            {way: [try_others.Run(run, 4.0, 4.0)] for way in try_others.WAYS},
            [found | {"where": {"file": "thing.py", "line": 3}, "why": "left out"}],
        ),
    )


def test_a_suite_that_binds_a_fixed_port_has_one_worker_for_both_runs(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    workers = []

    class Executor(ThreadPoolExecutor):
        def __init__(self, max_workers: int, **others: Any) -> None:
            workers.append(max_workers)
            super().__init__(max_workers)

    monkeypatch.setattr(try_others, "ThreadPoolExecutor", Executor)
    monkeypatch.setattr(try_others, "PAIRS", True)
    monkeypatch.setattr(try_others, "ROUNDS", 1)
    monkeypatch.setattr(try_others, "run", lambda *_, **__: try_others.Run({}, 1.0, 1.0))
    sources = dict.fromkeys(try_others.WAYS, Path())
    for project in ({"in_turns": True}, {}):
        try_others.timed(Path(), sources, project)
    assert workers == [1, 2]


def test_all_suites_together_take_what_each_of_them_takes() -> None:
    said = try_others.together([measured(8.0, 8.0), measured(2.0, 3.0)])
    cells = [cell.strip() for cell in said.strip().strip("|").split("|")]
    assert cells[:-2] == ["all together", "", "2", "yes", "10.0 s", "1.10", "1.00", "1.10", "0.5 s"]


def test_what_was_measured_is_read_again_as_it_was_and_the_page_shows_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(try_others, "MEASURED", tmp_path / "measured.json")
    try_others.save({"thing": measured(2.0, 3.0)})
    assert try_others.saved() == {"thing": measured(2.0, 3.0)}
    project = {"version": "1.0", "runs_by": "itself", "read": {"LC201 thing.py": "Right: it does."}}
    said = try_others.page({"thing": project, "not yet": project}, try_others.saved())
    assert "| thing 1.0 | itself | 1 | yes | 2.0 s | 1.50 | 1.00 | 1.50 | 0.5 s | 1 LC201 |" in said
    assert "Pinned and not measured yet: not yet 1.0." in said
    assert "thing.py:3: It leaks.\n*Right: it does.*" in said


def test_what_fails_is_taken_from_the_summary() -> None:
    said = """
FAILED tests/test_os.py::test_access - assert True == False
ERROR tests/test_web.py::test_get[a b] - OSError: [Errno 101]
ERROR tests/test_web.py
FAILED: one more word
"""
    assert try_others.failures(said) == [
        "tests/test_os.py::test_access",
        "tests/test_web.py::test_get[a b]",
    ]


def test_a_project_without_an_archive_of_its_tests_comes_from_a_commit_of_its_mirror(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    mirror = tmp_path / "mirrors" / "them+thing"
    git = ("git", "-C", str(mirror), "-c", "user.name=t", "-c", "user.email=t@example.org")
    subprocess.run(["git", "init", "-q", str(mirror)], check=True)
    for text in ("first", "second"):
        (mirror / "tests.txt").write_text(text, "utf-8")
        subprocess.run([*git, "add", "tests.txt"], check=True)
        subprocess.run([*git, "commit", "-qm", text], check=True)
    commit = subprocess.check_output([*git, "rev-parse", "HEAD~1"], text=True).strip()
    monkeypatch.setattr(try_others, "MIRRORS", str(tmp_path / "mirrors" / "{owner}+{name}"))
    try_others.check_out("them/thing", commit, tmp_path / "source")
    assert (tmp_path / "source" / "tests.txt").read_text("utf-8") == "first"


@pytest.mark.parametrize("name", [name for name in PROJECTS if "git" in PROJECTS[name]])
def test_a_git_project_is_pinned_by_a_whole_commit(name: str) -> None:
    assert len(bytes.fromhex(PROJECTS[name]["commit"])) == 20


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (["--help"], 0, "PROJECT"),
        (["janos"], 2, "No project janos. There are: aiofiles, "),
        (["--locks"], 2, "unrecognized arguments: --locks"),
    ],
)
def test_help_and_a_wrong_word_run_no_suite(
    words: list[str],
    code: int,
    said: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr(try_others, "compare", lambda *_: pytest.fail("it runs a suite"))
    with pytest.raises(SystemExit) as ended:
        try_others.main(words)
    assert ended.value.code == code
    seen = capsys.readouterr()
    assert said in seen.out + seen.err
    assert len(seen.err.splitlines()) <= 2
