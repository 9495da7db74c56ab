"""The application."""

from contextlib import asynccontextmanager

from fastapi import FastAPI

from bench.peers.fastapi_site import nearby, once
from bench.peers.fastapi_site.database import engine
from bench.peers.fastapi_site.surrounding import Surrounding


@asynccontextmanager
async def lifespan(_app):
    """Close the connections at the end."""
    yield
    await engine.dispose()


app = FastAPI(lifespan=lifespan)
app.add_middleware(Surrounding)
app.include_router(nearby.router)
app.include_router(once.router)
