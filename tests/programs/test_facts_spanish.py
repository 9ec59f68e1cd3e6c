"""The Spanish guide is the twin of the English one: the same facts, in plain and careful Spanish.

It is written, not translated word by word, so nothing here compares sentences: only facts, figures and links.
"""

import re
import tomllib
from functools import cache
from pathlib import Path

import pytest

from programs.editing import readability

pytestmark = pytest.mark.once

CONTENT = Path(__file__).resolve().parents[2] / "programs" / "content"
ENGLISH, SPANISH = CONTENT / "en", CONTENT / "es"

# The words of a row; everything else (icons, figures, telephone numbers) is told once, in English.
PAGE_WORDS = ["slug", "topic", "title", "menu_label", "description", "answer"]
SECTION_WORDS = ["heading", "body"]
LISTING_WORDS = {
    "audiences": ["title", "body"],
    "benefits": ["title", "body"],
    "care_levels": ["title", "support", "body"],
    "credentials": ["title", "what_it_is", "how_to_check"],
    "crisis_lines": ["title", "body", "call_label", "text_label", "text_body", "chat_label"],
    "enrollment_steps": ["title", "summary", "body", "may_need", "can_skip"],
    "examples": ["title", "body"],
    "facilities": ["title", "body"],
    "glossary_terms": ["title", "body"],
    "questions": ["title", "body", "until_known", "own_answer"],
    "reasons": ["title", "body"],
    "schedule_facts": ["title", "value", "body"],
    "service_areas": ["name"],
    "site_profile": ["hours", "insurers", "response_time"],
    "therapies": ["title", "term", "body"],
}

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
    return tomllib.loads(path.read_text(encoding="utf-8")) if path.exists() else {}


def page_keys():
    return [page["key"] for page in read(CONTENT / "outline.toml")["pages"]]


def rows(listing):
    """The rows of a list in English order, with Spanish in the place of every word that has it."""
    spanish = {row["key"]: row for row in read(SPANISH / "listings" / f"{listing}.toml").get("rows", [])}
    words = LISTING_WORDS.get(listing, [])
    return [
        {name: value for name, value in row.items() if name not in words} | spanish.get(row["key"], {})
        for row in read(ENGLISH / "listings" / f"{listing}.toml").get("rows", [])
    ]


def sections(key):
    """The sections of a page in English order: the layout of one language, the words of the other."""
    page = read(SPANISH / "pages" / f"{key}.toml")
    spanish = {section["key"]: section for section in page.get("sections", [])}
    for section in read(ENGLISH / "pages" / f"{key}.toml")["sections"]:
        yield {"heading": "", "body": "", "layout": section["layout"]} | spanish.get(section["key"], {})


def plain_blocks(markdown):
    """Paragraphs, list items and cells of a table as a reader sees them, one string each."""
    text = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", markdown).replace("**", "")
    for paragraph in re.split(r"\n\s*\n", text.strip()):
        items = re.split(r"^(?:-|\d+\.)\s+|^\|[-|]+$|\s*\|\s*", paragraph, flags=re.MULTILINE)
        yield from (" ".join(item.split()) for item in items if item.strip())


def page_blocks(key):
    """Yield ("label" or "prose", text) in reading order; a listing without rows prints nothing at all."""
    page = read(SPANISH / "pages" / f"{key}.toml")
    yield from (("label", page[field]) for field in ("topic", "title") if page.get(field))
    yield from (("prose", block) for block in plain_blocks(page["answer"]))
    for section in sections(key):
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


TIMES_OF_DAY = r"Por lo general, las sesiones son por la mañana, por la tarde o por la noche"
BOTH = r"trastornos por consumo de sustancias o (las dos cosas|los dos) a la vez \(trastornos concurrentes\)"

