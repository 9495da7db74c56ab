"""A store that speaks S3, through MinIO's client: signed, with bounded waits."""

import hashlib
import io
from urllib.parse import parse_qs, urlsplit

import urllib3
from minio import Minio
from minio.error import MinioException, S3Error

from app.files.stores.protocol import BlobMissing, StoreAway
from app.settings import Settings

WAITS = urllib3.Timeout(connect=3.0, read=10.0)
TRIES = 2  # a repeat does no harm: a blob's name is its content
CONNECTIONS = 4
GONE = ("NoSuchKey", "NoSuchBlob", "NoSuchObject")


class S3Store:
    """Blobs in a bucket."""

    def __init__(self, client: Minio, bucket: str) -> None:
        self._client = client
        self._bucket = bucket

    def put(self, digest: str, content: bytes) -> None:
        """Keep the bytes; see ``Store``."""
        try:
            self._client.put_object(
                self._bucket, _name(digest), io.BytesIO(content), length=len(content)
            )
        except (MinioException, urllib3.exceptions.HTTPError) as fault:
            raise StoreAway(type(fault).__name__) from fault

    def get(self, digest: str) -> bytes:
        """Return the bytes; see ``Store``."""
        try:
            answer = self._client.get_object(self._bucket, _name(digest))
            try:
                content: bytes = answer.read()
            finally:
                answer.close()
                answer.release_conn()
        except S3Error as fault:
            if fault.code in GONE:
                raise BlobMissing(digest) from fault
            raise StoreAway(str(fault.code)) from fault
        except (MinioException, urllib3.exceptions.HTTPError) as fault:
            raise StoreAway(type(fault).__name__) from fault
        if hashlib.sha256(content).hexdigest() != digest:
            raise BlobMissing(digest)
        return content

    def delete(self, digest: str) -> None:
        """Delete the bytes; see ``Store``."""
        try:
            self._client.remove_object(self._bucket, _name(digest))
        except (MinioException, urllib3.exceptions.HTTPError) as fault:
            raise StoreAway(type(fault).__name__) from fault


def s3_store(settings: Settings) -> S3Store:
    """Return the store of ``s3+https://host:port/bucket?region=…``."""
    place = urlsplit(settings.files.removeprefix("s3+"))
    region = parse_qs(place.query).get("region", ["us-east-1"])[0]
    pool = urllib3.PoolManager(
        timeout=WAITS,
        maxsize=CONNECTIONS,
        retries=urllib3.Retry(
            total=TRIES, backoff_factor=0.2, status_forcelist=[500, 502, 503, 504]
        ),
        cert_reqs="CERT_REQUIRED",
    )
    client = Minio(
        place.netloc,
        access_key=settings.files_key,
        secret_key=settings.files_secret,
        secure=place.scheme == "https",
        region=region,  # given, so that nobody is asked for it
        http_client=pool,
    )
    return S3Store(client, place.path.strip("/"))


def _name(digest: str) -> str:
    return f"{digest[:2]}/{digest}"
