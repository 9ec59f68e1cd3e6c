"""A visitor pictures a week: within the usual ranges, kept nowhere, and in words as well as lines."""

import itertools
import logging
import re

import pytest

from programs.models import Section
from programs.week_planner import DAY_SETS, HOURS, PARTS, Week, WeekForm

pytestmark = pytest.mark.once

PATHS = ["/typical-week/", "/es/una-semana-tipica/"]
WHOLE = {"days": "3", "part": "evening", "hours": "3"}


@pytest.mark.django_db
@pytest.mark.parametrize("path", PATHS)
def test_an_example_is_drawn_and_nothing_is_chosen_until_the_visitor_chooses(client, guide, path):
    page = client.get(path).content.decode()
    name = re.search(r'<figure id="week"[^>]* aria-labelledby="week-name">.*?<h3 id="week-name">(.*?)</h3>', page, re.S)
    assert ("An example:" in name[1] or "Un ejemplo:" in name[1]) and " checked" not in page
    assert f'method="get" action="{path}#week"' in page


@pytest.mark.django_db
@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize(("days", "part", "hours"), itertools.product(DAY_SETS, PARTS, HOURS))
def test_every_choice_is_drawn(client, guide, path, days, part, hours):
    page = client.get(path, {"days": days, "part": part, "hours": hours}).content.decode()
    figure = re.search(r'<figure id="week".*?</figure>', page, re.DOTALL)[0]
    assert figure.count('class="week-bar is-filled"') == days * hours
    assert figure.count('class="week-bar') == days * max(HOURS)
    assert figure.count('class="week-free"') == 21 - days
    assert page.count(" checked") == 3


@pytest.mark.django_db
@pytest.mark.parametrize(
    "wrong",
    [{"days": "2"}, {"days": "6"}, {"hours": "1"}, {"hours": "5"}, {"part": "night"}, {"days": ""}, {"hours": "\0"}],
)
def test_a_value_outside_the_usual_range_chooses_nothing_and_loses_nothing(client, guide, wrong):
    page = client.get("/typical-week/", WHOLE | wrong).content.decode()
    assert "<figure" not in page
    assert page.count(" checked") == 2
    assert "Choose one in each group" in page


@pytest.mark.django_db
def test_a_query_about_other_things_is_no_choice(client, guide):
    assert "Choose one in each group" not in client.get("/typical-week/?utm=x").content.decode()


@pytest.mark.django_db
def test_the_choice_is_neither_kept_nor_logged(client, guide, caplog):
    caplog.set_level(logging.DEBUG)
    response = client.get("/typical-week/", WHOLE)
    assert not response.cookies
    assert "part=evening" not in caplog.text


@pytest.mark.django_db
def test_staff_can_move_the_form_to_another_page(client, guide):
    section = Section.objects.get(layout="week")
    assert section.page.key == "typical-week"
    section.page = Section.objects.filter(page__key="benefits").first().page
    section.save()
    assert "<figure" in client.get("/benefits/", WHOLE).content.decode()
    assert "<figure" not in client.get("/typical-week/", WHOLE).content.decode()


@pytest.mark.django_db
def test_paper_has_no_form_to_fill(client, guide):
    assert 'name="days"' not in client.get("/print/").content.decode()


@pytest.mark.parametrize(("days", "part", "hours"), itertools.product(DAY_SETS, PARTS, HOURS))
def test_a_week_promises_no_clock_time_and_no_sum(days, part, hours):
    week = Week(days, part, hours)
    words = " ".join(map(str, (week.counted_days, week.length, week.day_names, week.left_open)))
    assert not re.search(r"\d:\d|a\.?m\.?\b|p\.?m\.?\b|o’clock", words)
    assert re.findall(r"\d+", words) == [str(hours)]


def test_the_drawing_fits_its_box():
    week = Week(5, "morning", 4)
    assert [column["x"] for column in week.columns] == [42, 90, 138, 186, 234, 282, 330]
    assert [row.top for row in week.rows] == [46, 152, 236]
    assert week.night_top + 108 == 428


def test_an_empty_query_leaves_the_form_unasked():
    assert not WeekForm.asked({}).is_bound
