"""The bank, as far as the shop knows it."""

import os
from collections.abc import AsyncIterator

import httpx


class Refused(Exception):
    """The bank does not charge this card."""


class Bank:
    def __init__(self, http: httpx.AsyncClient) -> None:
        self.http = http

    async def charge(self, card: str, cents: int) -> str:
        """Take the money, and return the number of the receipt."""
        answer = await self.http.post("/charges", json={"card": card, "cents": cents})
        if answer.status_code == httpx.codes.PAYMENT_REQUIRED:
            raise Refused(card)
        return answer.raise_for_status().json()["receipt"]


async def get_bank() -> AsyncIterator[Bank]:
    async with httpx.AsyncClient(base_url=os.environ["BANK_URL"]) as http:
        yield Bank(http)