# fmt: off
FACTS = [
    # The opening
    ("F1", "home", [
        "Cualquier persona puede tener un problema de salud mental o de adicción",
        "cualquier edad, sin importar su origen o su situación en la vida"]),
    ("F1", "who-it-helps", [
        r"Los problemas de salud mental y de adicción[^.]+\. Le pueden pasar a cualquiera",
        "cualquier edad, de cualquier origen y en cualquier situación de la vida"]),
    ("F2", "home", [
        "La depresión, la ansiedad, el trauma o un trastorno por consumo de sustancias pueden abrumar",
        "Importa recibir la ayuda adecuada, y recibirla a tiempo"]),
    ("F2", "who-it-helps", [
        "La depresión, la ansiedad, el trauma y los trastornos por consumo de sustancias pueden abrumar",
        "Importa recibir la ayuda adecuada, y recibirla a tiempo"]),
    ("F3", "home", [
        "personas de Duarte, California, y sus alrededores", "un tratamiento estructurado y flexible",
        "más que con la terapia tradicional, sin internamiento de 24 horas"]),
    ("F3", "what-is-iop", [
        "personas de Duarte, California, y sus alrededores", "atención estructurada y flexible",
        "quien necesita más que la terapia tradicional, pero no internamiento de 24 horas"]),
    ("F4", "home", ["Qué son los IOP", "Cómo funcionan: las terapias", "Los beneficios", "Cómo inscribirse"]),
    ("F4", "about-this-guide", [
        "Qué son los IOP", "Cómo funcionan", "Las terapias", "Los beneficios", "Cómo inscribirse"]),
    ("F5", "home", ["La guía es para usted, para un ser querido o para quien quiera aprender"]),
    ("F5", "for-families", ["buscan ayuda para ellas mismas o para un ser querido", "quien quiera aprender"]),
    ("F5", "about-this-guide", ["Es para usted, si busca ayuda", "un ser querido", "quien quiera aprender"]),
    # What it is
    ("F6", "what-is-iop", [
        "salud mental o de consumo de sustancias", "tratamiento estructurado",
        "no pasa la noche en la clínica"]),
    ("F6", "words", [
        "Tratamiento estructurado para la salud mental o el consumo de sustancias, sin pasar la noche"]),
    ("F7", "what-is-iop", [
        "Un IOP está entre los dos",
        "más que la terapia ambulatoria tradicional y menos que el internamiento en un hospital"]),
    ("F7", "words", ["un IOP está entre la terapia ambulatoria tradicional y quedarse en el hospital"]),
    ("F8", "what-is-iop", [
        "apoyo más de una vez por semana", "más estructura que la terapia semanal",
        r"No necesitan personal a su lado de día y de noche \(supervisión las 24 horas\)"]),
    ("F9", "who-it-helps", ["recuperando después de estar en el hospital, o va a salir de un internamiento"]),
    ("F10", "who-it-helps", [r"Maneja una condición de salud mental de largo plazo \(crónica\)"]),
    ("F11", "who-it-helps", [
        "Está en recuperación de un trastorno por consumo de sustancias",
        r"evitar volver a consumir \(una recaída\)"]),
    ("F12", "home", ["seguir con la escuela, el trabajo o la familia"]),
    ("F12", "who-it-helps", ["cumple con su trabajo, con la escuela o con su familia"]),
    ("F13", "home", [
        "Usted sigue en su casa", "Vive en su casa y usa lo que aprende",
        r"Vive en la clínica\. Hay personal las 24 horas"]),
    ("F13", "what-is-iop", [
        r"Quien está en internamiento vive en la clínica\. En un IOP, usted vive en su casa"]),
    ("F14", "home", ["Varias sesiones por semana, unas horas cada vez"]),
    ("F14", "what-is-iop", ["Varias veces por semana, usted va a sesiones de unas horas cada una"]),
    ("F14", "typical-week", [r"varias veces por semana\. Se queda unas horas y luego regresa a su casa"]),
    ("F15", "what-is-iop", ["La atención es intensiva", "practica sus nuevas habilidades en la vida diaria"]),
    # Why people choose one
    ("F16", "benefits", ["Muchas personas pasan a un IOP después del internamiento", "Bajar de nivel de atención"]),
    ("F17", "benefits", ["La terapia y el apoyo siguen, y usted tiene más independencia"]),
    ("F18", "benefits", [
        r"riesgo de que vuelvan los síntomas o el consumo \(una recaída\) y proteger lo que ha avanzado"]),
    ("F18", "words", ["puede bajar ese riesgo y proteger sus avances"]),
    ("F19", "benefits", ["Algunas personas necesitan más que la terapia semanal, pero no un hospital"]),
    ("F20", "benefits", [
        "Más estructura y más orientación pueden ayudar a prevenir una crisis de salud mental o de adicción"
    ]),
    ("F21", "typical-week", [TIMES_OF_DAY]),
    ("F21", "benefits", [TIMES_OF_DAY]),
    ("F22", "typical-week", ["Así puede seguir con la escuela, el trabajo o el cuidado de su familia"]),
    ("F22", "benefits", ["Así puede seguir con la escuela, el trabajo o el cuidado de su familia"]),
    ("F23", "typical-week", ["interrumpe menos su vida diaria", "seguir con él a largo plazo"]),
    ("F23", "benefits", ["Cuando el tratamiento cabe en su vida", "seguir con él a largo plazo"]),
    ("F24", "therapies", ["Su plan es una combinación de terapias hecha para usted", "Puede incluir"]),
    ("F24", "benefits", ["Un IOP es una combinación de terapias hecha para usted"]),
    ("F25", "therapies", [
        "Puede incluir terapia individual, de grupo y familiar", "Habla de sus dificultades personales"]),
    ("F26", "therapies", ["comparten lo que han vivido", "se apoyan unas a otras"]),
    ("F27", "therapies", ["Ahí todos trabajan en la comunicación y en sus relaciones"]),
    ("F27", "for-families", ["trabajan la comunicación", "puede mejorar sus relaciones"]),
    ("F28", "therapies", ["psicoeducación y habilidades para la vida", "Entenderla puede ayudarle"]),
    ("F28", "words", ["Aprender sobre su condición, para que la entienda"]),
    ("F29", "therapies", ["manejar el estrés, las emociones fuertes y las tareas de cada día"]),
    ("F30", "benefits", ["personas con problemas parecidos le da comunidad y comprensión"]),
    ("F31", "benefits", [
        "Los pacientes suelen decir que la compañía del grupo alivia el aislamiento",
        "les ayuda a mantener su compromiso"]),
    # Programs in Duarte
    ("F32", "programs", [
        "estos centros ofrecen un programa ambulatorio intensivo", "No lo hemos comprobado",
        "varios centros de buena reputación"]),
    ("F33", "programs", ["condiciones de salud mental, " + BOTH]),
    ("F33", "who-it-helps", [
        "Los programas en Duarte apoyan a personas con", "una condición de salud mental$",
        "un trastorno por consumo de sustancias$", r"las dos cosas a la vez \(trastornos concurrentes\)"]),
    ("F33", "for-professionals", [
        "condiciones de salud mental y trastornos por consumo de sustancias",
        r"También atienden las dos cosas a la vez \(trastornos concurrentes\)"]),
    ("F33", "words", [
        "Condición de salud mental junto con un trastorno por consumo de sustancias",
        "los programas en Duarte atienden una o las dos"]),
    ("F34", "programs", ["^Community Care Center$"]),
    ("F35", "programs", ["^Soulegria$"]),
    ("F36", "programs", ["^California Prime Recovery$"]),
    ("F37", "programs", ["muchas opciones, para que cada persona pueda hallar la suya"]),
    # Schedule
    ("F38", "home", [r"Con qué frecuencia\n3 a 5 días por semana\nEsto es lo usual"]),
    ("F38", "typical-week", [r"Con qué frecuencia\n3 a 5 días por semana\nEsto es lo usual"]),
    ("F39", "home", [r"Cuánto dura cada sesión\n2 a 4 horas"]),
    ("F39", "typical-week", [r"Cuánto dura cada sesión\n2 a 4 horas"]),
    ("F40", "home", [r"4 a 12 semanas\nPor lo general\. Depende de su avance y de lo que necesita"]),
    ("F40", "typical-week", [r"4 a 12 semanas\nPor lo general\. Depende de su avance y de lo que necesita"]),
    # Therapies
    ("F41", "therapies", ["Terapeutas con capacitación dirigen el grupo"]),
    ("F42", "therapies", [
        "Las personas comparten lo que han vivido, aprenden a sobrellevar los momentos difíciles",
        "y se apoyan unas a otras"]),
    ("F43", "therapies", [
        "a solas con su terapeuta", "Habla de sus dificultades personales",
        r"momentos difíciles \(detonantes\)", "formas de manejar los síntomas"]),
    ("F44", "therapies", [
        "Sus familiares van a ciertas sesiones", "trabajan en la comunicación", "entenderse mejor",
        "aprende a dar apoyo"]),
    ("F44", "for-families", [
        "Los familiares van a ciertas sesiones", "la comunicación, la comprensión y el apoyo"]),
    ("F45", "therapies", [
        "aprende sobre su condición, sus detonantes y sus síntomas",
        "y formas de sobrellevar los momentos difíciles",
        r"psicoeducación\n"]),
    ("F46", "therapies", ["Entenderla puede ayudarle a manejarla"]),
    ("F47", "therapies", [
        "manejar el estrés, las emociones fuertes", r"evitar que vuelvan los síntomas o el consumo \(una recaída\)",
        "formar hábitos saludables"]),
    ("F47", "words", [
        "manejar el estrés y las emociones fuertes, evitar volver a consumir y formar hábitos saludables"]),
    ("F48", "therapies", ["Practica las habilidades en su vida diaria"]),
    ("F49", "therapies", ["puede crear nuevos hábitos, ganar confianza", "una recuperación a largo plazo"]),
    # Benefits
    ("F50", "benefits", [
        r"Apoyo estructurado\nUn horario constante le da estabilidad", r"\(responsabilidad\)"]),
    ("F51", "benefits", [r"Flexibilidad\nUsted sigue con su rutina diaria y recibe atención intensiva"]),
    ("F52", "benefits", [r"Comunidad\nEn un grupo puede sentir menos soledad y más ánimo"]),
    ("F53", "benefits", ["Cuesta menos que el internamiento, porque usted no pasa la noche en la clínica"]),
    ("F53", "cost-and-insurance", [
        "Un IOP cuesta menos que el internamiento, porque usted no pasa la noche en la clínica"]),
    ("F54", "benefits", ["Su plan de tratamiento se hace según sus necesidades y sus metas"]),
    ("F55", "benefits", [
        r"habilidades prácticas para los retos de la vida\. Le pueden servir a largo plazo"]),
    ("F56", "benefits", [
        r"Prevención de recaídas\nEl apoyo es continuo, y las sesiones tienen estructura",
        "Las dos cosas pueden bajar el riesgo de una recaída"]),
    ("F57", "benefits", ["La terapia, las habilidades y la compañía del grupo pueden mejorar su bienestar"]),
    ("F58", "benefits", ["La terapia familiar puede ayudar a que su casa sea un lugar de apoyo"]),
    ("F58", "for-families", ["puede ayudar a que su casa sea un lugar de apoyo"]),
    # Who it suits
    ("F59", "who-it-helps", [
        "a quien necesita estructura, pero no supervisión las 24 horas", "Son ejemplos, no un examen"]),
    ("F60", "who-it-helps", ["después de estar en el hospital, o va a salir de un internamiento"]),
    ("F61", "who-it-helps", ["Vive con depresión, ansiedad o trauma"]),
    ("F62", "who-it-helps", ["Está en recuperación de un trastorno por consumo de sustancias"]),
    ("F63", "who-it-helps", ["Es familiar de alguien y quiere orientación para apoyarle"]),
    ("F63", "for-families", ["ayudar a familias que quieren orientación para apoyar a alguien"]),
    ("F64", "who-it-helps", ["Necesita más apoyo mientras cumple con su trabajo, con la escuela"]),
    ("F65", "who-it-helps", ["Es flexible y está hecho para muchos tipos de personas"]),
    # Enrolling
    ("F66", "how-to-start", [
        "Por lo general, empezar .+ es sencillo", "La mayoría de los programas sigue estos 5 pasos"]),
    ("F67", "how-to-start", [
        r"Comuníquese con el centro\nHable con un centro de tratamiento",
        r"los programas, los horarios y lo que necesita para entrar \(requisitos de admisión\)"]),
    ("F67", "for-professionals", ["preguntar por horarios, programas y requisitos de admisión"]),
    ("F68", "how-to-start", [
        r"La mayoría de los programas la pide\. Con ella se define su nivel de atención y su plan personal"]),
    ("F68", "for-professionals", [
        r"La mayoría de los programas la pide\. Con ella se define el nivel de atención y un plan personal"]),
    ("F68", "words", [
        "define su nivel de atención y plan personal; la mayoría de los programas la pide"]),
    ("F69", "how-to-start", [
        "Una referencia médica es una nota de un profesional de salud",
        "Algunos programas la piden, sobre todo si usa seguro", "si la necesita"]),
    ("F69", "cost-and-insurance", [
        "Algunos programas piden una referencia médica de un profesional de salud, sobre todo si usa seguro"]),
    ("F69", "for-professionals", [
        "Algunos programas piden una de un profesional de salud, sobre todo si se usa seguro"]),
    ("F69", "words", [
        "Nota de un profesional de salud, que algunos programas piden, sobre todo si usa seguro"]),
    ("F70", "how-to-start", ["Revise si su seguro cubre un IOP"]),
    ("F70", "cost-and-insurance", ["Revise si su seguro lo cubre"]),
    ("F71", "how-to-start", ["Si no tiene cobertura, muchos centros ofrecen planes de pago"]),
    ("F71", "cost-and-insurance", [
        "Muchos centros ofrecen planes de pago a personas sin cobertura de seguro"]),
    ("F72", "how-to-start", [
        r"Empiece el programa\nRecibe un horario de terapia, práctica de habilidades y apoyo en grupo"]),
    # Examples
    ("F73", "examples", ["Los IOP han ayudado a miles de personas a retomar el control de su vida"]),
    ("F74", "examples", [
        "Una persona adulta joven tenía un trastorno por consumo de sustancias",
        "3 veces por semana y siguió con el trabajo y la escuela",
        "Se mantuvo sin consumir y recuperó los lazos con su familia"]),
    ("F75", "examples", [
        r"Una madre o un padre con depresión\nUna persona con hijos tenía depresión",
        "terapia de grupo y aprendió a sobrellevar los momentos difíciles", "Su salud emocional mejoró",
        "las tareas diarias en casa se le hicieron más llevaderas"]),
    ("F76", "examples", [
        "participaron en sesiones familiares", "se comunicaban mejor y se entendían más",
        "en su casa había más apoyo"]),
    ("F76", "for-families", [
        "Familias que fueron a sesiones familiares contaron que se comunican mejor y se entienden",
        "en su casa hay más apoyo"]),
    ("F77", "examples", ["soluciones de la vida real", "más sana, más feliz y con más equilibrio"]),
    # Why Duarte
    ("F78", "programs", ["dice que Duarte recibe bien a la gente", "de alta calidad"]),
    ("F79", "programs", ["Terapeutas y especialistas en consejería con experiencia"]),
    ("F80", "programs", ["Atención de salud mental, de adicción o de las dos"]),
    ("F81", "programs", ["Programas a la medida de cada persona"]),
    ("F82", "programs", ["Horarios que se acomodan a su trabajo y a su familia"]),
    ("F83", "programs", ["Atención de salud mental, de adicción o de las dos"]),
    # Credentials
    ("F84", "accreditation", ["Altamente acreditado"]),
    ("F85", "accreditation", [r"BBB \(Better Business Bureau\)\n", "Pregúntenos cómo aparecemos ahí"]),
    ("F86", "accreditation", [
        r"California Department of Health Care Services \(DHCS\)\n#190913BP",
        "Certificado por el Departamento de Servicios de Atención Médica de California"]),
    ("F87", "accreditation", ["^Joint Commission$"]),
    ("F88", "accreditation", [
        r"En Dedicato Treatment Center nos dedicamos a cuidar\. ¿Está de acuerdo\? Díganos"]),
    ("F90", "accreditation", [
        r"HCO-ID #589332\nAcreditado por la Joint Commission",
        "junto a la Joint Commission y al Department of Health Care Services de California"]),
    # The close
    ("F91", "what-is-iop", [
        "Los IOP en Duarte dan atención estructurada y flexible, y usted no se queda en el hospital"]),
    ("F92", "what-is-iop", [
        "Terapia individual", "Terapia de grupo", "Terapia familiar", "psicoeducación",
        "Habilidades para la vida",
        "Todo junto puede apoyar una recuperación a largo plazo mientras sigue con su vida diaria"]),
    ("F93", "how-to-start", [
        r"Conozca los programas que hay cerca y vea qué servicios ofrece cada uno\. Después elija el que le convenga"]),
    ("F93", "programs", ["Conozca los programas, entienda qué ofrece cada uno y elija el que le convenga"]),
    ("F94", "how-to-start", ["Puede ser un paso que le cambie la vida"]),
    ("F95", "about-this-guide", ["Es solo para información", "Los datos vienen de fuentes públicas"]),
    ("F96", "about-this-guide", [
        "Para datos actuales, comuníquese directamente con los centros de tratamiento"]),
    ("F97", "how-to-start", [r"¿Quiere más información\?\nLlene el formulario para recibirla"]),
    ("F98", "contact", ["Nuestro equipo puede ayudar si tiene una pregunta o quiere referir a alguien"]),
    ("F98", "for-professionals", ["Si antes tiene una pregunta, nuestro equipo está aquí para ayudar"]),
    ("F99", "home", [r"Usted cuenta con apoyo"]),
    ("F99", "contact", [r"Usted cuenta con apoyo"]),
    ("F100", "contact", ["Juntos podemos trabajar por comunidades más seguras y un futuro mejor"]),
    ("F102", "contact", [
        "Somos Dedicato Treatment Center", r"“Programas ambulatorios intensivos \(IOP\) en Duarte”"]),
]
# fmt: on
NOT_PRINTED = {"F89", "F101"}  # a stray label, and a list of areas that nobody has filled yet

