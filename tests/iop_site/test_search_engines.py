"""What search engines are told: the site map, robots.txt and the heads of the pages agree with what answers."""

import json
import re
import xml.etree.ElementTree as ElementTree
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.utils import translation

from iop_site.page_chrome import page_path
from programs.models import GuidePage, SiteProfile
from programs.structured_data import to_json

pytestmark = [pytest.mark.once, pytest.mark.django_db]
NAMESPACES = {"s": "http://www.sitemaps.org/schemas/sitemap/0.9", "x": "http://www.w3.org/1999/xhtml"}
LINK = re.compile(r"<link\s+([^>]*)>")
MOST_BYTES = 60_000

# Types and properties as of schema.org, read by hand from the vocabulary of the package schema-dts 2.1.0. The property
# query-input is an annotated SearchAction ("-input"), https://schema.org/docs/actions.html.
SCHEMA = {
    "WebSite": {"url", "name", "inLanguage", "potentialAction", "publisher"},
    "SearchAction": {"target", "query-input"},
    "EntryPoint": {"urlTemplate"},
    "MedicalWebPage": {"url", "name", "description", "inLanguage", "isPartOf", "lastReviewed", "publisher"},
    "FAQPage": {"mainEntity"},
    "Question": {"name", "acceptedAnswer"},
    "Answer": {"text"},
    "Organization": {"name", "telephone", "email", "address"},
    "BreadcrumbList": {"itemListElement"},
    "ListItem": {"position", "name", "item"},
}


def links(html: str) -> list[dict]:
    return [dict(re.findall(r'(\w+)="([^"]*)"', link)) for link in LINK.findall(html.split("</head>")[0])]


def canonical(html: str) -> str:
    [href] = [link["href"] for link in links(html) if link["rel"] == "canonical"]
    return href


def pairs(html: str) -> dict[str, str]:
    return {link["hreflang"]: link["href"] for link in links(html) if "hreflang" in link}


def path_of(address: str) -> str:
    assert address.startswith(f"{settings.SITE_URL}/")
    return urlsplit(address).path


def site_map(client) -> dict[str, dict[str, str]]:
    """Return each address of the site map with its alternates."""
    root = ElementTree.fromstring(client.get("/sitemap.xml").content)  # noqa: S314 - our own
    return {
        url.find("s:loc", NAMESPACES).text: {
            link.get("hreflang"): link.get("href") for link in url.findall("x:link", NAMESPACES)
        }
        for url in root
    }


def guide_paths() -> list[str]:
    paths = []
    for language in ("en", "es"):
        with translation.override(language):
            paths += filter(None, map(page_path, GuidePage.objects.all()))
    return paths


def test_the_site_map_names_every_page_and_each_says_the_same_of_itself(client, guide):
    told = site_map(client)
    both = ["/ask/", "/es/pedir-contacto/", "/site-map/", "/es/mapa-del-sitio/"]
    assert {path_of(address) for address in told} == {*guide_paths(), *both}
    for address, alternates in told.items():
        response = client.get(path_of(address))
        html = response.content.decode()
        assert response.status_code == 200
        assert canonical(html) == address
        assert pairs(html) == alternates
        assert "noindex" not in html


def test_every_pair_answers_and_points_back(client, guide):
    for address in site_map(client):
        there = pairs(client.get(path_of(address)).content.decode())
        assert set(there) == {"en", "es", "x-default"} and there["x-default"] == there["en"]
        for language in ("en", "es"):
            response = client.get(path_of(there[language]))
            assert response.status_code == 200 and response["Content-Language"] == language
            assert pairs(response.content.decode()) == there


def test_a_page_without_spanish_text_is_no_pair(client, guide):
    GuidePage.objects.filter(key="benefits").update(answer_es="")
    told = site_map(client)
    english, spanish = f"{settings.SITE_URL}/benefits/", f"{settings.SITE_URL}/es/beneficios/"
    assert told[english].keys() <= {"en", "x-default"} and spanish not in told
    for path in ("/benefits/", "/es/beneficios/"):
        html = client.get(path).content.decode()
        assert canonical(html) == english and not pairs(html)


def test_a_page_without_a_spanish_address_is_no_pair_and_its_language_link_leads_home(client, guide):
    GuidePage.objects.filter(key="benefits").update(slug_es=None)
    html = client.get("/benefits/").content.decode()
    assert not pairs(html)
    assert re.search(r'<a href="/es/"\s+lang="es"', html)
    assert f"{settings.SITE_URL}/es/beneficios/" not in site_map(client)


def test_a_page_that_is_not_found_names_no_other_and_its_language_link_leads_home(client, guide):
    html = client.get("/nothing/").content.decode()
    assert not pairs(html) and 'rel="canonical"' not in html and "og:" not in html
    assert re.search(r'<a href="/es/"\s+lang="es"', html)


def test_no_two_pages_share_title_or_description(client, guide):
    heads = {}
    for address in site_map(client):
        head = client.get(path_of(address)).content.decode().split("</head>")[0]
        title = re.search(r"<title>\s*(.*?)\s*</title>", head, re.S)[1]
        about = re.search(r'name="description" content="([^"]+)"', head)[1]
        assert title and 20 <= len(about) <= 200, address
        assert heads.setdefault(title, address) == address and heads.setdefault(about, address) == address


