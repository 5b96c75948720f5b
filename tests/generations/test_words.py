"""What is said about a brief or a job, and in whose language."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from django.test import override_settings
from django.utils import translation

from studio.catalogue.load import model
from studio.catalogue.rules import check_parameters
from studio.catalogue.specs import Mode
from studio.generations import work
from studio.generations.briefs import as_problem
from studio.generations.models import Generation
from studio.generations.render import MOST_DEATHS
from studio.generations.states import State
from tests import clips, people
from tests.build.sources import ROOT


@pytest.fixture(autouse=True)
def in_japanese_too(tmp_path: Path) -> Iterator[None]:
    """The translation as it stands in the sources, compiled or not."""
    there = Path("ja", "LC_MESSAGES")
    (tmp_path / there).mkdir(parents=True)
    with (ROOT / "studio" / "locale" / there / "django.po").open("rb") as source:
        catalog = read_po(source, locale="ja")
    with (tmp_path / there / "django.mo").open("wb") as target:
        write_mo(target, catalog)
    with override_settings(LOCALE_PATHS=[tmp_path]):
        yield


def test_the_reason_of_a_limit_is_said_in_the_readers_language() -> None:
    spec = model("vidu/vidu2.0-img2video")
    (fault,) = check_parameters(spec, Mode.IMAGE, {"duration": 8, "resolution": "360p"})
    with translation.override("ja"):
        problem = as_problem(fault)
    assert "Vidu の8秒は720pのみです。" in problem.message
    assert "Vidu makes 8 seconds" not in problem.message


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("ja", "レンダリングのたびにワーカーが停止しました。料金は発生していません。"),
        ("", "The worker died each time it rendered this. Nothing was charged."),
    ],
)
def test_what_goes_wrong_is_said_to_whoever_ordered_it(language: str, said: str) -> None:
    person = people.person(language=language)
    job = clips.generation(project=person.personal_project, person=person)
    work.step(job.pk)
    Generation.objects.filter(pk=job.pk).update(failures=MOST_DEATHS)
    with translation.override("zh-hans"):  # whatever the worker last spoke
        work.step(job.pk)
    job.refresh_from_db()
    assert (job.state, job.error_code) == (State.FAILED, "render_died")
    assert job.error_message == said
