"""Practice mode in real processes: who is started, what refuses to be mixed."""

import http.client
import os
import re
import signal
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.template.loader import render_to_string
from pytest_django import Settings

from studio.practice import mark, mistake
from tests.build.processes import answers, processes
from tests.house import House, free_port, wait_for
from tests.sandbox.running import HTTP

pytestmark = pytest.mark.skipif(not Path("/proc").is_dir(), reason="looks into Linux's /proc")
BANNER = "Practice: nothing is sent, nothing is charged"


def born(folder: Path) -> Path:
    """What any studio has after its first start."""
    (folder / "media").mkdir(parents=True)
    return folder


def test_a_data_dir_stays_what_it_was_born_as(tmp_path: Path) -> None:
    real, new, marked = born(tmp_path / "real"), tmp_path / "new", born(tmp_path / "marked")
    new.mkdir()
    mark(marked)
    for asked in (False, True):
        assert mistake(new, asked, has_own_database=False) is None
    assert mistake(marked, True, has_own_database=False) is None
    assert mistake(real, False, has_own_database=True) is None
    wrong = [
        mistake(real, True, has_own_database=False),
        mistake(marked, False, has_own_database=False),
        mistake(new, True, has_own_database=True),
    ]
    told = [found[0] for found in wrong if found]
    assert [re.search(r"real studio's|no real studio|DATABASE_URL", text) for text in told].count(
        None
    ) == 0
    assert len(told) == 3


def test_the_commands_refuse_it_too(tmp_path: Path) -> None:
    real, marked = House(born(tmp_path / "real")), House(born(tmp_path / "marked"))
    mark(marked.data_dir)
    for house, command in ((real, "practice"), (marked, "run"), (marked, "prepare")):
        done = house.manage(command, STUDIO_BIND=f"127.0.0.1:{free_port()}")
        assert done.returncode == 1
        assert "studio.E004" in done.stderr and "make sandbox" in done.stderr
        assert "Traceback" not in done.stderr


@pytest.mark.parametrize("page", ["404.html", "500.html", "account/login.html"])
def test_every_page_says_so(page: str, settings: Settings) -> None:
    assert BANNER not in render_to_string(page)
    settings.PRACTICE = True
    assert render_to_string(page).count(BANNER) == 1


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    house = House(tmp_path / "data")
    yield house
    house.stop_all()
    for pid, _ in processes(house.data_dir):
        os.kill(pid, signal.SIGKILL)


def environment_of(pid: int) -> dict[str, str]:
    pairs = Path(f"/proc/{pid}/environ").read_bytes().decode().split("\0")
    return dict(pair.split("=", 1) for pair in pairs if "=" in pair)


def test_studio_and_sandbox_start_and_stop_together(house: House) -> None:
    port = free_port()
    real = {"STUDIO_ZAI_API_KEY": "a-real-key", "STUDIO_PROXY": "http://127.0.0.1:9"}
    process = house.start("practice", STUDIO_BIND=f"127.0.0.1:{port}", **real)
    wait_for("the studio", lambda: "Ctrl-C" in house.log("practice") and answers(port))
    wait_for("the worker", lambda: "Worker ready" in house.log("practice"))
    assert (house.data_dir / "practice").exists()
    assert BANNER in house.log("practice")

    found = re.search(r"All providers: (http://127\.0\.0\.1:\d+)", house.log("practice"))
    assert found
    bases = HTTP.get(f"{found[1]}/control/bases").json()
    children = {
        name: pid
        for pid, line in processes(house.data_dir)
        for name in ("studio.sandbox", "gunicorn", "manage.py work")
        if name in line
    }
    assert set(children) == {"studio.sandbox", "gunicorn", "manage.py work"}
    for name in ("gunicorn", "manage.py work"):
        given = environment_of(children[name])
        for provider, base in bases.items():
            assert given[f"STUDIO_{provider.upper()}_BASE_URL"] == base
            assert given[f"STUDIO_{provider.upper()}_API_KEY"].startswith("practice.")
        assert given["STUDIO_TRUSTED_HOSTS"] == found[1].removeprefix("http://")
        assert (given["STUDIO_PRACTICE"], given["STUDIO_PROXY"]) == ("1", "")

    page = HTTP.get(f"http://127.0.0.1:{port}/accounts/login/", follow_redirects=True)
    assert BANNER in page.text

    os.kill(children["studio.sandbox"], signal.SIGKILL)
    wait_for("the sandbox again", lambda: "The sandbox process ended" in house.log("practice"))
    wait_for("its answer", lambda: _is_up(found[1]))

    process.terminate()
    assert process.wait(timeout=10) == 0
    wait_for("the end of all", lambda: not processes(house.data_dir), 10)
    with sqlite3.connect(house.data_dir / "studio.sqlite3") as database:
        assert database.execute("SELECT count(*) FROM studio_user").fetchone() == (0,)


def _is_up(address: str) -> bool:
    connection = http.client.HTTPConnection(address.removeprefix("http://"), timeout=2)
    try:
        connection.request("GET", "/control/journal")
        return connection.getresponse().status == 200
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()
