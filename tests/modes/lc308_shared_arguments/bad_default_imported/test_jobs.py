"""A default of the application's, kept by each of its objects."""

import jobs

# name: seen


def test_put():
    assert jobs.Jobs().put("a") == {"a": True}


def test_put_again():
    assert jobs.Jobs().put("b") == {"b": True}
