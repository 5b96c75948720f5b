"""The files behind the links: strong tags, ranges, an end to their life; and their faults."""

import gzip
import hashlib
import io
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace

from PIL import Image

from studio.sandbox.answers import Answer, page
from studio.sandbox.faults import Fault, Moment
from studio.sandbox.house import House
from studio.sandbox.jobs import Job, Link
from studio.sandbox.render import signed

VIDEO = "video/mp4"
PRIVATE = "http://169.254.169.254/latest/meta-data/"
_RANGE = re.compile(r"bytes=(?P<first>\d*)-(?P<last>\d*)")
_NAME = re.compile(r"/files/(?P<token>[\w-]+)\.(?P<kind>mp4|jpg)")
_CHUNK = 64 * 1024


class Shelf:
    """Hands out the finished files."""

    def __init__(self, house: House) -> None:
        self._house = house
        self._served = 0

    def answer(self, path: str, headers: Mapping[str, str]) -> Answer:
        named = _NAME.fullmatch(path)
        found = self._house.links.get(named["token"]) if named else None
        if named is None or found is None:
            return Answer(404, b"no such file", "text/plain")
        job, link = found
        if self._house.is_dead(job, link):
            return Answer(403, b"<Error><Code>AccessDenied</Code></Error>", "application/xml")
        if named["kind"] == "jpg":
            return Answer(200, _cover(job), "image/jpeg")
        content = signed(self._house.studio.file(job.clip), f"{job.id}/{link.number}")
        fault = self._house.fault(Moment.DOWNLOAD, job.provider, job)
        return (
            self._spoilt(fault, job, link, content, headers) if fault else whole(content, headers)
        )

    def _spoilt(
        self, fault: Fault, job: Job, link: Link, content: bytes, headers: Mapping[str, str]
    ) -> Answer:
        name = fault.name
        if name in {"link_gone_once", "gone"}:
            return self._gone(fault, job, link)
        if name in {"redirect_download", "redirect_private"}:
            return self._redirect(fault, job, link)
        if name in {"download_500", "download_503"}:
            return page(int(name[-3:]), "Service Unavailable")
        if name == "download_hang":
            return replace(whole(content, headers), hang=fault.number("seconds", 600))
        if name in {"etag_flip", "weak_etag"}:
            self._served += 1
            tag = f'"{self._served}"' if name == "etag_flip" else f'W/"{_digest(content)}"'
            return whole(content, headers, tag)
        spoilt = _BYTES.get(name)
        if spoilt is not None:
            return whole(spoilt(content), headers)
        return _TRANSFERS[name](fault, content, headers)

    def _gone(self, fault: Fault, job: Job, link: Link) -> Answer:
        """link_gone_once: for good, and the next poll gives a fresh link. gone: for this once."""
        with self._house.lock:
            link.is_gone = fault.name == "link_gone_once"
            self._house.save(job)
        return Answer(int(fault.number("status", 403)), b"gone", "text/plain")

    def _redirect(self, fault: Fault, job: Job, link: Link) -> Answer:
        own = f"{self._house.address}/files/{link.token}.mp4"
        target = fault.word("to", PRIVATE if fault.name == "redirect_private" else own)
        return Answer(int(fault.number("status", 302)), headers=(("Location", target),))


def whole(content: bytes, headers: Mapping[str, str], tag: str = "") -> Answer:
    """The file, or the range that was asked for while the file is still the same."""
    own = tag or f'"{_digest(content)}"'
    told = (("ETag", own), ("Accept-Ranges", "bytes"))
    wanted = _RANGE.fullmatch(headers.get("range", ""))
    if wanted is None or headers.get("if-range", own) != own:
        return Answer(200, content, VIDEO, told)
    first, last = _bounds(wanted, len(content))
    if first > last:
        return Answer(416, b"", VIDEO, (*told, ("Content-Range", f"bytes */{len(content)}")))
    span = f"bytes {first}-{last}/{len(content)}"
    return Answer(206, content[first : last + 1], VIDEO, (*told, ("Content-Range", span)))


def _bounds(wanted: "re.Match[str]", size: int) -> tuple[int, int]:
    if not wanted["first"]:
        return max(0, size - int(wanted["last"] or 0)), size - 1
    return int(wanted["first"]), min(size - 1, int(wanted["last"] or size - 1))


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


# ── Bytes that are not the clip ───────────────────────────────────────────────────────────────


