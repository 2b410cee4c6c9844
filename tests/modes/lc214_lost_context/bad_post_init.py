"""A dataclass sets its variable when it is created: in a fixture, and a worker thread reads it."""

import threading
from contextvars import ContextVar
from dataclasses import dataclass, field

import pytest


@dataclass
class Audit:
    user: ContextVar = field(default_factory=lambda: ContextVar("user"))

    def __post_init__(self):
        self.user.set("nobody")  # LC214

    def line(self, what):
        return f"{self.user.get()}: {what}"


@pytest.fixture
def audit():
    return Audit()


# name: self.user
def test_a_worker_writes_a_line(audit):
    lines, failed = [], []

    def work():
        try:
            lines.append(audit.line("paid"))
        except LookupError as error:
            failed.append(error)

    worker = threading.Thread(target=work)
    worker.start()
    worker.join()
    if failed:
        raise failed[0]
    assert lines == ["nobody: paid"]
