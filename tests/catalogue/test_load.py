"""A broken file names itself, the model and the field, whatever is wrong with it."""

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from studio.catalogue import load
from studio.catalogue.files import BrokenCatalogue
from studio.catalogue.load import Catalogue, read
from studio.catalogue.specs import Mode

GOOD = """
key = "acme"
name = "Acme"
url = "https://acme.example"
currency = "EUR"
levels = { A = 3 }

[shared.base]
seconds_from = "duration"
prompt = { limit = 100, required_in = ["text"] }
pictures.image = { minimum = 1, maximum = 1, formats = ["png"], max_bytes = 9 }

[shared.base.price]
rows = [{ when = { resolution = "720p" }, amount = 0.1, included = 1, per_second = 0.2 }]
adjustments = [{ when = { off_peak = true }, factor = 0.5 }]
source = "acme.example"
date = 2026-01-02

[shared.base.parameters]
duration = { kind = "integer", default = 4, allowed = [4, 8] }
resolution = { kind = "string", default = "720p", allowed = ["720p"] }
off_peak = { kind = "boolean", default = false }
seed = { kind = "integer", minimum = 0, maximum = 9 }

[[model]]
key = "acme/road-img2video"
like = "base"
name = "Road"
endpoint = "img2video"
modes = ["image"]

[[model]]
key = "acme/road-text"
like = "acme/road-img2video"
name = "Road Text"
endpoint = "text"
modes = ["text"]
parameters.duration = { allowed = [4] }
"""


def from_text(folder: Path, text: str, extra: str = "") -> Catalogue:
    (folder / "acme.toml").write_text(text)
    (folder / "more.toml").write_text(extra)
    more = [folder / "more.toml"] if extra else []
    return read([folder / "acme.toml"], more)


def complaint(folder: Path, text: str, extra: str = "") -> str:
    with pytest.raises(BrokenCatalogue) as caught:
        from_text(folder, text, extra)
    return str(caught.value)


def test_a_model_begins_as_what_it_is_like_and_lays_its_own_fields_over(tmp_path: Path) -> None:
    found = from_text(tmp_path, GOOD).models
    road, text = found["acme/road-img2video"], found["acme/road-text"]
    assert (road.provider, road.model, road.name) == ("acme", "road", "Road")
    assert [p.name for p in text.parameters] == ["duration", "resolution", "off_peak", "seed"]
    duration = text.parameter("duration")
    assert duration is not None
    assert (duration.allowed, duration.default) == ((4,), 4)
    assert set(road.pictures) == {Mode.IMAGE}
    assert not text.pictures


def test_amounts_are_exact_and_in_the_providers_currency(tmp_path: Path) -> None:
    prices = from_text(tmp_path, GOOD).models["acme/road-text"].price
    assert prices is not None
    assert (prices.currency, prices.date) == ("EUR", date(2026, 1, 2))
    assert prices.rows[0].amount + prices.rows[0].per_second == Decimal("0.3")


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ('key = "acme"\n', "key = 'acme\n", "acme.toml: cannot be read"),
        ('name = "Acme"', "", "acme.toml: name: missing"),
        ('name = "Acme"', 'name = "Acme"\nmotto = ""', "acme.toml: motto: unknown field"),
        ("levels = { A = 3 }", "levels = { A = true }", "levels.A: must be a whole number"),
        ("[shared.base.price]", "[[model.price]]", "acme.toml: cannot be read"),
        ('key = "acme/road-text"\n', "", "acme.toml: model.key: every model needs its key"),
        ('name = "Road Text"', 'name = ""\nrank = 1', "acme/road-text: rank: unknown field"),
        ('name = "Road Text"', "name = 7", "acme/road-text: name: must be text"),
        ('modes = ["text"]', 'modes = ["sound"]', "modes[1]: must be one of text, image"),
        ('modes = ["text"]', 'modes = ["text", "text"]', "acme/road-text: modes: "),
        ('modes = ["image"]', 'modes = ["reference"]', "road-img2video: pictures: must have one"),
        ('key = "acme/road-text"', 'key = "acme/road-img2video"', "key: is already taken"),
        ('key = "acme/road-text"', 'key = "zai/road-text"', "key: must begin with acme/"),
        ('endpoint = "text"', 'model = "street"\nendpoint = "text"', "key: must be the model's"),
        ('like = "base"', 'like = "nothing"', "like: there is no nothing to begin with"),
        ('like = "base"', "like = 5", "like: there is no 5 to begin with"),
        ('like = "base"', 'like = "acme/road-text"', "like: there is no acme/road-"),
        ("minimum = 1, maximum = 1, f", "minimum = 1, maximum = 2, f", "pictures.image: minimum"),
        ("limit = 100", "limit = 0", "prompt.limit: must be at least 1"),
        ("limit = 100", "limit = 9.5", "prompt.limit: must be a whole number"),
        ('kind = "boolean"', 'kind = "switch"', "parameters[3].kind: must be one of integer"),
        ("default = 4, ", "default = 5, ", "parameters.duration.default: duration cannot be 5"),
        ("default = 4, ", "default = true, ", "parameters.duration.default: "),
        ("allowed = [4, 8]", 'allowed = [4, "8"]', "parameters.duration.allowed: must hold only"),
        ('allowed = ["720p"]', "allowed = []", "parameters.resolution.allowed: missing"),
        (", maximum = 9 }", " }", "parameters.seed: a range is for a whole number"),
        ("maximum = 9 }", 'maximum = 9, modes = ["image"] }', "parameters.seed.modes: "),
        ('{ resolution = "720p" }', '{ resolution = "1080p" }', "price.rows.when.resolution: "),
        ('{ resolution = "720p" }', '{ quality = "720p" }', "price.rows.when.quality: "),
        ("off_peak = true", "off_peak = 1", "price.adjustments.when.off_peak: "),
        ('{ resolution = "720p" }', "{ duration = 4 }", "price.rows: acme/road-img2video has no"),
        ("amount = 0.1", "amount = 0", "price.rows: must have prices above 0"),
        ("amount = 0.1", 'amount = "0.1"', "price.rows[1].amount: must be a number"),
        ("amount = 0.1", "amount = nan", "price.rows[1].amount: must be a number"),
        ("factor = 0.5", "factor = 0", "price.adjustments: "),
        ("date = 2026-01-02", "date = 2026-01-02T03:04:05", "price.date: must be a date"),
        ("date = 2026-01-02", "date = 2026-01-02\nunconfirmed = true", "price.reasoning: "),
        ("date = 2026-01-02", "date = 2026-01-02\ncredit_value = 0", "price.credit_value: "),
        ("[shared.base.price]", "[shared.base.rates]", "acme/road-img2video: rates: unknown"),
        ('currency = "EUR"', 'currency = "EUR"\nfree = true', "price: a free provider has no"),
        ('seconds_from = "duration"', 'seconds_from = "length"', "seconds_from: length is no"),
        ('seconds_from = "duration"', 'audio_from = ["seed"]', "audio_from: seed is no"),
    ],
)
def test_a_broken_file_is_refused_with_its_place(
    tmp_path: Path, old: str, new: str, says: str
) -> None:
    assert GOOD.count(old) == 1
    assert says in complaint(tmp_path, GOOD.replace(old, new))


