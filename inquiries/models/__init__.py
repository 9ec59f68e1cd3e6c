from inquiries.models.canary import CanaryRun
from inquiries.models.claims import Claimed
from inquiries.models.duplicates import InquiryPair
from inquiries.models.event_seals import EventSeal
from inquiries.models.events import Event, ExportReason, InquiryText
from inquiries.models.figures import Figure
from inquiries.models.inquiry import Inquiry
from inquiries.models.key_checks import KeyCheck
from inquiries.models.last_change import LastChange
from inquiries.models.mail_choices import MailChoices
from inquiries.models.message_templates import MessageTemplate
from inquiries.models.moved_days import follow_calendar, set_week
from inquiries.models.office_hours import ClosedDay, WeeklyHours
from inquiries.models.outbox import OutboxNotice
from inquiries.models.resubmissions import RecentAnswers
from inquiries.models.saved_view import SavedView
from inquiries.models.search import IndexToken
from inquiries.models.spam import NetworkCount, SpamSignal
from inquiries.models.transitions import InvalidTransition, Refused, StaleVersion
