from django.utils.translation import gettext_lazy as _

from programs.editing import readability, style_terms

# The rule for each text, English and Spanish; the last pair is for every other one.
HELP = {
    "title": (
        _("Plain words. It stands at the top and in search results. 60 characters or fewer."),
        _("The same idea, as a person in Duarte would say it. Not word for word."),
    ),
    "topic": (
        _("Says what the page is about before its title does."),
        _("“Programa ambulatorio intensivo (IOP)”. Not word for word."),
    ),
    "menu_label": (_("2 or 3 words, for menus and links."), _("2 or 3 words. It may be a little longer than English.")),
    "slug": (
        _("Small letters, digits and hyphens. A new address breaks links from outside."),
        _("Spanish words without accents. A new address breaks links from outside."),
    ),
    "description": (
        _("One sentence for search engines: what the reader finds here."),
        _("One sentence of its own, with “usted”."),
    ),
    "answer": (
        _("One or two short sentences that answer first. A reader in distress may read only this."),
        _("Use “usted”. Short sentences."),
    ),
    "heading": (_("Says what stands below, in a few words."), _("Keep the same headings in the same order.")),
    "body": (
        _(
            "Answer first. At most 20 words in a sentence and 3 sentences in a paragraph. "
            "A list: start each line with a dash. A link: [words](page:therapies)."
        ),
        _("Use “usted”. Short sentences. Keep the same lists and links in the same order."),
    ),
    "what_it_is": (
        _("Only what you can stand behind, in the body’s own words. No praise."),
        _("Leave the name of the body in English and say in Spanish what it is."),
    ),
    "how_to_check": (
        _("What a reader does to check it, step by step."),
        _("Use “usted”. Say what the page in English will show."),
    ),
    "hours": (_("Days and hours, like “Monday to Friday, 9 to 5”."), _("Días y horas, in words.")),
    "insurers": (_("Only names that you confirmed. No promise of coverage."), _("The same names.")),
}
HELP_ELSE = (
    _("Plain words that a tired reader gets at once. No promise."),
    _("The same idea in plain words, with “usted”."),
)


def rule(field: str, language: str):
    return HELP.get(field, HELP_ELSE)[language == "es"]


def findings(text: str, language: str) -> list[str]:
    found = [
        _("A sentence of %(count)s words (at most %(most)s): “%(start)s …”")
        % {"count": len(sentence.split()), "most": readability.MOST_WORDS, "start": " ".join(sentence.split()[:5])}
        for sentence in readability.long_sentences(text)
    ]
    found += [
        _("A paragraph of more than %(most)s sentences: “%(start)s …”")
        % {"most": readability.MOST_SENTENCES, "start": " ".join(block.split()[:5])}
        for block in readability.long_paragraphs(text)
    ]
    for word, instead in style_terms.avoided(text, language):
        if instead:
            found.append(_("“%(word)s”: say “%(instead)s”.") % {"word": word, "instead": instead})
        else:
            found.append(_("“%(word)s”: leave it out, or say what it is like.") % {"word": word})
    return [str(line) for line in found]


def level_findings(english: list[str], spanish: list[str]) -> list[str]:
    grade, ease = readability.grade(english), readability.ease(spanish)
    found = []
    if grade is not None and grade > readability.MOST_GRADE:
        found.append(
            _("English reads at grade %(grade).1f; the aim is %(most)s or lower. Shorter sentences and words help.")
            % {"grade": grade, "most": readability.MOST_GRADE}
        )
    if ease is not None and ease < readability.LEAST_EASE:
        found.append(
            _("Spanish scores %(ease).0f for ease; the aim is %(least)s or more. Shorter sentences and words help.")
            % {"ease": ease, "least": readability.LEAST_EASE}
        )
    return [str(line) for line in found]
