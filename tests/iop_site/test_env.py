"""Settings come from the environment, and nonsense ends in one clear sentence that repeats no secret."""

import base64
from pathlib import Path

import pytest

from iop_site import env as read, settings
from iop_site.databases import POSTGRESQL_OPTIONS, database_settings
from iop_site.env import Environment, SettingError, SiteUrl
from iop_site.management.commands import write_settings

KEY = base64.b64encode(bytes(32)).decode()


def one_sentence(error) -> str:
    text = str(error.value)
    assert text.endswith(".") and "\n" not in text and len(text) < 200
    return text


def test_an_empty_value_counts_as_not_set():
    assert Environment({"HOST": "  "}).text("HOST", "127.0.0.1") == "127.0.0.1"


@pytest.mark.parametrize("value", ["eight", "-1", "70000", "8000.5", "٨٠٠٠", "1e3", "999999999999"])
def test_a_number_out_of_range_or_no_number_is_refused(value):
    with pytest.raises(SettingError) as error:
        Environment({"PORT": value}).number("PORT", 8000, least=1, most=65535)
    assert one_sentence(error) == f"PORT must be a whole number from 1 to 65535, not {value!r}."


def test_a_choice_must_be_one_of_the_choices():
    with pytest.raises(SettingError) as error:
        Environment({"LOG_LEVEL": "LOUD"}).choice("LOG_LEVEL", "INFO", ("INFO", "ERROR"))
    assert "INFO, ERROR" in one_sentence(error)


def test_a_secret_in_the_environment_goes_before_the_file(tmp_path):
    file = tmp_path / "secret_key"
    file.write_text("from the file\n")
    assert Environment({}).secret("SECRET_KEY", file) == "from the file"
    assert Environment({"SECRET_KEY": "given"}).secret("SECRET_KEY", file) == "given"
    assert Environment({}).secret("SECRET_KEY", tmp_path / "none") == ""


def test_a_key_file_that_cannot_be_read_is_named(tmp_path):
    with pytest.raises(SettingError) as error:
        Environment({}).secret("SECRET_KEY", tmp_path)
    assert "SECRET_KEY cannot be read" in one_sentence(error)


def test_a_short_signing_key_is_refused_without_repeating_it():
    with pytest.raises(SettingError) as error:
        read.secret_key("SECRET_KEY", "hunter2")
    assert "hunter2" not in one_sentence(error)


def test_field_keys_keep_their_order():
    assert list(read.field_keys(f"new:{KEY}, old:{KEY}")) == ["new", "old"]


@pytest.mark.parametrize(
    "value",
    [KEY, f"Upper:{KEY}", f":{KEY}", f"a:{KEY},a:{KEY}", "a:c2hvcnQ=", "a:not base64", f"a:{KEY}{KEY}", f"a b:{KEY}"],
)
def test_field_keys_that_make_no_sense_are_refused_without_repeating_them(value):
    with pytest.raises(SettingError) as error:
        read.field_keys(value)
    sentence = one_sentence(error)
    assert KEY not in sentence and "c2hvcnQ" not in sentence


@pytest.mark.parametrize("text", ["https://guide.example", "https://guide.example:8443", "http://127.0.0.1:8000"])
def test_a_public_address_is_kept_as_it_is(text):
    assert str(SiteUrl.parse(text)) == text


@pytest.mark.parametrize(
    "text",
    [
        "guide.example",
        "ftp://guide.example",
        "https://",
        "https://guide.example/path",
        "https://guide.example?x=1",
        "https://user:pass@guide.example",
        "https://*.example",
        "https://a.example,b.example",
        "https://guide.example:port",
        "https://[::1",
    ],
)
def test_an_address_that_is_no_bare_web_address_is_refused(text):
    with pytest.raises(SettingError) as error:
        SiteUrl.parse(text)
    one_sentence(error)


@pytest.mark.parametrize("host", ["guide.example", "192.168.1.10", "0.0.0.0", "10.0.0.1"])  # noqa: S104
def test_plain_http_beyond_this_machine_stops_the_start(host):
    with pytest.raises(SettingError, match="must begin with https"):
        SiteUrl.parse(f"http://{host}")


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "[::1]", "127.9.9.9"])
def test_plain_http_on_this_machine_is_allowed(host):
    assert SiteUrl.parse(f"http://{host}:8000").is_loopback


def test_only_the_public_host_is_allowed():
    assert SiteUrl.parse("https://guide.example:8443").allowed_hosts == ["guide.example"]


def test_mail_goes_by_starttls_unless_the_url_says_otherwise():
    mail = read.mail_settings("smtp://me%40x:p%3Aw@mail.example")
    assert (mail["EMAIL_HOST_USER"], mail["EMAIL_HOST_PASSWORD"], mail["EMAIL_PORT"]) == ("me@x", "p:w", 587)
    assert mail["EMAIL_USE_TLS"] and not mail["EMAIL_USE_SSL"]
    assert read.mail_settings("smtps://mail.example")["EMAIL_PORT"] == 465
    assert not read.mail_settings("smtp://127.0.0.1:25?tls=off")["EMAIL_USE_TLS"]


@pytest.mark.parametrize("url", ["mail.example", "http://mail.example", "smtp://", "smtp://h:port", "smtp://h?x=1"])
def test_a_mail_url_that_makes_no_sense_is_refused(url):
    with pytest.raises(SettingError) as error:
        read.mail_settings(url)
    one_sentence(error)


def test_sqlite_is_made_durable_and_writers_wait():
    options = database_settings("sqlite:////tmp/x.sqlite3")["OPTIONS"]
    assert options["transaction_mode"] == "IMMEDIATE"
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "secure_delete=ON", "trusted_schema=OFF"):
        assert pragma in options["init_command"]


def test_postgresql_gets_time_outs_and_keeps_what_the_url_says():
    database = database_settings("postgres://u:p@db.example/name?sslmode=verify-full")
    assert database["OPTIONS"] == POSTGRESQL_OPTIONS | {"sslmode": "verify-full"}
    assert database["CONN_HEALTH_CHECKS"] and not database["ATOMIC_REQUESTS"]


@pytest.mark.parametrize("url", ["mysql://u@h/n", "nonsense", "postgres://h", "postgres://h:port/name"])
def test_another_database_is_refused(url):
    with pytest.raises(SettingError) as error:
        database_settings(url)
    one_sentence(error)


def test_every_setting_is_explained():
    assert len(settings.env.settings) >= 15
    assert all(setting.help for setting in settings.env.settings.values())


def test_the_table_of_settings_and_the_example_are_current():
    """If this fails: .venv/bin/python manage.py write_settings"""
    root = Path(settings.BASE_DIR)
    handbook = (root / write_settings.TABLE).read_text("utf-8")
    assert write_settings.with_table(handbook) == handbook
    assert (root / write_settings.EXAMPLE).read_text("utf-8") == write_settings.example()
    assert [name for name in settings.env.settings if f"| `{name}` |" not in handbook] == []
