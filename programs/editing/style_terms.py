"""A label names a person by an illness; a promise is more than a program can keep."""

import re

PERSON = "a person with a substance use disorder"
PERSONA = "una persona con un trastorno por consumo de sustancias"

AVOIDED = {
    "en": {
        r"addicts?|junkies?": PERSON,
        r"alcoholics?": "a person with an alcohol use disorder",
        r"(?:substance|drug|alcohol)\sabuse|abus(?:e|ed|es|ing|ers?)": "substance use, or harmful use",
        r"clean": "stopped using, or tested negative",
        r"dirty": "tested positive",
        r"habit": "substance use",
        r"users?": "a person who uses substances, or people",
        r"suffer(?:s|ed|ing)?\s(?:from|with)|suffer(?:s|ed|ing)?": "has, or lives with",
        r"struggl(?:es?|ed|ing)\swith": "has, or lives with",
        r"victims?": "a person who lived through",
        r"mentally\sill": "a person with a mental health condition",
        r"commit(?:s|ted|ting)?\ssuicide": "died by suicide",
        r"fail(?:s|ed|ing|ure)?": "what happened, in plain words",
        r"non-?complian(?:t|ce)": "what the person chose",
        r"in\sdenial|denial": "is not ready yet",
        r"simply|easy|easily": "",
        r"should": "can, or you may want to",
        r"cur(?:e|ed|es|ing)": "treat, or help with",
        r"success\srates?|guarante(?:e|es|ed)|best|effective": "can help",
        r"#1|number\sone": "",
        r"battl(?:e|es|ed|ing)|journeys?": "",
    },
    "es": {
        r"(?:droga|alcohol)?adict[oa]s?": PERSONA,
        r"toxic[oó]man[oa]s?": PERSONA,
        r"alcohólic[oa]s?": "una persona con un trastorno por consumo de alcohol",
        r"abus(?:o|os|a|an|ar|aba|ó)": "consumo de sustancias",
        r"limpi[oa]s?": "dejó de consumir",
        r"suci[oa]s?": "dio positivo en la prueba",
        r"enferm[oa]s?\smental(?:es)?": "una persona con una condición de salud mental",
        r"loc[oa]s?": "una persona con una condición de salud mental",
        r"rehabilit\w+": "tratamiento, o recuperación",
        r"sufr(?:e|en|ir|ió|iendo)": "tiene, o vive con",
        r"víctimas?": "una persona que vivió",
        r"fracas(?:o|os|ó|ar|aron)": "lo que pasó, en palabras sencillas",
        r"simplemente|fácil(?:es|mente)?": "",
        r"debería[ns]?": "puede",
        r"cur(?:a|an|ar|ado|ada)": "tratar, o ayudar con",
        r"garantiza\w*|tasas?\sde\séxito|efectiv[oa]s?|l[oa]s?\smejor(?:es)?": "puede ayudar",
        r"batallas?|luchas?": "",
        r"tú|tus?|vosotros": "usted, su",
        r"aseguranzas?": "seguro",
    },
}
_patterns = {
    language: [(re.compile(rf"(?<!\w)(?:{words})(?!\w)", re.IGNORECASE), instead) for words, instead in entries.items()]
    for language, entries in AVOIDED.items()
}


def avoided(text: str, language: str) -> list[tuple[str, str]]:
    """Return each word of ``text`` to avoid, as it is written there, with what to say instead; each once, in order."""
    found = [(match, instead) for pattern, instead in _patterns[language] for match in pattern.finditer(text)]
    found.sort(key=lambda entry: entry[0].start())
    return list({match[0].lower(): (match[0], instead) for match, instead in reversed(found)}.values())[::-1]
