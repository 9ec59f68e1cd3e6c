"""Every answer scores at least 130 by the rules of the public HTTP observatory, over https."""

import pytest
from django.http import HttpResponse

from tests.security import observatory
from tests.security.conftest import HOST, visitor

pytestmark = [pytest.mark.once, pytest.mark.django_db]
LEAST = 130


def test_every_answer_scores_enough(all_answers):
    scores = {name: observatory.score(answer) for name, answer in all_answers.items()}
    assert {name: points for name, points in scores.items() if points < LEAST} == {}
    assert scores["admin:login"] >= LEAST and len(scores) > 60


def test_a_page_that_sets_a_cookie_scores_for_it(https, guide):
    assert observatory.score(visitor().get("/admin/login/", secure=True)) == LEAST + 5


def test_http_is_led_to_https_on_the_same_host_first(https, guide):
    for path in ("/", "/admin/", "/nowhere/", "/static/nothing.css"):
        answer = visitor().get(path)
        assert answer.status_code == 301 and answer["Location"] == f"https://{HOST}{path}"


@pytest.mark.parametrize(
    ("header", "value", "lost"),
    [
        ("Content-Security-Policy", None, -25 - 20 + 0),
        ("Content-Security-Policy", "default-src 'none'; script-src 'unsafe-inline'; frame-ancestors 'none'", -20),
        ("Referrer-Policy", "unsafe-url", -5),
        ("Strict-Transport-Security", "max-age=1", -10),
        ("X-Content-Type-Options", None, -5),
        ("Cross-Origin-Resource-Policy", "anything", -5),
    ],
)
def test_the_rules_notice_what_is_missing(header, value, lost):
    answer = HttpResponse()
    answer["Content-Security-Policy"] = "default-src 'none'; form-action 'self'; frame-ancestors 'none'"
    answer["Referrer-Policy"] = answer["Cross-Origin-Resource-Policy"] = "same-origin"
    answer["Strict-Transport-Security"] = "max-age=31536000"
    answer["X-Content-Type-Options"] = "nosniff"
    assert observatory.score(answer) == LEAST
    del answer[header]
    if value:
        answer[header] = value
    assert sum(point for rule in observatory.RULES if (point := rule(answer)) < 0) == lost
