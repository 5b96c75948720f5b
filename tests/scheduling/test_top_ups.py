"""What was paid in, and what should be left."""

from decimal import Decimal

import pytest

from studio.accounts.errors import Refused
from studio.audit.models import AuditLine
from studio.lib import clock
from studio.lib.money import Money
from studio.scheduling import top_ups
from studio.scheduling.models import TopUp
from tests import people
from tests.scheduling.accounts import connected

pytestmark = pytest.mark.django_db


def dollars(amount: str) -> Money:
    return Money(Decimal(amount), "USD")


def test_what_should_be_left_is_said_by_currency_and_never_summed_across() -> None:
    admin = people.admin()
    account = connected(admin)
    assert top_ups.left(account, {"USD": Decimal("1")}) == ()
    for amount in ("0.10", "0.20", "20"):
        top_ups.note(account, dollars(amount), at=clock.now(), actor=admin)
    top_ups.note(account, Money(Decimal("50"), "CNY"), at=clock.now(), actor=admin)
    left = top_ups.left(account, {"USD": Decimal("0.30"), "EUR": Decimal("9")})
    assert left == (Money(Decimal("50"), "CNY"), dollars("20"))
    assert top_ups.left(account, {"USD": Decimal("25")})[1] == dollars("-4.70")


@pytest.mark.parametrize("amount", ["0", "-5", "0.001", "NaN", "1e30"])
def test_only_an_amount_in_coins_can_be_paid_in(amount: str) -> None:
    admin = people.admin()
    with pytest.raises(Refused) as refusal:
        top_ups.note(connected(admin), dollars(amount), at=clock.now(), actor=admin)
    assert refusal.value.field == "amount"
    assert not TopUp.objects.exists()


def test_a_note_in_error_is_taken_back_once() -> None:
    admin = people.admin()
    account = connected(admin)
    noted = top_ups.note(account, dollars("5"), at=clock.now(), words="card", actor=admin)
    pk = noted.pk
    top_ups.take_back(noted, actor=admin)
    top_ups.take_back(TopUp(pk=pk, account=account, amount=Decimal(5)), actor=admin)
    assert top_ups.left(account, {}) == ()
    actions = [line.action for line in AuditLine.objects.order_by("pk")]
    assert actions == ["provider.connect", "provider.top_up", "provider.take_back_top_up"]
