"""Helpers that are called like tests, and what looks like a test inside of one."""

import enum
import inspect
import threading
from dataclasses import dataclass
from unittest import mock


class TestClient:
    def __init__(self, url):
        self.url = url

    def test_connection(self):
        assert self.url
        return True


class TestStatus(enum.Enum):
    PASSED = 1

    def test_it(self):
        assert self.value


@dataclass
class TestCase:
    given: int
    wanted: int


class TestThread(threading.Thread):
    def __init__(self):
        super().__init__(daemon=True)

    def test_run(self):
        assert self.is_alive()


class Probe:
    def test_speed(self):
        return 3

    def test_size(self):
        return 4


class Connection:
    def __init__(self, up):
        self.up = up

    def test_up(self):
        assert self.up

    def close(self):
        self.up = False


def test_connection():
    assert TestClient("http://localhost").test_connection()
    assert TestCase(1, 1).given == 1


def test_handlers():
    routes = {}

    def route(name):
        return lambda function: routes.setdefault(name, function)

    @route("/test")
    def test_route():
        assert True

    def test_helper(value):
        assert value

    def test_returned():
        assert True

    test_helper(1)
    assert set(routes) == {"/test"}
    return None if test_returned else None


def test_by_name():
    def test_local():
        assert True

    locals()["test_local"]()


def test_mock():
    with mock.patch("time.sleep") as test_sleep:
        assert not test_sleep.called


def example():
    def test_in_a_text():
        assert 1 == 2


def test_source():
    assert "test_in_a_text" in inspect.getsource(example)
