"""The call stands in a plain `def`, which can't await it as it is."""

# name: Policy.is_allowed

import pytest
from gate import Gate


class Policy:
    async def is_allowed(self, user):
        return user == "ann"


@pytest.mark.asyncio
async def test_a_guest_stays_outside():
    assert await Gate(Policy()).enter("bob") == "no entry"