@pytest.mark.parametrize("path", ["/search/?q=therapy", "/print/"])
def test_what_is_no_page_of_its_own_is_not_for_search_engines(client, guide, path):
    html = client.get(path).content.decode()
    assert '<meta name="robots" content="noindex">' in html
    assert canonical(html) == f"{settings.SITE_URL}{urlsplit(path).path}"


def test_robots_are_told_what_is_not_for_them(client, guide):
    response = client.get("/robots.txt")
    lines = response.content.decode().splitlines()
    closed = [line.partition(": ")[2] for line in lines if line.startswith("Disallow")]
    assert response["Content-Type"].startswith("text/plain")
    assert f"Sitemap: {settings.SITE_URL}/sitemap.xml" in lines
    for path in ("/admin/", "/es/admin/", "/status/", "/ask/me/", "/es/pedir-contacto/yo/", "/search/", "/leave/"):
        assert path in closed
    assert not [address for address in site_map(client) for path in closed if path_of(address).startswith(path)]


def test_the_addresses_are_ours_whatever_host_was_asked(client, guide):
    assert all(address.startswith(f"{settings.SITE_URL}/") for address in site_map(client))


def test_the_form_and_the_search_are_shared_without_their_subject(client, guide):
    for path in ("/ask/me/", "/search/?q=therapy"):
        head = client.get(path).content.decode().split("</head>")[0]
        assert 'property="og:title" content="Dedicato"' in head and "therapy" not in head


def test_the_pictures_are_there_and_small():
    for name, size in {"share.png": (1200, 630), "icon-192.png": (192, 192), "icon-512.png": (512, 512)}.items():
        data = (settings.BASE_DIR / "static/img" / name).read_bytes()
        assert (int.from_bytes(data[16:20]), int.from_bytes(data[20:24])) == size
        assert len(data) <= MOST_BYTES


def test_the_manifest_has_a_neutral_name(client, guide):
    response = client.get("/manifest.webmanifest")
    about = json.loads(response.content)
    assert response["Content-Type"] == "application/manifest+json"
    assert about["short_name"] == about["name"] == "Dedicato"
    for icon in about["icons"]:
        assert (settings.BASE_DIR / icon["src"].lstrip("/")).exists()


def graph(client, path: str) -> list[dict]:
    [text] = re.findall(r'<script type="application/ld\+json">(.*?)</script>', client.get(path).content.decode(), re.S)
    data = json.loads(text)
    assert data["@context"] == "https://schema.org"
    return data["@graph"]


def of_type(nodes, name):
    return [node for node in nodes if name in (node["@type"] if isinstance(node["@type"], list) else [node["@type"]])]


def check(node):
    if isinstance(node, list):
        for part in node:
            check(part)
    elif isinstance(node, dict):
        if set(node) != {"@id"}:
            types = node["@type"] if isinstance(node["@type"], list) else [node["@type"]]
            known = set().union(*(SCHEMA[name] for name in types)) | {"@type", "@id"}
            assert set(node) <= known, set(node) - known
        for value in node.values():
            assert value not in ("", None, [])
            check(value)


def test_every_page_says_what_it_is_in_the_words_of_schema_org(client, guide):
    for path in guide_paths():
        nodes = graph(client, path)
        for node in nodes:
            check(node)
        [page] = of_type(nodes, "MedicalWebPage")
        assert page["url"] == f"{settings.SITE_URL}{path}"
        assert len(of_type(nodes, "BreadcrumbList")) == (path not in ("/", "/es/"))


def test_only_a_page_of_questions_is_one(client, guide):
    asked = {path for path in guide_paths() if of_type(graph(client, path), "FAQPage")}
    questions = {"/common-questions/", "/es/preguntas-frecuentes/"}
    assert asked == {"/what-is-iop/", "/es/que-es-un-iop/", *questions}
    [page] = of_type(graph(client, "/what-is-iop/"), "FAQPage")
    html = client.get("/what-is-iop/").content.decode()
    for question in page["mainEntity"]:
        assert question["name"] in html


def test_of_the_center_only_what_is_known_is_said(client, guide):
    [center] = of_type(graph(client, "/"), "Organization")
    assert set(center) == {"@type", "@id", "name"}
    profile = SiteProfile.objects.get()
    profile.phone = "(626) 555-0100"
    profile.save()
    [center] = of_type(graph(client, "/"), "Organization")
    assert center["telephone"] == "(626) 555-0100"


def test_no_text_ends_the_script_that_holds_it(client, guide):
    assert "</" not in to_json({"name": "</script><b>&"}) and json.loads(to_json({"a": "</b>&"})) == {"a": "</b>&"}
    GuidePage.objects.filter(key="benefits").update(title_en="</script><script>alert(1)</script>")
    html = client.get("/benefits/").content.decode()
    assert "<script>alert(1)" not in html
    assert of_type(graph(client, "/benefits/"), "MedicalWebPage")
