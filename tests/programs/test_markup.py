"""Markdown becomes HTML that cannot do harm."""

import pytest

from programs.markup import to_html


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        "[x](javascript:alert(1))",
        "[x](data:text/html;base64,PHNjcmlwdD4=)",
        '<a href="#" onclick="x()">x</a>',
        '<p style="color:red">x</p>',
        "![x](https://evil.example/x.png)",
        "<img src=x onerror=alert(1)>",
        "<iframe src='//evil.example'></iframe>",
    ],
)
def test_nothing_that_runs_or_loads_survives(text):
    html = to_html(text)
    for harm in ("<script", 'href="javascript:', 'href="data:', "<img", "<iframe", "<p style"):
        assert harm not in html
    assert "onclick" not in html or "&lt;" in html


def test_what_a_guide_needs_is_kept():
    html = to_html(
        "A **bold** word.\n\n- one\n- two\n\n### Part\n\n[call](tel:988) [text](sms:988) [more](page:crisis)"
    )
    for part in ("<strong>", "<li>one</li>", "<h3>", 'href="tel:988"', 'href="sms:988"', 'href="page:crisis"'):
        assert part in html


def test_links_tell_the_other_side_nothing():
    assert 'rel="noreferrer"' in to_html("[x](https://988lifeline.org/)")
