from inquiries.models.inquiry import Inquiry
from inquiries.models.keys import KeyCheck
from inquiries.models.outbox import OutboxNotice
from inquiries.models.recent import RecentAnswers
from inquiries.models.screening import Doubt, NetworkCount
from inquiries.models.search import IndexToken
from inquiries.models.timeline import Event, InquiryText

__all__ = [
    "Doubt",
    "Event",
    "IndexToken",
    "Inquiry",
    "InquiryText",
    "KeyCheck",
    "NetworkCount",
    "OutboxNotice",
    "RecentAnswers",
]
