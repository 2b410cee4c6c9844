"""Tab after %loopcheck offers what may follow, in a real shell, and nothing once it is unloaded."""

from IPython.core.interactiveshell import InteractiveShell

from loopcheck.magics.completion import choices
from loopcheck.magics.loopcheck import PARTS
from notebooks import notebook


def completed(shell: InteractiveShell, line: str) -> list[str]:
    found: list[str] = shell.complete("", line, len(line))[1]
    return found


def test_parts_options_names_and_codes_follow() -> None:
    space: dict[str, object] = {"client": 1, "_hidden": 2}
    assert {"tasks", "why", "--all"} <= set(choices([], PARTS, space))
    assert choices(["tasks"], PARTS, space) == ["--all", "--deep", "--json"]
    assert choices(["tasks", "--all"], PARTS, space) == ["--deep", "--json"]
    assert {"LC102", "loop-mismatch"} <= set(choices(["explain"], PARTS, space))
    assert choices(["objects"], PARTS, space)[0] == "client"
    assert choices(["clear"], PARTS, space) == []


def test_a_shell_offers_them_and_forgets_them() -> None:
    shell = InteractiveShell()
    assert shell.history_manager is not None
    shell.history_manager.end_session()
    shell.run_line_magic("load_ext", "loopcheck")
    assert "timeline" in completed(shell, "%loopcheck ti")
    assert any("LC102" in found for found in completed(shell, "%loopcheck explain "))
    shell.run_line_magic("unload_ext", "loopcheck")
    assert "timeline" not in completed(shell, "%loopcheck ti")


def test_fixtures_are_offered_by_name() -> None:
    with notebook() as cells:
        cells.run("import pytest\n@pytest.fixture\ndef number(): return 1")
        assert {"up", "down"} <= set(completed(cells.shell, "%asyncfixture "))
        assert "number" in completed(cells.shell, "%asyncfixture up num")
        assert "--all" in completed(cells.shell, "%asyncfixture down ")
        assert "number" not in completed(cells.shell, "%asyncfixture down num")
        cells.run("%asyncfixture up number")
        assert "number" in completed(cells.shell, "%asyncfixture down num")
        shell = cells.shell
    assert "number" not in completed(shell, "%asyncfixture up num")
