"""The privacy page tells what is so: its numbers come from the settings, and it claims nothing about the law."""

import pytest
from django.conf import settings

from inquiries.worker.mailer import RECEIPTS_A_DAY

pytestmark = [pytest.mark.django_db, pytest.mark.once]
PATHS = ["/privacy/", "/es/privacidad/"]


@pytest.mark.parametrize("path", PATHS)
def test_the_numbers_are_those_in_force(client, guide, settings, path):
    settings.GUIDE_NUMBERS = {"retention_days": 7177, "backup_days": 7178, "receipts_a_day": 7179}
    text = client.get(path + "?fresh").content.decode()
    assert all(str(number) in text for number in (7177, 7178, 7179))
    assert "{" not in text.split("<main")[1].split("</main")[0]


def test_the_settings_name_what_the_code_does():
    assert settings.GUIDE_NUMBERS == {
        "retention_days": settings.RETENTION_DAYS,
        "backup_days": settings.BACKUP_KEEP_DAYS,
        "receipts_a_day": RECEIPTS_A_DAY,
    }


@pytest.mark.parametrize(
    ("path", "told"),
    [
        (
            "/privacy/",
            (
                "supervisors",
                "how it came, its language, how it ended",
                "If you call, visit, or write",
                "set it aside",
                "November 30, 2026",
                "do not say here how",
            ),
        ),
        (
            "/es/privacidad/",
            (
                "supervisores",
                "cómo llegó, su idioma, cómo terminó",
                "Si nos llama, nos visita",
                "lo apartamos",
                "30 de noviembre de 2026",
                "no decimos cómo",
            ),
        ),
    ],
)
def test_what_remains_who_reads_and_since_when_is_told(client, guide, path, told):
    text = client.get(path).content.decode()
    assert [words for words in (*told, "HIPAA", "42 CFR Part 2") if words not in text] == []
