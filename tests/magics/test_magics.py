"""`%loopcheck` in a plain IPython: it answers in text, and goes as it came."""

from collections.abc import Iterator
from importlib import import_module
from typing import Any

import pytest
from IPython.core.interactiveshell import InteractiveShell

from loopcheck.case import journal
from loopcheck.modes import catalogue
from loopcheck.modes.finding import Finding
from loopcheck.records import Column, Lane, LoopRecord, Mark, Subject, Timeline
from loopcheck.report.view import View

FOUND = Finding(
    code="LC102",
    slug="loop-mismatch",
    certainty="certain",
    what="`client` belongs to loop 1 and is used on loop 2.",
    why="It keeps its loop.",
    fix="Make it in a fixture.",
    subject=Subject(name="client", type="valkey.asyncio.client.Valkey"),
)
PICTURE = Timeline(
    columns=(Column(test="test_read", outcome="failed"),),
    lanes=(Lane(loop=LoopRecord(label="loop 1"), first=0),),
    marks=(Mark(kind="bound", lane=0, name="client", column=0, code="LC102"),),
)


def bare_shell() -> InteractiveShell:
    made = InteractiveShell()
    assert made.history_manager is not None
    made.history_manager.end_session()  # else its thread and file stay
    return made


@pytest.fixture
def shell() -> Iterator[InteractiveShell]:
    journal.clear()  # other files' runs, in this process
    made = bare_shell()
    made.run_line_magic("load_ext", "loopcheck")
    yield made
    made.run_line_magic("unload_ext", "loopcheck")
    journal.clear()


def ask(shell: InteractiveShell, line: str) -> str:
    shown = shell.run_line_magic("loopcheck", line)
    assert isinstance(shown, View)
    assert "<" not in shown.text.replace("<details", "")
    return shown.text


def error(shell: InteractiveShell, line: str, capsys: pytest.CaptureFixture[str]) -> str:
    """Return what a wrong call says, which must be one line and no traceback."""
    shell.run_cell(f"%loopcheck {line}")
    said = capsys.readouterr()
    text = (said.out + said.err).strip()
    assert "\n" not in text, text
    assert text.startswith("UsageError: ")
    return text


def failed_run() -> None:
    journal.add(
        journal.Run(source="pytest", findings=(FOUND,), timeline=PICTURE, tests=3, failed=1)
    )


def test_before_any_run_it_says_what_to_do(shell: InteractiveShell) -> None:
    for line in ("", "why"):
        assert "Run a cell of tests first (%%ipytest" in ask(shell, line)


def test_after_a_failure_it_says_why(shell: InteractiveShell) -> None:
    failed_run()
    assert "`client` belongs to loop 1 and is used on loop 2." in ask(shell, "why")
    assert "3 tests, 1 failed, 1 explained" in ask(shell, "")
    assert "client" in ask(shell, "timeline")


def test_after_a_green_run_there_is_nothing_to_explain(shell: InteractiveShell) -> None:
    journal.add(
        journal.Run(source="pytest", timeline=Timeline(columns=(Column(test="t"),)), tests=2)
    )
    assert ask(shell, "why") == "Nothing to explain: all 2 tests passed."


def test_a_failure_without_a_cause_of_ours_is_not_given_one(shell: InteractiveShell) -> None:
    journal.add(journal.Run(source="pytest", tests=2, failed=1))
    assert ask(shell, "why").startswith("No cause found")


def test_a_report_of_another_run_is_read(shell: InteractiveShell, tmp_path: object) -> None:
    failed_run()
    said = ask(shell, "why --json")
    file = f"{tmp_path}/report.json"
    with open(file, "w", encoding="utf-8") as out:
        out.write(said)
    journal.clear()
    assert "`client` belongs to loop 1" in ask(shell, f"why '{file}'")


def test_explain_all_prints_a_chapter_of_the_field_guide(shell: InteractiveShell) -> None:
    assert ask(shell, "explain --all lc6xx").startswith("LC6xx  databases\n\nLC601 ")


