from pathlib import Path

import pytest
from django.core.checks import run_checks
from django.test import Client
from django.urls import reverse

from studio.catalogue import load
from studio.catalogue.load import catalogue
from studio.catalogue.overview import overview
from tests import people


@pytest.fixture
def page(client: Client, db: None) -> str:
    client.force_login(people.member())
    answer = client.get(reverse("models"))
    assert answer.status_code == 200
    return answer.content.decode()


def test_every_model_is_listed_with_its_name(page: str) -> None:
    for spec in catalogue().models.values():
        assert f"<code>{spec.key}</code>" in page
        assert spec.name in page


def test_only_the_local_renderer_is_ready(page: str) -> None:
    assert page.count("Ready, free") == 1
    assert page.count("Not connected") == len(catalogue().providers) - 1


def test_an_unconfirmed_price_gives_its_reasoning(page: str) -> None:
    assert "Jiekou&#x27;s page names no price." in page
    assert page.count(">unconfirmed<") == 5


def test_what_the_pages_contradict_is_shown(page: str) -> None:
    assert "card says 5" in page
    assert "720×480" in page
    assert "5, 10 s can be asked for" in page


def test_who_is_not_logged_in_is_sent_to_the_login(client: Client, cast: people.Cast) -> None:
    answer = client.get(reverse("models"))
    assert answer.status_code == 302
    assert reverse("account_login") in answer.headers["Location"]


def test_connected_sellers_stand_first() -> None:
    sellers = overview("en", {"zai"})
    assert [seller.is_connected for seller in sellers] == [True] + [False] * 5
    assert sellers[0].provider.key == "zai"


@pytest.mark.parametrize(
    ("language", "shown"), [("en", "$0.02"), ("ja", "$0.02"), ("zh-hans", "US$0.02")]
)
def test_amounts_are_written_as_the_language_does(language: str, shown: str) -> None:
    (vidu,) = [s for s in overview(language, set()) if s.provider.key == "vidu"]
    assert vidu.rows[0].tariff is not None
    assert vidu.rows[0].tariff.lowest == shown


def test_a_range_shows_its_terms() -> None:
    (vidu,) = [s for s in overview("en", set()) if s.provider.key == "vidu"]
    tariff = vidu.rows[0].tariff
    assert tariff is not None
    first, second = tariff.rates[:2]
    assert (first.terms, first.amount, first.then) == ("540p, 1 s", "$0.04", "")
    assert (second.terms, second.amount, second.included, second.then) == (
        "540p",
        "$0.05",
        2,
        "$0.025",
    )
    assert [(extra.terms, extra.add, extra.percent) for extra in tariff.extras] == [
        ("is_rec", "$0.05", ""),
        ("off_peak", "", "50"),
    ]


@pytest.mark.django_db
def test_a_broken_extra_file_stops_the_start_and_names_itself(extra_folder: Path) -> None:
    (extra_folder / "mine.toml").write_text('key = "zai"\n[[model]]\nkey = "zai/x"\nspeed = 1')
    errors = [error for error in run_checks() if error.id == "studio.E003"]
    assert len(errors) == 1
    assert "mine.toml: zai/x: speed: unknown field" in errors[0].msg
    assert str(extra_folder / "mine.toml") in (errors[0].hint or "")


@pytest.mark.django_db
def test_a_whole_catalogue_passes_the_check(extra_folder: Path) -> None:
    load.also_read(extra_folder / "none")
    assert not [error for error in run_checks() if error.id == "studio.E003"]
