"""How much one request may bring: cut off while it comes, and nothing of it stays."""

from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from pytest_django import Settings

from studio.assets import uploads
from studio.assets.models import Asset
from tests.assets import hostile
from tests.assets.bench import Bench, kept_files

MEGABYTE = 1024 * 1024
BOUNDARY = "frontier"


class Endless:
    """A body that never ends; it knows how much of it was read."""

    def __init__(self, head: bytes) -> None:
        self.head, self.read_so_far = head, 0

    def read(self, size: int = -1) -> bytes:
        assert size >= 0, "somebody wanted all of it"
        data = (self.head + bytes(size))[:size]
        self.head = self.head[size:]
        self.read_so_far += len(data)
        return data

    readline = read


def stream(door: Bench, announced: int) -> tuple[Any, Endless]:
    """Upload a file that goes on for ever, with this Content-Length."""
    parts = [
        f'Content-Disposition: form-data; name="project"\r\n\r\n{door.project.uid}',
        'Content-Disposition: form-data; name="file"; filename="a.png"\r\n\r\n',
    ]
    body = Endless("".join(f"--{BOUNDARY}\r\n{part}\r\n" for part in parts)[:-2].encode())
    response = door.client.request(
        REQUEST_METHOD="POST",
        PATH_INFO=reverse("upload"),
        CONTENT_TYPE=f"multipart/form-data; boundary={BOUNDARY}",
        CONTENT_LENGTH=str(announced),
        HTTP_ACCEPT="application/json",
        **{"wsgi.input": body},
    )
    return response, body


def temporary() -> list[str]:
    return [path.name for path in Path(str(settings.FILE_UPLOAD_TEMP_DIR)).glob("*upload*")]


@pytest.mark.row("A003")
def test_a_file_over_the_limit_is_cut_off_while_it_comes(door: Bench, settings: Settings) -> None:
    settings.MAX_PICTURE_BYTES = 4 * MEGABYTE
    response, body = stream(door, announced=100 * MEGABYTE)
    assert response.status_code == 413
    message = response.json()["message"].replace("\N{NO-BREAK SPACE}", " ")
    assert message == "The file has 100.0 MB; the limit is 4.0 MB."
    assert body.read_so_far < 5 * MEGABYTE
    assert temporary() == [] and kept_files() == [] and not Asset.objects.exists()


@pytest.mark.row("A003")
def test_the_form_is_there_again_with_what_was_typed(door: Bench, settings: Settings) -> None:
    settings.MAX_PICTURE_BYTES = 1000
    file = SimpleUploadedFile("a.png", hostile.png(hostile.grainy()))
    fields = {"project": door.project.uid, "rights_note": "from Mei", "file": file}
    response = door.client.post(reverse("upload"), fields)
    assert response.status_code == 413
    assert "the limit is" in response.text
    assert 'value="from Mei"' in response.text
    assert not Asset.objects.exists()


def test_a_file_of_exactly_the_limit_is_taken(door: Bench, settings: Settings) -> None:
    data = hostile.png(hostile.grainy())
    settings.MAX_PICTURE_BYTES = len(data)
    assert door.keep(data)
    settings.MAX_PICTURE_BYTES = len(data) - 1
    assert door.send(data).status_code == 413


def test_the_command_line_has_the_same_limit(door: Bench, settings: Settings) -> None:
    settings.MAX_PICTURE_BYTES = 1000
    with pytest.raises(uploads.Refused, match="the limit is"):
        uploads.receive(door.project, door.person, ContentFile(bytes(1001), name="a.png"))


@pytest.mark.row("A004")
def test_ten_gigabytes_are_read_up_to_the_limit_only(door: Bench, settings: Settings) -> None:
    settings.MAX_PICTURE_BYTES = 4 * MEGABYTE
    response, body = stream(door, announced=10 * 1024 * MEGABYTE)
    assert response.status_code == 413
    assert body.read_so_far < 5 * MEGABYTE
    assert temporary() == [] and kept_files() == []


@pytest.mark.row("A004")
def test_of_a_body_declared_as_a_kilobyte_no_more_is_read(door: Bench) -> None:
    response, body = stream(door, announced=1024)
    assert response.status_code == 400
    assert body.read_so_far == 1024
    assert temporary() == [] and kept_files() == []


@pytest.mark.row("A004")
def test_many_files_in_one_request_have_a_limit_together(door: Bench, settings: Settings) -> None:
    data = hostile.png(hostile.grainy())
    settings.MAX_UPLOAD_BYTES = 3 * len(data)
    files = [SimpleUploadedFile(f"{n}.png", data) for n in range(4)]
    response = door.client.post(reverse("upload"), {"project": door.project.uid, "file": files})
    assert response.status_code == 413
    assert temporary() == [] and not Asset.objects.exists()


@pytest.mark.row("A005")
@pytest.mark.parametrize(
    "parts",
    [
        {f"field-{n}": "x" for n in range(10_000)},
        {"file": [SimpleUploadedFile(f"{n}.png", b"x") for n in range(500)]},
    ],
)
def test_too_many_parts_are_refused_and_the_next_request_is_served(
    door: Bench, parts: dict[str, Any]
) -> None:
    response = door.client.post(reverse("upload"), {"project": door.project.uid} | parts)
    assert response.status_code == 400
    assert "Too many parts" in response.text
    assert not Asset.objects.exists() and kept_files() == []
    assert door.keep(hostile.png())


def test_several_files_of_a_plain_form_are_all_taken(door: Bench) -> None:
    files = [
        SimpleUploadedFile("one.png", hostile.png()),
        SimpleUploadedFile("two.png", hostile.png(hostile.grainy())),
    ]
    response = door.client.post(
        reverse("upload"), {"project": door.project.uid, "file": files}, follow=True
    )
    assert response.redirect_chain == [(reverse("assets"), 302)]
    assert "one.png: Uploaded." in response.text
    assert Asset.objects.count() == 2
