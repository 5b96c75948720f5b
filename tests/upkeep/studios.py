"""Studios in real processes, with something in them worth a backup."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

from tests.house import ROOT, House

SEED = "tests.upkeep.seed"


def seed(house: House) -> None:
    assert house.manage("prepare").returncode == 0
    command = [sys.executable, "-m", SEED]
    environment = house.environment(DJANGO_SETTINGS_MODULE="studio.settings")
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


def load(house: House) -> "subprocess.Popen[str]":
    """A process that writes clips and money as fast as it can, until it is killed."""
    process = subprocess.Popen(
        [sys.executable, "-m", SEED, "load"],
        cwd=ROOT,
        env=house.environment(DJANGO_SETTINGS_MODULE="studio.settings"),
        stdout=subprocess.PIPE,
        text=True,
    )
    house.started.append(process)
    assert process.stdout and process.stdout.readline() == "writing\n"
    return process


def keys_of(house: House) -> str:
    return (house.data_dir / "secrets" / "STUDIO_ENCRYPTION_KEYS").read_text()


def diagnosis(house: House, **extra: str) -> list[dict[str, Any]]:
    done = house.manage("doctor", "--json", **extra)
    assert done.stdout, done.stderr
    found: list[dict[str, Any]] = json.loads(done.stdout)
    return found


def faults(house: House, **extra: str) -> list[dict[str, str]]:
    done = house.manage("scrub", "--json", **extra)
    assert done.stdout, done.stderr
    found: list[dict[str, str]] = json.loads(done.stdout)["faults"]
    return found


def files(house: House) -> list[Path]:
    return sorted(path for path in (house.data_dir / "media").glob("??/??/*"))
