"""Every fact of the guide stands on its English page, in plain and careful words.

A fact may be reworded freely, but not lost: each row of ``FACTS`` names a page and what must be found in its text.
"""

import re
import tomllib
from functools import cache
from pathlib import Path

import pytest

from programs.editing import readability

pytestmark = pytest.mark.once

CONTENT = Path(__file__).resolve().parents[2] / "programs" / "content"
ENGLISH = CONTENT / "en"

# What each listing prints of a row: headings first, then sentences.
LISTINGS = {
    "therapies": ("therapies", ["title", "term"], ["body"]),
    "reasons": ("reasons", ["title"], ["body"]),
    "benefits": ("benefits", ["title"], ["body"]),
    "audiences": ("audiences", [], ["title", "body"]),
    "schedule_facts": ("schedule_facts", ["title", "value"], ["body"]),
    "enrollment_steps": ("enrollment_steps", ["title"], ["body", "may_need", "can_skip"]),
    "enrollment_summary": ("enrollment_steps", ["title"], ["summary"]),
    "examples": ("examples", ["title"], ["body"]),
    "facilities": ("facilities", ["title"], ["body"]),
    "credentials": ("credentials", ["title", "number"], ["what_it_is", "how_to_check"]),
    "glossary_terms": ("glossary_terms", ["title"], ["body"]),
    "crisis_lines": ("crisis_lines", ["title", "call_label", "text_label", "tty_number"], ["body"]),
    "care_levels": ("care_levels", ["support", "title"], ["body"]),
    "questions": ("questions", ["title"], ["body", "until_known"]),
    "service_areas": ("service_areas", ["title"], []),
    "contact_ways": ("contact_ways", ["title"], []),
}


@cache
def read(path):
    return tomllib.loads(path.read_text(encoding="utf-8"))


def page_keys():
    return [page["key"] for page in read(CONTENT / "outline.toml")["pages"]]


def rows(listing):
    path = ENGLISH / "listings" / f"{listing}.toml"
    return read(path)["rows"] if path.exists() else []


def plain_blocks(markdown):
    """Paragraphs and list items as a reader sees them, one string each."""
    text = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", markdown).replace("**", "")
    for paragraph in re.split(r"\n\s*\n", text.strip()):
        items = re.split(r"^(?:-|\d+\.)\s+|^\|[-|]+$|\s*\|\s*", paragraph, flags=re.MULTILINE)
        yield from (" ".join(item.split()) for item in items if item.strip())


def page_blocks(key):
    """Yield ("label" or "prose", text) in reading order; a listing without rows prints nothing, heading included."""
    page = read(ENGLISH / "pages" / f"{key}.toml")
    yield from (("label", page[field]) for field in ("topic", "title") if page.get(field))
    yield from (("prose", block) for block in plain_blocks(page["answer"]))
    for section in page["sections"]:
        listing, labels, prose = LISTINGS.get(section["layout"], (None, [], []))
        if listing and not rows(listing):
            continue
        if section["heading"]:
            yield "label", section["heading"]
        yield from (("prose", block) for block in plain_blocks(section["body"]))
        for row in rows(listing) if listing else []:
            yield from (("label", row[field]) for field in labels if row.get(field))
            for field in prose:
                yield from (("prose", block) for block in plain_blocks(row.get(field, "")))


def page_text(key):
    """The page's own words, one block a line: no menu, footer or description."""
    return "\n".join(text for _, text in page_blocks(key))


def sentences(block):
    return [part for part in re.split(r"(?<=[.!?:])[”’]?\s+", block) if part]


TIMES_OF_DAY = r"Sessions are typically in the morning, the afternoon, or the evening"

