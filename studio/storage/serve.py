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
    HttpResponseRedirect,
)
from django.shortcuts import render
from django.utils.cache import get_conditional_response
from django.utils.http import http_date, quote_etag

from studio.storage import store
from studio.storage.disposition import disposition
from studio.storage.models import Blob, Fault
from studio.storage.place import Shown
from studio.storage.ranges import NotSatisfiable, Span, span

logger = logging.getLogger(__name__)

# What a browser may show by itself; anything else is a download.
_SHOWN = frozenset({"image/jpeg", "image/png", "image/webp", "video/mp4"})

# Only clips of at least so many bytes are worth the detour to an object store. Pictures never:
# scripts of ours read their pixels, which a browser allows for our own address alone.
_WORTH_A_DETOUR = 1024 * 1024
# Seconds for which a browser may take the same detour again; less than the address is good for.
_DETOUR_KNOWN = 300


_FAULTS = {Fault.MISSING: 404, Fault.DAMAGED: 409}


class _Stream(FileResponse):
    block_size = 256 * 1024


def serve(
    request: HttpRequest, blob: Blob, *, filename: str, attachment: bool = False
) -> HttpResponseBase:
    """Answer GET or HEAD for `blob`: 200, 206, 302, 304, 412 or 416.

    `filename` is the name it is saved under; any text will do. A file that is known to be
    damaged is not handed out: 409 and a page that says so; a missing one: the same with 404.
    Raises Http404 when the file turns out to be missing, which is logged.
    """
    if request.method not in {"GET", "HEAD"}:
        return HttpResponseNotAllowed(["GET", "HEAD"])
    if blob.fault:
        return render(
            request, "storage/fault.html", {"blob": blob}, status=_FAULTS[Fault(blob.fault)]
        )
    attachment = attachment or blob.media_type not in _SHOWN
    shown = Shown(blob.media_type, disposition(filename, attachment=attachment))
    response = _respond(request, blob, shown)
    if response.status_code in {200, 206}:
        response["Content-Type"] = shown.media_type
        response["Content-Disposition"] = shown.disposition
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response


def _respond(request: HttpRequest, blob: Blob, shown: Shown) -> HttpResponseBase:
    head = HttpResponse(headers=_headers(blob))
    if settings.ACCEL_REDIRECT and settings.S3_STORE is None:
        return _hand_over(head, blob)
    modified = int(blob.created_at.timestamp())
    answer = get_conditional_response(request, head["ETag"], modified, head) or head
    if answer is not head:
        return answer
    if not store.exists(blob):
        logger.error("blob %s is missing or has changed its size", blob.sha256)
        raise Http404
    detour = _detour(request, blob, shown)
    return detour or _body(request, blob, head)


def _detour(request: HttpRequest, blob: Blob, shown: Shown) -> HttpResponse | None:
    """To the object store itself, which answers ranges. It is asked for GET: HEAD is ours."""
    is_worth_it = shown.media_type.startswith("video/") and blob.size >= _WORTH_A_DETOUR
    elsewhere = store.url(blob, shown) if is_worth_it and request.method == "GET" else None
    if elsewhere is None:
        return None
    known = {"Cache-Control": f"private, max-age={_DETOUR_KNOWN}"}
    return HttpResponseRedirect(elsewhere, headers=known)


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
    return _Stream(store.stream(blob), headers=dict(head.items()))


def _part(blob: Blob, head: HttpResponse, wanted: Span) -> HttpResponseBase:
    response = _Stream(store.stream(blob, wanted), status=206, headers=dict(head.items()))
    response["Content-Length"] = str(wanted.length)
    response["Content-Range"] = f"bytes {wanted.first}-{wanted.last}/{blob.size}"
    return response
