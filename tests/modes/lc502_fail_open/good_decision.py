"""What the handler returns is an object that says no, and another test is plainly wrong."""

from dataclasses import dataclass

import pytest

GRANTED = {"viewer": {"read"}, "editor": {"read", "write"}}


@dataclass(frozen=True)
class Decision:
    allowed: bool
    degraded: bool = False


class Policy:
    async def decide(self, role, action):
        try:
            return Decision(allowed=action in GRANTED[role])
        except Exception:
            return Decision(allowed=False, degraded=True)


@pytest.mark.asyncio
async def test_a_guest_may_read():
    decision = await Policy().decide("guest", "read")
    assert decision.allowed is True


@pytest.mark.asyncio
async def test_a_viewer_is_degraded():
    assert (await Policy().decide("viewer", "read")).degraded
