"""The clips and the ways in which a download goes wrong."""

import hashlib
import io
import socket
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import httpx
import pytest

from studio.archive.decode import measure
from studio.archive.errors import NotAVideo
from tests.sandbox.client import Client, picture
from tests.sandbox.running import HTTP, Sandbox


def seen(content: bytes) -> dict[str, Any]:
    """Decoded whole, without the studio."""
    with av.open(io.BytesIO(content), "r") as container:
        video = container.streams.video[0]
        frames = len(list(container.decode(video)))
        rate = video.average_rate or Fraction(1)
        return {
            "size": (video.codec_context.width, video.codec_context.height),
            "fps": int(rate),
            "seconds": float(frames / rate),
            "audio": [stream.codec_context.name for stream in container.streams.audio],
        }


CLIPS: list[tuple[str, str, dict[str, Any], tuple[int, int], int, float, bool]] = [
    ("zai", "", {}, (1280, 720), 24, 4, False),
    ("zai", "", {"image_url": picture(300, 300), "with_audio": True}, (720, 720), 24, 4, True),
    ("bigmodel", "", {"aspect_ratio": "9:16"}, (1080, 1920), 24, 5, False),
    (
        *("bigmodel", "", {"model": "cogvideox-2", "duration": 10, "fps": 60, "size": "720x480"}),
        *((720, 480), 60, 10, False),
    ),
    ("jiekou", "", {"bgm": True}, (640, 360), 24, 4, True),
    ("vidu", "", {"images": [picture(360, 640)]}, (360, 640), 24, 4, False),
    ("relay", "", {"aspect_ratio": "4:3", "duration": 1}, (960, 720), 24, 1, False),
]


@pytest.mark.parametrize(
    ("provider", "endpoint", "changes", "size", "fps", "seconds", "sound"), CLIPS
)
def test_a_clip_is_what_was_asked_for(
    sandbox: Sandbox,
    provider: str,
    endpoint: str,
    changes: dict[str, Any],
    size: tuple[int, int],
    fps: int,
    seconds: float,
    sound: bool,
) -> None:
    content = HTTP.get(Client(sandbox, provider).make(endpoint, **changes)).content
    told = {"size": size, "fps": fps, "seconds": seconds, "audio": ["aac"] if sound else []}
    assert seen(content) == told
    assert content.index(b"moov") < content.index(b"mdat")


def test_the_studios_own_strict_reader_takes_it(sandbox: Sandbox, tmp_path: Path) -> None:
    file = tmp_path / "clip.mp4"
    file.write_bytes(HTTP.get(Client(sandbox, "jiekou").make(bgm=True)).content)
    found = measure(file)
    assert (found.width, found.height, found.frames, found.audio) == (640, 360, 96, True)
    assert found.seconds == 4


OTHERS = [
    ("other_length", {"seconds": 3}, "seconds", 3.0),
    ("other_shape", {"size": "320x320"}, "size", (320, 320)),
    ("other_fps", {}, "fps", 16),
    ("other_sound", {}, "audio", ["aac"]),
]


@pytest.mark.parametrize(("fault", "options", "what", "told"), OTHERS)
def test_something_else_than_was_asked_for_may_arrive(
    sandbox: Sandbox, fault: str, options: dict[str, Any], what: str, told: Any
) -> None:
    client = Client(sandbox, "jiekou")
    sandbox.next("jiekou", fault, **options)
    asked = seen(HTTP.get(client.make()).content)
    assert asked[what] == told
    assert seen(HTTP.get(client.make()).content)[what] != told


def test_no_two_jobs_deliver_the_same_bytes_and_each_delivers_its_own_again(
    sandbox: Sandbox,
) -> None:
    client = Client(sandbox, "jiekou")
    one, other = client.make(), client.make()
    assert HTTP.get(one).content == HTTP.get(one).content
    assert HTTP.get(one).content != HTTP.get(other).content


# ── Honest transfers ──────────────────────────────────────────────────────────────────────────


