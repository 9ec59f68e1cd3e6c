"""Markdown becomes HTML that cannot do harm."""

import pytest
from django.core.exceptions import ValidationError

from programs.markup import to_html, unusable_links
from programs.models import GuidePage, Section


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


@pytest.mark.parametrize(
    ("link", "kept"),
    [
        ("tel:(626)%20555-0142", "tel:6265550142"),
        ("tel:callus555", None),
        ("tel:988;phone-context=evil.example", None),
        ("sms:988?body=AYUDA", "sms:988?body=AYUDA"),
        ("sms:988?body=a&bcc=b", "sms:988?body=a%26bcc%3Db"),
        ("mailto:help@example.com", "mailto:help@example.com"),
        ("mailto:help@example.com?bcc=spy@evil.example", None),
        ("MAILTO:a@example.com,b@example.com", None),
        ("page:crisis", "page:crisis"),
    ],
)
def test_a_link_that_calls_or_writes_holds_one_number_or_address_alone(link, kept):
    html = to_html(f"[words]({link})")
    assert f'href="{kept}"' in html if kept else "href" not in html and ">words<" in html
    assert unusable_links(f"A [words]({link}).") == ([] if kept else [link])


def test_an_editor_is_told_of_a_link_that_reaches_nobody(db):
    page = GuidePage(key="made-up", title_en="Made up", title_es="", slug_en="made-up")
    section = Section(page=page, key="made-up/a", heading_en="A", body_en="[Call us](tel:callus555)")
    with pytest.raises(ValidationError) as refused:
        section.clean_fields(exclude=["page"])
    assert "tel:callus555" in refused.value.message_dict["body_en"][0]