def test_explain_finds_modes_by_words_as_the_command_does(shell: InteractiveShell) -> None:
    assert ask(shell, "explain --all lc6xx greenlet").startswith("LC607 ")
    first, *_, last = ask(shell, "explain --all lifespan").splitlines()
    assert first.startswith("LC311 lifespan-not-run: ")
    assert last == "The page of one: %loopcheck explain LC311"
    assert ask(shell, "explain --all --pages schema").startswith("LC6xx  databases\n\nLC601 ")


def test_explain_without_a_mode_has_a_line_for_each(shell: InteractiveShell) -> None:
    *lines, last = ask(shell, "explain").splitlines()
    assert len(lines) == len(catalogue.modes())
    assert lines[0].startswith("LC101 loop-closed: ")
    assert last == "The page of one: %loopcheck explain LC101"


def test_explain_prints_the_page_of_a_mode(shell: InteractiveShell) -> None:
    assert ask(shell, "explain loop-mismatch").startswith("LC102 loop-mismatch: ")


def test_clear_forgets(shell: InteractiveShell) -> None:
    failed_run()
    assert ask(shell, "clear") == "Forgot 1 run."
    assert "No test has run yet" in ask(shell, "")


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("wy", "Did you mean `why`?"),
        ("explain LC12", "Did you mean `LC102`, `LC212` or `LC312`?"),
        ("explain lop-mismatch", "Did you mean `loop-mismatch`?"),
        ("explain wombat", f"No mode `wombat`: there are {catalogue.spans()}."),
        ("explain --all wombat", "No mode has `wombat` on its page."),
        ("clear all", "`all` is not known"),
        ("timeline --jsn", "`--jsn` is not known"),
        ("why nothing.json", "can't be read"),
        ("why a\0b.json", "no file can have this name"),
        ("why 'half", "No closing quotation"),
    ],
)
def test_wrong_use_gets_one_line_with_the_right_choices(
    shell: InteractiveShell, capsys: pytest.CaptureFixture[str], line: str, words: str
) -> None:
    assert words in error(shell, line, capsys)


@pytest.mark.parametrize("asked", ["help", "--help", "-h"])
def test_asked_for_help_it_says_what_there_is(shell: InteractiveShell, asked: str) -> None:
    assert "%loopcheck why" in ask(shell, asked)
    assert "%asyncfixture up NAME" in shell.run_line_magic("asyncfixture", asked).text


def test_a_setting_that_is_wrong_does_not_take_the_magics_away(
    shell: InteractiveShell, capsys: pytest.CaptureFixture[str]
) -> None:
    shell.run_cell("%config Loopcheck.all = 3")
    shell.run_line_magic("reload_ext", "loopcheck")
    assert "loopcheck is loaded without your settings: The 'all' trait" in capsys.readouterr().out
    assert "loops" in ask(shell, "")


def test_loading_and_unloading_ten_times_leaves_the_shell_as_it_was() -> None:
    shell = bare_shell()
    magics = {kind: set(table) for kind, table in shell.magics_manager.magics.items()}
    hooks = {event: list(kept) for event, kept in shell.events.callbacks.items()}
    for _ in range(10):
        shell.run_line_magic("load_ext", "loopcheck")
        shell.run_line_magic("reload_ext", "loopcheck")
        shell.run_line_magic("unload_ext", "loopcheck")
    assert {kind: set(table) for kind, table in shell.magics_manager.magics.items()} == magics
    assert {event: list(kept) for event, kept in shell.events.callbacks.items()} == hooks


def test_ipytest_is_set_to_thread_mode_and_given_back(capsys: pytest.CaptureFixture[str]) -> None:
    settings: Any = import_module("ipytest._config")
    before = dict(settings.current_config)
    shell = bare_shell()
    shell.run_line_magic("load_ext", "loopcheck")
    said = capsys.readouterr().out
    assert said.startswith("ipytest: tests run in a thread of their own")
    assert said.count("\n") == 1
    assert settings.current_config["run_in_thread"] is True
    assert "--loopcheck-keep" in settings.current_config["addopts"]
    shell.run_line_magic("unload_ext", "loopcheck")
    assert settings.current_config == before