def test_a_download_can_be_resumed(sandbox: Sandbox) -> None:
    link = Client(sandbox, "jiekou").make()
    whole = HTTP.get(link)
    tag = whole.headers["ETag"]
    assert tag == f'"{hashlib.sha256(whole.content).hexdigest()}"'
    rest = HTTP.get(link, headers={"Range": "bytes=1000-", "If-Range": tag})
    size = len(whole.content)
    assert (rest.status_code, rest.content) == (206, whole.content[1000:])
    assert rest.headers["Content-Range"] == f"bytes 1000-{size - 1}/{size}"
    changed = HTTP.get(link, headers={"Range": "bytes=1000-", "If-Range": '"other"'})
    assert (changed.status_code, len(changed.content)) == (200, size)
    beyond = HTTP.get(link, headers={"Range": f"bytes={size}-"})
    assert (beyond.status_code, beyond.headers["Content-Range"]) == (416, f"bytes */{size}")


@pytest.mark.parametrize(("provider", "hours"), [("zai", 24), ("jiekou", 1), ("vidu", 24)])
def test_a_link_dies_when_its_time_is_over(sandbox: Sandbox, provider: str, hours: int) -> None:
    client = Client(sandbox, provider)
    job = client.take()
    link = client.link(job)
    sandbox.set(ahead=hours * 3600 - 60)
    assert HTTP.get(link).status_code == 200
    sandbox.set(ahead=hours * 3600 + 60)
    assert HTTP.get(link).status_code == 403
    assert client.link(job) == link


def test_a_cover_is_a_picture(sandbox: Sandbox) -> None:
    link = Client(sandbox, "zai").make()
    cover = HTTP.get(link.replace(".mp4", ".jpg"))
    assert (cover.headers["Content-Type"], cover.content[:2]) == ("image/jpeg", b"\xff\xd8")


# ── Links that lead nowhere, or elsewhere ─────────────────────────────────────────────────────


def test_a_link_may_be_gone_and_a_poll_gives_a_fresh_one(sandbox: Sandbox) -> None:
    client = Client(sandbox, "zai")
    sandbox.next("zai", "link_gone_once", status=410)
    job = client.take()
    link = client.link(job)
    assert [HTTP.get(link).status_code for _ in range(2)] == [410, 403]
    fresh = client.link(job)
    assert fresh != link and HTTP.get(fresh).status_code == 200


def test_a_link_may_be_dead_for_good(sandbox: Sandbox) -> None:
    client = Client(sandbox, "vidu")
    sandbox.next("vidu", "link_dead")
    job = client.take()
    assert client.link(job) == client.link(job)
    assert HTTP.get(client.link(job)).status_code == 403


def test_a_link_may_be_elsewhere(sandbox: Sandbox) -> None:
    client = Client(sandbox, "zai")
    sandbox.next("zai", "other_host")
    assert client.make().startswith("http://localhost:")
    sandbox.next("zai", "other_host", host="cdn.example:8443")
    assert client.make().startswith("http://cdn.example:8443/files/")


def test_a_link_may_lead_into_the_private_net(sandbox: Sandbox) -> None:
    link = Client(sandbox, "zai").make()
    sandbox.next("zai", "redirect_private")
    answer = HTTP.get(link)
    assert (answer.status_code, answer.headers["Location"]) == (
        302,
        "http://169.254.169.254/latest/meta-data/",
    )
    sandbox.next("zai", "redirect_download", status=307)
    assert HTTP.get(link, follow_redirects=True).headers["Content-Type"] == "video/mp4"


# ── Bytes that are not the clip ───────────────────────────────────────────────────────────────

NOT_THE_CLIP = ["html_mp4", "png_mp4", "empty", "half_faststart", "flip_byte", "no_length_cut"]


@pytest.mark.parametrize("fault", NOT_THE_CLIP)
def test_what_arrives_may_be_no_whole_video(sandbox: Sandbox, fault: str, tmp_path: Path) -> None:
    link = Client(sandbox, "jiekou").make()
    sandbox.next("jiekou", fault)
    answer = HTTP.get(link)
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "video/mp4")
    file = tmp_path / "clip.mp4"
    file.write_bytes(answer.content)
    with pytest.raises(NotAVideo):
        measure(file)
    file.write_bytes(HTTP.get(link).content)
    assert measure(file).frames == 96


