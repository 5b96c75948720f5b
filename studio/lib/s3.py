"""Where an object store is and who we are there, as the operator said it."""

from dataclasses import dataclass, field

_GIGABYTE = 1024**3


@dataclass(frozen=True)
class S3:
    """No `endpoint`: Amazon's. No keys: boto3 looks for the role of the machine."""

    bucket: str
    region: str
    endpoint: str = ""
    access_key: str = ""
    secret_key: str = field(default="", repr=False)
    # Browsers are sent to the store for clips, with a signed address; else all goes through us.
    is_direct: bool = False
    cache_gigabytes: int = 10

    @property
    def address(self) -> str:
        return self.endpoint or f"https://s3.{self.region}.amazonaws.com"

    @property
    def addressing(self) -> str:
        """Amazon puts the bucket into the host name; what people run themselves, into the path."""
        return "path" if self.endpoint else "virtual"

    @property
    def origin(self) -> str:
        """From where a browser that is sent to the store gets its bytes."""
        if self.endpoint:
            return self.endpoint
        return f"https://{self.bucket}.s3.{self.region}.amazonaws.com"

    @property
    def cache_bytes(self) -> int:
        return self.cache_gigabytes * _GIGABYTE
