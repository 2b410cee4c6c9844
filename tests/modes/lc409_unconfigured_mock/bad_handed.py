"""The double has no name where it is made; the failing line only has what its call gave."""

# name: self.repo.find().rate

import json
from unittest.mock import AsyncMock

import pytest


class Loans:
    def __init__(self, repo):
        self.repo = repo

    async def export(self, ident):
        loan = await self.repo.find(ident)
        return json.dumps({"id": ident, "rate": loan.rate})


@pytest.mark.asyncio
async def test_a_loan_is_exported():
    loans = Loans(AsyncMock())  # LC409
    assert "rate" in await loans.export(1)
