"""Jobs and answers as the adapters meet them."""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from PIL import Image

from studio.catalogue.load import catalogue, model
from studio.catalogue.specs import ROLES, Mode, ModelSpec, Value
from studio.providers.base import Access, Job, Picture, Reply, Request

UID = "0123456789abcdef0123456789abcdef"
KEY = "planted-key-8c1f"
ACCESS = Access("https://provider.example/base/", KEY)


def picture(folder: Path, number: int = 0, size: tuple[int, int] = (320, 180)) -> Path:
    """A small picture of one colour, without an extension, as the store keeps it."""
    path = folder / f"picture-{number}"
    Image.new("RGB", size, (40 * number % 256, 90, 160)).save(path, "PNG")
    return path


def job(
    key: str,
    folder: Path,
    *,
    mode: Mode | None = None,
    parameters: Mapping[str, Value] | None = None,
    number: int | None = None,
    prompt: str = "A hare drives home.",
    person: str = "7f3a",
) -> Job:
    """A job for this model with as many pictures as it needs at least, or `number`."""
    spec = model(key)
    mode = mode or spec.modes[0]
    rule = spec.pictures.get(mode)
    wanted = number if number is not None else (rule.minimum if rule else 0)
    roles = ROLES[mode]
    return Job(
        uid=UID,
        spec=spec,
        mode=mode,
        prompt=prompt,
        parameters=parameters or {},
        pictures=tuple(
            Picture(roles[min(n, len(roles) - 1)], picture(folder, n)) for n in range(wanted)
        ),
        person=person,
    )


def sold(provider: str) -> Iterator[ModelSpec]:
    return (spec for spec in catalogue().models.values() if spec.provider == provider)


def body(request: Request) -> dict[str, Any]:
    read = json.loads(request.body)
    assert isinstance(read, dict)
    return read


def reply(content: object, status: int = 200, **headers: str) -> Reply:
    """`content` as JSON; bytes as they are."""
    data = content if isinstance(content, bytes) else json.dumps(content).encode()
    return Reply(status, {name.replace("_", "-"): value for name, value in headers.items()}, data)
