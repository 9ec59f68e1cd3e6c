"""What a mail server means when it refuses a mail: that the address does not exist, or something that we must mend."""

import re
import smtplib

REFUSALS = (550, 551, 553)  # of the mailbox, in answer to RCPT: RFC 5321, 4.2.2
ENHANCED = re.compile(r"5\.\d{1,3}\.\d{1,3}\b")  # RFC 3463; it stands first in the words of the server
OF_THE_ADDRESS, OF_THE_SENDER, OF_POLICY = "5.1.", ("5.1.7", "5.1.8"), "5.7."


def is_of_address(error: Exception | None) -> bool:
    """Whether the address is to blame, and for good."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        answers = list(error.recipients.values())
        return bool(answers) and all(_tells_of_address(code, words, at_rcpt=True) for code, words in answers)
    if isinstance(error, smtplib.SMTPDataError):
        return _tells_of_address(error.smtp_code, error.smtp_error, at_rcpt=False)
    return False


def _tells_of_address(code: int, words, *, at_rcpt: bool) -> bool:
    """Policy, and what is said about the sender, are about us, whatever the number before it."""
    words = words.decode(errors="replace") if isinstance(words, bytes) else str(words)
    found = ENHANCED.match(words.strip())
    why = found[0] if found else ""
    if why in OF_THE_SENDER or why.startswith(OF_POLICY):
        return False
    return (at_rcpt and code in REFUSALS) or (code >= 500 and why.startswith(OF_THE_ADDRESS))
