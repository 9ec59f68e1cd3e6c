"""No message to a sender names a condition or a substance: others may read it. The list is a net for slips, not a
proof."""

import re
import unicodedata

WORDS = """
    addict addicted addiction addictions alcohol alcoholic alcoholism alcoholismo alcoholico alcoholica
    adiccion adicciones adicto adicta anxiety ansiedad bipolar borracho cocaine cocaina crack depressed
    depression depresion deprimido deprimida detox desintoxicacion diagnosis diagnostico disorder trastorno
    drinking bebida droga drogas drug drugs drunk dui fentanyl fentanilo heroin heroina marijuana marihuana
    cannabis meth methamphetamine metanfetamina cristal opioid opioids opioide opioides overdose sobredosis
    oxycodone pills pastillas psychosis psicosis ptsd recovery rehab rehabilitacion relapse recaida
    schizophrenia esquizofrenia sober sobriety sobrio sobria sobriedad substance substances sustancia
    sustancias suicide suicidal suicidio trauma tept xanax adhd tdah
""".split()
NAMED = re.compile(rf"\b({'|'.join(WORDS)})\b")


def named_condition(text: str) -> str:
    """The first that ``text`` names, as it is listed, or an empty text."""
    plain = "".join(c for c in unicodedata.normalize("NFKD", text.casefold()) if not unicodedata.combining(c))
    found = NAMED.search(plain)
    return found[0] if found else ""
