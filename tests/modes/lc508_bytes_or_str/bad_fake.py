"""The fake is made as the real client would be: without decode_responses it gives bytes."""

# name: store
import fakeredis
import pytest


class Sessions:
    def __init__(self, redis):
        self.redis = redis

    def open(self, token, user):
        self.redis.set(f"session:{token}", user)

    def user(self, token):
        return self.redis.get(f"session:{token}")


@pytest.fixture
def store():
    return fakeredis.FakeRedis()  # LC508


@pytest.fixture
def sessions(store):
    return Sessions(store)


def test_a_session_knows_its_user(sessions):
    sessions.open("abc", "ada")
    assert sessions.user("abc") == "ada"


def test_all_sessions_are_listed(sessions, store):
    sessions.open("abc", "ada")
    sessions.open("def", "bob")
    keys = sorted(store.scan_iter("session:*"))
    assert keys == ["session:abc", "session:def"]