# fmt: off
FACTS = [
    # The opening
    ("F1", "home", ["Anyone can face a mental health or addiction challenge",
                    "any age, with any background, in any life situation"]),
    ("F1", "who-it-helps", [r"Mental health and addiction challenges[^.]+\. They can affect anyone",
                            "any age, any background, and any life situation"]),
    ("F2", "home", ["Depression, anxiety, trauma, or a substance use disorder can feel overwhelming",
                    "The right help matters, and so does getting it at the right time"]),
    ("F2", "who-it-helps", ["Depression, anxiety, trauma, and substance use disorders can feel overwhelming",
                            "right help matters, and so does getting it at the right time"]),
    ("F3", "home", ["people in Duarte, California, and nearby", "structured, flexible treatment",
                    "more than traditional therapy, without 24-hour inpatient care"]),
    ("F3", "what-is-iop", ["people in Duarte, California, and nearby", "structured care", "They are flexible",
                           "more than traditional therapy, but not 24-hour inpatient care"]),
    ("F4", "home", ["What IOPs are", "How they work: the therapies", "The benefits", "How to enroll"]),
    ("F4", "about-this-guide", ["What IOPs are", "How they work", "The therapies", "The benefits", "How to enroll"]),
    ("F5", "home", ["here for you, for a loved one, or for anyone who wants to learn"]),
    ("F5", "for-families", ["people who look for help for themselves or for a loved one",
                            "anyone who wants to learn"]),
    ("F5", "about-this-guide", ["It is for you if you need help", "a loved one", "anyone who wants to learn"]),
    # What it is
    ("F6", "what-is-iop", ["structured treatment for mental health or substance use", "do not stay overnight"]),
    ("F6", "words", ["Structured treatment for mental health or substance use, with no overnight stay"]),
    ("F7", "what-is-iop", ["An IOP sits between the two",
                           "more than traditional outpatient therapy, and less than inpatient hospitalization"]),
    ("F7", "words", ["an IOP is between traditional outpatient therapy and a hospital stay"]),
    ("F8", "what-is-iop", ["support more often than once a week", "more structure than weekly therapy",
                           r"do not need staff with them day and night \(24-hour supervision\)"]),
    ("F9", "who-it-helps", ["recovering after a hospital stay, or leaving inpatient care"]),
    ("F10", "who-it-helps", [r"manage a long-term \(chronic\) mental health condition"]),
    ("F11", "who-it-helps", [
        r"in recovery from a substance use disorder, and want to prevent a return to use \(relapse\)"]),
    ("F12", "home", ["keep up with school, work, or family"]),
    ("F12", "who-it-helps", ["keep up work, school, or family duties"]),
    ("F13", "home", ["You still live at home", "You live at home, and use new skills",
                     r"You live at the facility\. Staff are there 24 hours"]),
    ("F13", "what-is-iop", [r"Inpatients live at the facility\. In an IOP, you live at home"]),
    ("F14", "home", ["Several sessions a week, a few hours each"]),
    ("F14", "what-is-iop", ["Several times a week, you go to sessions of a few hours each"]),
    ("F14", "typical-week", ["several times a week, stay a few hours, and then go home"]),
    ("F15", "what-is-iop", ["The care is intensive", "practice your new skills in everyday life"]),
    # Why people choose one
    ("F16", "benefits", ["Many people move to an IOP after inpatient care", "A step down"]),
    ("F17", "benefits", ["Therapy and support go on, and you have more independence"]),
    ("F18", "benefits", [r"risk that symptoms, or alcohol or drug use, come back \(relapse\), and protect"]),
    ("F18", "words", ["can lower this risk and protect your progress"]),
    ("F19", "benefits", ["Some people need more than weekly therapy, but not a hospital"]),
    ("F20", "benefits", ["Extra structure and guidance can help prevent a mental health or addiction crisis"]),
    ("F21", "typical-week", [TIMES_OF_DAY]),
    ("F21", "benefits", [TIMES_OF_DAY]),
    ("F22", "typical-week", ["So school, work, or caring for family can go on"]),
    ("F22", "benefits", ["So school, work, or caring for family can go on"]),
    ("F23", "typical-week", ["disrupts your life less", "easier to keep going for the long term"]),
    ("F23", "benefits", ["When treatment fits around your life", "easier to keep going for the long term"]),
    ("F24", "therapies", ["a mix of therapies, fitted to you as a person", "It may include"]),
    ("F24", "benefits", ["a mix of therapies, fitted to you as a person"]),
    ("F25", "therapies", [
        "It may include individual, group, and family therapy", "You talk about personal challenges"]),
    ("F26", "therapies", ["share what they have lived through", "support one another as peers"]),
    ("F27", "therapies", ["You work on communication and on your relationships"]),
    ("F27", "for-families", ["work on communication", "can improve your relationships"]),
    ("F28", "therapies", ["psychoeducation, and life skills", "Understanding it can help you manage it"]),
    ("F28", "words", ["Learning about your condition, so that you understand it"]),
    ("F29", "therapies", ["You learn to manage stress, strong emotions, and daily duties"]),
    ("F30", "benefits", ["people who face similar struggles gives you community and a shared understanding"]),
    ("F31", "benefits", ["Patients often say that peers ease isolation and help them stay committed"]),
    # Programs in Duarte
    ("F32", "programs", ["Public sources name these centers as offering an Intensive Outpatient Program",
                         "We have not checked this",
                         "calls Duarte a welcoming community with several reputable facilities"]),
    ("F33", "programs", [r"mental health condition, a substance use disorder, or both together \(co-occurring\)"]),
    ("F33", "who-it-helps", ["Programs in Duarte support people with", "a mental health condition$",
                             "a substance use disorder$", "both together, which is called co-occurring"]),
    ("F33", "for-professionals", [
        r"mental health condition, a substance use disorder, or both together \(co-occurring\)"]),
    ("F33", "words", ["A mental health condition and a substance use disorder together",
                      "programs in Duarte support either one, or both"]),
    ("F34", "programs", ["^Community Care Center$"]),
    ("F35", "programs", ["^Soulegria$"]),
    ("F36", "programs", ["^California Prime Recovery$"]),
    ("F37", "programs", ["wide range of options, so people can find a fit"]),
    # Schedule
    ("F38", "home", [r"How often\n3 to 5 days a week\nThis is the usual range"]),
    ("F38", "typical-week", [r"How often\n3 to 5 days a week\nThis is the usual range"]),
    ("F39", "home", [r"How long each session lasts\n2 to 4 hours"]),
    ("F39", "typical-week", [r"How long each session lasts\n2 to 4 hours"]),
    ("F40", "home", [r"4 to 12 weeks\nTypically\. It depends on your progress and your needs"]),
    ("F40", "typical-week", [r"4 to 12 weeks\nTypically\. It depends on your progress and your needs"]),
    # Therapies
    ("F41", "therapies", ["A trained therapist leads the group"]),
    ("F42", "therapies", ["People share what they have lived through, learn ways to cope, and support one another"]),
    ("F43", "therapies", ["You meet one to one with a therapist", "You talk about personal challenges",
                          r"hard moments \(triggers\)", "ways to manage symptoms"]),
    ("F44", "therapies", ["Relatives join certain sessions", "You work on communication",
                          "understand one another better", "how to give support"]),
    ("F44", "for-families", ["Relatives join certain sessions", "communication, understanding, and support"]),
    ("F45", "therapies", ["You learn about the condition, its triggers, and its symptoms, and ways to cope",
                          r"psychoeducation\n"]),
    ("F46", "therapies", ["Understanding it can help you manage it"]),
    ("F47", "therapies", ["manage stress, strong emotions", r"prevent symptoms or use from coming back \(relapse\)",
                          "build healthy habits"]),
    ("F47", "words", [
        "Ways to manage stress and strong emotions, prevent a return to use, and build healthy habits"]),
    ("F48", "therapies", ["You practice the skills in your daily life"]),
    ("F49", "therapies", ["can build new habits and confidence", "prepare for long-term recovery"]),
    # Benefits
    ("F50", "benefits", [r"Structured support\nA steady schedule gives your week stability", r"\(accountability\)"]),
    ("F51", "benefits", [r"Flexibility\nYou keep your daily routines, and you get intensive care"]),
    ("F52", "benefits", [r"Community\nIn a group, you may feel less alone and more encouraged"]),
    ("F53", "benefits", ["less expensive than inpatient care, because there is no overnight stay"]),
    ("F53", "cost-and-insurance", ["less expensive than inpatient care, because there is no overnight stay"]),
    ("F54", "benefits", ["Your treatment plan is made for your needs and your goals"]),
    ("F55", "benefits", [r"skills for life’s challenges\. They can help you for the long term"]),
    ("F56", "benefits", [r"Relapse prevention\nSupport is ongoing, and the sessions are structured",
                         "Both can lower the risk of a relapse"]),
    ("F57", "benefits", ["Therapy, skills, and peers can improve your emotional well-being"]),
    ("F58", "benefits", ["Family therapy can help to make home a supportive place"]),
    ("F58", "for-families", ["help to make home a supportive place"]),
    # Who it suits
    ("F59", "who-it-helps", ["anyone who needs structured support, but not 24-hour supervision",
                             "These are examples, not a test"]),
    ("F60", "who-it-helps", ["You are recovering after a hospital stay, or leaving inpatient care"]),
    ("F61", "who-it-helps", ["You live with depression, anxiety, or trauma"]),
    ("F62", "who-it-helps", ["You are in recovery from a substance use disorder"]),
    ("F63", "who-it-helps", ["You are family, and want guidance on how to support someone"]),
    ("F63", "for-families", ["help families who want guidance on how to support someone"]),
    ("F64", "who-it-helps", ["You need extra support while you keep up work, school"]),
    ("F65", "who-it-helps", ["It is flexible, and it is made for many kinds of people"]),
    # Enrolling
    ("F66", "how-to-start", ["is typically simple", "Most programs follow these 5 steps"]),
    ("F67", "how-to-start", [r"Contact the center\nReach out to a treatment center",
                             r"its programs, its schedules, and what you need to join \(admission requirements\)"]),
    ("F67", "for-professionals", ["ask about schedules, programs, and admission requirements"]),
    ("F68", "how-to-start", [r"Most programs require it\. It sets your level of care and your personal plan"]),
    ("F68", "for-professionals", [r"Most programs require one\. It sets the level of care and a personal plan"]),
    ("F68", "words", ["most programs require to set your level of care and personal plan"]),
    ("F69", "how-to-start", ["A referral is a note from a health care provider",
                             "Some programs require one, especially with insurance", "if you need one"]),
    ("F69", "cost-and-insurance", [
        "Some programs require a referral from a health care provider, especially with insurance"]),
    ("F69", "for-professionals", [
        "Some programs require one from a health care provider, especially with insurance"]),
    ("F69", "words", ["A note from a health care provider, which some programs require, especially with insurance"]),
    ("F70", "how-to-start", ["Check if your insurance covers an IOP"]),
    ("F70", "cost-and-insurance", ["Check if your insurance covers it"]),
    ("F71", "how-to-start", ["If you have no coverage, many centers offer payment plans"]),
    ("F71", "cost-and-insurance", ["Many centers offer payment plans to people without insurance coverage"]),
    ("F72", "how-to-start", [r"Start the program\nYou get a schedule of therapy, skill-building, and group support"]),
    # Examples
    ("F73", "examples", ["IOPs have helped thousands of people regain control of their lives"]),
    ("F74", "examples", ["A young adult with a substance use disorder went to an IOP 3 times a week",
                         "Work and school went on", "stayed sober and rebuilt family ties"]),
    ("F75", "examples", ["A parent with depression joined group therapy and learned coping skills",
                         "emotional health got better", "Daily duties at home became more manageable"]),
    ("F76", "examples", ["took part in family sessions", "better communication and more understanding",
                         "home became more supportive"]),
    ("F76", "for-families", ["Families in family sessions reported that they communicate better and understand more",
                             "reported a more supportive home"]),
    ("F77", "examples", ["real-world solutions", "healthier, happier, and more balanced lives"]),
    # Why Duarte
    ("F78", "programs", ["The text we were given calls Duarte a welcoming community",
                         "a range of high-quality centers"]),
    ("F79", "programs", ["Experienced therapists and counselors"]),
    ("F80", "programs", ["Care for mental health, for addiction, or for both"]),
    ("F81", "programs", ["Programs fitted to the person"]),
    ("F82", "programs", ["Schedules that work around your job and your family"]),
    ("F83", "programs", ["Care for mental health, for addiction, or for both"]),
    # Credentials
    ("F84", "accreditation", ["Highly accredited"]),
    ("F85", "accreditation", [r"BBB \(Better Business Bureau\)\n", "not a health credential",
                         "Ask us about our listing"]),
    ("F86", "accreditation", [
        r"California Department of Health Care Services \(DHCS\)\n#190913BP",
        "Certified by the State Department of Health Care Services"]),
    ("F87", "accreditation", ["^Joint Commission$"]),
    ("F88", "accreditation", [
        r"At Dedicato Treatment Center, we are dedicated to caring\. Do you agree\? Let us know"]),
    ("F90", "accreditation", [
        r"HCO-ID #589332\nAccredited by the Joint Commission",
        "beside the Joint Commission and the State’s Department of Health Care Services"]),
    # The close
    ("F91", "what-is-iop", ["IOPs in Duarte give people structured care without a hospital stay"]),
    ("F92", "what-is-iop", ["Individual therapy", "Group therapy", "Family therapy", "psychoeducation", "Life skills",
                            "Together, they can support long-term recovery while daily life goes on"]),
    ("F93", "how-to-start", [
        "Research the programs near you, understand their services, and then choose the one that fits you"]),
    ("F93", "programs", ["Research programs, understand what each one offers, and choose what fits you"]),
    ("F94", "how-to-start", ["can be a life-changing step"]),
    ("F95", "about-this-guide", ["for information only", "The facts come from publicly available sources"]),
    ("F96", "about-this-guide", ["For current details, contact the treatment centers directly"]),
    ("F97", "how-to-start", [r"Want more details\?\nFill out the form to get them"]),
    ("F98", "contact", ["Our team can help if you have a question, or want to refer someone"]),
    ("F98", "for-professionals", ["Our team is ready to help if you have a question"]),
    ("F99", "home", ["You are not alone"]),
    ("F99", "contact", ["You are not alone"]),
    ("F100", "contact", ["Together, we can work for safer communities and brighter futures"]),
    ("F102", "contact", ["We are Dedicato Treatment Center", r"“Intensive Outpatient Programs \(IOP\) in Duarte”"]),
]
# fmt: on
NOT_PRINTED = {"F89", "F101"}  # a stray label, and a list of areas that nobody has filled yet

