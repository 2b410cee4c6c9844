"""A name that no file declares is a slip of the pen, for all that is known of psycopg's tables."""

import psycopg
import pytest


@pytest.mark.asyncio
async def test_a_slip():
    await psycopg.AsyncConnection().execute("select name from peeple")
