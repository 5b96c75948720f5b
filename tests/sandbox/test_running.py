"""The process: one line, a book that outlives it, an end with its parent."""

import os
import signal
import sqlite3
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from studio.sandbox.faults import _BY_MOMENT, MOMENTS
from tests.house import ROOT, wait_for
from tests.sandbox.client import PROVIDERS, WIDE, Client, links
from tests.sandbox.running import HTTP, KEY, Sandbox


def test_no_fault_has_the_name_of_another() -> None:
    names = Counter(name for names in _BY_MOMENT.values() for name in names.split())
    assert [name for name, count in names.items() if count > 1] == []
    assert set(names) == set(MOMENTS)


def test_every_fault_stands_in_the_docs() -> None:
    text = (ROOT / "docs/sandbox.md").read_text()
    assert [name for name in MOMENTS if f"`{name}`" not in text] == []


def test_a_restart_forgets_nothing(tmp_path: Path) -> None:
    with Sandbox.start(tmp_path) as first:
        client = Client(first, "vidu")
        job = client.take(payload="job-7")
        name = client.link(job).rpartition("/")[2]
        Client(first, "zai").take(request_id="job-000123")
        before = first.journal()
        posts = len(first.requests(method="POST"))
    with Sandbox.start(tmp_path) as second:
        assert [entry["id"] for entry in second.journal()] == [entry["id"] for entry in before]
        again = Client(second, "vidu").poll(job).json()
        assert (again["payload"], again["state"]) == ("job-7", "success")
        assert links(again)[0].endswith(name)
        assert HTTP.get(links(again)[0]).status_code == 200
        repeated = Client(second, "zai").submit(request_id="job-000123")
        assert repeated.json()["error"]["code"] == "1231"
        assert len(second.requests(method="POST")) == posts + 1


def test_the_book_holds_what_was_sent_but_no_key_and_no_picture(sandbox: Sandbox) -> None:
    for provider in PROVIDERS:
        Client(sandbox, provider).take()
    entries = sandbox.requests(method="POST")
    assert [entry["provider"] for entry in entries] == list(PROVIDERS)
    encoded = WIDE.partition(",")[2]
    for entry in entries:
        assert entry["headers"]["authorization"].rpartition(" ")[2] == "…"
        assert KEY not in str(entry) and encoded not in entry["body"]
    assert "bytes, sha256 " in entries[0]["body"]
    with sqlite3.connect(sandbox.folder / "book.sqlite3") as book:
        (kept,) = book.execute("SELECT group_concat(content) FROM book").fetchone()
    assert KEY not in kept and encoded not in kept


def test_a_reset_makes_it_new(sandbox: Sandbox) -> None:
    sandbox.next("zai", "429")
    Client(sandbox, "vidu").take()
    sandbox.reset()
    assert (sandbox.journal(), sandbox.requests()) == ([], [])
    assert Client(sandbox, "zai").submit().status_code == 200


def test_it_ends_with_its_parent(tmp_path: Path) -> None:
    """Killed, the parent says nothing; the system closes its end of the pipe."""
    command = [sys.executable, "-m", "studio.sandbox", "--folder", str(tmp_path)]
    code = (
        "import subprocess, time\n"
        f"child = subprocess.Popen({[*command, '--lifeline', '0']!r}, stdin=subprocess.PIPE)\n"
        "print(child.pid, flush=True)\n"
        "time.sleep(600)\n"
    )
    parent = subprocess.Popen(
        [sys.executable, "-c", code], cwd=ROOT, stdout=subprocess.PIPE, text=True
    )
    assert parent.stdout is not None
    said = [parent.stdout.readline(), parent.stdout.readline()]
    (pid,) = (int(line) for line in said if line.strip().isdigit())
    assert Path(f"/proc/{pid}").exists()
    parent.send_signal(signal.SIGKILL)
    parent.wait()
    parent.stdout.close()
    wait_for("the sandbox to leave", lambda: not _runs(pid), 10)


def _runs(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return "\nState:\tZ" not in Path(f"/proc/{pid}/status").read_text()


@pytest.mark.parametrize("word", ["--port", "--folder"])
def test_it_says_how_it_wants_to_be_started(word: str) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "studio.sandbox", "--help"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    assert word in done.stdout
    assert done.stderr == ""
