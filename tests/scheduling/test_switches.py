"""Models that are switched off, for all or for one."""

import pytest

from studio.audit.models import AuditLine
from studio.scheduling import switches
from tests import people

MODEL = "zai/vidu2-image"

pytestmark = pytest.mark.django_db


def test_off_for_all_is_off_for_everybody_and_off_for_one_only_for_them() -> None:
    admin, mei, lea = people.admin(), people.member(), people.member()
    switches.switch_off(MODEL, mei, actor=admin)
    assert switches.is_off(MODEL, mei)
    assert not switches.is_off(MODEL, lea)
    switches.switch_off(MODEL, actor=admin)
    assert switches.off_for(lea) == {MODEL}
    switches.switch_on(MODEL, actor=admin)
    assert not switches.is_off(MODEL, lea)
    assert switches.is_off(MODEL, mei)
    switches.switch_on(MODEL, mei, actor=admin)
    assert switches.off_for(mei) == frozenset()


def test_each_change_is_one_line_however_often_it_is_pressed() -> None:
    admin, mei = people.admin(), people.member()
    for _ in range(2):
        switches.switch_off(MODEL, mei, actor=admin)
    for _ in range(2):
        switches.switch_on(MODEL, mei, actor=admin)
    lines = AuditLine.objects.filter(object_kind="model").order_by("pk")
    assert [line.action for line in lines] == ["model.switch_off", "model.switch_on"]
    assert lines[0].after == {"model": MODEL, "person": mei.email}