AVOIDED = [
    "addicts?",
    "alcoholics?",
    "junkies?",
    r"abus\w+",
    "clean",
    "dirty",
    "users?",
    r"suffer\w*",
    "struggling",
    "victims?",
    r"mentally\sill",
    r"committed\ssuicide",
    r"fail\w*",
    "non-?compliant",
    "denial",
    "simply",
    "easy",
    "easily",
    "should",
    "journey",
    "battle",
    "cure[sd]?",
    r"success\srate",
    r"guarantee\w*",
    "best",
    r"effective\w*",
    "excellent",
    r"ensure\w*",
    "hurry",
    r"anonymous\w*",
]

PAGES = page_keys()


@pytest.mark.parametrize(("fact", "key", "patterns"), FACTS, ids=[f"{fact}-{key}" for fact, key, _ in FACTS])
def test_a_fact_stands_on_its_page(fact, key, patterns):
    text = page_text(key)
    missing = [pattern for pattern in patterns if not re.search(pattern, text, re.IGNORECASE | re.MULTILINE)]
    assert not missing, f"{fact} is not told in full on {key}"


def test_no_fact_is_forgotten():
    assert {fact for fact, _, _ in FACTS} | NOT_PRINTED == {f"F{number}" for number in range(1, 103)}


def test_a_stray_label_and_an_empty_list_are_not_printed():
    whole_guide = "\n".join(page_text(key) for key in PAGES)
    assert not re.search(r"accreditation\s*4|also serve", whole_guide, re.IGNORECASE)