AVOIDED = [
    r"adict[oa]s?",
    r"drogadict\w+",
    r"toxic[oó]man\w+",
    r"alcohólic[oa]s?",
    r"abus\w+",
    r"limpi[oa]s?",
    r"suci[oa]s?",
    r"usuari\w+",
    r"enferm[oa]s?\smental(es)?",
    r"loc[oa]s?",
    r"rehabilit\w+",
    r"sufr\w+",
    r"padec\w+",
    r"víctimas?",
    r"fracas\w+",
    r"cometi\w+\ssuicidio",
    r"deber[íi]a\w*",
    r"fácil(es|mente)?",
    "simplemente",
    "viaje",
    r"luch\w+",
    r"batall\w+",
    r"cura[nrs]?",
    r"garant\w+",
    r"(el|la|los|las)\smejor(es)?",
    r"eficaz|eficaces|efectiv\w+",
    r"excelentes?",
    r"asegur\w+",  # also "aseguranza", which is only a word to search for
    r"apúr\w+",
    r"anónim\w+",
    r"tú|tus?|contigo|vosotr\w+",  # the guide says usted
]

PAGES = page_keys()


def both_pages(key):
    return (read(folder / "pages" / f"{key}.toml") for folder in (ENGLISH, SPANISH))


def both_lists(listing):
    return (read(folder / "listings" / f"{listing}.toml").get("rows", []) for folder in (ENGLISH, SPANISH))


