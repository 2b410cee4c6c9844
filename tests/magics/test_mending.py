"""`%loopcheck fix`: the change for the project that ran last, or for the tests that are named."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from IPython.core.error import UsageError

from loopcheck.case import journal
from loopcheck.magics.mending import fix

TESTS = """\
import pytest

stored = []


async def save(name):
    stored.append(name)


@pytest.mark.asyncio
async def test_saves():
    save("ada")
    assert stored == ["ada"]
"""


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    root = tmp_path / "shop"
    root.mkdir()
    (root / "test_shop.py").write_text(TESTS)
    (root / "pytest.ini").write_text("[pytest]\nasyncio_default_fixture_loop_scope = function\n")
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")
    monkeypatch.setenv("PYTEST_ADDOPTS", "-p pytest_asyncio.plugin -p loopcheck.plugin")
    journal.clear()
    yield root
    journal.clear()


def test_the_project_that_ran_last_is_mended_and_written_if_asked(project: Path) -> None:
    journal.add(journal.Run(source="%pytest shop", root=str(project), tests=1, failed=1))
    shown = fix([])
    assert '+    await save("ada")' in shown.text
    assert "proved   `test_saves` passes 3 times" in shown.text
    assert shown.text.splitlines()[-1].endswith("%loopcheck fix --apply")
    assert "await save" in (shown.html or "")
    assert (project / "test_shop.py").read_text() == TESTS
    assert fix(["--apply"]).text.endswith("1 proved. Changed: test_shop.py")
    assert '    await save("ada")' in (project / "test_shop.py").read_text()


def test_the_tests_that_are_named_are_those_of_the_folder(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(project)
    (project / "test_plain.py").write_text("def test_plain():\n    pass\n")
    assert fix(["test_plain.py"]).text == "Nothing to fix: 1 test, no fault."
    with pytest.raises(UsageError, match=r"not found: .*test_none"):
        fix(["test_none.py"])


def test_a_cell_is_no_file(project: Path) -> None:
    journal.add(journal.Run(source="cell 5", failed=1))
    with pytest.raises(UsageError, match=r"%loopcheck fix mends files.*%loopcheck why"):
        fix([])