def test_the_crisis_page_gives_every_number():
    text = page_text("crisis")
    assert text.index("Call 911") < text.index("Call 988") < text.index("Text 988") < text.index("1-800-662-4357")
    assert "1-800-487-4889" in text
    lines = {row["key"]: row for row in rows("crisis_lines")}
    assert "oprima 2" in lines["988"]["spanish_line"] and "AYUDA" in lines["988"]["spanish_line"]


@pytest.mark.parametrize("key", ["who-it-helps", "for-families", "contact"])
def test_a_page_where_people_may_be_in_danger_says_whom_to_call(key):
    sections = read(ENGLISH / "pages" / f"{key}.toml")["sections"]
    (card,) = [section for section in sections if section["layout"] == "care"]
    assert card["heading"] == "Call 911 or 988 now if:"
    assert "(tel:911)" in card["body"]
    assert "(tel:988)" in card["body"] and "(sms:988)" in card["body"] and "(page:crisis)" in card["body"]


@pytest.mark.parametrize("key", PAGES)
def test_a_page_reads_like_a_kind_person_at_grade_five_to_six(key):
    prose = [text if text[-1] in ".!?:”" else f"{text}." for kind, text in page_blocks(key) if kind == "prose"]
    assert readability.LEAST_GRADE <= readability.grade(prose) <= readability.MOST_GRADE


