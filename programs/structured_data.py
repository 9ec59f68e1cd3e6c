import json

from programs import contact_links
from programs.models import Section
from programs.search.passages import sentences

Layout = Section.Layout
# As in Django's json_script: nothing in a text can end the script element that holds it.
ESCAPES = {ord("<"): "\\u003C", ord(">"): "\\u003E", ord("&"): "\\u0026"}


def to_json(data: dict) -> str:
    return json.dumps(data, ensure_ascii=False).translate(ESCAPES)


def of_page(page, *, site_url: str, url: str, home_url: str, home_name: str, search_url: str, profile) -> dict:
    """Return the graph of one page, in the language in force; addresses are whole. ``profile`` may be None."""
    publisher = _organization(profile, site_url) if profile else None
    website = {
        "@type": "WebSite",
        "@id": f"{site_url}/#website",
        "url": f"{site_url}/",
        "name": "Dedicato",
        "inLanguage": ["en", "es"],
        "potentialAction": {
            "@type": "SearchAction",
            "target": {"@type": "EntryPoint", "urlTemplate": f"{search_url}?q={{search_term_string}}"},
            "query-input": "required name=search_term_string",
        },
    }
    questions = _questions(page)
    about = {
        "@type": ["MedicalWebPage", "FAQPage"] if questions else "MedicalWebPage",
        "@id": f"{url}#page",
        "url": url,
        "name": page.title,
        "description": page.description,
        "inLanguage": page.content_language,
        "isPartOf": {"@id": website["@id"]},
    }
    about |= {"lastReviewed": page.reviewed_on.isoformat()} if page.reviewed_on else {}
    about |= {"mainEntity": questions} if questions else {}
    if publisher:
        website["publisher"] = about["publisher"] = {"@id": publisher["@id"]}
    graph = [website, about, publisher]
    if url != home_url:
        way = enumerate([(home_name, home_url), (page.menu_label, url)], 1)
        items = [{"@type": "ListItem", "position": number, "name": name, "item": item} for number, (name, item) in way]
        graph.append({"@type": "BreadcrumbList", "itemListElement": items})
    return {"@context": "https://schema.org", "@graph": [part for part in graph if part]}


def _organization(profile, site_url: str) -> dict:
    known = {
        "telephone": profile.phone if contact_links.tel(profile.phone) else "",
        "email": profile.email if contact_links.mailto(profile.email) else "",
        "address": profile.address,
    }
    about = {"@type": "Organization", "@id": f"{site_url}/#publisher", "name": profile.name}
    return about | {name: value for name, value in known.items() if value}


def _questions(page) -> list[dict]:
    """Return the questions that a page asks and answers: those of its list, and of its headings if its title is one."""
    sections = page.sections.all()
    asked = [
        (row.title, f"{row.body_html}{row.closing_html}")
        for section in sections
        if section.layout == Layout.QUESTIONS
        for row in section.rows
    ]
    if page.title.endswith("?"):
        asked.append((page.title, page.answer_html))
        asked += [
            (section.heading, section.body_html)
            for section in sections
            if section.layout in (Layout.TEXT, Layout.INSET) and (section.heading or "").endswith("?")
        ]
    return [
        {"@type": "Question", "name": name, "acceptedAnswer": {"@type": "Answer", "text": " ".join(sentences(answer))}}
        for name, answer in asked
        if sentences(answer)
    ]
