"""Which ways of contact a person allowed, in the answers that were sent last."""

from inquiries.crypto.keyring import SealError


class Reach:
    """What the contact plan forbids, asked by every verb that could break it."""

    def latest(self, name: str) -> str:
        """Return one answer as it was sent last. Raise keyring.SealError when it does not open."""
        latest = self.latest_answers()
        return getattr(self, name) if latest is None else latest.get(name, "")

    @property
    def reach_way(self) -> str:
        """The way of contact that was chosen last, or an empty text when it cannot be read: then nothing is allowed."""
        try:
            return self.latest("contact_way")
        except SealError:
            return ""

    @property
    def may_call(self) -> bool:
        return self.reach_way in (self.ContactWay.CALL_VOICEMAIL, self.ContactWay.CALL, self.ContactWay.CALL_WORK)

    @property
    def may_leave_voicemail(self) -> bool:
        return self.reach_way == self.ContactWay.CALL_VOICEMAIL

    @property
    def may_text(self) -> bool:
        return self.reach_way == self.ContactWay.TEXT

    @property
    def may_email(self) -> bool:
        return self.reach_way in self.EMAIL_WAYS

    @property
    def allowed_told(self) -> list:
        """The ways in which this person may be told how it ended."""
        allowed = {
            self.Told.CALL: self.may_call,
            self.Told.TEXT: self.may_text,
            self.Told.EMAIL: self.may_email,
            self.Told.STATUS_PAGE: True,
            self.Told.NOT_TOLD: True,
        }
        return [told for told, is_allowed in allowed.items() if is_allowed]
