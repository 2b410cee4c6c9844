"""What was said before the `try` says no, or was said anew before the error; tests plainly fail."""

import pytest

pytestmark = pytest.mark.asyncio


class Careful:
    async def allowed(self, rules, action):
        verdict = "deny"
        try:
            verdict = rules[action]
        except Exception:
            pass
        return verdict == "allow"


class Noted:
    def __init__(self):
        self.seen = {}

    async def allowed(self, rules, action):
        verdict = "deny"
        try:
            verdict = rules[action]
            self.seen[action] += 1
        except Exception:
            pass
        return verdict == "allow"

    async def open(self, rules, action):
        verdict = "allow"
        try:
            verdict = rules[action]
            self.seen[action] += 1
        except Exception:
            pass
        return verdict == "allow"


class Turned:
    async def allowed(self, rules, action):
        verdict = "allow"
        try:
            rules[action]
        except Exception:
            pass
        verdict = "deny"
        return verdict == "allow"


async def test_it_is_said_again_at_last():
    assert await Turned().allowed({}, "read") is True


async def test_it_says_no():
    assert await Careful().allowed({}, "read") is True


async def test_it_said_yes_before_the_error():
    assert await Noted().allowed({"read": "allow"}, "read") is False


async def test_it_was_open_and_said_yes_before_the_error():
    assert await Noted().open({"read": "allow"}, "read") is False
