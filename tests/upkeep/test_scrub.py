"""Every kept file is hashed again, and what is wrong is shown, never repaired."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.test import Client
from django.urls import reverse

from studio.audit.models import AuditLine
from studio.generations.models import Generation
from studio.generations.states import State
from studio.lib import clock
from studio.lib.files import Content
from studio.storage import store
from studio.storage.models import Blob, Fault
from studio.upkeep import scrub
from tests import clips, people

pytestmark = pytest.mark.django_db


@pytest.fixture
def clip(cast: people.Cast) -> Generation:
    return clips.generation(project=cast.project, person=cast.member, state=State.SUCCEEDED)


def blob_of(clip: Generation) -> Blob:
    assert clip.video
    return Blob.objects.get(pk=clip.video.blob_id)


def lose(clip: Generation) -> None:
    store.path(blob_of(clip)).unlink()


def rot(clip: Generation) -> bytes:
    """Flip a bit; what the file holds then."""
    path = store.path(blob_of(clip))
    path.chmod(0o640)
    spoiled = bytes([path.read_bytes()[0] ^ 1]) + path.read_bytes()[1:]
    path.write_bytes(spoiled)
    return spoiled


def run(*arguments: str) -> int:
    try:
        call_command("scrub", *arguments)
    except SystemExit as ended:
        return int(str(ended.code))
    return 0


def page(client: Client, clip: Generation) -> str:
    return client.get(reverse("generation", args=[clip.uid])).content.decode()


@pytest.mark.row("F107")
def test_a_file_that_was_deleted_is_shown_as_missing(
    clip: Generation, cast: people.Cast, client: Client
) -> None:
    lose(clip)
    assert run() == 1
    assert blob_of(clip).fault == Fault.MISSING
    client.force_login(cast.member)
    assert "The file is missing; being restored" in page(client, clip)
    answer = client.get(reverse("generation_video", args=[clip.uid]))
    assert (answer.status_code, "The file is missing" in answer.content.decode()) == (404, True)
    clip.refresh_from_db()
    assert clip.state == State.SUCCEEDED


@pytest.mark.row("F108")
def test_a_damaged_file_is_kept_and_not_handed_out(
    clip: Generation, cast: people.Cast, client: Client
) -> None:
    spoiled = rot(clip)
    assert run() == 1
    assert blob_of(clip).fault == Fault.DAMAGED
    client.force_login(cast.member)
    assert "The file is damaged; being restored" in page(client, clip)
    assert "<video" not in page(client, clip)
    for how in ({}, {"Range": "bytes=0-3"}):
        answer = client.get(reverse("generation_video", args=[clip.uid]), headers=how)
        assert (answer.status_code, answer.headers["Content-Type"]) == (
            409,
            "text/html; charset=utf-8",
        )
    assert store.path(blob_of(clip)).read_bytes() == spoiled
    line = AuditLine.objects.get(action="file.check")
    assert line.after == {"sha256": blob_of(clip).sha256, "fault": "damaged"}


def test_a_file_that_shrank_or_grew_is_damaged(clip: Generation) -> None:
    path = store.path(blob_of(clip))
    path.chmod(0o640)
    path.write_bytes(path.read_bytes() + b"x")
    assert scrub.check(blob_of(clip)) == Fault.DAMAGED


def test_what_is_found_whole_again_loses_its_fault(clip: Generation) -> None:
    before = store.path(blob_of(clip)).read_bytes()
    lose(clip)
    scrub.check(blob_of(clip))
    store.put_bytes(before, "video/mp4")
    assert blob_of(clip).fault == Fault.NONE
    assert (run(), store.exists(blob_of(clip))) == (0, True)


def test_only_the_very_bytes_take_the_place_of_a_lost_file(
    clip: Generation, tmp_path: Path
) -> None:
    blob = blob_of(clip)
    whole = store.path(blob).read_bytes()
    rot(clip)
    content = Content(blob.sha256, blob.size)
    (tmp_path / "other").write_bytes(b"other")
    (tmp_path / "same").write_bytes(whole)
    assert not store.mend(tmp_path / "other", content)
    assert store.path(blob).read_bytes() != whole
    assert store.mend(tmp_path / "same", content)
    assert store.path(blob).read_bytes() == whole


def test_the_hourly_shares_come_round_to_every_file_within_thirty_days(cast: people.Cast) -> None:
    for n in range(1500):
        Blob.objects.create(sha256=f"{n:064x}", size=1, media_type="video/mp4")
    began = clock.now()
    for hour in range(30 * 24):
        with clock.shift(timedelta(hours=hour)):
            due = list(scrub.share())
            assert len(due) <= 5
            Blob.objects.filter(pk__in=[blob.pk for blob in due]).update(checked_at=clock.now())
    with clock.shift(timedelta(days=30)):
        late = clock.now() - scrub.EVERY
        assert not Blob.objects.filter(checked_at__lt=max(late, began)).exists()


def test_after_a_month_of_silence_everything_is_due_at_once(clip: Generation) -> None:
    with clock.shift(timedelta(days=31)):
        assert set(scrub.share()) == set(Blob.objects.all())


def test_a_media_folder_that_is_away_accuses_no_file(clip: Generation, settings: Any) -> None:
    settings.MEDIA_ROOT = settings.MEDIA_ROOT / "unmounted"
    with pytest.raises(CommandError) as refused:
        call_command("scrub")
    assert refused.value.returncode == 2
    assert not Blob.objects.faulty().exists()


def test_a_dry_run_tells_and_writes_nothing(clip: Generation) -> None:
    lose(clip)
    before = blob_of(clip).checked_at
    assert run("--dry-run") == 1
    assert (blob_of(clip).fault, blob_of(clip).checked_at) == (Fault.NONE, before)
    assert not AuditLine.objects.exists()


@pytest.mark.row("F153")
def test_faults_are_listed_under_their_owner_and_can_be_checked_again(
    clip: Generation, cast: people.Cast, client: Client
) -> None:
    other = clips.generation(
        project=cast.other_project, person=cast.outsider, state=State.SUCCEEDED, prompt="Whole"
    )
    whole = store.path(blob_of(clip)).read_bytes()
    lose(clip)
    assert run() == 1
    client.force_login(cast.admin)
    shown = client.get(reverse("faults")).content.decode()
    assert "Mei Member" in shown and reverse("generation", args=[clip.uid]) in shown
    assert "Olu Outsider" not in shown
    assert Generation.objects.filter(pk__in=[clip.pk, other.pk], state="succeeded").count() == 2

    path = store.path(blob_of(clip))
    path.write_bytes(whole)
    sent = {"sha256": blob_of(clip).sha256}
    client.post(reverse("faults_check"), sent)
    assert "No file has a fault." in client.get(reverse("faults")).content.decode()
    assert blob_of(clip).fault == Fault.NONE


def test_an_asset_with_a_fault_is_listed_too(cast: people.Cast, client: Client) -> None:
    asset = clips.asset(project=cast.project, person=cast.member)
    store.path(asset.master).unlink()
    run()
    client.force_login(cast.admin)
    assert reverse("asset", args=[asset.uid]) in client.get(reverse("faults")).content.decode()
    answer = client.get(reverse("asset_file", args=[asset.uid, "master"]))
    assert answer.status_code == 404
