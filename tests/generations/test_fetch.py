"""From a provider's link to a file that we keep, whatever the other side does in between."""

import pytest

from studio.generations import expiry, leases
from studio.generations.fetch import fetch
from studio.generations.models import Generation
from studio.generations.spool import spooled
from studio.generations.states import Charge, State
from studio.lib import clock
from studio.scheduling import hosts
from studio.scheduling.models import MediaHost
from studio.storage import space, store
from tests.generations.paying import Desk, attempt, follow, fresh, later, money, step

pytestmark = pytest.mark.django_db(transaction=True)

MODEL = "zai/vidu2-reference"
OF_JIEKOU = "jiekou/vidu-2.0-reference2video"


def finished(desk: Desk, key: str = MODEL, fault: str = "", **options: object) -> Generation:
    """Made and charged; its file is still the provider's, and this fault waits for whoever asks."""
    provider = key.partition("/")[0]
    desk.connect(provider)
    if fault:
        desk.sandbox.next(provider, fault, **options)
    job = follow(desk.sent(key), State.ARCHIVING)
    assert job.charge == Charge.SETTLED
    return job


def is_kept(generation: Generation) -> bool:
    done = fresh(generation)
    assert done.state == State.SUCCEEDED and done.video
    return store.exists(done.video.blob) and not spooled(attempt(done)).exists()


@pytest.mark.row("F076", "F079", "F080", "F082", "F083", "F086", "F087", "F088", "F089", "F092")
@pytest.mark.parametrize(
    "fault",
    [
        *("link_gone_once", "no_range", "etag_flip", "short_length", "no_length_cut", "cut"),
        *("html_mp4", "empty", "half_faststart", "flip_byte", "gzip_bomb", "download_500"),
    ],
)
def test_a_fault_of_one_download_is_mended_by_the_next(desk: Desk, fault: str) -> None:
    job = finished(desk, fault=fault, times=1)
    first = step(job)
    assert first.charge == Charge.SETTLED
    assert is_kept(first if first.state == State.SUCCEEDED else follow(first))
    assert money(job)[1] == 0


@pytest.mark.row("F086")
def test_what_never_becomes_a_video_ends_as_paid_and_to_be_checked(desk: Desk) -> None:
    failed = follow(finished(desk, fault="html_mp4", times=99))
    assert (failed.state, failed.error_code) == (State.FAILED, "no_video")
    assert failed.charge == Charge.SETTLED and failed in Generation.objects.to_be_checked()


@pytest.mark.row("F077")
def test_a_link_that_died_without_a_fresh_one_is_lost(desk: Desk) -> None:
    job = finished(desk, OF_JIEKOU, "gone", times=99)
    waiting = step(job)
    assert waiting.state == State.ARCHIVING and waiting.failures == 1
    with later(hours=26):
        lost = step(waiting)
        assert (lost.state, lost.charge) == (State.LOST, Charge.SETTLED)
        assert "expired" in lost.error_message and lost in Generation.objects.to_be_checked()


@pytest.mark.row("F095")
def test_a_new_file_host_waits_for_the_administrator(desk: Desk) -> None:
    job = finished(desk, fault="other_host", host="https://files.elsewhere.example")
    waiting = step(job)
    assert waiting.state == State.ARCHIVING and waiting.failures == 0
    assert MediaHost.objects.get().host == "files.elsewhere.example"
    assert waiting.events.last().detail["reason"].startswith("Waiting for the administrator")  # type: ignore[union-attr]
    assert hosts.allowed("zai") == frozenset()


@pytest.mark.row("F093")
def test_a_redirect_inward_is_not_followed(desk: Desk) -> None:
    job = finished(desk, fault="redirect_private", times=1)
    waiting = step(job)
    assert waiting.state == State.ARCHIVING and not spooled(attempt(job)).exists()
    assert is_kept(follow(waiting))


@pytest.mark.row("F096")
def test_a_full_disk_stops_fetching_and_sending_and_says_so(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    job = finished(desk)
    monkeypatch.setattr(space, "LEAST", 10**18)
    waiting = step(job)
    assert waiting.state == State.ARCHIVING and not spooled(attempt(job)).exists()
    held_back = desk.buy(MODEL)
    assert step(held_back).state == State.QUEUED
    monkeypatch.undo()
    assert is_kept(follow(waiting))


@pytest.mark.row("F162", "F111")
def test_what_dies_first_is_fetched_first_and_told_of_in_time(desk: Desk) -> None:
    day = finished(desk)
    hour = finished(desk, OF_JIEKOU)
    due = Generation.objects.filter(state=State.ARCHIVING)
    assert list(due.due(clock.now())) == [hour, day]
    with later(minutes=31):
        assert expiry.warn() == 1
        assert expiry.warn() == 0
    with later(minutes=49):
        assert expiry.warn() == 1
    kinds = set(hour.events.values_list("kind", flat=True))
    assert {"link 50%", "link 80%"} <= kinds
    assert is_kept(step(hour)) and is_kept(step(day))


@pytest.mark.row("F100", "F104")
def test_a_file_that_was_fetched_before_a_death_is_not_fetched_again(desk: Desk) -> None:
    job = finished(desk)
    lease = leases.take(job.pk)
    assert lease and fetch(lease, attempt(job)) and spooled(attempt(job)).exists()
    Generation.objects.filter(pk=job.pk).update(lease_token="")
    desk.sandbox.next("zai", "gone", times=99)
    assert is_kept(step(job))
