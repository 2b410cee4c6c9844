"""What two tasks used at once, where the tasks are coroutines of a library: no line is theirs."""

import asyncio
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession, create_async_engine

from loopcheck.labels import Labels
from loopcheck.process.databases import shared_sessions
from loopcheck.watch import tasks


async def _two(session: AsyncSession) -> None:
    async with asyncio.TaskGroup() as group:
        group.create_task(session.execute(text("select 1")))
        group.create_task(session.execute(text("select 2")))


@pytest.mark.asyncio
async def test_the_line_of_the_group_stands_for_those_of_its_tasks(tmp_path: Path) -> None:
    engine = create_async_engine(f"sqlite+aiosqlite:///{tmp_path}/shop.db")
    session = AsyncSession(engine)
    with pytest.raises(ExceptionGroup) as caught:
        await _two(session)
    found = shared_sessions.read(caught.value, None, Labels(str(tmp_path)), tasks.site)
    assert found is not None
    assert found.used_at is not None
    assert found.used_at.name == "_two"
    await engine.dispose()
