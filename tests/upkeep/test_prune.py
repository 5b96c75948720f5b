"""What nobody wants goes, after its grace; what somebody uses or paid for stays."""

import os
from datetime import timedelta

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.test import Client
from django.urls import reverse

from studio.assets.models import Asset
from studio.audit.models import AuditLine
from studio.generations import marks
from studio.generations.models import Generation
from studio.generations.states import Charge, State
from studio.generations.transitions import move
from studio.lib import clock
from studio.spend.models import LedgerEntry
from studio.storage import store
from studio.storage.models import Blob, OrphanFile
from studio.upkeep.doctor import look
from studio.upkeep.prune import Pruned, prune
from tests import clips, people
from tests.upkeep import paid

pytestmark = pytest.mark.django_db


def later(days: float, **options: bool) -> Pruned:
    with clock.shift(timedelta(days=days)):
        return prune(**options)


def file_of(clip: Generation) -> Blob:
    assert clip.video
    return clip.video.blob


@pytest.mark.row("F109")
def test_a_file_whose_row_is_gone_stays_thirty_days_after_it_was_noticed(
    cast: people.Cast,
) -> None:
    blob = store.put_bytes(b"left behind", "video/mp4")
    Blob.objects.filter(pk=blob.pk).delete()
    assert later(60).waiting == 1  # long there, but noticed only now
    assert OrphanFile.objects.get().sha256 == blob.sha256
    assert (later(89).orphans, store.exists(blob)) == (0, True)
    assert (later(91).orphans, store.exists(blob)) == (1, False)
    assert not OrphanFile.objects.exists()


def test_an_orphan_that_is_adopted_is_no_orphan_any_more(cast: people.Cast) -> None:
    blob = store.put_bytes(b"left behind", "video/mp4")
    Blob.objects.filter(pk=blob.pk).delete()
    later(0)
    clips.video(data=b"left behind")
    assert (later(40).orphans, store.exists(blob)) == (0, True)
    assert not OrphanFile.objects.exists()


@pytest.mark.row("F112")
def test_a_clip_deleted_while_it_was_saved_goes_from_the_trash_and_its_charge_stays(
    cast: people.Cast, client: Client
) -> None:
    clip = paid.archiving(cast.project, cast.member)
    marks.trash(clip, cast.member)
    video = clips.video(attempt_uid=clip.attempts.get().uid)
    move(clip, State.ARCHIVING, State.SUCCEEDED, video=video)
    books = list(LedgerEntry.objects.values())
    client.force_login(cast.member)
    shown = client.get(reverse("generation", args=[clip.uid])).content.decode()
    assert "In the trash" in shown and "Charged" in shown

    assert later(29).clips == 0
    assert (later(31).clips, store.exists(video.blob)) == (1, True)
    assert later(37).files == 0
    assert (later(39).files, store.exists(video.blob)) == (2, False)
    clip.refresh_from_db()
    assert (clip.state, clip.charge, clip.video) == (State.SUCCEEDED, Charge.SETTLED, None)
    assert list(LedgerEntry.objects.values()) == books
    shown = client.get(reverse("generation", args=[clip.uid])).content.decode()
    assert "Its files were removed from the trash" in shown
    assert look() == []


def test_what_was_emptied_cannot_be_taken_out_of_the_trash(
    cast: people.Cast, client: Client
) -> None:
    clip = paid.succeeded(cast.project, cast.member)
    marks.trash(clip, cast.member)
    later(31)
    client.force_login(cast.member)
    answer = client.post(
        reverse("generation_restore", args=[clip.uid]), headers={"HX-Request": "true"}
    )
    assert answer.status_code == 422
    clip.refresh_from_db()
    assert clip.deleted_at is not None


def test_a_file_that_another_clip_shows_stays(cast: people.Cast) -> None:
    ours = paid.succeeded(cast.project, cast.member, data=b"the same")
    theirs = paid.succeeded(cast.other_project, cast.outsider, data=b"the same")
    marks.trash(ours, cast.member)
    later(31)
    later(60)
    assert store.exists(file_of(theirs))
    assert Generation.objects.get(pk=theirs.pk).video is not None


def test_a_file_wanted_again_within_its_grace_stays(cast: people.Cast) -> None:
    blob = store.put_bytes(b"wanted", "video/mp4")
    later(0)
    assert Blob.objects.get(pk=blob.pk).unused_since is not None
    with clock.shift(timedelta(days=6)):
        store.put_bytes(b"wanted", "video/mp4")
    later(8)
    assert store.exists(blob)
    clips.video(data=b"wanted")
    later(30)
    assert (store.exists(blob), Blob.objects.get(pk=blob.pk).unused_since) == (True, None)


def test_what_is_disputed_or_under_way_is_left_in_the_trash(cast: people.Cast) -> None:
    clip = paid.succeeded(cast.project, cast.member)
    marks.trash(clip, cast.member)
    Generation.objects.filter(pk=clip.pk).update(charge=Charge.UNCLEAR)
    under_way = paid.running(cast.project, cast.member)
    Generation.objects.filter(pk=under_way.pk).update(deleted_at=clock.now())
    assert later(31).clips == 0


def test_pictures_in_the_trash_go_unless_a_clip_was_made_with_them(cast: people.Cast) -> None:
    free = clips.asset(project=cast.project, person=cast.member)
    used = clips.asset(project=cast.project, person=cast.member)
    clips.generation(project=cast.project, person=cast.member, pictures=(used,))
    Asset.objects.update(deleted_at=clock.now())
    assert later(31).pictures == 1
    later(39)
    assert [*Asset.objects.all()] == [used]
    assert (store.exists(free.master), store.exists(used.master)) == (False, True)


def test_the_spool_loses_what_is_old_and_of_no_clip_under_way(
    cast: people.Cast, settings: object
) -> None:
    alive = paid.running(cast.project, cast.member).attempts.get().uid
    ended = paid.succeeded(cast.project, cast.member).attempts.get().uid
    spool = settings.SPOOL_DIR  # type: ignore[attr-defined]
    names = (f"{alive}.mp4", f"{ended}.w123.mp4", "tmpfolder/poster.webp")
    for name in names:
        (spool / name).parent.mkdir(exist_ok=True)
        (spool / name).write_bytes(b"x")
    old = (clock.now() - timedelta(days=2)).timestamp()
    for path in spool.glob("*"):
        os.utime(path, (old, old))
    (spool / "young.mp4").write_bytes(b"x")
    assert prune().left_over == 2
    assert sorted(path.name for path in spool.glob("*")) == sorted([names[0], "young.mp4"])


def test_a_dry_run_counts_and_touches_nothing(cast: people.Cast) -> None:
    clip = paid.succeeded(cast.project, cast.member)
    marks.trash(clip, cast.member)
    assert later(31, dry_run=True).clips == 1
    clip.refresh_from_db()
    assert (clip.emptied_at, AuditLine.objects.exists()) == (None, False)
    assert store.exists(file_of(clip))


def test_without_a_yes_nothing_happens(cast: people.Cast) -> None:
    clip = paid.succeeded(cast.project, cast.member)
    marks.trash(clip, cast.member)
    with clock.shift(timedelta(days=31)):
        with pytest.raises(CommandError) as refused:
            call_command("prune")
        assert refused.value.returncode == 2
        assert Generation.objects.get(pk=clip.pk).video is not None
        call_command("prune", "--yes")
    assert Generation.objects.get(pk=clip.pk).video is None
    line = AuditLine.objects.get(action="files.prune")
    assert line.after["clips"] == 1
