"""A member at the door with pictures in hand: upload through the real views, look at what stays."""

from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from PIL import Image

from studio.accounts.models import Project, User
from studio.assets.models import Asset
from studio.storage import store
from tests import people


@dataclass(frozen=True)
class Bench:
    client: Client
    person: User
    project: Project

    def send(self, data: bytes, name: str = "picture.png", **fields: Any) -> Any:
        """POST one file as the uploader does; the response."""
        file = SimpleUploadedFile(name, data)
        body = {"project": self.project.uid, "file": file} | fields
        return self.client.post(reverse("upload"), body, headers={"accept": "application/json"})

    def keep(self, data: bytes, name: str = "picture.png", **fields: Any) -> Asset:
        """Send a file that is accepted; its asset."""
        response = self.send(data, name, **fields)
        assert response.status_code == 200, response.content
        return Asset.objects.get(uid=response.json()["uid"])

    def fetch(self, asset: Asset, size: str = "master") -> bytes:
        """The file as the browser gets it."""
        response = self.client.get(reverse("asset_file", args=[asset.uid, size]))
        assert response.status_code == 200
        return b"".join(response.streaming_content)  # type: ignore[attr-defined]

    def pixels(self, asset: Asset, size: str = "master") -> Image.Image:
        image = Image.open(BytesIO(self.fetch(asset, size)))
        image.load()
        return image


def bench(project: Project | None = None, person: User | None = None) -> Bench:
    """A member of `project`, logged in."""
    people.studio()
    project = project or people.project()
    person = person or people.member(project=project)
    client = Client()
    client.force_login(person)
    return Bench(client, person, project)


def kept_files() -> list[Path]:
    """Every file in the store, drafts included."""
    return [path for path in Path(settings.MEDIA_ROOT).rglob("*") if path.is_file()]


def files_of(asset: Asset) -> list[bytes]:
    """The bytes of all that is kept of an asset."""
    blobs = (asset.master, asset.preview, asset.thumb)
    return [store.path(blob).read_bytes() for blob in blobs]


def near(pixel: Any, expected: tuple[int, ...], tolerance: int = 4) -> bool:
    return all(abs(a - b) <= tolerance for a, b in zip(pixel, expected, strict=True))


def tiles(page: str) -> list[str]:
    """The names on the tiles of a page, in their order."""
    return [part.split("<", 1)[0] for part in page.split('<span class="caption fade">')[1:]]
