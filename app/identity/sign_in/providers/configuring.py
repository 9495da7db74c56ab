"""One TOML file says who else vouches for people; secrets stay in the environment.

[wechat]                 # the name by which apps call it
kind = "wechat"
app_id = "wx…"
secret_env = "WECHAT_SECRET"

[district]
kind = "oidc"
issuer = "https://id.example"
client_id = "linli"
secret_env = "OIDC_SECRET"   # left out for a public client
redirect_uri = "https://app.example/back"
"""

import re
import tomllib
from collections.abc import Callable, Mapping
from pathlib import Path

from app.identity.sign_in.providers import oidc, wechat
from app.identity.sign_in.providers.protocol import Provider
from app.settings.section import ConfigRefused, Section

NAME = re.compile(r"[a-z][a-z0-9-]{0,39}")
KINDS: dict[str, Callable[[Section], Provider]] = {
    "wechat": wechat.configured,
    "oidc": oidc.configured,
}
VOUCHERS = "network-identity"


def read_ways(path: Path | None, environ: Mapping[str, str]) -> dict[str, Section]:
    """Return the sections of the file by name, with their kinds known.

    Raises:
        ConfigRefused: it cannot be read, or names a kind that there is not.
    """
    if path is None:
        return {}
    try:
        content = tomllib.loads(path.read_text("utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as fault:
        raise ConfigRefused(f"{path.name} cannot be read: {fault}") from fault
    found = {}
    for name, values in content.items():
        if not NAME.fullmatch(name) or not isinstance(values, dict):
            raise ConfigRefused(f"{path.name}: [{name}] must be a name in small letters")
        section = Section(f"{path.name} [{name}]", values, environ)
        if section.text("kind") not in (*KINDS, VOUCHERS):
            raise ConfigRefused(
                f"{section.title}.kind must be one of {', '.join((*KINDS, VOUCHERS))}"
            )
        found[name] = section
    return found


def providers_of(sections: Mapping[str, Section]) -> dict[str, Provider]:
    """Return the providers that sections describe.

    Raises:
        ConfigRefused: a setting is missing, unknown or unsafe.
    """
    return {
        name: KINDS[section.text("kind")](section)
        for name, section in sections.items()
        if section.text("kind") in KINDS
    }
