"""Every rule of every model: just inside and just outside, at three doors, and mended.

The form, the shell and the order refuse with the same words; whatever fix is offered, applied
through the form, makes the brief valid. That its provider is not connected here is no fault.
"""

import os
import re
from dataclasses import dataclass, field
from html import unescape
from io import BytesIO
from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse
from PIL import Image
from pytest_django import Settings

from studio.accounts.models import User
from studio.assets import pictures, uploads
from studio.assets.models import Asset
from studio.catalogue import promises
from studio.catalogue.load import model
from studio.catalogue.rules import spell
from studio.catalogue.specs import Mode, ModelSpec
from studio.generations import briefs, desk, drafts, forms, orders, styles
from studio.generations.briefs import Brief, Problem, Refused
from studio.generations.entry import Entry
from studio.generations.models import Origin
from studio.lib import uid
from studio.storage import store
from studio.storage.models import Blob
from tests import people
from tests.generations.walks import Case, Shot, Walk, desks, walks

pytestmark = pytest.mark.django_db

# At the shell: what is refused here, or what bytes of one file mean for the whole request.
_NO_FAULT = r"\S+ is not connected\.|With its pictures.*?; .*?MB\.|; "
HTMX = {"HX-Request": "true"}
IDS = [f"{spec.key}-{mode}" for spec, mode in desks()]


@dataclass
class Doors:
    """One person with pictures on the disk and on the shelf, before all three doors."""

    person: User
    client: Client
    folder: Path
    spec: ModelSpec
    mode: Mode
    kept: dict[Shot, tuple[Path, Asset]] = field(default_factory=dict)
    seen: dict[str, str] = field(default_factory=dict)

    # ── Pictures ──

    def picture(self, shot: Shot) -> tuple[Path, Asset]:
        """A file, and the asset that comes of it; the row says the bytes and format wished for."""
        if shot not in self.kept:
            path = self.folder / f"{len(self.kept)}.png"
            colour = (40, 3 * len(self.kept) % 256, 90)
            Image.new("RGB", (shot.width, shot.height), colour).save(path)
            file = ContentFile(path.read_bytes(), name=path.name)
            asset = uploads.receive(self.person.personal_project, self.person, file)
            if shot.bytes or shot.format:
                # A file of its own, so that nothing true is ever said to be something else.
                with store.open(asset.master) as master:
                    blob = store.put_bytes(master.read() + b"\n", f"image/{shot.format or 'png'}")
                Blob.objects.filter(pk=blob.pk).update(size=shot.bytes or blob.size)
                Asset.objects.filter(pk=asset.pk).update(master=blob)
            self.kept[shot] = path, Asset.objects.get(pk=asset.pk)
        return self.kept[shot]

    # ── The order itself ──

    def order(self, case: Case) -> list[Problem]:
        spec, mode = self.spec, self.mode
        style = styles.find(case.style)
        given = styles.setting(style, spec, mode) | dict(case.given)
        brief = Brief(
            spec,
            mode,
            case.prompt,
            promises.complete(spec, mode, given),
            briefs.cast(mode, [self.picture(shot)[1] for shot in case.shots]),
            style=style.key,
            style_words=styles.words(style, spec, mode, case.prompt),
        )
        return self.place(brief)

    def place(self, brief: Brief) -> list[Problem]:
        project, key = self.person.personal_project, uid.new()
        try:
            orders.place(self.person, project, [brief], takes=1, form_key=key, origin=Origin.CREATE)
        except Refused as refused:
            return [p for p in refused.problems if p.code != "not_connected"]
        return []

    # ── The shell ──

    def shell(self, case: Case) -> str:
        """What it complains of."""
        paths = [str(self.picture(shot)[0]) for shot in case.shots]
        images = [part for path in paths for part in ("--image", path)]
        pairs = [f"{name}={spell(value)}" for name, value in case.given.items()]
        settings = [part for pair in pairs for part in ("--set", pair)]
        asked = ["--prompt", case.prompt, "--style", case.style, "--mode", self.mode]
        asked += ["--user", self.person.email, *images, *settings]
        try:
            call_command("generate", self.spec.key, *asked, stdout=_Nowhere())
        except CommandError as error:
            return str(error)
        return ""

    # ── The form ──

    def typed(self, case: Case) -> dict[str, object]:
        fields: dict[str, object] = {
            "mode": self.mode,
            "model": self.spec.key,
            "prompt": case.prompt,
            "style": case.style,
            "takes": "1",
            "project": self.person.personal_project.uid,
        }
        for shot in case.shots:
            placed = fields.setdefault(shot.role, [])
            assert isinstance(placed, list)
            placed.append(self.picture(shot)[1].uid)
        return fields | {f"set.{name}": spell(value) for name, value in case.given.items()}

    def form(self, case: Case) -> str:
        """The page after a press on the button; many walks have an inside in common."""
        if repr(case) not in self.seen:
            typed = self.typed(case) | {"form_key": uid.new()}
            answer = self.client.post(reverse("create"), typed, headers=HTMX)
            self.seen[repr(case)] = answer.content.decode()
        return self.seen[repr(case)]

    def mend(self, case: Case, fix: str) -> list[str]:
        """What is still wrong after this fix, on the page and with the brief that it left."""
        typed = self.typed(case) | {"fix": fix}
        answer = self.client.post(reverse("draft"), typed, headers=HTMX)
        wrong = [text for _at, text in said(answer.content.decode())]
        entry = Entry.from_draft(drafts.load(self.person, "create"))
        try:
            made = forms.briefs(self.person, entry)
        except Refused as refused:
            return [*wrong, str(refused)]
        return [*wrong, *(problem.message for brief in made for problem in self.place(brief))]


