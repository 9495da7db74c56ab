"""A file that would read a district in an unsafe way is refused before anything is read."""

import datetime
import ipaddress
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from app.calls.endpoint import Waits, endpoint_of
from app.settings.section import ConfigRefused, Section
from app.sync.connectors.protocol import SourceRefused
from tests.exchange.district_process import KEY, made_up, started
from tests.exchange.http.reading import connector_to, read

WAITS = Waits(*[datetime.timedelta(minutes=1)] * 3)
RIGHT = {"url": "https://exchange.example/api", "key_id": "linli", "key_env": "KEY"}


def section(**changes: object) -> Section:
    return Section("http", {**RIGHT, **changes}, {"KEY": KEY, "SHORT": "short"})


@pytest.mark.parametrize(
    "url",
    [
        "http://exchange.example/api",
        "http://10.0.0.8/api",
        "http://127.0.0.1.example/api",
        "ftp://exchange.example/",
        "https://name:password@exchange.example/",
        "https://exchange.example/api?key=1",
        "https://exchange.example/api#top",
        "https://exchange.example/a b",
        "https://exchange.example/../api",
        "https://exchange.example:port/",
        "exchange.example",
        "",
    ],
)
def test_an_unsafe_address_is_refused(url: str) -> None:
    """Nothing goes in the clear over a network, and no password stands in a file."""
    with pytest.raises(ConfigRefused) as refused:
        endpoint_of(section(url=url), None, WAITS, WAITS)
    assert "password" not in str(refused.value).replace("name or password", "")


@pytest.mark.parametrize(
    "changes",
    [
        {"key_env": "SHORT"},
        {"key_env": "NOT_SET"},
        {"key_id": 'x"y'},
        {"patience": "1h"},
        {"connect_within": "0s"},
        {"largest_answer_mb": 65},
        {"ca_file": "relative.pem"},
        {"ca_file": "/not/there.pem"},
        {"ca_file": "/dev/null"},
    ],
)
def test_a_setting_out_of_bounds_is_refused(changes: dict[str, object]) -> None:
    """A key that can be guessed, a wait without end, an authority that is not there."""
    with pytest.raises(ConfigRefused):
        endpoint_of(section(**changes), None, WAITS, WAITS)


@pytest.mark.parametrize(
    ("url", "authority"),
    [
        ("https://Exchange.example/api/", "exchange.example"),
        ("https://exchange.example:443/api", "exchange.example"),
        ("https://exchange.example:8443/api", "exchange.example:8443"),
        ("http://[::1]:8080/api", "[::1]:8080"),
        ("http://localhost/api", "localhost"),
    ],
)
def test_an_address_is_named_as_it_will_be_signed(url: str, authority: str) -> None:
    """The port is named unless it is the usual one."""
    endpoint = endpoint_of(section(url=url), None, WAITS, WAITS)
    assert (endpoint.authority, endpoint.path) == (authority, "/api")


def test_the_key_is_never_shown() -> None:
    """Not where an endpoint is printed, as in a trace."""
    assert KEY not in repr(endpoint_of(section(), None, WAITS, WAITS))


def test_only_a_district_that_is_vouched_for_is_read(tmp_path: Path) -> None:
    """TLS with an authority of the district's own is right; with a stranger's it is refused."""
    certificate, key = _certificate(tmp_path)
    options = ("--certificate", str(certificate), "--certificate-key", str(key))
    with started(tmp_path / "data", *options) as district:
        district.put("residents", *made_up(2))
        known = connector_to(district, tmp_path, ca_file=certificate.name)
        assert len(read(known).rows) == 2
        with pytest.raises(SourceRefused) as refused:
            connector_to(district, tmp_path).offers()
        assert refused.value.code == "CERTIFICATE_REFUSED"
        district.url = district.url.replace("127.0.0.1", "localhost")
        with pytest.raises(SourceRefused) as refused:
            connector_to(district, tmp_path, ca_file=certificate.name).offers()
        assert refused.value.code == "CERTIFICATE_REFUSED"


def _certificate(folder: Path) -> tuple[Path, Path]:
    """Write a certificate for 127.0.0.1 that vouches for itself, and its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "district")])
    now = datetime.datetime.now(datetime.UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(hours=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]),
            critical=False,
        )
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    paths = folder / "certificate.pem", folder / "key.pem"
    paths[0].write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    paths[1].write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    return paths
