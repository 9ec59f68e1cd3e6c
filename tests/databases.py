"""What tests that start other processes need to know of the database they run on."""

from django.db import connection


def url_of_test_database() -> str:
    """Return the DATABASE_URL by which another process reaches the database of the tests."""
    database = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{database['NAME']}"
    password = f":{database['PASSWORD']}" if database["PASSWORD"] else ""
    return f"postgres://{database['USER']}{password}@{database['HOST']}:{database['PORT']}/{database['NAME']}"