class _Nowhere(BytesIO):
    def write(self, _text: object) -> int:
        return 0


def said(page: str) -> list[tuple[str, str]]:
    """What is wrong, and where it is said."""
    found = re.findall(r'data-at="([^"]*)"[^>]*>([^<]*)<', page)
    return [(at, unescape(text)) for at, text in found if text]


def fixes_on(page: str) -> list[str]:
    """The fixes beside what is wrong; those of the dimmed models are another test's."""
    form = re.sub(r'<label class="offer.*?</label>', "", page, flags=re.DOTALL)
    return [unescape(value) for value in re.findall(r'name="fix" value="([^"]*)"', form)]


@pytest.fixture
def doors(client: Client, settings: Settings, tmp_path: Path) -> Doors:
    settings.MEDIA_ROOT = tmp_path / "media"
    people.studio()
    person = people.person()
    client.force_login(person)
    return Doors(person, client, tmp_path, model("local/animatic"), Mode.TEXT)


def walked(doors: Doors, walk: Walk) -> list[str]:
    """What is not as it should be on this walk."""
    told = doors.order(walk.outside)
    broken = next((p for p in told if (p.field, p.code) == (walk.at, walk.code)), None)
    if broken is None:
        return [f"{walk.name}: the order says {told}"]
    page, wrong = doors.form(walk.outside), []
    if (walk.at, broken.message) not in said(page):
        wrong.append(f"{walk.name}: not said on the form at {walk.at}: {said(page)}")
    if broken.message not in doors.shell(walk.outside):
        wrong.append(f"{walk.name}: the shell says {doors.shell(walk.outside)}")
    fixes = fixes_on(page)
    if bool(fixes) != walk.is_mendable:
        wrong.append(f"{walk.name}: the fixes are {fixes}")
    for fix in fixes:
        left = doors.mend(walk.outside, fix)
        wrong += [f"{walk.name}: {fix} leaves {left}"] if left else []
    return wrong + inside(doors, walk)


# What else the shell may complain of: who sells it, and the request as a whole.
_OTHERS = re.compile(
    r"[\w. ]+ is not connected\.|With its pictures [^;]*; this model takes up to \d+ MB\."
)


def inside(doors: Doors, walk: Walk) -> list[str]:
    """On none of the doors; a file at its own limit may still be too much for the request."""
    told = [p for p in doors.order(walk.inside) if (p.field, p.code) == (walk.at, walk.code)]
    wrong = [f"{walk.name}: inside, the order says {told}"] if told else []
    heard = [text for at, text in said(doors.form(walk.inside)) if at == walk.at]
    wrong += [f"{walk.name}: inside, the form says {heard}"] if heard else []
    complaint = _OTHERS.sub("", doors.shell(walk.inside)).strip("; ")
    return wrong + ([f"{walk.name}: inside, the shell: {complaint}"] if complaint else [])


