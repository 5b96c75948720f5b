"""One press of the button: everything or nothing, once."""

import threading
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from django.db import connection

from studio.accounts.models import Project, Studio, User
from studio.assets.models import Asset
from studio.catalogue import promises
from studio.catalogue.load import model
from studio.catalogue.specs import Mode
from studio.generations import briefs
from studio.generations.briefs import Brief, Refused
from studio.generations.models import Generation, Order, Origin
from studio.generations.orders import place
from studio.generations.quotes import frozen
from studio.generations.states import Charge, State
from studio.scheduling import switches
from studio.scheduling.models import ProviderAccount
from studio.spend import charges, ledger, prices, rates
from studio.spend.models import LedgerEntry
from studio.spend.prices import Terms
from tests import clips, people

pytestmark = pytest.mark.django_db


@pytest.fixture
def project(person: User) -> Project:
    return person.personal_project


def brief_of(*pictures: Asset, mode: Mode = Mode.IMAGE, key: str = "local/animatic") -> Brief:
    spec = model(key)
    values = promises.complete(spec, mode, {"duration": 1} if key == "local/animatic" else {})
    return Brief(spec, mode, "A boat at dawn", values, briefs.cast(mode, pictures))


def press(person: User, project: Project, brief: Brief, *, takes: int = 1, key: str = "k") -> Order:
    return place(person, project, [brief], takes=takes, form_key=key, origin=Origin.CREATE)


def test_an_order_freezes_its_brief(person: User, project: Project) -> None:
    picture = clips.asset(project=project, person=person)
    order = press(person, project, brief_of(picture), takes=2)
    first, second = order.generations.order_by("number")
    assert (first.state, first.charge, first.number, second.number) == ("queued", "none", 1, 2)
    assert first.parameters["duration"] == 1
    assert first.promised["seconds"] == "1"
    assert [given.asset for given in first.inputs.all()] == [picture]
    assert first.events.get().kind == "ordered"


@pytest.mark.row("A094")
@pytest.mark.parametrize("takes", [0, -1, 5, 1000])
def test_a_number_of_takes_outside_one_to_four_orders_nothing(
    person: User, project: Project, takes: int
) -> None:
    picture = clips.asset(project=project, person=person)
    with pytest.raises(Refused) as refused:
        press(person, project, brief_of(picture), takes=takes)
    assert [(p.field, p.message) for p in refused.value.problems] == [("takes", "1 to 4.")]
    assert not Order.objects.exists()


def test_every_problem_is_told_at_once(person: User, project: Project) -> None:
    bad = replace(brief_of(), prompt="x" * 5000)
    with pytest.raises(Refused) as refused:
        press(person, project, bad, takes=9)
    assert {p.field for p in refused.value.problems} == {"takes", "start", "prompt"}
    assert not Generation.objects.exists()


def test_a_viewer_orders_nothing() -> None:
    people.studio()
    ours = people.project()
    viewer = people.viewer(project=ours)
    picture = clips.asset(project=ours, person=viewer)
    with pytest.raises(Refused, match="may view here but not order"):
        press(viewer, ours, brief_of(picture))
    assert not Order.objects.exists()


def test_a_model_that_is_not_connected_is_refused(person: User, project: Project) -> None:
    picture = clips.asset(project=project, person=person, width=300, height=300)
    with pytest.raises(Refused, match="not connected"):
        press(person, project, brief_of(picture, key="zai/vidu2-image"))
    assert not Order.objects.exists()


def test_a_paid_order_holds_the_price_of_every_take(person: User, project: Project) -> None:
    ProviderAccount.objects.create(provider="zai", name="Main", in_flight_limit=5)
    picture = clips.asset(project=project, person=person, width=300, height=300)
    order = press(person, project, brief_of(picture, key="zai/vidu2-image"), takes=3)
    held = LedgerEntry.objects.filter(kind="hold")
    assert [str(entry.amount.normalize()) for entry in held] == ["0.2", "0.2", "0.2"]
    assert set(order.generations.values_list("charge", flat=True)) == {Charge.HELD}


def test_an_order_in_another_currency_freezes_its_rate(person: User, project: Project) -> None:
    ProviderAccount.objects.create(provider="bigmodel", name="Main", in_flight_limit=5)
    made = press(person, project, brief_of(mode=Mode.TEXT, key="bigmodel/cogvideox-2"))
    generation, held = made.generations.get(), LedgerEntry.objects.get()
    assert (generation.price, generation.currency) == (Decimal("0.5"), "CNY")
    # 1.0389 / 7.5833 dollars, by the rates that ship.
    assert generation.rate == held.rate == Decimal("0.136998405")
    assert generation.studio_price == held.studio_amount == Decimal("0.068500")
    rates.enter(people.admin(), "CNY", "USD", Decimal("0.2"), on=date(2025, 1, 1), source="bank")
    settled = ledger.settle(generation.uid)
    assert settled is not None and settled.studio_amount == held.studio_amount


