from shared_tests import *  # noqa: F403
from shop import db


def test_cart():
    assert db.test_connection()