def test_a_paid_model_without_a_price_is_refused(tmp_path: Path) -> None:
    start, end = GOOD.index("[shared.base.price]"), GOOD.index("[shared.base.parameters]")
    text = GOOD[:start] + GOOD[end:]
    assert "acme.toml: acme/road-img2video: price: missing" in complaint(tmp_path, text)


def test_a_limit_must_leave_something_and_say_why(tmp_path: Path) -> None:
    def limited(allowed: str, reason: str) -> str:
        limit = f"{{ when = {{ duration = 8 }}, allowed = {allowed}, reason = '{reason}' }}"
        return GOOD.replace("default = false }", f"default = false, limits = [{limit}] }}")

    field = "parameters.off_peak.limits"
    assert f"{field}: must leave some" in complaint(tmp_path, limited("[]", "why"))
    assert f"{field}: must leave some" in complaint(tmp_path, limited("[0]", "why"))
    assert f"{field}: must say the reason" in complaint(tmp_path, limited("[false]", ""))
    # The second model has no 8 seconds, so it must not inherit the limit.
    assert f"{field}.when.duration" in complaint(tmp_path, limited("[false]", "why"))


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(BrokenCatalogue, match=r"gone\.toml: cannot be read"):
        read([tmp_path / "gone.toml"])


EXTRA = """
key = "acme"

[[model]]
key = "acme/path-img2video"
like = "acme/road-img2video"
name = "Path"
price.rows = [{ amount = 7 }]
"""


def test_a_new_model_of_a_known_provider_is_only_data(tmp_path: Path) -> None:
    found = from_text(tmp_path, GOOD, EXTRA)
    assert found.models["acme/path-img2video"].model == "path"
    assert [spec.key for spec in found.providers[0].models][-1] == "acme/path-img2video"


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ('key = "acme"\n', 'key = "other"\n', "more.toml: key: must be one of acme"),
        ('key = "acme"\n', "", "more.toml: key: must be one of acme"),
        ('key = "acme"\n', 'key = "acme"\nname = ""\n', "more.toml: name: an extra file only"),
        ("acme/path-img2video", "acme/road-img2video", "more.toml: acme/road-img2video: key: is"),
        ("amount = 7", "amount = -7", "more.toml: acme/path-img2video: price.rows: "),
        ("[[model]]", "[shared.base]\nname = 'x'\n\n[[model]]", "more.toml: shared.base: is"),
        ("[[model]]", "shared = 1\n\n[[model]]", "more.toml: shared: must be"),
        ("[[model]]", "model = 1\n\n[[other]]", "more.toml: model: must be"),
    ],
)
def test_a_broken_extra_file_is_refused_with_its_place(
    tmp_path: Path, old: str, new: str, says: str
) -> None:
    assert says in complaint(tmp_path, GOOD, EXTRA.replace(old, new))


def test_the_studio_reads_the_files_in_its_data_dir(extra_folder: Path) -> None:
    (extra_folder / "mine.toml").write_text(
        'key = "zai"\n[[model]]\nkey = "zai/vidu3-image"\nlike = "zai/vidu2-image"\nname = "Vidu 3"'
    )
    assert load.model("zai/vidu3-image").model == "vidu3-image"


def test_a_missing_extra_folder_is_no_fault(extra_folder: Path) -> None:
    load.also_read(extra_folder / "none")
    assert "local/animatic" in load.catalogue().models
