"""The magics of a lesson, driven through a real shell, and a plain IPython in a terminal."""

import os
import re
import signal
import subprocess
import sys
import threading
from pathlib import Path

import ipytest._config  # type: ignore[import-untyped]
import pytest
from IPython.core.interactiveshell import InteractiveShell
from shells import Cells  # type: ignore[import-not-found]

from loopcheck.case import journal
from loopcheck.lab import exercises, extension
from loopcheck.lab.learner import progress
from loopcheck.lab.magics import seen
from loopcheck.lab.magics.exercises import ExerciseMagics
from loopcheck.lab.magics.guess import GuessMagic
from loopcheck.lab.magics.progress import ProgressMagics
from loopcheck.lab.magics.projects import ProjectMagics

EXERCISE = exercises.load("lc102_loop_mismatch")
CART = """\
%%project cart
# file: shop/__init__.py
# file: shop/cart.py
import asyncio

orders = asyncio.Queue()
# file: test_cart.py
import asyncio
import pytest
from shop.cart import orders

async def place(order):
    asyncio.get_running_loop().call_soon(orders.put_nowait, order)
    return await orders.get()

@pytest.mark.asyncio(loop_scope="module")
async def test_tea():
    assert await place("tea") == "tea"

@pytest.mark.asyncio
async def test_cake():
    assert await place("cake") == "cake"
"""


def state_of(shell: InteractiveShell) -> dict[str, object]:
    """Return all that loading changes."""
    magics = shell.magics_manager.magics
    return {
        "magics": {kind: dict(table) for kind, table in magics.items()},
        "ipytest": dict(ipytest._config.current_config),
        "transformers": list(shell.input_transformers_cleanup),
        "ast": list(shell.ast_transformers),
        "events": {name: list(found) for name, found in shell.events.callbacks.items()},
        "configurables": len(shell.configurables),
    }


def test_ten_rounds_of_load_and_unload_leave_nothing(
    bare: InteractiveShell, capsys: pytest.CaptureFixture[str]
) -> None:
    run = Cells(bare, capsys)
    run("%load_ext loopcheck.lab\n%unload_ext loopcheck.lab")  # IPython loads its own when used
    before = state_of(bare)
    for _ in range(10):
        assert run("%load_ext loopcheck.lab").count("\n") == 1
        assert run("%%project x\n# file: a.py").strip() == "x: a.py"
        run("%unload_ext loopcheck.lab")
        assert state_of(bare) == before


def test_no_magic_of_ipythons_is_shadowed(bare: InteractiveShell, cells: Cells) -> None:
    cells("%unload_ext loopcheck.lab")
    theirs = {kind: set(table) for kind, table in bare.magics_manager.magics.items()}
    cells("%load_ext loopcheck.lab")
    guess = GuessMagic(bare)
    ours = ProjectMagics(bare, guess).table() | guess.table()
    ours |= ExerciseMagics(bare).table() | ProgressMagics().table()
    ours |= seen.table()
    taken = {name for kind, name in ours for one in theirs if one in kind and name in theirs[one]}
    assert taken == set()


def test_to_import_it_costs_nothing() -> None:
    code = "import sys, loopcheck.lab; print({*sys.modules} & {'IPython', 'pytest', 'asyncio'})"
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert said.stdout == "set()\n"


