"""A district that answers, for each test that asks for one."""

from tests.exchange.district_process import answering

__all__ = ["answering"]