@pytest.mark.parametrize("key", PAGES)
def test_sentences_and_paragraphs_are_short(key):
    for _, block in page_blocks(key):
        parts = sentences(block)
        assert len(parts) <= 4 and sum(not part.endswith(":") for part in parts) <= 3, block
        for part in parts:
            assert len(part.split()) <= 20, part


@pytest.mark.parametrize("key", PAGES)
def test_a_page_uses_no_word_that_hurts_or_promises(key):
    page = read(ENGLISH / "pages" / f"{key}.toml")
    text = " ".join([page_text(key), page["description"], page["menu_label"]])
    assert not re.findall(rf"(?<!\w)(?:{'|'.join(AVOIDED)})(?!\w)", text, re.IGNORECASE)


@pytest.mark.parametrize("key", PAGES)
def test_the_first_iop_on_a_page_is_written_out(key):
    body = "\n".join(text for kind, text in page_blocks(key) if kind == "prose" or key in ("home", "words"))
    first = re.search(r"\bIOPs?\b", body)
    assert not first or re.search(r"Intensive Outpatient Programs? \($", body[: first.start()])


@pytest.mark.parametrize("key", PAGES)
def test_a_page_has_a_short_description_and_sections_with_their_own_keys(key):
    page = read(ENGLISH / "pages" / f"{key}.toml")
    keys = [section["key"] for section in page["sections"]]
    assert 40 <= len(page["description"]) <= 155
    assert len(keys) == len(set(keys))
    assert all(re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", key) for key in keys)


@pytest.mark.parametrize("path", sorted(ENGLISH.rglob("*.toml")), ids=lambda path: path.stem)
def test_links_lead_somewhere(path):
    for target in re.findall(r"\]\(([^)]*)\)", path.read_text(encoding="utf-8")):
        scheme, _, name = target.partition(":")
        known = {
            "page": PAGES,
            "ask": ["", "me", "loved-one", "refer", "question", "status"],
            "tel": ["911", "988", "1-800-799-7233"],
            "sms": ["988"],
            "https": ["//findtreatment.gov/", "//www.qualitycheck.org/", "//www.bbb.org/"],
        }
        assert name in known[scheme], target


def test_no_hours_per_week_are_worked_out_and_no_brand_is_named():
    whole_guide = "\n".join(page_text(key) for key in PAGES)
    whole_guide = whole_guide.replace("ask for 9 hours a week or more", "")  # public, not worked out
    assert not re.search(r"hours (a|per|each) week|\$\s?\d|\d\s?%|\b(CBT|DBT|EMDR)\b", whole_guide)