@pytest.mark.parametrize(("spec", "mode"), desks(), ids=IDS)
def test_every_rule_is_kept_at_every_door_and_every_fix_mends(
    doors: Doors, spec: ModelSpec, mode: Mode, monkeypatch: pytest.MonkeyPatch
) -> None:
    doors.spec, doors.mode = spec, mode
    # The list of all models, drawn a thousand times, would take most of the time.
    monkeypatch.setattr(desk, "offers", lambda *_of: ())
    wrong = [fault for walk in walks(spec, mode) for fault in walked(doors, walk)]
    assert wrong == []


def test_the_walks_reach_every_kind_of_rule() -> None:
    codes = {walk.code for spec, mode in desks() for walk in walks(spec, mode)}
    assert codes == {
        "body_too_heavy",
        "combination",
        "missing_picture",
        "no_prompt",
        "not_allowed",
        "number_of_references",
        "pair_ratio",
        "picture_format",
        "picture_ratio",
        "picture_too_heavy",
        "picture_too_small",
        "prompt_too_long",
        "too_many_pictures",
    }


# ── Bytes for real ────────────────────────────────────────────────────────────────────────────


def noise(person: User, width: int, height: int) -> Asset:
    """A picture that nothing packs: as many bytes as it has samples."""
    image = Image.frombytes("RGB", (width, height), os.urandom(width * height * 3))
    data = BytesIO()
    image.save(data, "PNG", compress_level=0)
    blob = store.put_bytes(data.getvalue(), "image/png")
    image.thumbnail((64, 64))
    image.save(small := BytesIO(), "WEBP")
    thumb = store.put_bytes(small.getvalue(), "image/webp")
    return Asset.objects.create(
        project=person.personal_project,
        uploaded_by=person,
        name="noise.png",
        pixel_hash=uid.new(),
        width=width,
        height=height,
        uploaded_as="png",
        master=blob,
        preview=thumb,
        thumb=thumb,
    )


@pytest.mark.parametrize(
    ("key", "sizes", "most"),
    [
        ("bigmodel/cogvideox-2", [(1340, 1260)], 5_000_000),
        ("jiekou/vidu-2.0-reference2video", [(1900, 1780)], 9_999_999),
        ("vidu/viduq1-img2video", [(2300, 2200)], 15_000_000),
        ("relay/viduq2-pro", [(1200, 900 + n) for n in range(7)], 3_000_000),
        ("zai/vidu2-image", [(4200, 4000)], 50_000_000),
    ],
)
def test_what_really_is_too_heavy_is_really_made_light_enough(
    doors: Doors, key: str, sizes: list[tuple[int, int]], most: int
) -> None:
    spec = model(key)
    mode = next(mode for mode in (Mode.REFERENCE, Mode.IMAGE) if mode in spec.modes)
    doors.spec, doors.mode = spec, mode
    made = [noise(doors.person, *size) for size in sizes]
    place = "reference" if mode == Mode.REFERENCE else "start"
    typed = doors.typed(Case(())) | {place: [asset.uid for asset in made]}
    page = doors.client.post(reverse("draft"), typed, headers=HTMX).content.decode()
    (fix,) = [fix for fix in fixes_on(page) if fix.startswith("recompress")]
    answer = doors.client.post(reverse("draft"), typed | {"fix": fix}, headers=HTMX)
    assert said(answer.content.decode()) == []
    entry = Entry.from_draft(drafts.load(doors.person, "create"))
    (brief,) = forms.briefs(doors.person, entry)
    assert doors.place(brief) == []
    for given, original in zip(brief.inputs, made, strict=True):
        assert given.asset.made_from == original
        with store.open(given.asset.master) as file:
            data = file.read()
        assert len(data) == given.asset.master.size <= most < original.master.size
        assert pictures.decode(data).pixel_hash == given.asset.pixel_hash
