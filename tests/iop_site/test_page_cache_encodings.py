"""Pages from memory come in the smallest encoding that the reader takes, and not at all to who has them already."""

import gzip

import brotli
import pytest
from hypothesis import given, settings as examples, strategies as st

from iop_site.page_cache import encoding_for, etag_matches
from tests.iop_site.cached_pages import Site

ETAG = '"0a1b-br"'
LATIN = st.text(st.characters(max_codepoint=0xFF), max_size=60)
PIECES = st.sampled_from(["br", "*", "br;q=", "*;q=", "0", ".", "...", "nan", "\xb2", ",", " ", '"', "W/", ETAG])


@pytest.fixture
def site():
    return Site()


def test_a_reader_who_has_the_page_gets_304_without_a_body(site):
    _status, headers, _body = site.get(HTTP_ACCEPT_ENCODING="br")
    status, told, body = site.get(HTTP_ACCEPT_ENCODING="br", HTTP_IF_NONE_MATCH=f'W/"x", {headers["ETag"]}')
    assert (status, body) == ("304 Not Modified", b"")
    assert told["ETag"] == headers["ETag"] and told["Vary"] == "Accept-Encoding"
    assert "Content-Type" not in told and "Content-Length" not in told
    assert sum(len(name) + len(value) + 4 for name, value in told.items()) < 200  # bytes; the server adds about 90


def test_another_encoding_is_another_page_to_a_cache(site):
    tags = {site.get(HTTP_ACCEPT_ENCODING=encoding)[1]["ETag"] for encoding in ("br", "gzip", "")}
    assert len(tags) == 3


def test_each_encoding_holds_the_same_page(site):
    plain = site.get()[2]
    assert brotli.decompress(site.get(HTTP_ACCEPT_ENCODING="gzip, br")[2]) == plain
    assert gzip.decompress(site.get(HTTP_ACCEPT_ENCODING="gzip")[2]) == plain
    for encoding in ("br", "gzip", ""):
        _status, headers, body = site.get(HTTP_ACCEPT_ENCODING=encoding)
        assert headers["Content-Length"] == str(len(body)) and headers.get("Content-Encoding", "") == encoding


@pytest.mark.parametrize(
    ("accepted", "encoding"),
    [
        ("gzip, deflate, br, zstd", "br"),
        ("gzip;q=1.0, br;q=0", "gzip"),
        ("br;q=0.000, gzip; q=0.5", "gzip"),
        ("identity", ""),
        ("", ""),
        ("BR", "br"),
        ("brotli, xgzip", ""),
        ("br;q=0.5, gzip;q=0.8", "gzip"),
        ("identity, br;q=0.9", ""),
        ("identity;q=0.5, br;q=0.9", "br"),
        ("*", "br"),
        ("br;q=0, *", "gzip"),
        ("*;q=0", ""),
        ("gzip;q=1.", "gzip"),
        ("br;q=nonsense, gzip", "gzip"),
        ("br;q=..., gzip;q=.5", ""),
        ("br;q=1.5", ""),
        ("br;q=0.0001", ""),
        ("br;q=\xb2, gzip", "gzip"),
        ("br gzip", ""),
        (",, ;q=1,br\t;\tq=1,", "br"),
    ],
)
def test_the_smallest_accepted_encoding_is_sent(accepted, encoding):
    assert encoding_for(accepted) == encoding


@given(st.one_of(LATIN, st.lists(PIECES, min_size=2, max_size=12).map("".join)))
@examples(max_examples=1000, deadline=None, database=None)
def test_no_header_makes_the_choice_fail(text):
    assert encoding_for(text) in ("br", "gzip", "")
    assert not etag_matches(ETAG, text) or ETAG in text or text.strip() == "*"


@pytest.mark.parametrize("before", ["{}", "W/{}", '"a", {}', '"a,b" , W/{}', "*"])
def test_a_page_that_is_named_is_had(site, before):
    etag = site.get()[1]["ETag"]
    assert site.get(HTTP_IF_NONE_MATCH=before.format(etag))[0] == "304 Not Modified"


@pytest.mark.parametrize("wanted", ["", '"x{}x"', "x{}", "w/{}", '"*"', "*, *", "W/*", '"', ",", '"{'])
def test_a_page_that_only_looks_named_is_sent(site, wanted):
    bare = site.get()[1]["ETag"].strip('"')
    wanted = wanted.replace('"x{}x"', f'"x{bare}x"').replace("{}", f'"{bare}"')
    assert site.get(HTTP_IF_NONE_MATCH=wanted)[0] == "200 OK"