def word_fields():
    """Yield (where, field, English, Spanish) for every field that has words, in both files."""
    for key in PAGES:
        english, spanish = both_pages(key)
        for name in PAGE_WORDS:
            yield key, name, english.get(name, ""), spanish.get(name, "")
        here = {section["key"]: section for section in spanish.get("sections", [])}
        for section in english["sections"]:
            twin = here.get(section["key"], {})
            for name in SECTION_WORDS:
                yield f"{key}/{section['key']}", name, section.get(name, ""), twin.get(name, "")
    for listing, names in LISTING_WORDS.items():
        english, spanish = both_lists(listing)
        here = {row["key"]: row for row in spanish}
        for row in english:
            for name in names:
                twin = here.get(row["key"], {})
                yield f"{listing}/{row['key']}", name, row.get(name, ""), twin.get(name, "")


FIELDS = list(word_fields())
each_field = pytest.mark.parametrize(
    ("where", "name", "english", "spanish"), FIELDS, ids=[f"{where}-{name}" for where, name, *_ in FIELDS]
)
SPANISH_ONLY = [("crisis_lines/988", "text_body")]  # 988 answers in Spanish to the word AYUDA


@pytest.mark.parametrize(("fact", "key", "patterns"), FACTS, ids=[f"{fact}-{key}" for fact, key, _ in FACTS])
def test_a_fact_stands_on_its_page(fact, key, patterns):
    text = page_text(key)
    missing = [pattern for pattern in patterns if not re.search(pattern, text, re.IGNORECASE | re.MULTILINE)]
    assert not missing, f"{fact} is not told in full on {key}"