def test_missing_extras_are_one_line(
    bare: InteractiveShell, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(extension.NEEDED, "no_such_module", "no-such-package")
    said = Cells(bare, capsys)("%load_ext loopcheck.lab")
    assert said.strip() == (
        'UsageError: loopcheck.lab needs no-such-package: pip install "loopcheck[workbook]", '
        "then restart the kernel."
    )


def test_a_project_runs_in_a_child_and_its_failure_is_explained(cells: Cells) -> None:
    assert cells(CART).strip() == "cart: shop/__init__.py, shop/cart.py, test_cart.py"
    said = cells("%pytest cart")
    assert "test_cart.py:15: in test_cake" in said
    assert "asyncio/queues.py: in get\nasyncio/mixins.py: in _get_loop\nE   RuntimeError" in said
    assert "1 failed, 1 passed\n" in said
    assert not [word for word in ("0x7", " in 0.", "/lib/", str(Path.cwd())) if word in said]
    kept = journal.last()
    assert kept is not None
    assert (kept.source, kept.tests, kept.failed) == ("%pytest cart", 2, 1)
    assert "LC102 loop-mismatch" in cells("%loopcheck why")


def test_a_run_can_be_left_unexplained(cells: Cells) -> None:
    cells(CART)
    cells("%pytest cart")
    assert "1 failed, 1 passed\n" in cells("%pytest cart --unexplained")
    said = "%pytest cart was left unexplained. To have it explained: %pytest cart"
    assert cells("%loopcheck why").strip().endswith(said)
    assert cells("%loopcheck").strip().endswith(said)


GROUP = """\
%%project group
# file: test_group.py
import asyncio
import pytest

async def sell():
    raise ValueError("sold out")

@pytest.mark.asyncio
async def test_group():
    async with asyncio.TaskGroup() as group:
        group.create_task(sell())
"""


def test_a_group_of_errors_reads_the_same_on_every_python(cells: Cells) -> None:
    cells(GROUP)
    shown = cells("%pytest group").partition("test_group ____")[2].partition("====")[0]
    assert (
        shown.partition("\n")[2]
        == """\
  + Exception Group Traceback (most recent call last):
  |   File "test_group.py", line 9, in test_group
  |     async with asyncio.TaskGroup() as group:
  |   asyncio/taskgroups.py: in __aexit__
  | ExceptionGroup: unhandled errors in a TaskGroup (1 sub-exception)
  +-+---------------- 1 ----------------
    | Traceback (most recent call last):
    |   File "test_group.py", line 5, in sell
    |     raise ValueError("sold out")
    | ValueError: sold out
    +------------------------------------
"""
    )


def test_a_second_project_of_the_name_replaces_the_first(cells: Cells) -> None:
    cells("%%project till\n# file: test_a.py\ndef test_a(): assert 1\n# file: test_b.py\nx = (")
    cells("%%project till\n# file: test_a.py\ndef test_a(): assert 2")
    assert cells("%pytest till") == ".\n1 passed\n"
    cells("%%project till --add\n# file: test_c.py\ndef test_c(): assert 1")
    assert cells("%pytest till") == "..\n2 passed\n"
    assert cells("%pytest till -k test_c") == ".\n1 passed, 1 deselected\n"


def test_a_setting_of_the_project_counts(cells: Cells) -> None:
    cells(
        "%%project auto\n# file: pytest.ini\n[pytest]\nasyncio_mode = auto\n"
        "asyncio_default_fixture_loop_scope = function\n"
        "# file: test_a.py\nasync def test_a(): pass"
    )
    assert cells("%pytest auto") == ".\n1 passed\n"


def test_a_hang_ends_in_time_and_says_so(cells: Cells) -> None:
    cells("%%project hang\n# file: test_a.py\nimport time\ndef test_a(): time.sleep(600)")
    assert cells("%pytest hang --seconds 1").strip() == (
        "%pytest hang: ended after 1 s; %pytest hang --seconds N gives it more"
    )


STAYS = """\
%%project stays
# file: test_a.py
import os, time
def test_a():
    sign = open(os.environ["SIGN"], "wb", buffering=0)
    if os.fork() == 0:
        os.setsid()
    sign.write(b"x")
    time.sleep(600)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere a daemon cannot be adopted")
def test_stop_ends_all_that_a_project_started(
    bare: InteractiveShell, cells: Cells, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    os.mkfifo(tmp_path / "sign")
    monkeypatch.setenv("SIGN", str(tmp_path / "sign"))
    cells(STAYS)

    def stop_when_it_runs() -> None:
        with open(tmp_path / "sign", "rb", buffering=0) as sign:
            seen = sign.read(1) + sign.read(1)
            os.kill(os.getpid(), signal.SIGINT)
            seen += sign.read(1)  # nothing, when the last process is gone
        signs.append(seen)

    signs = list[bytes]()
    watcher = threading.Thread(target=stop_when_it_runs, daemon=True)
    watcher.start()
    said = cells("%pytest stays")
    watcher.join(timeout=10)
    assert signs == [b"xx"]
    assert said == "KeyboardInterrupt: %pytest stays and all that it started are ended\n"


def test_late_words_stay_with_their_cell(cells: Cells) -> None:
    said = cells(
        "class Loop:\n    def __del__(self): print('late words')\n"
        "one = Loop()\none.itself = one\ndel one\nprint('own words')"
    )
    assert said == "own words\nlate words\n"


def test_a_flood_of_output_is_cut(cells: Cells) -> None:
    test = "def test_a():\n    print('x\\n' * 200_000)\n    assert 0"
    cells(f"%%project flood\n# file: test_a.py\n{test}")
    said = cells("%pytest flood")
    assert len(said) < 70_000
    assert said.endswith("%pytest flood: output cut at 64 KiB\n")


@pytest.mark.parametrize(
    ("cell", "said"),
    [
        ("%pytest", "%pytest: it needs NAME. Write: %pytest NAME [--seconds N]"),
        (
            "%pytest nowhere",
            "no project yet. Run the cell that begins with %%project nowhere first",
        ),
        ("%pytest 'x", "no closing quotation"),
        ("%%project\nx", "it needs NAME"),
        ("%%project a b\nx", "unrecognized arguments: b"),
        ("%%project ../a\n# file: a.py", "`../a` is not a valid project name"),
        ("%%project a\nx = 1", "line 1 comes before the first `# file: path` line"),
        ("%%project a\n\n", "no file in this cell"),
        ("%%project a\n# file: /etc/x", "`/etc/x` is outside the project's folder"),
        ("%%project a\n# file: b/../../x", "is outside"),
        ("%%project a\n# file: C:/x", "is outside"),
        ("%%project a\n# file: b\x07.py", "is not a valid file name"),
        ("%%project a\n# file: b.py\n1\n\ud800", "half a character in line 2"),
        ("%%project a\n# file: b\\x", "is outside"),
        ("%%project a\n# file:", "names no file"),
        ("%%project a\n# file: x\n# file: ./x", "`x` appears twice (line 2)"),
        ("%%exercise LC120\nx", "No exercise `LC120`: there are LC10"),
        ("%exercise LC102 x", "unrecognized arguments: x"),
        ("%hint LC102 3", "hint 3 is not open"),
        ("%hint LC102 x", "`x` is one word too many"),
        ("%solution LC102 shw", "`shw` is one word too many"),
        ("%start_over", "it needs LC102"),
        ("%progress now", "`now` is not an option. Write: %progress [--all"),
        ("%progress --al", "unrecognized arguments: --al. Write: %progress [--all"),
        ("%progress --all now", "`now` is one word too many"),
        ("%progress --import ~no_such_user/x", "home directory"),
        (f"%progress --export {'é' * 300}", "%progress --export: File name too long"),
        ("%asyncfixture --from ~no_such_user/x", "home directory"),
        ("%progress --export", "there is no progress yet. Solve an exercise first."),
        ("%progress --import nowhere.json", "nowhere.json cannot be read: No such file"),
        ("%progress --answer", "nothing to recall yet. Two solved exercises are needed."),
        ("%start_over LC120", "No exercise `LC120`: there are LC10"),
    ],
)
def test_wrong_usage_is_one_line(cells: Cells, cell: str, said: str) -> None:
    shown = cells(cell)
    assert shown.startswith("UsageError: ")
    assert said in shown
    assert shown.count("\n") == 1


def test_hints_come_one_by_one_and_are_remembered(cells: Cells) -> None:
    for number, hint in enumerate(EXERCISE.hints, 1):
        shown = " ".join(cells("%hint LC102").split())
        assert f"Hint {number} of 3. {hint}" in shown
    assert "Hint 3 of 3" in cells("%hint LC102")
    assert "Hint 1 of 3" in cells("%hint LC102 1")
    assert "begun, 3 of 3 hints taken" in cells("%progress")


def test_a_hint_without_a_code_is_that_of_the_exercise_last_tried(cells: Cells) -> None:
    cells(f"%%exercise LC102\n{EXERCISE.skeleton}")
    assert EXERCISE.hints[0] in " ".join(cells("%hint").split())
    assert "%hint LC102" in cells("%solution")


@pytest.mark.parametrize("tells", ["server", "editor"])
def test_a_hint_without_a_code_knows_the_notebook_it_stands_in(
    bare: InteractiveShell, cells: Cells, monkeypatch: pytest.MonkeyPatch, tells: str
) -> None:
    if tells == "server":
        monkeypatch.setenv("JPY_SESSION_NAME", "/course/lc102_loop_mismatch.ipynb")
    else:
        monkeypatch.setitem(bare.user_ns, "__vsc_ipynb_file__", "C:\\x\\lc102_loop_mismatch.ipynb")
    assert EXERCISE.hints[0] in " ".join(cells("%hint").split())


def test_what_was_seen_is_compared_with_the_words_of_the_modes(
    bare: InteractiveShell, cells: Cells
) -> None:
    message = "RuntimeError: asyncio.run() cannot be called from a running event loop {x} $x"
    for cell in (f"%%seen\n{message}\n", f"%seen {message}", f"x = 1\n%seen {message}"):
        assert "LC103 nested-run: Code starts a loop inside" in cells(cell)
    assert "No failure mode is known by these words." in cells("%%seen\nxyzzy: no such spell")
    assert bare.run_cell("%%seen").success
    assert cells("%%seen").partition("\n")[2].startswith("Nothing is pasted here.")


@pytest.mark.parametrize("notebook", [None, "/course/scratch.ipynb"])
def test_a_hint_that_could_be_any_asks_which(
    cells: Cells, monkeypatch: pytest.MonkeyPatch, notebook: str | None
) -> None:
    if notebook:
        monkeypatch.setenv("JPY_SESSION_NAME", notebook)
    for magic in ("%hint", "%solution", "%exercise"):
        said = cells(magic)
        assert said.startswith("UsageError: Which exercise? There are LC10")
        assert said.count("\n") == 1


def test_a_mode_without_an_exercise_is_told_from_a_wrong_code(
    cells: Cells, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(exercises, "stems", lambda: ["lc101_loop_closed", "lc102_loop_mismatch"])
    said = cells("%hint LC607")
    assert said == (
        "UsageError: LC607 missing-greenlet has no exercise yet: there are LC101, LC102. "
        "Its page: %loopcheck explain LC607\n"
    )


def test_progress_on_binder_says_once_that_binder_forgets(
    cells: Cells, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BINDER_REPO_URL", "https://example.org/repo")
    assert cells("%progress").startswith("Binder forgets your progress when it stops. %progress -")
    assert "Binder" not in cells("%progress")


def test_progress_travels_in_one_file(
    cells: Cells, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for stem in ("lc101_loop_closed", EXERCISE.stem):
        progress.write(progress.Progress(lesson=stem, passed="x = 1\n", tries=1))
    file = tmp_path / "my progress.json"
    assert cells(f"%progress --export '{file}'") == f"{file} holds your progress in 2 lessons.\n"
    monkeypatch.setenv("LOOPCHECK_HOME", str(tmp_path / "another machine"))
    assert "LC102" not in cells("%progress")
    assert "2 lessons was added" in cells(f"%progress --import '{file}'")
    assert "LC102   loop-mismatch  solved" in cells("%progress")
    assert progress.read(EXERCISE.stem)[0].passed == "x = 1\n"


def test_files_that_are_all_broken_are_few_lines(cells: Cells) -> None:
    for stem in exercises.stems():
        file = progress.file_of(stem)
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text("{")
    said = cells("%progress").partition("Your progress")[0].splitlines()
    assert said[0].startswith("The progress file lc101_loop_closed.json was broken. It is now")
    assert said[1] == f"{len(exercises.stems()) - 1} other lessons: the same, or the like."
    assert "broken" not in cells("%progress")


def test_the_recall_is_answered_by_the_reference_page(cells: Cells) -> None:
    for when, stem in enumerate(("lc102_loop_mismatch", "lc101_loop_closed"), 1):
        progress.write(progress.Progress(lesson=stem, passed="x", when=when))
    asked = cells("%progress")
    assert "Something bound to one loop is used on another. What is that called" in asked
    assert "stays bound to the loop on which it first waited" not in asked
    assert "stays bound to the loop on which it first waited" in cells("%progress --answer")


def test_the_solution_waits_for_a_word(cells: Cells) -> None:
    assert "3 of 3 hints are left" in (said := cells("%solution LC102"))
    assert "pytestmark" not in said
    assert "pytestmark" in cells("%solution LC102 show")


def test_the_solution_needs_no_word_when_the_hints_are_taken_or_it_is_solved(cells: Cells) -> None:
    for _ in range(3):
        cells("%hint LC102")
    assert "pytestmark" in cells("%solution LC102")
    progress.write(progress.Progress(lesson="lc101_loop_closed", passed="x"))
    assert "hints are left" not in cells("%solution LC101")


def test_what_is_solved_stays_solved_when_a_later_answer_is_not_one(cells: Cells) -> None:
    progress.write(progress.Progress(lesson="lc102_loop_mismatch", passed="x"))
    said = cells("%%exercise LC102\nx = (")
    assert "LC102 stays solved, but not by this answer." in said
    assert "1 of 7 solved" in cells("%progress")


def test_an_unsolved_exercise_does_not_stop_run_all_and_says_that_it_is_open(
    bare: InteractiveShell, cells: Cells, capsys: pytest.CaptureFixture[str]
) -> None:
    for text in (EXERCISE.skeleton, "x = (", "import sys; sys.exit()"):
        done = bare.run_cell(f"%%exercise LC102\n{text}")
        assert done.success
        assert "LC102 is still open." in capsys.readouterr().out
    assert bare.run_cell("%%exercise LC102\n").success


def test_an_empty_cell_says_what_to_do(cells: Cells) -> None:
    said = cells("%%exercise LC102")
    assert said.startswith("This cell is empty.")
    assert EXERCISE.task in " ".join(said.split())
    assert "box_office.py stays as it is:" in said


def test_a_solved_exercise_is_kept_until_it_starts_over(cells: Cells) -> None:
    answer = EXERCISE.skeleton.replace('@pytest.fixture(scope="module")', "@pytest.fixture")
    said = cells(f"%%exercise LC102\n{answer}")
    assert said.startswith("✓ the cell can be read as Python\n✓ all three tests are there\n")
    assert "LC102 is solved." in said
    assert progress.read(EXERCISE.stem)[0].passed == answer
    assert "\n  LC102   loop-mismatch  solved\n" in cells("%progress")
    assert "begins anew" in cells("%start_over LC102")
    assert "loop-mismatch" not in cells("%progress")
    assert re.search(r"\n  lc102_loop_mismatch.ipynb +not begun\n", cells("%progress --all"))


def test_a_clinic_starts_over_too(cells: Cells) -> None:
    stem = "80_clinic_one"
    progress.write(progress.Progress(lesson=stem, passed="parcels healthy", when=1))
    assert cells("%start_over clinic_one").startswith("Clinic one begins anew")
    assert progress.read(stem)[0].passed is None


def test_a_failing_answer_can_be_asked_why(cells: Cells) -> None:
    assert "Why: %loopcheck why." in cells(f"%%exercise LC102\n{EXERCISE.skeleton}")
    assert "`office.counter` belongs to loop 1" in cells("%loopcheck why")


def test_a_name_of_another_cell_is_answered_with_that_cell(
    bare: InteractiveShell, cells: Cells
) -> None:
    number = bare.execution_count
    cells("import asyncio as aio\nSEATS = 3")
    said = cells("%%exercise LC102\nprint(SEATS)\nasync def test_a(): pass")
    assert f"it doesn't define `SEATS`: cell {number} defines it." in said
    assert "it doesn't define `HALL`." in cells("%%exercise LC102\nprint(HALL)")


def test_progress_that_cannot_be_kept_does_not_stop_the_work(
    cells: Cells, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LOOPCHECK_HOME", os.devnull)
    said = cells("%hint LC102")
    assert "Hint 1 of 3" in said
    assert "Progress is not saved" in said
    assert "Traceback" not in said


TERMINAL = """\
%load_ext loopcheck.lab
get_ipython().run_cell_magic("ipytest", "", '''
import asyncio
import pytest
import pytest_asyncio

pytestmark = pytest.mark.asyncio
jobs = asyncio.Queue()

async def test_one():
    asyncio.get_running_loop().call_soon(jobs.put_nowait, "ping")
    assert await jobs.get() == "ping"

async def test_two():
    asyncio.get_running_loop().call_soon(jobs.put_nowait, "pong")
    assert await jobs.get() == "pong"
''')
print(get_ipython().run_line_magic("loopcheck", "why"))
%unload_ext loopcheck.lab
"""


def test_a_terminal_shows_the_same_in_text(tmp_path: Path) -> None:
    (tmp_path / "lesson.ipy").write_text(TERMINAL)
    (tmp_path / "pytest.ini").write_text(
        "[pytest]\nasyncio_default_fixture_loop_scope = function\n"
    )
    said = subprocess.run(
        [sys.executable, "-m", "IPython", "--no-banner", "--colors=NoColor", "lesson.ipy"],
        cwd=tmp_path,
        env=os.environ | {"IPYTHONDIR": str(tmp_path / "ipython")},
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert said.stdout.startswith(extension.READY)
    assert "asyncio/queues.py: in get\nasyncio/mixins.py: in _get_loop\nE   Run" in said.stdout
    assert "FAILED test_two - RuntimeError" in said.stdout
    assert "1 failed, 1 passed\n" in said.stdout
    assert "LC102 loop-mismatch (certain)" in said.stdout
    assert "0x7" not in said.stdout
    assert list(tmp_path.glob("t_*.py")) == []
