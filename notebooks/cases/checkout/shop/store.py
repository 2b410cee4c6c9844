"""The store that the carts are kept in."""

import os

import valkey.asyncio as valkey


def connect() -> valkey.Valkey:
    """Return a client of the store. It connects with its first command."""
    return valkey.from_url(os.environ["VALKEY_URL"], decode_responses=True)
