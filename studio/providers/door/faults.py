"""What can go wrong at the door. Messages name a host at most: never a key, path or query."""

from enum import StrEnum


class Why(StrEnum):
    # Before a byte was sent.
    BAD_ADDRESS = "bad address"  # not an address that anybody could call
    FORBIDDEN = "forbidden address"  # not public, not https, or not trusted in practice mode
    BAD_REQUEST = "bad request"  # a header that HTTP does not know
    NO_NAME = "name not found"
    REFUSED = "connection refused"
    UNREACHABLE = "unreachable"
    CONNECT_TIMEOUT = "no connection in time"
    TLS = "secure connection failed"
    PROXY = "proxy failed"
    GATE = "not to be sent"
    # After that.
    TIMEOUT = "no answer in time"
    RESET = "connection broken"
    BROKEN = "answer is not HTTP"
    TOO_LARGE = "too large"
    STOPPED = "stopped"
    # Downloads.
    NEW_HOST = "new host"
    BAD_STATUS = "status"
    TOO_SLOW = "too slow"
    CUT = "cut short"
    ENCODED = "encoded"


class DoorError(Exception):
    """`why` is for programs, `str()` for people; `host` is whom it was about, "" if nobody."""

    def __init__(self, why: Why, host: str = "") -> None:
        super().__init__(f"{why}: {host}" if host else str(why))
        self.why = why
        self.host = host


class NotSent(DoorError):
    """Provably no byte of the request left this machine."""


class NoAnswer(DoorError):
    """Sent, or perhaps sent; what the other side did with it is not known."""


class DownloadError(DoorError):
    """A file that did not come whole."""


class NewHost(DownloadError):
    """The link points to a host that nobody has allowed. Nothing was connected to."""

    def __init__(self, host: str) -> None:
        super().__init__(Why.NEW_HOST, host)


class BadStatus(DownloadError):
    """403, 404 and 410 say that the link is gone."""

    def __init__(self, status: int, host: str = "") -> None:
        super().__init__(Why.BAD_STATUS, host)
        self.status = status

    def __str__(self) -> str:
        return f"status {self.status}: {self.host}"


class TooLarge(DownloadError):
    """More than the ceiling or than stated. What had come is removed."""

    def __init__(self, host: str = "") -> None:
        super().__init__(Why.TOO_LARGE, host)


class TooSlow(DownloadError):
    """Under the least rate, or not whole by the deadline."""

    def __init__(self, host: str = "") -> None:
        super().__init__(Why.TOO_SLOW, host)


class Cut(DownloadError):
    """Less than stated, or the connection broke."""

    def __init__(self, host: str = "") -> None:
        super().__init__(Why.CUT, host)


class Encoded(DownloadError):
    """The body is compressed although identity was asked for: a bomb, or not our file."""

    def __init__(self, host: str = "") -> None:
        super().__init__(Why.ENCODED, host)


class Stopped(DownloadError):
    """We were told to stop: by `on_bytes`, or because this process ends."""

    def __init__(self, host: str = "") -> None:
        super().__init__(Why.STOPPED, host)
