"""The ceiling on what one request may upload, kept while the bytes still arrive."""

from dataclasses import dataclass
from typing import Any, NoReturn

from django.conf import settings
from django.core.files.uploadhandler import FileUploadHandler, StopUpload
from django.http import HttpRequest


@dataclass(frozen=True)
class TooLarge:
    """Bytes: what was announced, or what had come when we stopped; and what is allowed."""

    size: int
    limit: int


class Ceiling(FileUploadHandler):
    """First of the upload handlers, for every form: stops reading when a file grows too large.

    The rest of the request is left unread and what had come of the file is dropped; the view
    asks `too_large` and answers 413.
    """

    too_large: TooLarge | None = None
    announced = 0
    received = 0

    def handle_raw_input(
        self,
        input_data: Any,
        META: dict[str, str],
        content_length: int,
        boundary: str,
        encoding: str | None = None,
    ) -> None:
        self.announced = content_length

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:
        size, self.received = start + len(raw_data), self.received + len(raw_data)
        if size > settings.MAX_PICTURE_BYTES:
            self._stop(settings.MAX_PICTURE_BYTES)
        if self.received > settings.MAX_UPLOAD_BYTES:
            self._stop(settings.MAX_UPLOAD_BYTES)
        return raw_data

    def _stop(self, limit: int) -> NoReturn:
        self.too_large = TooLarge(max(self.announced, self.received), limit)
        raise StopUpload(connection_reset=True)

    def file_complete(self, file_size: int) -> None:
        """The handlers below hold the bytes."""


def too_large(request: HttpRequest) -> TooLarge | None:
    """What the ceiling has cut off in this request, once its body has been read."""
    ceilings = (h for h in request.upload_handlers if isinstance(h, Ceiling))
    return next((c.too_large for c in ceilings if c.too_large), None)