def test_an_order_in_credits_freezes_what_they_were_worth(person: User, project: Project) -> None:
    ProviderAccount.objects.create(provider="vidu", name="Main", in_flight_limit=5)
    picture = clips.asset(project=project, person=person, width=300, height=300)
    key = "vidu/viduq1-img2video"
    prices.enter(
        people.admin(),
        model(key),
        {},
        Terms(Decimal(90), "USD", Decimal("0.004")),
        valid_from=date(2025, 1, 1),
        note="the bill",
    )
    generation = press(person, project, brief_of(picture, key=key)).generations.get()
    assert (generation.credits, generation.credit_value) == (Decimal(90), Decimal("0.004"))
    assert generation.price == LedgerEntry.objects.get().amount == Decimal("0.36")
    assert charges.amount(frozen(generation), Decimal(80), "credits") == Decimal("0.32")


@pytest.mark.row("F042")
def test_without_a_rate_nothing_is_ordered(person: User, project: Project) -> None:
    Studio.objects.update(currency="TWD")
    ProviderAccount.objects.create(provider="bigmodel", name="Main", in_flight_limit=5)
    brief = brief_of(mode=Mode.TEXT, key="bigmodel/cogvideox-2")
    with pytest.raises(Refused, match="no rate from CNY to TWD"):
        press(person, project, brief)
    assert not Order.objects.exists() and not LedgerEntry.objects.exists()


def test_a_local_order_writes_no_ledger_row(person: User, project: Project) -> None:
    press(person, project, brief_of(clips.asset(project=project, person=person)))
    assert not LedgerEntry.objects.exists()


@pytest.mark.row("A042")
def test_somebody_elses_picture_is_not_found(person: User) -> None:
    stranger = people.stranger()
    theirs = clips.asset(project=stranger.personal_project, person=stranger)
    with pytest.raises(Refused) as refused:
        briefs.find_pictures(person, [theirs.uid])
    assert [p.message for p in refused.value.problems] == ["Picture not found."]
    assert not Order.objects.exists()


def test_a_picture_from_another_project_of_mine_is_taken_along(person: User) -> None:
    ours = people.project()
    people.join(person, ours)
    picture = clips.asset(project=person.personal_project, person=person)
    order = press(person, ours, brief_of(picture))
    used = order.generations.get().inputs.get().asset
    assert used.project == ours and used.master == picture.master
    assert Asset.objects.get(pk=picture.pk).project == person.personal_project


def test_the_same_form_key_with_other_words_is_another_order(
    person: User, project: Project
) -> None:
    brief = brief_of(clips.asset(project=project, person=person))
    first = press(person, project, brief)
    second = press(person, project, replace(brief, prompt="A boat at dusk"))
    assert second != first
    assert second.generations.get().prompt == "A boat at dusk"


def _press(person: User, project: Project, brief: Brief, barrier: threading.Barrier) -> None:
    try:
        barrier.wait()
        press(person, project, brief, key="the same form")
    finally:
        connection.close()


@pytest.mark.row("F004")
@pytest.mark.django_db(transaction=True)
def test_twenty_presses_with_one_form_key_are_one_order(person: User, project: Project) -> None:
    brief = brief_of(clips.asset(project=project, person=person))
    barrier = threading.Barrier(20)
    threads = [
        threading.Thread(target=_press, args=(person, project, brief, barrier)) for _ in range(20)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    order = Order.objects.get()
    assert press(person, project, brief, key="the same form") == order
    assert order.generations.get().state == State.QUEUED


def test_without_the_form_key_twenty_presses_are_twenty_orders(
    person: User, project: Project
) -> None:
    """The control: what a double click would do."""
    brief = brief_of(clips.asset(project=project, person=person))
    for n in range(20):
        press(person, project, brief, key=f"form {n}")
    assert Order.objects.count() == 20


def test_a_model_that_is_switched_off_is_not_ordered(person: User, project: Project) -> None:
    picture = clips.asset(project=project, person=person)
    switches.switch_off("local/animatic", person, actor=people.admin())
    with pytest.raises(Refused) as refused:
        press(person, project, brief_of(picture))
    assert [(p.field, p.code) for p in refused.value.problems] == [("model", "switched_off")]
    assert not Order.objects.exists()
    switches.switch_on("local/animatic", person, actor=people.admin())
    assert press(person, project, brief_of(picture)).generations.count() == 1
