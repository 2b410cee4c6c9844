"""Which call at last gets a function that other lines pass on, by names, objects and tables."""

from __future__ import annotations

from pathlib import Path

import pytest

from loopcheck.source.coroutines import callback_routes

LOOP = frozenset({"call_soon", "call_later"})


def taken(folder: Path, text: str) -> list[int]:
    file = folder / "code.py"
    file.write_text(text, encoding="utf-8")
    return sorted(one.line for one in callback_routes.taken("save", [str(file)], LOOP))


@pytest.mark.parametrize(
    "line",
    [
        "loop.call_soon(self.save)",
        "loop.call_soon(partial(self.save, 1))",
        "loop.call_later(1, lambda: self.save(1))",
        "loop.call_soon(lambda: partial(self.save, 1))",
        "loop.call_soon(self.save if self.on else print)",
    ],
)
def test_a_call_gets_the_function_in_another_form(tmp_path: Path, line: str) -> None:
    assert taken(tmp_path, line) == [1]


@pytest.mark.parametrize(
    "line",
    [
        "loop.call_soon(self.save())",
        "loop.call_soon(lambda: create_task(self.save()))",
        "loop.call_soon(print, self.saved)",
        "loop.call_soon([self.other, self.save][0])",
    ],
)
def test_what_only_calls_it_or_starts_a_task_gets_something_else(tmp_path: Path, line: str) -> None:
    assert taken(tmp_path, line) == []


def test_a_name_an_attribute_and_a_parameter_are_followed(tmp_path: Path) -> None:
    text = """\
def soon(work):
    loop.call_soon(work)

class Timer:
    def __init__(self, action, *args):
        self.again = partial(action, *args)

    def start(self):
        loop.call_later(1, self.again)

def run(editor):
    last = partial(editor.save, "tea")
    loop.call_soon(last)
    Timer(editor.save, "tea").start()
    soon(editor.save)
"""
    assert taken(tmp_path, text) == [2, 9, 13]


def test_the_items_of_a_table_are_followed(tmp_path: Path) -> None:
    text = """\
class Bus:
    def on(self, topic, handler):
        self.handlers.setdefault(topic, []).append(handler)

    def emit(self, topic):
        for one in self.handlers.get(topic, ()):
            loop.call_soon(one)
        for one in self.others:
            loop.call_soon(one)

bus.on("typed", editor.save)
"""
    assert taken(tmp_path, text) == [7]


def test_a_class_of_the_project_is_no_taker_of_that_name(tmp_path: Path) -> None:
    text = "class call_soon:\n    def __init__(self, work):\n        pass\n\ncall_soon(save)\n"
    assert taken(tmp_path, text) == []