def test_no_fact_is_forgotten():
    assert {fact for fact, _, _ in FACTS} | NOT_PRINTED == {f"F{number}" for number in range(1, 103)}


def test_a_stray_label_and_an_empty_list_are_not_printed():
    whole_guide = "\n".join(page_text(key) for key in PAGES)
    assert not re.search(r"acreditación\s*4|servicio en estos", whole_guide, re.IGNORECASE)


# The two languages side by side


@each_field
def test_what_one_language_says_the_other_says_too(where, name, english, spanish):
    if (where, name) in SPANISH_ONLY:
        assert spanish and not english
    else:
        assert bool(english.strip()) == bool(spanish.strip())


@pytest.mark.parametrize("key", PAGES)
def test_a_page_has_the_same_sections_in_the_same_order(key):
    english, spanish = both_pages(key)
    order = [section["key"] for section in english["sections"]]
    assert [section["key"] for section in spanish["sections"]] == order
    assert set(spanish) <= {*PAGE_WORDS, "sections"}
    assert all(set(section) <= {"key", *SECTION_WORDS} for section in spanish["sections"])


@pytest.mark.parametrize("listing", LISTING_WORDS)
def test_a_list_has_the_same_rows_in_the_same_order(listing):
    english, spanish = both_lists(listing)
    if any(row.get(name) for row in english for name in LISTING_WORDS[listing]):
        assert [row["key"] for row in spanish] == [row["key"] for row in english]
    assert all(set(row) <= {"key", *LISTING_WORDS[listing]} for row in spanish)


