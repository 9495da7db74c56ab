"""Who else vouches for people here, read once when the application is assembled."""

from collections.abc import Mapping
from pathlib import Path

from app.identity.real_name.network_identity import voucher_desk
from app.identity.real_name.vouchers import take_vouchers_at
from app.identity.sign_in.arriving import come_by
from app.identity.sign_in.providers.configuring import VOUCHERS, providers_of, read_ways
from app.settings import SettingsRefused
from app.settings.section import ConfigRefused


def open_ways(path: Path | None, environ: Mapping[str, str]) -> None:
    """Make ready the providers and the voucher service that the file names.

    Raises:
        SettingsRefused: a setting is missing, unknown or unsafe.
    """
    try:
        sections = read_ways(path, environ)
        come_by(providers_of(sections))
        desks = [each for each in sections.values() if each.text("kind") == VOUCHERS]
        if len(desks) > 1:
            raise ConfigRefused("only one network-identity service can be named")
        take_vouchers_at(voucher_desk(desks[0]) if desks else None)
    except ConfigRefused as fault:
        raise SettingsRefused(f"LINLI_WAYS_IN: {fault}") from None
