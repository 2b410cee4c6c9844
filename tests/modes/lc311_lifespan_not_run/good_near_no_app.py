"""A State of Starlette's that no app has, and a dict of nobody's."""

from starlette.datastructures import State


def test_state():
    assert State({"db": 1}).dbs == 1


def test_plain():
    assert {"db": 1}["dbs"] == 1