def test_no_spanish_file_stands_alone():
    names = [path.relative_to(SPANISH) for path in SPANISH.rglob("*.toml")]
    assert names and all((ENGLISH / name).exists() for name in names)


@each_field
def test_figures_and_links_are_the_same_in_both_languages(where, name, english, spanish):
    def figures(text):
        return set(re.findall(r"\d+", text.replace("oprima 2", "")))

    def links(text):
        # In Spanish, the word that asks the crisis line for Spanish is put into the message.
        return sorted(link.removesuffix("?body=AYUDA") for link in re.findall(r"\]\(([^)]*)\)", text))

    if name != "description":
        assert figures(spanish) == figures(english)
    assert figures(spanish) <= figures(english) or (where, name) == ("crisis", "description")
    assert links(spanish) == links(english)
    assert spanish.count("**") == english.count("**")
    assert len(re.findall(r"^(?:-|\d+\.) ", spanish, re.MULTILINE)) == len(
        re.findall(r"^(?:-|\d+\.) ", english, re.MULTILINE)
    )


def test_every_page_has_a_spanish_address_of_its_own():
    slugs = {key: read(SPANISH / "pages" / f"{key}.toml")["slug"] for key in PAGES}
    assert slugs["home"] == slugs["crisis"] == ""
    own = [slug for slug in slugs.values() if slug]  # the site itself gives home and the statements theirs
    assert len(set(own)) == len(own) and all(re.fullmatch(r"[a-z]+(-[a-z]+)*", slug) for slug in own)


