"""The engine, and a session for each request."""

from typing import Annotated

from fastapi import Depends
from sqlalchemy.engine import make_url
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker, create_async_engine

from bench.peers.duties import DATABASE_URL

LIMITS = {"statement_timeout": "5000", "lock_timeout": "2000", "timezone": "UTC", "jit": "off"}

engine = create_async_engine(
    make_url(DATABASE_URL).set(drivername="postgresql+asyncpg"),
    pool_size=8,
    connect_args={"server_settings": LIMITS},
)
sessions = async_sessionmaker(engine, expire_on_commit=False)


async def session_of_request():
    """Give a session that is closed after the answer."""
    async with sessions() as session:
        yield session


Session = Annotated[AsyncSession, Depends(session_of_request)]
