from inquiries.models.calendar import ClosedDay, WeeklyHours
from inquiries.models.canary import CanaryRun
from inquiries.models.changes import NotNow, Refused, Stale
from inquiries.models.export import ExportReason
from inquiries.models.figures import Figure
from inquiries.models.inquiry import Inquiry
from inquiries.models.keys import KeyCheck
from inquiries.models.likeness import InquiryPair
from inquiries.models.message_templates import MessageTemplate
from inquiries.models.names import names_that_differ
from inquiries.models.outbox import OutboxNotice
from inquiries.models.recent import RecentAnswers
from inquiries.models.saved_view import SavedView
from inquiries.models.screening import Doubt, NetworkCount
from inquiries.models.seal import EventSeal, Mark
from inquiries.models.search import IndexToken
from inquiries.models.timeline import Event, InquiryText

__all__ = [
    "CanaryRun",
    "ClosedDay",
    "Doubt",
    "Event",
    "EventSeal",
    "ExportReason",
    "Figure",
    "IndexToken",
    "Inquiry",
    "InquiryPair",
    "InquiryText",
    "KeyCheck",
    "Mark",
    "MessageTemplate",
    "NetworkCount",
    "NotNow",
    "OutboxNotice",
    "RecentAnswers",
    "Refused",
    "SavedView",
    "Stale",
    "WeeklyHours",
    "names_that_differ",
]
