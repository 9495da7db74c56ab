"""What docs/exchange/http.md shows to the district's engineers works as it is written."""

import os
import re
import subprocess
from pathlib import Path

import pytest

from app.settings.section import ConfigRefused
from app.sync.connectors.config import read_config
from app.sync.connectors.opening import connector_of
from app.sync.outward.http import configured
from tests.exchange.district_process import KEY, ROOT, DistrictProcess

PAGE = (ROOT / "docs" / "exchange" / "http.md").read_text("utf-8")
HTTP = PAGE


def shown(language: str) -> str:
    """Return the first block of a language in the section."""
    match = re.search(rf"^```{language}\n(.*?)^```$", HTTP, re.MULTILINE | re.DOTALL)
    assert match
    return match[1]


def test_the_curl_examples_are_let_in_and_answered(answering: DistrictProcess) -> None:
    """Pasted into a shell, each example is answered by a district that checks signatures."""
    answering.put("residents", {"sid": "R0000018", "name": "试行"})
    environ = {"URL": answering.url, "AUTHORITY": answering.url[7:], "DISTRICT_KEY": KEY}
    told = subprocess.run(
        ["bash", "-ec", shown("sh")],
        env={**os.environ, **environ},
        check=True,
        capture_output=True,
        text=True,
    ).stdout
    assert "signature" not in told
    for part in ('"streams": [', '"more": false', '"buckets": {', '"receipt": "'):
        assert part in told
    assert told.count('"sid": "R0000018"') == 2
    assert [outcome.key for outcome in answering.received()] == ["request-1-000001"]


def test_the_file_that_is_shown_is_understood(tmp_path: Path) -> None:
    """Every setting of the page is one, inward and outward."""
    text = shown("toml")
    path = tmp_path / "district.toml"
    path.write_text(text, "utf-8")
    config = read_config(path, {"DISTRICT_KEY": KEY})
    assert config.out is not None
    configured(config.out)
    with pytest.raises(ConfigRefused, match="ca_file"):
        connector_of(config)
    path.write_text(text.replace("ca_file", "# ca_file"), "utf-8")
    assert connector_of(read_config(path, {"DISTRICT_KEY": KEY})).source == "district"
