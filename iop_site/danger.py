"""What reads typed words for danger to a life, in the form and in search: ``settings.TELLS_OF_DANGER`` names it."""

from inquiries.danger import holds_listed_words
from programs.search import danger


def tells_of_danger(text: str) -> bool:
    """Ask the list that ships in code and needs no database; then the words that supervisors keep, which only add."""
    return holds_listed_words(text) or danger.tells_of_danger(text)