# Safety


def test_the_crisis_page_gives_every_number_and_the_way_to_spanish():
    text = page_text("crisis")
    assert text.index("Llamar al 911") < text.index("Llamar al 988") < text.index("Mandar AYUDA al 988")
    assert text.index("Mandar AYUDA al 988") < text.index("1-800-662-4357") < text.index("1-800-487-4889")
    line = {row["key"]: row for row in rows("crisis_lines")}["988"]
    assert "oprima 2" in line["body"] and line["text_body"] == "AYUDA"


@pytest.mark.parametrize("key", ["who-it-helps", "for-families", "contact"])
def test_a_page_where_people_may_be_in_danger_says_whom_to_call(key):
    (card,) = [section for section in sections(key) if section["layout"] == "care"]
    assert card["heading"] == "Llame ya al 911 o al 988 si:"
    assert "(tel:911)" in card["body"] and "oprima 2" in card["body"]
    assert "(tel:988)" in card["body"] and "(sms:988?body=AYUDA)" in card["body"] and "(page:crisis)" in card["body"]


@pytest.mark.parametrize("path", sorted(SPANISH.rglob("*.toml")), ids=lambda path: path.stem)
def test_whoever_is_sent_to_988_hears_how_to_reach_it_in_spanish(path):
    for paragraph in re.split(r"\n\s*\n", path.read_text(encoding="utf-8")):
        if "sms:988" in paragraph or "AYUDA" in paragraph:
            assert "oprima 2" in paragraph and "AYUDA" in paragraph, paragraph


