"""What a person typed stands nowhere in the files of the database."""

from pathlib import Path

import pytest
from django.db import connection

from inquiries.crypto.tokens import SubmissionKey
from inquiries.models import Inquiry
from tests.inquiries.form_pages import send

CANARY = "Quetzalcanary"
TYPED = {
    "name": CANARY,
    "contact_way": "email",
    "email": f"{CANARY}@example.com",
    "question": f"{CANARY} asks a question",
    "remark": f"{CANARY} in the trap",
}


@pytest.mark.django_db(transaction=True)
def test_typed_words_are_in_no_file_of_the_database(client):
    if connection.vendor != "sqlite":
        pytest.skip("this database keeps its files elsewhere; the next test reads its tables")
    token = SubmissionKey.new().token()
    send(client, **TYPED, token=token)
    send(client, **TYPED | {"question": f"{CANARY} asks again"}, token=token)
    assert CANARY in Inquiry.objects.get().name
    main = Path(connection.settings_dict["NAME"])
    files = [path for path in main.parent.glob(f"{main.name}*") if path.is_file()]
    assert len(files) >= 2, "the write-ahead log is looked at too"
    for path in files:
        content = path.read_bytes().lower()
        assert CANARY.lower().encode() not in content, path


@pytest.mark.django_db
def test_typed_words_are_in_no_column(client):
    token = SubmissionKey.new().token()
    send(client, **TYPED, token=token)
    send(client, **TYPED | {"question": f"{CANARY} asks again"}, token=token)
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names():
            cursor.execute(f'SELECT * FROM "{table}"')  # noqa: S608 - names of our own tables
            assert CANARY.lower() not in repr(cursor.fetchall()).lower(), table
