"""`manage.py generate`: the same job as on the Create screen, from a shell."""

import json
import sys
import time
from argparse import ArgumentParser
from dataclasses import replace
from pathlib import Path
from typing import Any

from django.core.files import File
from django.core.management.base import BaseCommand, CommandError

from studio.accounts.models import Project, StudioRole, User
from studio.assets import uploads
from studio.assets.models import Asset
from studio.catalogue import promises, rules
from studio.catalogue.specs import Mode, ModelSpec, Value
from studio.catalogue.styles import Style
from studio.generations import briefs, styles, work
from studio.generations.briefs import Brief, Refused
from studio.generations.models import Generation, Order, Origin
from studio.generations.orders import place
from studio.generations.quotes import Quote, quote
from studio.generations.receipts import as_json, quote_json
from studio.generations.states import State
from studio.lib import clock, uid

TIMED_OUT = 3
LOOK_AGAIN = 0.2


class Command(BaseCommand):
    help = "Order a clip: generate MODEL --prompt TEXT [--image PATH ...]"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("model", help="a model of the catalogue, such as local/animatic")
        parser.add_argument("--prompt", default="")
        parser.add_argument("--image", action="append", default=[], type=Path, metavar="PATH")
        parser.add_argument("--mode", choices=[mode.value for mode in Mode])
        parser.add_argument("--set", action="append", default=[], metavar="NAME=VALUE")
        parser.add_argument("--style", default="")
        parser.add_argument("--user", metavar="EMAIL")
        parser.add_argument("--project", metavar="UID")
        parser.add_argument("--takes", type=int, default=1)
        parser.add_argument("--quote", action="store_true", help="print the price, order nothing")
        parser.add_argument("--wait", action="store_true", help="stay until it has ended")
        parser.add_argument("--timeout", type=float, default=3600, metavar="SECONDS")
        parser.add_argument("--json", action="store_true", help="print one JSON object")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            self._run(options)
        except (Refused, uploads.Refused) as refused:
            raise CommandError(str(refused)) from refused

    def _run(self, options: dict[str, Any]) -> None:
        person = _person(options["user"])
        project = _project(person, options["project"])
        spec = briefs.find_model(options["model"])
        mode = _mode(spec, options["mode"], len(options["image"]))
        style = _style(options["style"])
        given = styles.setting(style, spec, mode) | _parameters(spec, options["set"])
        bare = Brief(
            spec,
            mode,
            options["prompt"],
            promises.complete(spec, mode, given),
            style=style.key,
            style_words=styles.words(style, spec, mode, options["prompt"]),
        )
        if options["quote"]:
            self._print_quote(quote(bare, options["takes"]), spec, options["json"])
            return
        pictures = [_receive(project, person, path) for path in options["image"]]
        order = place(
            person,
            project,
            [replace(bare, inputs=briefs.cast(mode, pictures))],
            takes=options["takes"],
            form_key=uid.new(),
            origin=Origin.SHELL,
        )
        in_time = _wait(order, options["timeout"]) if options["wait"] else True
        self._print_order(order, options["json"])
        _exit(order, waited=options["wait"], in_time=in_time)

    def _print_quote(self, priced: Quote, spec: ModelSpec, as_object: bool) -> None:
        if as_object:
            self.stdout.write(json.dumps({"model": spec.key, "quote": quote_json(priced)}))
        else:
            self.stdout.write(f"{spec.key}: {priced.amount} {priced.currency}")

    def _print_order(self, order: Order, as_object: bool) -> None:
        rows = [as_json(generation) for generation in order.generations.order_by("number")]
        if as_object:
            whole = rows[0] if len(rows) == 1 else {"order": order.uid, "generations": rows}
            self.stdout.write(json.dumps(whole))
            return
        for row in rows:
            files = ", ".join(video["path"] for video in row["videos"])
            error = row["error"]["message"] if row["error"] else ""
            self.stdout.write(f"{row['id']} {row['state']} {files}{error}".rstrip())


def _person(email: str | None) -> User:
    people = User.objects.filter(is_active=True)
    if email:
        person = people.filter(email=email.strip().lower()).first()
    else:
        person = people.filter(role=StudioRole.ADMIN).order_by("joined_at", "pk").first()
    if person is None:
        raise CommandError(f"Nobody called {email}." if email else "The studio has no admin yet.")
    return person


def _project(person: User, project_uid: str | None) -> Project:
    if not project_uid:
        return Project.objects.get(personal_of=person)
    project = Project.objects.visible_to(person).filter(uid=project_uid).first()
    if project is None:
        raise CommandError("Project not found.")
    return project


def _style(key: str) -> Style:
    style = styles.find(key)
    if key and not style.key:
        known = ", ".join(known.key for known in styles.styles())
        raise CommandError(f"There is no style {key}; there are {known}.")
    return style


def _mode(spec: ModelSpec, asked: str | None, pictures: int) -> Mode:
    """The mode asked for, else the one of the model's that takes this many pictures."""
    if asked:
        return Mode(asked)
    fitting = [mode for mode in spec.modes if _takes(spec, mode, pictures)]
    return fitting[0] if fitting else spec.modes[0]


def _takes(spec: ModelSpec, mode: Mode, pictures: int) -> bool:
    rule = spec.pictures.get(mode)
    return rule.minimum <= pictures <= rule.maximum if rule else pictures == 0


def _parameters(spec: ModelSpec, pairs: list[str]) -> dict[str, Value]:
    given: dict[str, Value] = {}
    for pair in pairs:
        name, equals, text = pair.partition("=")
        if not equals:
            raise CommandError(f"--set takes NAME=VALUE, not {pair}")
        try:
            given[name] = rules.parse(spec, name, text)
        except ValueError as error:
            raise CommandError(str(error)) from error
    return given


def _receive(project: Project, person: User, path: Path) -> Asset:
    try:
        with path.open("rb") as source:
            return uploads.receive(project, person, File(source, name=path.name))
    except OSError as error:
        raise CommandError(f"{path}: {error.strerror}") from error


def _wait(order: Order, seconds: float) -> bool:
    """Work here until the order has ended; False when time runs out first.

    Whoever waits takes whatever is due next, for the jobs ahead in line may have no worker.
    """
    deadline = time.monotonic() + seconds
    while order.generations.under_way().exists():
        if time.monotonic() > deadline:
            return False
        if not work.step_due(Generation.objects.due(clock.now())[:1]):
            time.sleep(LOOK_AGAIN)
    return True


def _exit(order: Order, *, waited: bool, in_time: bool) -> None:
    if not in_time:
        sys.exit(TIMED_OUT)
    if waited and order.generations.exclude(state=State.SUCCEEDED).exists():
        sys.exit(1)
