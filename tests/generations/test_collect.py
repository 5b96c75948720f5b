"""From the spool to the gallery: proved, kept, compared with what was ordered."""

from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import av
import numpy as np
import pytest
from PIL import Image
from pytest_django import Settings

from studio.accounts.models import User
from studio.archive.models import RenditionKind
from studio.generations import cancel, frames, marks, work
from studio.generations.briefs import Refused
from studio.generations.models import Generation
from studio.generations.spool import spooled
from studio.generations.states import State
from studio.lib import clock
from studio.storage import store
from tests import clips
from tests.archive import clips as films

pytestmark = pytest.mark.django_db

ORDERED = {"seconds": "1", "width": 320, "height": 180, "fps": "24", "audio": False}
Deliver = Callable[..., Generation]


@pytest.fixture
def deliver(person: User) -> Deliver:
    """A generation whose finished file lies in the spool."""

    def deliver(promised: dict[str, object] = ORDERED, **film: object) -> Generation:
        home = person.personal_project
        made = clips.generation(
            project=home, person=person, state=State.ARCHIVING, promised=promised
        )
        path = spooled(clips.attempt(made))
        path.parent.mkdir(parents=True, exist_ok=True)
        films.make(path, **{"seconds": 1} | film)  # type: ignore[arg-type]
        return made

    return deliver


def collected(generation: Generation) -> Generation:
    assert work.step(generation.pk)
    generation.refresh_from_db()
    return generation


def test_a_whole_file_is_kept_and_measured(deliver: Deliver) -> None:
    done = collected(deliver())
    assert (done.state, done.is_off_brief, done.differs) == (State.SUCCEEDED, False, [])
    assert done.video is not None and store.exists(done.video.blob)
    assert (done.video.frames, str(done.video.fps)) == (24, "24.000")
    kinds = set(done.video.renditions.values_list("kind", flat=True))
    assert kinds == set(RenditionKind)
    assert not spooled(done.attempts.get()).exists()


@pytest.mark.parametrize(
    ("film", "differs"),
    [
        ({"seconds": 2}, ["seconds"]),
        ({"size": (180, 320)}, ["size"]),
        ({"fps": 12}, ["fps"]),
        ({"sound": True}, ["audio"]),
    ],
)
def test_a_clip_unlike_the_order_is_kept_and_marked(
    deliver: Deliver, film: dict[str, object], differs: list[str]
) -> None:
    done = collected(deliver(**film))
    assert (done.state, done.is_off_brief) == (State.SUCCEEDED, True)
    assert done.differs == differs


def test_what_was_not_promised_never_differs(deliver: Deliver) -> None:
    done = collected(deliver({"seconds": None, "width": None, "fps": None}, seconds=2))
    assert not done.is_off_brief


def test_half_a_file_is_never_a_success(deliver: Deliver) -> None:
    broken = deliver()
    path = spooled(broken.attempts.get())
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    collected(broken)
    assert (broken.state, broken.error_code, broken.video) == (State.FAILED, "not_a_video", None)


def test_a_file_gone_from_the_spool_is_an_honest_end(deliver: Deliver) -> None:
    lost = deliver()
    spooled(lost.attempts.get()).unlink()
    assert collected(lost).state == State.FAILED


def test_a_cancel_that_comes_too_late_ends_in_the_trash(deliver: Deliver, person: User) -> None:
    unwanted = deliver()
    assert cancel.cancel(unwanted, person) == cancel.Outcome.TO_TRASH
    done = collected(unwanted)
    assert done.state == State.SUCCEEDED and done.deleted_at is not None


def test_undo_takes_back_the_wish_that_came_with_the_trash(deliver: Deliver, person: User) -> None:
    kept = deliver()
    marks.trash(kept, person)
    marks.restore(kept, person)
    done = collected(kept)
    assert done.state == State.SUCCEEDED and done.deleted_at is None


def test_a_storage_that_refuses_puts_the_archive_off_and_says_so(
    deliver: Deliver, settings: Settings, tmp_path: Path
) -> None:
    waiting = deliver()
    settings.MEDIA_ROOT = tmp_path / "a file, not a folder"
    settings.MEDIA_ROOT.write_bytes(b"")
    collected(waiting)
    assert (waiting.state, waiting.lease_token) == (State.ARCHIVING, "")
    assert waiting.due_at is not None and waiting.due_at > clock.now()
    assert waiting.events.filter(kind="archive put off").exists()
    settings.MEDIA_ROOT = tmp_path / "media"
    assert collected(waiting).state == State.SUCCEEDED


def test_the_last_frame_is_the_last_and_taken_twice_the_same_asset(
    deliver: Deliver, person: User, tmp_path: Path
) -> None:
    done = collected(deliver())
    first = frames.last_frame(done, person)
    assert frames.last_frame(done, person) == first
    assert (first.width, first.height, first.project) == (320, 180, done.project)
    assert done.video is not None
    with av.open(str(store.path(done.video.blob))) as container:
        *_rest, last = container.decode(video=0)
    with store.open(first.master) as file:
        taken = np.asarray(Image.open(BytesIO(file.read())), np.int16)
    assert np.abs(taken - last.to_ndarray(format="rgb24")).mean() < 2


def test_without_a_clip_there_is_no_last_frame(person: User) -> None:
    waiting = clips.generation(project=person.personal_project, person=person)
    with pytest.raises(Refused, match="no clip"):
        frames.last_frame(waiting, person)
