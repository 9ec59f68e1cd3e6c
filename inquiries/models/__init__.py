from inquiries.models.calendar import ClosedDay, WeeklyHours
from inquiries.models.changes import NotNow, Refused, Stale
from inquiries.models.inquiry import Inquiry
from inquiries.models.keys import KeyCheck
from inquiries.models.likeness import InquiryPair
from inquiries.models.message_templates import MessageTemplate
from inquiries.models.outbox import OutboxNotice
from inquiries.models.recent import RecentAnswers
from inquiries.models.screening import Doubt, NetworkCount
from inquiries.models.search import IndexToken
from inquiries.models.timeline import Event, InquiryText

__all__ = [
    "ClosedDay",
    "Doubt",
    "Event",
    "IndexToken",
    "Inquiry",
    "InquiryPair",
    "InquiryText",
    "KeyCheck",
    "MessageTemplate",
    "NetworkCount",
    "NotNow",
    "OutboxNotice",
    "RecentAnswers",
    "Refused",
    "Stale",
    "WeeklyHours",
]
