"""Who must end what a line creates: the function that gets it, or that holds its keeper."""

from __future__ import annotations

from pathlib import Path
from types import CodeType
from typing import Any

import pytest

from loopcheck.source.values import object_owners

MAKES = frozenset({"create_task"})


def owner(folder: Path, text: str) -> tuple[int, str | None, str | None] | None:
    """Return line, name and closing call of the owner; `# 0`, `# 1` mark the running lines."""
    file = folder / "code.py"
    file.write_text(text, encoding="utf-8")
    marked = {
        int(line.rpartition("# ")[2]): number
        for number, line in enumerate(text.splitlines(), 1)
        if "# " in line
    }
    lines = [(str(file), marked[depth]) for depth in sorted(marked)]
    found = object_owners.owner_of(lines, MAKES)
    return (found.line, found.name, found.closer) if found is not None else None


KEPT = """\
class Poller:
    def start(self):
        self.tasks.append(create_task(poll()))  # 0

    def stop(self):
        for one in self.tasks:
            one.cancel()

"""


def test_a_returned_task_belongs_to_the_caller(tmp_path: Path) -> None:
    text = (
        "def spawn(work):\n    return create_task(work)  # 0\n"
        "def run():\n    job = spawn(w())  # 1\n"
    )
    assert owner(tmp_path, text) == (4, "job", None)


def test_whoever_starts_an_object_that_can_end_its_task_has_to_end_it(tmp_path: Path) -> None:
    text = f"{KEPT}async def test():\n    poller = Poller()\n    poller.start()  # 1\n"
    assert owner(tmp_path, text) == (11, "poller", "{}.stop()")


def test_a_class_without_an_end_keeps_its_task(tmp_path: Path) -> None:
    kept = KEPT.replace("stop", "pause")
    text = f"{kept}def run():\n    poller = Poller()\n    poller.start()  # 1\n"
    assert owner(tmp_path, text) == (3, None, None)


def test_an_object_inside_another_is_ended_through_that(tmp_path: Path) -> None:
    text = (
        f"{KEPT}class App:\n    async def close(self):\n        self.poller.stop()\n"
        "    def up(self):\n        self.poller.start()  # 1\n\n"
        "def run():\n    app = App()\n    app.up()  # 2\n"
    )
    assert owner(tmp_path, text) == (17, "app", "await {}.close()")


def test_a_function_that_was_given_the_object_does_not_own_it(tmp_path: Path) -> None:
    """A fixture made the bus, and ends it: the test that subscribes does not."""
    text = f"{KEPT}async def test(poller):\n    poller.start()  # 1\n"
    assert owner(tmp_path, text) is None


def test_the_init_of_a_base_class_belongs_to_who_creates_the_object(tmp_path: Path) -> None:
    text = (
        f"{KEPT.replace('start', '__init__')}class Fast(Poller):\n    def __init__(self):\n"
        "        super().__init__()  # 1\n\ndef run():\n    fast = Fast()  # 2\n"
    )
    assert owner(tmp_path, text) == (14, "fast", "{}.stop()")


@pytest.mark.parametrize(
    "lines",
    [
        "poller = Poller()\n    poller.start()  # 1\n    poller.stop()",
        "poller = Poller()\n    stack.callback(poller.stop)\n    poller.start()  # 1",
        "with closing(Poller().start()):  # 1\n        pass",
    ],
)
def test_nothing_is_said_where_the_owner_ends_it(tmp_path: Path, lines: str) -> None:
    assert owner(tmp_path, f"{KEPT}def run():\n    {lines}\n") is None


def test_a_line_with_several_other_calls_leaves_the_owner_open(tmp_path: Path) -> None:
    text = "def spawn(work):\n    return create_task(work)  # 0\ndef run():\n    a(b(), c())  # 1\n"
    found = owner(tmp_path, text)
    assert found is not None
    assert found[0] == 2


SERVICE = """\
class Feed:
    def __init__(self):
        Thread(target=self.read).start()

    def send(self, line): ...

    async def aclose(self, grace): ...

    async def shut_down(self): ...

    def stop(self, grace=1): ...

class Gauge:
    def start(self):
        Thread(target=self.read).start()

    def append(self): ...

def test_feed():
    feed = Feed()
    self.gauge.start()
"""


def code_of(file: Path, name: str) -> CodeType:
    """Return the code of a method in *file*."""
    known: dict[str, Any] = {}
    exec(compile(file.read_text(encoding="utf-8"), str(file), "exec"), known)
    kind, _, method = name.partition(".")
    found: CodeType = vars(known[kind])[method].__code__
    return found


def test_an_instance_is_ended_by_the_method_with_such_a_name(tmp_path: Path) -> None:
    file = tmp_path / "code.py"
    file.write_text(SERVICE, encoding="utf-8")
    assert object_owners.closer_of_instance(code_of(file, "Feed.__init__")) == "{}.stop()"
    assert object_owners.closer_of_instance(code_of(file, "Gauge.start")) is None


def test_the_name_of_an_instance_is_that_of_the_line_that_makes_or_starts_it(
    tmp_path: Path,
) -> None:
    file = tmp_path / "code.py"
    file.write_text(SERVICE, encoding="utf-8")
    lines = SERVICE.splitlines()
    made, started = lines.index("    feed = Feed()") + 1, lines.index("    self.gauge.start()") + 1
    assert object_owners.holder_at(str(file), made, "__init__") == "feed"
    assert object_owners.holder_at(str(file), started, "start") == "self.gauge"
    assert object_owners.holder_at(str(file), started, "__init__") is None
