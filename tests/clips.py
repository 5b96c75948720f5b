"""Rows for tests: assets, orders, generations, videos, made without the work behind them."""

from decimal import Decimal
from io import BytesIO
from itertools import count
from typing import Any

from PIL import Image

from studio.accounts.models import Project, User
from studio.archive.models import Rendition, RenditionKind, Video
from studio.assets.models import Asset
from studio.generations.models import (
    Attempt,
    AttemptState,
    Generation,
    GenerationInput,
    Order,
    Origin,
)
from studio.generations.states import FINAL, State
from studio.lib import clock, uid
from studio.scheduling import seats
from studio.storage import store

_numbers = count(1)


def png(width: int = 64, height: int = 64, colour: tuple[int, int, int] | None = None) -> bytes:
    """A one-coloured PNG, another colour each time unless one is named."""
    n = next(_numbers)
    data = BytesIO()
    fill = colour or (n % 256, n // 256 % 256, 77)
    Image.new("RGB", (width, height), fill).save(data, "PNG")
    return data.getvalue()


def asset(*, project: Project, person: User, width: int = 64, height: int = 64) -> Asset:
    blob = store.put_bytes(png(width, height), "image/png")
    return Asset.objects.create(
        project=project,
        uploaded_by=person,
        name=f"picture {next(_numbers)}.png",
        pixel_hash=blob.sha256,
        width=width,
        height=height,
        uploaded_as="PNG",
        master=blob,
        thumb=blob,
        preview=blob,
    )


def order(*, project: Project, person: User, form_key: str = "") -> Order:
    return Order.objects.create(
        project=project, person=person, form_key=form_key or uid.new(), origin=Origin.CREATE
    )


def generation(
    *,
    project: Project,
    person: User,
    state: State = State.QUEUED,
    pictures: tuple[Asset, ...] = (),
    **fields: Any,
) -> Generation:
    """A local generation in the given state, with what that state implies."""
    if state == State.SUCCEEDED:
        fields.setdefault("video", video())
    made = Generation.objects.create(
        order=fields.pop("order", None) or order(project=project, person=person),
        project=project,
        person=person,
        model=fields.pop("model", "local/animatic"),
        mode=fields.pop("mode", "image" if pictures else "text"),
        prompt=fields.pop("prompt", "A boat at dawn"),
        parameters=fields.pop("parameters", {"duration": 1, "size": "1280x720"}),
        currency="USD",
        state=state,
        due_at=fields.pop("due_at", None if state in FINAL else clock.now()),
        finished_at=clock.now() if state in FINAL else None,
        **fields,
    )
    for position, picture in enumerate(pictures):
        GenerationInput.objects.create(
            generation=made, asset=picture, role="start", position=position
        )
    return made


def attempt(of: Generation) -> Attempt:
    return Attempt.objects.create(
        generation=of,
        account=seats.local_account(),
        number=of.attempts.count() + 1,
        state=AttemptState.ACCEPTED,
    )


def video(*, data: bytes = b"", attempt_uid: str = "", **fields: Any) -> Video:
    """A video row with a poster and a preview; the bytes are not a real clip."""
    blob = store.put_bytes(data or f"clip {next(_numbers)}".encode(), "video/mp4")
    made = Video.objects.create(
        attempt_uid=attempt_uid or uid.new(),
        blob=blob,
        width=fields.pop("width", 1280),
        height=fields.pop("height", 720),
        seconds=fields.pop("seconds", Decimal("4")),
        frames=96,
        fps=Decimal("24"),
        codec="h264",
        **fields,
    )
    poster = store.put_bytes(png(), "image/webp")
    for kind in RenditionKind:
        Rendition.objects.create(video=made, kind=kind, blob=poster, width=64, height=64)
    return made