# ── Transfers that go wrong ───────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("fault", ["short_length", "cut"])
def test_less_may_arrive_than_was_promised(sandbox: Sandbox, fault: str) -> None:
    link = Client(sandbox, "jiekou").make()
    sandbox.next("jiekou", fault)
    with pytest.raises((httpx.RemoteProtocolError, httpx.ReadError)):
        HTTP.get(link)
    assert HTTP.get(link).status_code == 200


def test_ranges_may_be_ignored_or_wrong(sandbox: Sandbox) -> None:
    link = Client(sandbox, "jiekou").make()
    size = len(HTTP.get(link).content)
    asked = {"Range": "bytes=1000-"}
    sandbox.next("jiekou", "no_range")
    assert HTTP.get(link, headers=asked).status_code == 200
    sandbox.next("jiekou", "bad_range")
    wrong = HTTP.get(link, headers=asked)
    assert wrong.status_code == 206
    assert wrong.headers["Content-Range"].startswith("bytes 0-")
    assert len(wrong.content) == size - 1000


def test_the_tag_may_change_or_be_weak(sandbox: Sandbox) -> None:
    link = Client(sandbox, "jiekou").make()
    sandbox.next("jiekou", "etag_flip", times=2)
    assert HTTP.get(link).headers["ETag"] != HTTP.get(link).headers["ETag"]
    sandbox.next("jiekou", "weak_etag")
    assert HTTP.get(link).headers["ETag"].startswith("W/")


def test_the_length_may_be_a_lie(sandbox: Sandbox) -> None:
    link = Client(sandbox, "jiekou").make()
    size = len(HTTP.get(link).content)
    sandbox.next("jiekou", "long_body")
    with HTTP.stream("GET", link) as answer:
        assert int(answer.headers["Content-Length"]) == size - 1000
    for value, told in (("negative", "-5"), ("text", "many")):
        sandbox.next("jiekou", "bad_length", value=value)
        assert raw(sandbox, link).count(f"Content-Length: {told}") == 1
    sandbox.next("jiekou", "bad_length", value="two")
    assert raw(sandbox, link).count("Content-Length: ") == 2


def raw(sandbox: Sandbox, link: str) -> str:
    """The head of the answer, as it stands on the wire."""
    host, _, port = sandbox.host.partition(":")
    path = link.removeprefix(sandbox.address)
    with socket.create_connection((host, int(port)), timeout=10) as connection:
        connection.sendall(f"GET {path} HTTP/1.1\r\nHost: {sandbox.host}\r\n\r\n".encode())
        found = b""
        while b"\r\n\r\n" not in found:
            found += connection.recv(4096)
    return found.partition(b"\r\n\r\n")[0].decode()


def test_a_body_may_never_end_or_hardly_move(sandbox: Sandbox) -> None:
    link = Client(sandbox, "jiekou").make()
    sandbox.next("jiekou", "endless")
    got = 0
    with HTTP.stream("GET", link) as answer:
        for piece in answer.iter_raw():
            got += len(piece)
            if got > 20_000_000:
                break
    assert got > 20_000_000
    sandbox.next("jiekou", "slow", rate=5)
    with HTTP.stream("GET", link) as answer, pytest.raises(httpx.ReadTimeout):
        answer.request.extensions["timeout"]["read"] = 0.05
        next(iter(answer.iter_raw()))


def test_a_small_body_may_unpack_to_a_large_one(sandbox: Sandbox) -> None:
    link = Client(sandbox, "jiekou").make()
    sandbox.next("jiekou", "gzip_bomb")
    with HTTP.stream("GET", link) as answer:
        packed = b"".join(answer.iter_raw())
    assert answer.headers["Content-Encoding"] == "gzip"
    assert len(packed) < 200_000


@pytest.mark.parametrize("fault", ["download_500", "download_503"])
def test_a_download_may_fail_for_now(sandbox: Sandbox, fault: str) -> None:
    link = Client(sandbox, "jiekou").make()
    sandbox.next("jiekou", fault)
    assert [HTTP.get(link).status_code for _ in range(2)] == [int(fault[-3:]), 200]
