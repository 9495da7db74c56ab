"""Twenty workers are killed in the midst of a campaign: nobody is lost, nobody sees it twice."""

import os
import sys
from pathlib import Path

from flask import Flask

from app.settings import Settings
from bench.notices.delivery import under_kills
from tests.surroundings import environment, owner_url

KILLS, PAGE = 20, 25


def test_kills_lose_nobody_and_repeat_no_more_than_a_page_each(
    app: Flask, settings: Settings
) -> None:
    told = environment(settings.database_url, settings.exchange_out.parent)
    lost, twice = under_kills(
        owner_url(settings.database_url),
        {**os.environ, **told},
        Path(sys.executable),
        ["DDHT"],
        pause=0.02,
        page=PAGE,
        kills=KILLS,
    )
    assert lost == 0
    assert twice <= KILLS * PAGE
    print(f"{twice} of 3,000 went out twice, hidden by their keys")
