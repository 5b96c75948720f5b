"""The page of assets: none, one, thousands; what one finds there, and what one may do."""

from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from studio.accounts.models import Project, User
from studio.assets import examples
from studio.assets.models import Asset
from studio.audit.models import AuditLine
from studio.lib import clock
from studio.storage.models import Blob
from tests import people
from tests.assets import hostile
from tests.assets.bench import Bench, bench, tiles

PAGE = reverse("assets")


def row(project: Project, person: User, blob: Blob, number: int, **facts: Any) -> Asset:
    """An asset without its files, for pages that only list it."""
    facts = {
        "name": f"picture {number}.png", "pixel_hash": f"{number:064}", "width": 100,
        "height": 100, "uploaded_as": "png",
    } | facts  # fmt: skip
    return Asset(
        project=project, uploaded_by=person, master=blob, thumb=blob, preview=blob, **facts
    )


def fill(door: Bench, many: int, **facts: Any) -> list[Asset]:
    """`many` assets of the project; pairs of them came at the same moment."""
    blob = Blob.objects.get_or_create(sha256="0" * 64, size=1, defaults={"media_type": "x"})[0]
    start, first = clock.now(), Asset.objects.count()
    return Asset.objects.bulk_create(
        row(
            door.project,
            door.person,
            blob,
            first + n,
            created_at=start - timedelta(seconds=n // 2),
            **facts,
        )
        for n in range(many)
    )


def test_an_empty_shelf_teaches_and_offers_the_first_action(door: Bench) -> None:
    page = door.client.get(PAGE).text
    assert "Try two of ours" in page
    assert "Pick pictures" in page
    assert tiles(page) == []


def test_one_asset_is_shown_with_its_size(door: Bench) -> None:
    door.keep(hostile.png(), "one.png")
    page = door.client.get(PAGE).text
    assert tiles(page) == ["one.png"]
    assert "160 × 120" in page
    assert "Try two of ours" not in page


def test_ten_thousand_assets_are_paged_without_a_gap_or_a_repeat(
    door: Bench, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    fill(door, 10_000)
    with django_assert_max_num_queries(16):  # those of the frame included
        page = door.client.get(PAGE)
    seen = tiles(page.text)
    assert "10,000" in page.text
    for _ in range(3):
        address = page.text.split('hx-get="/assets/more/')[1].split('"')[0]
        page = door.client.get(f"{PAGE}more/{address}")
        seen += tiles(page.text)
    assert len(seen) == len(set(seen)) == 240


def test_the_last_page_has_no_more(door: Bench) -> None:
    fill(door, 60)
    page = door.client.get(PAGE).text
    assert len(tiles(page)) == 60
    assert "More" not in page


def test_a_plain_link_leads_to_the_next_page_as_well(door: Bench) -> None:
    fill(door, 61)
    address = door.client.get(PAGE).text.split('class="button" href="')[1].split('"')[0]
    assert len(tiles(door.client.get(f"{PAGE}{address}").text)) == 1


@pytest.mark.row("A084")
@pytest.mark.parametrize(
    "query",
    [
        "after=nonsense", f"after={'0' * 32}", "after=", "project=1", "rights=stolen", "trash=x",
        "q=%00", f"q={'x' * 5000}", "page=-1", "sort=password", "q=a&q=b", "trashed=%00",
    ],
)  # fmt: skip
def test_a_question_that_makes_no_sense_gets_the_first_page(door: Bench, query: str) -> None:
    fill(door, 1)
    response = door.client.get(f"{PAGE}?{query}")
    assert response.status_code == 200
    assert door.client.get(f"{PAGE}more/?{query}").status_code == 200
    assert Asset.objects.count() == 1


def test_search_and_filters_narrow_the_shelf(door: Bench) -> None:
    other = people.project()
    people.join(door.person, other)
    fill(door, 2, rights="own")
    elsewhere = Bench(door.client, door.person, other)
    fill(elsewhere, 1, name="Leuchtturm.png", rights="client")
    assert tiles(door.client.get(PAGE, {"q": "leucht"}).text) == ["Leuchtturm.png"]
    assert tiles(door.client.get(PAGE, {"rights": "client"}).text) == ["Leuchtturm.png"]
    assert tiles(door.client.get(PAGE, {"project": other.uid}).text) == ["Leuchtturm.png"]
    assert len(tiles(door.client.get(PAGE, {"project": door.project.uid}).text)) == 2
    assert "Nothing here matches." in door.client.get(PAGE, {"q": "nowhere"}).text


@pytest.mark.row("A041")
def test_filters_that_name_somebody_elses_project_show_nothing_of_it(door: Bench) -> None:
    theirs = bench()
    fill(theirs, 3, name="secret.png")
    fill(door, 1)
    page = door.client.get(PAGE, {"project": theirs.project.uid}).text
    assert tiles(page) == ["picture 3.png"]
    assert theirs.project.name not in page and "secret" not in page
    mark = Asset.objects.filter(project=theirs.project).last()
    assert mark is not None
    assert tiles(door.client.get(PAGE, {"after": mark.uid}).text) == ["picture 3.png"]


# ── The trash ─────────────────────────────────────────────────────────────────────────────────


def test_trash_offers_undo_and_undo_brings_it_back(door: Bench) -> None:
    asset = door.keep(hostile.png(), "mine.png")
    page = door.client.post(reverse("asset_trash", args=[asset.uid]), follow=True).text
    assert "“mine.png” is in the trash." in page and tiles(page) == []
    assert tiles(door.client.get(PAGE, {"trash": "on"}).text) == ["mine.png"]
    door.client.post(reverse("asset_restore", args=[asset.uid]))
    assert tiles(door.client.get(PAGE).text) == ["mine.png"]
    actions = list(AuditLine.objects.order_by("pk").values_list("action", flat=True))
    assert actions[-2:] == ["asset.trashed", "asset.restored"]


def test_on_the_wall_undo_takes_the_place_of_the_tile(door: Bench) -> None:
    asset, htmx = door.keep(hostile.png(), "mine.png"), {"hx-request": "true"}
    gone = door.client.post(reverse("asset_trash", args=[asset.uid]), headers=htmx).text
    assert "In the trash" in gone and "<html" not in gone
    back = door.client.post(reverse("asset_restore", args=[asset.uid]), headers=htmx).text
    assert tiles(back) == ["mine.png"]


def test_a_picture_in_the_trash_still_shows_where_it_is_used(door: Bench) -> None:
    asset = door.keep(hostile.png())
    door.client.post(reverse("asset_trash", args=[asset.uid]))
    assert door.fetch(asset, "thumb")
    assert "This picture is in the trash." in door.client.get(f"/assets/{asset.uid}/").text


# ── Ours to try ───────────────────────────────────────────────────────────────────────────────


def test_the_two_examples_come_once_and_belong_together(door: Bench) -> None:
    dawn, dusk = examples.add(door.project, door.person)
    assert examples.add(door.project, door.person) == [dawn, dusk]
    assert (dawn.width, dawn.height) == (dusk.width, dusk.height) == (1280, 720)
    assert dawn.remarks == dusk.remarks == []


def test_the_examples_are_offered_at_an_address(door: Bench) -> None:
    address, fields = reverse("assets_examples"), {"project": door.project.uid}
    answer = door.client.post(address, fields, headers={"accept": "application/json"}).json()
    assert [asset["name"] for asset in answer["assets"]] == ["dawn.jpg", "dusk.jpg"]
    assert tiles(door.client.post(address, fields, follow=True).text) == ["dusk.jpg", "dawn.jpg"]
    assert door.client.post(address, {"project": bench().project.uid}).status_code == 404
