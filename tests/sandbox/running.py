"""The sandbox as a process of its own, for any test that needs a provider on the wire."""

import json
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import httpx

from tests.house import ROOT

KEY = "practice.0123456789"
# One for all calls: a new client reads all certificates, of which none is needed here.
HTTP = httpx.Client(verify=False, trust_env=False, timeout=10)


@dataclass
class Sandbox:
    """`next` says how it shall misbehave; `journal` is what it took and what it charged."""

    address: str
    bases: dict[str, str]
    key: str
    folder: Path
    process: "subprocess.Popen[str]"

    @classmethod
    def start(cls, folder: Path, *, seconds: float = 0.2, key: str = KEY) -> Self:
        """On a free port. It ends when `close` is called, or when this process is gone."""
        folder.mkdir(parents=True, exist_ok=True)
        arguments = ["--folder", str(folder), "--key", key, "--seconds", str(seconds)]
        process = subprocess.Popen(
            [sys.executable, "-m", "studio.sandbox", "--port", "0", "--lifeline", "0", *arguments],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert process.stdout is not None
        said = json.loads(process.stdout.readline())
        return cls(said["address"], said["bases"], key, folder, process)

    @property
    def host(self) -> str:
        """host:port, as STUDIO_TRUSTED_HOSTS wants it."""
        return self.address.removeprefix("http://")

    def base(self, provider: str) -> str:
        return self.bases[provider]

    def environment(self) -> dict[str, str]:
        """What a studio needs to take this sandbox for all five providers."""
        found = {"STUDIO_TRUSTED_HOSTS": self.host}
        for provider, base in self.bases.items():
            found[f"STUDIO_{provider.upper()}_BASE_URL"] = base
            found[f"STUDIO_{provider.upper()}_API_KEY"] = self.key
        return found

    def next(self, provider: str, fault: str, **options: Any) -> None:
        """Queue a fault for the provider's next submit, poll or download (`times=n`: next n)."""
        self.control("next", {"provider": provider, "fault": fault, **options})

    def tie(self, job: str, fault: str, **options: Any) -> None:
        """Give a fault to a job that was taken already."""
        self.control("next", {"job": job, "fault": fault, **options})

    def set(self, **values: Any) -> None:
        """`seconds`, `ahead`, `callbacks_to`, `in_flight={…}`, `balance={…}`."""
        self.control("set", values)

    def reset(self) -> None:
        self.control("reset", {})

    def control(self, door: str, content: dict[str, Any]) -> Any:
        answer = HTTP.post(f"{self.address}/control/{door}", json=content)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def journal(self, provider: str = "") -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = HTTP.get(f"{self.address}/control/journal").json()
        return [job for job in found if not provider or job["provider"] == provider]

    def requests(self, provider: str = "", method: str = "") -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = HTTP.get(f"{self.address}/control/requests").json()
        return [
            entry
            for entry in found
            if (not provider or entry["provider"] == provider)
            and (not method or entry["method"] == method)
        ]

    def close(self) -> None:
        self.process.terminate()
        assert self.process.stdin is not None and self.process.stdout is not None
        self.process.wait(timeout=10)
        self.process.stdin.close()
        self.process.stdout.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()
