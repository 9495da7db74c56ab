"""FastAPI, pydantic and SQLAlchemy's asyncio on asyncpg, as their users write it."""