# The Spanish itself


@pytest.mark.parametrize("key", PAGES)
def test_a_page_reads_without_effort(key):
    prose = [text if text[-1] in ".!?" else f"{text}." for kind, text in page_blocks(key) if kind == "prose"]
    assert readability.LEAST_EASE <= readability.ease(prose) <= readability.MOST_EASE


@pytest.mark.parametrize("key", PAGES)
def test_sentences_and_paragraphs_are_short(key):
    for _, block in page_blocks(key):
        parts = sentences(block)
        assert len(parts) <= 4 and sum(not part.endswith(":") for part in parts) <= 3, block
        for part in parts:
            assert len(part.split()) <= 22, part


@pytest.mark.parametrize("key", PAGES)
def test_a_page_uses_no_word_that_hurts_or_promises(key):
    page = read(SPANISH / "pages" / f"{key}.toml")
    text = " ".join([page_text(key), page["description"], page["menu_label"]])
    found = re.search(rf"(?<!\w)(?:{'|'.join(AVOIDED)})(?!\w)", text, re.IGNORECASE)
    assert not found, found[0]


@pytest.mark.parametrize("key", PAGES)
def test_the_first_iop_on_a_page_is_written_out(key):
    body = "\n".join(text for kind, text in page_blocks(key) if kind == "prose" or key in ("home", "words"))
    first = re.search(r"\bIOP\b", body)
    if first:
        assert re.search(r"programas? ambulatorios? intensivos? \($", body[: first.start()], re.IGNORECASE)
        assert "siglas en inglés" in body


@pytest.mark.parametrize("path", sorted(SPANISH.rglob("*.toml")), ids=lambda path: path.stem)
def test_questions_and_cries_open_and_close_and_quotes_are_curly(path):
    for line in path.read_text(encoding="utf-8").splitlines():
        line = line.replace("?body=AYUDA", "")
        assert line.count("¿") == line.count("?") and line.count("¡") == line.count("!"), line
        words = re.sub(r'^(\w+ = )?("""|")|"$', "", line)
        assert not set(words) & {'"', "'"} and words.count("“") == words.count("”"), line


@pytest.mark.parametrize("key", PAGES)
def test_a_page_has_a_short_description_and_a_short_name(key):
    page = read(SPANISH / "pages" / f"{key}.toml")
    assert 40 <= len(page["description"]) <= 155
    assert len(page["menu_label"]) <= 30


def test_no_hours_per_week_are_worked_out_and_no_brand_is_named():
    whole_guide = "\n".join(page_text(key) for key in PAGES)
    whole_guide = whole_guide.replace("piden 9 horas por semana o más", "")  # public, not worked out
    assert not re.search(r"horas (a la|por|cada) semana|\$\s?\d|\d\s?%|\b(CBT|DBT|EMDR|TCC)\b", whole_guide)
