"""An application that keeps one session for all its requests."""

from fastapi import Depends, FastAPI, Request
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession, create_async_engine


async def current_session(request: Request):
    return request.app.state.session


def create_app(url):
    app = FastAPI()
    app.state.engine = create_async_engine(url)
    app.state.session = AsyncSession(app.state.engine)  # LC606

    @app.get("/n/{n}")
    async def number(n: int, session: AsyncSession = Depends(current_session)):
        return {"n": await session.scalar(text(f"select {n}"))}

    return app
