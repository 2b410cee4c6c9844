"""A verdict in a notebook: one output that grows, and keeps its last state."""

from typing import Any

import nbformat
import pytest
from nbclient import NotebookClient

from loopcheck.lab import exercises
from loopcheck.lab.grading import PYTHON, Checked
from loopcheck.lab.magics.growing_verdict import Growing

EXERCISE = exercises.load("lc202_never_awaited")
FIRST, SECOND = EXERCISE.requirements[:2]


class Front(NotebookClient):
    """A front end that notes each state of an output."""

    def process_message(self, msg: Any, cell: Any, cell_index: int) -> Any:
        if msg["msg_type"] in ("display_data", "update_display_data"):
            states.append(msg["content"]["data"])
        return super().process_message(msg, cell, cell_index)


states: list[dict[str, str]] = []


def test_requirements_come_one_after_the_other_and_the_verdict_stays() -> None:
    states.clear()
    book = nbformat.v4.new_notebook()
    cells = ("%load_ext loopcheck.lab", f"%%exercise LC202\n{EXERCISE.skeleton}")
    book.cells = [nbformat.v4.new_code_cell(text) for text in cells]
    Front(book, timeout=120, kernel_name="python3").execute()
    shown = [state["text/plain"] for state in states]
    assert shown[0] == f"✓ {PYTHON.name}"
    assert any(f"… checking: {FIRST.name}" in said for said in shown)
    assert len(book.cells[1].outputs) == 1  # what a reader of the stored notebook sees
    last = book.cells[1].outputs[0].data
    assert last["text/plain"] == shown[-1]
    assert "checking:" not in last["text/plain"]
    assert "LC202 is still open." in last["text/plain"]
    assert ">- self.locked.add(door)<" in last["text/html"].replace("      ", "")


@pytest.fixture
def drawn(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Return the states of an output, as text."""
    seen: list[str] = []

    class Output:
        def update(self, view: Any) -> None:
            seen.append(view.text)

    def display(view: Any, *, display_id: bool) -> Output:
        assert display_id
        seen.append(view.text)
        return Output()

    monkeypatch.setattr("loopcheck.lab.magics.growing_verdict.display", display)
    return seen


def test_a_sign_of_life_comes_each_second_and_not_more_often(
    drawn: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    now = [10.0]
    monkeypatch.setattr("loopcheck.lab.magics.growing_verdict.time.monotonic", lambda: now[0])
    screen = Growing()
    screen.tell(Checked(requirement=FIRST))
    for now[0] in (10.0, 10.4, 10.9, 11.1, 11.9, 12.2):
        screen.runs(SECOND)
    assert drawn == [
        f"✓ {FIRST.name}",
        f"✓ {FIRST.name}\n… checking: {SECOND.name}",
        f"✓ {FIRST.name}\n… checking: {SECOND.name} (1 s)",
        f"✓ {FIRST.name}\n… checking: {SECOND.name} (2 s)",
    ]
    screen.stop()
    assert drawn[-1] == f"✓ {FIRST.name}"
