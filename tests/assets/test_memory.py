"""A bomb costs nothing: measured in a process of its own, since memory once grown stays grown."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.assets import hostile

ROOT = Path(__file__).resolve().parents[2]
MEGABYTE = 1024 * 1024
READER = """
import json, sys
from pathlib import Path
from studio.assets import pictures
from tests.assets import hostile

def peak():
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM"))

pictures.decode(hostile.png())
# A process starts with the peak of the one that it was forked from.
Path("/proc/self/clear_refs").write_text("5")
data, before = sys.stdin.buffer.read(), peak()
try:
    pictures.decode(data)
    code, facts = "taken", {}
except pictures.Unfit as unfit:
    code, facts = unfit.code, unfit.facts
print(json.dumps({"code": code, "facts": facts, "grown": peak() - before}))
"""


def read(data: bytes) -> tuple[str, int]:
    """How the file was answered, and by how many megabytes the reader grew."""
    command = [sys.executable, "-c", READER]
    done = subprocess.run(command, input=data, cwd=ROOT, capture_output=True, check=True)
    answer = json.loads(done.stdout)
    return answer["code"], answer["grown"] // 1024


@pytest.mark.row("A013")
def test_a_pixel_bomb_costs_less_than_50_megabytes() -> None:
    code, grown = read(hostile.flat_png(13_000, 13_000))
    assert code == "too-many-pixels"
    assert grown < 50


@pytest.mark.row("A016")
@pytest.mark.parametrize("kind", [b"zTXt", b"iTXt", b"iCCP"])
def test_a_text_bomb_costs_less_than_50_megabytes(kind: bytes) -> None:
    code, grown = read(hostile.text_bomb(kind))
    assert code == "damaged"
    assert grown < 50


@pytest.mark.row("A017")
def test_ten_thousand_frames_cost_less_than_50_megabytes() -> None:
    code, grown = read(hostile.many_frames(10_000))
    assert code == "animated"
    assert grown < 50


def test_control_the_largest_picture_that_is_taken_is_seen_to_cost_more() -> None:
    code, grown = read(hostile.flat_png(8000, 5000))
    assert code == "taken"
    assert grown > 50
