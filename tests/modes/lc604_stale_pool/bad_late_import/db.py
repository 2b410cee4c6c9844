import os

from sqlalchemy.ext.asyncio import create_async_engine

URL = os.environ["POSTGRES_URL"].replace("postgresql:", "postgresql+asyncpg:")
engine = create_async_engine(URL)  # LC604