def _flipped(content: bytes) -> bytes:
    """One bit in the middle of the first picture, behind the index."""
    at = content.index(b"mdat") + 4 + 700
    return content[:at] + bytes([content[at] ^ 0x40]) + content[at + 1 :]


def _png(content: bytes) -> bytes:
    drawn = io.BytesIO()
    Image.new("RGB", (64, 36), (120, 60, 30)).save(drawn, "PNG")
    return drawn.getvalue()


_BYTES: Mapping[str, Callable[[bytes], bytes]] = {
    "html_mp4": lambda content: b"<html><body>Sign in to go on</body></html>" * 40,
    "png_mp4": _png,
    "empty": lambda content: b"",
    # Its index stands first, so it looks whole to whoever reads no further.
    "half_faststart": lambda content: content[: len(content) // 2],
    "flip_byte": _flipped,
}


# ── Transfers that go wrong ───────────────────────────────────────────────────────────────────


def _no_range(fault: Fault, content: bytes, headers: Mapping[str, str]) -> Answer:
    return Answer(200, content, VIDEO, (("ETag", f'"{_digest(content)}"'),))


def _bad_range(fault: Fault, content: bytes, headers: Mapping[str, str]) -> Answer:
    """Says 206 and gives another part than the one asked for."""
    answer = whole(content, headers)
    if answer.status != 206:
        return answer
    size, sent = len(content), len(answer.body)
    span = ("Content-Range", f"bytes 0-{sent - 1}/{size}")
    return replace(answer, body=content[:sent], headers=(*answer.headers[:-1], span))


def _cut(fault: Fault, content: bytes, headers: Mapping[str, str]) -> Answer:
    """The connection breaks; Content-Length was right."""
    answer = whole(content, headers)
    send = int(len(answer.body) * fault.number("at", 0.5))
    return replace(answer, send=send, reset=True)


def _short_length(fault: Fault, content: bytes, headers: Mapping[str, str]) -> Answer:
    return replace(whole(content, {}), length=str(len(content) + 1000))


def _no_length_cut(fault: Fault, content: bytes, headers: Mapping[str, str]) -> Answer:
    return replace(whole(content, {}), length=None, send=len(content) // 2)


def _long_body(fault: Fault, content: bytes, headers: Mapping[str, str]) -> Answer:
    return replace(whole(content, {}), length=str(len(content) - 1000))


def _bad_length(fault: Fault, content: bytes, headers: Mapping[str, str]) -> Answer:
    variants = {"negative": "-5", "text": "many"}
    answer = replace(whole(content, {}), length=variants.get(fault.word("value", ""), "-5"))
    if fault.word("value", "") != "two":
        return answer
    size = len(content)
    twice = (("Content-Length", str(size)), ("Content-Length", str(size // 2)))
    return replace(answer, length=None, headers=(*answer.headers, *twice))


def _endless(fault: Fault, content: bytes, headers: Mapping[str, str]) -> Answer:
    def forever() -> Iterator[bytes]:
        yield content
        while True:
            yield bytes(_CHUNK)

    return Answer(200, b"", VIDEO, length=None, stream=forever())


def _slow(fault: Fault, content: bytes, headers: Mapping[str, str]) -> Answer:
    """`rate` bytes a second."""
    return replace(whole(content, headers), drip=1 / max(0.01, fault.number("rate", 10)))


def _gzip_bomb(fault: Fault, content: bytes, headers: Mapping[str, str]) -> Answer:
    """A hundred megabytes of nothing, in a hundred kilobytes."""
    packed = gzip.compress(bytes(100_000_000), compresslevel=9)
    return Answer(200, packed, VIDEO, (("Content-Encoding", "gzip"),))


_TRANSFERS: Mapping[str, Callable[[Fault, bytes, Mapping[str, str]], Answer]] = {
    "no_range": _no_range,
    "bad_range": _bad_range,
    "cut": _cut,
    "short_length": _short_length,
    "no_length_cut": _no_length_cut,
    "long_body": _long_body,
    "bad_length": _bad_length,
    "endless": _endless,
    "slow": _slow,
    "gzip_bomb": _gzip_bomb,
}


def _cover(job: Job) -> bytes:
    drawn = io.BytesIO()
    size = (160, max(2, 160 * job.clip.height // job.clip.width))
    Image.new("RGB", size, (200, 190, 150)).save(drawn, "JPEG")
    return drawn.getvalue()
