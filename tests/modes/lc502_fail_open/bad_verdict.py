"""What was said before the `try` is what the handler leaves, and that says yes."""

# name: Policy.allowed
# or: nothing
import pytest

RULES = {"read": {"result": "allow"}, "delete": {"result": "deny"}}


class Policy:
    async def ask(self, action):
        return RULES[action]

    async def allowed(self, action):
        verdict = "allow"
        try:
            answer = await self.ask(action)
            verdict = answer["verdict"]
        except Exception:  # LC502
            pass
        return verdict == "allow"


@pytest.mark.asyncio
async def test_nothing_is_deleted():
    assert await Policy().allowed("delete") is False
