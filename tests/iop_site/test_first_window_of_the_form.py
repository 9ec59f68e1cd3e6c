"""Each empty page of the form arrives whole in the first window of a new connection: ten segments of 1,460 bytes."""

import brotli
import pytest
from django.conf import settings

from iop_site.static_files import PARTS
from tests import shipped_guide
from tests.inquiries.form_pages import PATHS
from tests.inquiries.status_pages import PATH as STATUS

pytestmark = pytest.mark.django_db

LIMIT = 14_600
OF_THE_SERVER = 120  # Server, Date, Connection and the like, of both answers, which Django does not write
DOORS = ["/ask/", "/es/pedir-contacto/", *(path for paths in (*PATHS.values(), STATUS) for path in paths.values())]


def headers(response) -> int:
    return sum(len(f"{name}: {value}\r\n") for name, value in response.items()) + len("HTTP/1.1 200 OK\r\n\r\n")


def style_sheet() -> int:
    folder = settings.BASE_DIR / "static" / "css"
    text = "".join((folder / f"{part}.css").read_text("utf-8") for part in PARTS["css/site.css"])
    return len(brotli.compress(text.encode()))


def test_a_page_of_the_form_fits_the_first_window(client):
    shipped_guide.load()
    sheet, too_large = style_sheet(), {}
    for path in DOORS:
        page = client.get(path, HTTP_ACCEPT_ENCODING="br, gzip")
        assert page["Content-Encoding"] == "br"
        size = len(page.content) + 2 * headers(page) + sheet + 2 * OF_THE_SERVER
        if size > LIMIT:
            too_large[path] = size
    assert not too_large
