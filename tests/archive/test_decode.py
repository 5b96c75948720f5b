from decimal import Decimal
from pathlib import Path

import av
import pytest

from studio.archive.decode import Measured, measure
from studio.archive.errors import NotAVideo
from tests.archive import clips

WHOLE = Measured(
    width=320,
    height=180,
    seconds=Decimal("2.000"),
    frames=48,
    fps=Decimal("24.000"),
    codec="h264",
    audio=False,
)


def refusal(path: Path) -> str:
    with pytest.raises(NotAVideo) as caught:
        measure(path)
    return caught.value.reason


def test_a_whole_clip_is_measured(clip: Path) -> None:
    assert measure(clip) == WHOLE


def test_sound_is_heard(talkie: Path) -> None:
    measured = measure(talkie)
    assert measured.audio
    assert measured.frames == 48


def test_the_index_may_stand_at_the_end(tmp_path: Path) -> None:
    assert measure(clips.make(tmp_path / "clip.mp4", flags=clips.INDEX_LAST)) == WHOLE


def test_other_rates_are_measured_exactly(tmp_path: Path) -> None:
    measured = measure(clips.make(tmp_path / "clip.mp4", fps=30, seconds=1))
    assert (measured.fps, measured.seconds, measured.frames) == (Decimal(30), Decimal(1), 30)


def test_an_edit_list_with_sound_is_no_damage(talkie: Path, tmp_path: Path) -> None:
    """The decoder hides what stands before the first edit: packets flagged discard."""
    later = clips.spoil(talkie, tmp_path / "later.mp4", lambda data: clips.start_later(data, 0.3))
    measured = measure(later)
    assert measured.audio
    assert 40 <= measured.frames < 48
    assert measured.seconds == Decimal(measured.frames) / 24


def test_an_edit_list_that_skips_whole_seconds_is_no_damage(talkie: Path, tmp_path: Path) -> None:
    later = clips.spoil(talkie, tmp_path / "later.mp4", lambda data: clips.start_later(data, 1.2))
    assert 18 <= measure(later).frames < 24


def test_a_turned_picture_is_measured_as_it_is_shown(clip: Path, tmp_path: Path) -> None:
    measured = measure(clips.spoil(clip, tmp_path / "turned.mp4", clips.turn_right))
    assert (measured.width, measured.height) == (180, 320)


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "the file is empty"),
        (b"<!doctype html><title>Expired</title>", "it is not an MP4 file"),
        (b'{"error": "link expired"}', "it is not an MP4 file"),
        (b"\x89PNG\r\n\x1a\n" + bytes(100), "it is not an MP4 file"),
        (b"\x00\x00\x00\x14ftypisom" + bytes(100), "it is damaged"),
    ],
)
def test_what_is_no_video_is_refused_with_the_reason(
    data: bytes, reason: str, tmp_path: Path
) -> None:
    path = tmp_path / "video.mp4"
    path.write_bytes(data)
    assert refusal(path) == reason


@pytest.mark.parametrize("flags", [clips.INDEX_FIRST, clips.IN_FRAGMENTS])
@pytest.mark.parametrize("share", [0.3, 0.5, 0.97])
def test_a_clip_cut_short_is_refused_although_its_header_is_whole(
    flags: str, share: float, tmp_path: Path
) -> None:
    whole = clips.make(tmp_path / "whole.mp4", flags=flags)
    assert measure(whole).frames == 48
    cut = clips.spoil(whole, tmp_path / "cut.mp4", lambda data: data[: int(len(data) * share)])
    assert refusal(cut) in {"a part of it is missing", "it is damaged"}


def test_a_single_byte_too_few_is_too_few(clip: Path, tmp_path: Path) -> None:
    cut = clips.spoil(clip, tmp_path / "cut.mp4", lambda data: data[:-1])
    assert refusal(cut) == "a part of it is missing"


def test_a_clip_cut_between_two_packets_is_refused(clip: Path, tmp_path: Path) -> None:
    """Nothing in it is damaged: only the index knows that there was more."""
    end = clips.end_of_packet(clip, 30)
    cut = clips.spoil(clip, tmp_path / "cut.mp4", lambda data: data[:end])
    assert refusal(cut) == "a part of it is missing"


def test_half_a_clip_with_its_index_at_the_end_is_refused(tmp_path: Path) -> None:
    whole = clips.make(tmp_path / "whole.mp4", flags=clips.INDEX_LAST)
    assert refusal(clips.spoil(whole, tmp_path / "half.mp4", clips.halve)) == "it is damaged"


def test_damaged_pictures_are_not_painted_over(clip: Path, tmp_path: Path) -> None:
    damaged = clips.spoil(clip, tmp_path / "damaged.mp4", clips.flip)
    assert refusal(damaged) == "it is damaged"


def test_sound_alone_is_no_video(tmp_path: Path) -> None:
    path = tmp_path / "sound.mp4"
    with av.open(str(path), "w", format="mp4") as container:
        stream = container.add_stream("aac", rate=clips.RATE)
        for tone in clips.tones(1):
            container.mux(stream.encode(tone))
        container.mux(stream.encode(None))
    assert refusal(path) == "it has no moving picture, or several"


@pytest.mark.row("A122")
def test_a_hostile_container_is_refused_in_time(tmp_path: Path) -> None:
    plain = clips.make(tmp_path / "plain.mp4", flags=clips.INDEX_LAST)
    crowd = clips.spoil(plain, tmp_path / "crowd.mp4", lambda data: clips.many_tracks(data, 1000))
    assert refusal(crowd) == "it is damaged"
    few = clips.spoil(plain, tmp_path / "few.mp4", lambda data: clips.many_tracks(data, 2))
    assert refusal(few) == "it has no moving picture, or several"


@pytest.mark.row("A122")
@pytest.mark.parametrize("head", [b"", b"\x00\x00\x00\x14ftypisom\x00\x00\x02\x00isom"])
@pytest.mark.parametrize(
    "playlist",
    [
        "#EXTM3U\n#EXTINF:2,\n{path}\n#EXT-X-ENDLIST\n",
        "ffconcat version 1.0\nfile '{path}'\n",
        "<?xml version='1.0'?><MPD><BaseURL>file://{path}</BaseURL></MPD>",
    ],
)
def test_a_playlist_is_never_followed(
    head: bytes, playlist: str, clip: Path, tmp_path: Path
) -> None:
    """Followed, it would play: the clip it names is whole and lies beside it."""
    path = tmp_path / "video.mp4"
    path.write_bytes(head + playlist.format(path=clip).encode())
    assert refusal(path) in {"it is not an MP4 file", "it is damaged"}
