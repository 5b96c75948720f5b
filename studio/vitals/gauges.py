"""The text format of Prometheus, version 0.0.4, as far as gauges need it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"


@dataclass(frozen=True)
class Sample:
    value: float
    labels: Mapping[str, str] = field(default_factory=dict)

    def line(self, name: str) -> str:
        labels = ",".join(f'{key}="{_escaped(value)}"' for key, value in self.labels.items())
        return f"{name}{{{labels}}} {self.value!r}" if labels else f"{name} {self.value!r}"


@dataclass(frozen=True)
class Gauge:
    name: str
    help: str
    samples: tuple[Sample, ...]

    def __str__(self) -> str:
        head = [f"# HELP {self.name} {self.help}", f"# TYPE {self.name} gauge"]
        return "\n".join([*head, *(sample.line(self.name) for sample in self.samples)])


def text(gauges: Iterable[Gauge]) -> str:
    return "\n".join(map(str, gauges)) + "\n"


def _escaped(value: str) -> str:
    return value.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
