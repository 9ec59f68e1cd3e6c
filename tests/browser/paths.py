"""Every page that a visitor can open, and the desk's pages so far."""

import re

from programs import bundled_guide


def guide_paths(language: str) -> list[str]:
    """Return the path of every page of the guide that ships, in one language."""
    prefix = "" if language == "en" else f"/{language}"
    fixed = {
        "crisis": {"en": "crisis", "es": "crisis"},
        "privacy": {"en": "privacy", "es": "privacidad"},
        "accessibility": {"en": "accessibility", "es": "accesibilidad"},
    }
    pages = next(rows for model, rows in bundled_guide.shipped(bundled_guide.CONTENT) if model.__name__ == "GuidePage")
    paths = []
    for page in pages:
        slug = page.get(f"slug_{language}") or fixed.get(page["key"], {}).get(language)
        if slug:
            paths.append(f"{prefix}/{slug}/")
    return [f"{prefix}/", *paths]


ENGLISH = [
    *guide_paths("en"),
    "/ask/",
    "/ask/me/",
    "/ask/loved-one/",
    "/ask/refer/",
    "/ask/question/",
    "/status/",
    "/print/",
    "/site-map/",
    "/search/",
    "/search/?q=costs",
    "/search/?q=xyzzy",
    "/no-such-page/",
    "/typical-week/?days=3&part=evening&hours=3",
    "/typical-week/?days=4",
]
SPANISH = [
    *guide_paths("es"),
    "/es/pedir-contacto/",
    "/es/pedir-contacto/yo/",
    "/es/pedir-contacto/ser-querido/",
    "/es/pedir-contacto/referir/",
    "/es/pedir-contacto/pregunta/",
    "/es/estado/",
    "/es/imprimir/",
    "/es/mapa-del-sitio/",
    "/es/buscar/?q=quiero+morirme",
    "/es/no-hay/",
    "/es/una-semana-tipica/?days=5&part=morning&hours=4",
    "/es/una-semana-tipica/?hours=2",
]
PUBLIC = [*ENGLISH, *SPANISH]
FORMS = [path for path in PUBLIC if re.fullmatch(r"/ask/.+|/es/pedir-contacto/.+", path)]
