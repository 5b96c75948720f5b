"""Hand a kept file to a browser: whole, in part, or "you have it already".

The caller has done the object check. Conditions are Django's, slices WhiteNoise's; the reading
of Range is ours, since WhiteNoise refuses a range of one byte and knows no If-Range.
"""

import logging
from pathlib import PurePosixPath

from django.conf import settings
from django.http import (
    FileResponse,
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseBase,
    HttpResponseNotAllowed,
)
from django.utils.cache import get_conditional_response
from django.utils.http import http_date, quote_etag
from whitenoise.responders import SlicedFile

from studio.storage import store
from studio.storage.disposition import disposition
from studio.storage.models import Blob
from studio.storage.ranges import NotSatisfiable, Span, span

logger = logging.getLogger(__name__)

# What a browser may show by itself; anything else is a download.
_SHOWN = frozenset({"image/jpeg", "image/png", "image/webp", "video/mp4"})


class _Stream(FileResponse):
    block_size = 256 * 1024


def serve(
    request: HttpRequest, blob: Blob, *, filename: str, attachment: bool = False
) -> HttpResponseBase:
    """Answer GET or HEAD for `blob`: 200, 206, 304, 412 or 416.

    `filename` is the name it is saved under; any text will do. Raises Http404 when the file is
    missing, which is logged.
    """
    if request.method not in {"GET", "HEAD"}:
        return HttpResponseNotAllowed(["GET", "HEAD"])
    response = _respond(request, blob)
    shown = blob.media_type in _SHOWN and not attachment
    if response.status_code in {200, 206}:
        response["Content-Type"] = blob.media_type
        response["Content-Disposition"] = disposition(filename, attachment=not shown)
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response


def _respond(request: HttpRequest, blob: Blob) -> HttpResponseBase:
    head = HttpResponse(headers=_headers(blob))
    if settings.ACCEL_REDIRECT:
        return _hand_over(head, blob)
    modified = int(blob.created_at.timestamp())
    answer = get_conditional_response(request, head["ETag"], modified, head) or head
    if answer is not head:
        return answer
    if not store.exists(blob):
        logger.error("blob %s is missing or has changed its size", blob.sha256)
        raise Http404
    return _body(request, blob, head)


def _headers(blob: Blob) -> dict[str, str]:
    return {
        "ETag": quote_etag(blob.sha256),
        "Last-Modified": http_date(blob.created_at.timestamp()),
        "Cache-Control": "private, max-age=31536000, immutable",
        "Accept-Ranges": "bytes",
        "Content-Length": str(blob.size),
    }


def _hand_over(head: HttpResponse, blob: Blob) -> HttpResponse:
    """The server in front reads the file, and answers ranges and conditions itself."""
    location = store.path(blob).relative_to(settings.MEDIA_ROOT)
    head["X-Accel-Redirect"] = str(PurePosixPath(settings.ACCEL_REDIRECT) / location)
    del head["Content-Length"]
    return head


def _body(request: HttpRequest, blob: Blob, head: HttpResponse) -> HttpResponseBase:
    if request.method == "HEAD":
        return head
    try:
        wanted = _wanted(request, blob, head)
    except NotSatisfiable:
        return HttpResponse(status=416, headers={"Content-Range": f"bytes */{blob.size}"})
    return _whole(blob, head) if wanted is None else _part(blob, head, wanted)


def _wanted(request: HttpRequest, blob: Blob, head: HttpResponse) -> Span | None:
    asked = request.headers.get("Range")
    condition = request.headers.get("If-Range")
    # Strong comparison only: a part glued to another version would be a broken file.
    if asked is None or condition not in {None, head["ETag"], head["Last-Modified"]}:
        return None
    return span(asked, blob.size)


def _whole(blob: Blob, head: HttpResponse) -> HttpResponseBase:
    return _Stream(store.open(blob), headers=dict(head.items()))


def _part(blob: Blob, head: HttpResponse, wanted: Span) -> HttpResponseBase:
    part = SlicedFile(store.open(blob), wanted.first, wanted.last)  # type: ignore[no-untyped-call]
    response = _Stream(part, status=206, headers=dict(head.items()))
    response["Content-Length"] = str(wanted.length)
    response["Content-Range"] = f"bytes {wanted.first}-{wanted.last}/{blob.size}"
    return response
