from iop_site.staff.models.authenticator import Authenticator, RecoveryCode
from iop_site.staff.models.sessions import Session
from iop_site.staff.models.set_up_code import SetUpCode
from iop_site.staff.models.user import User

__all__ = ["Authenticator", "RecoveryCode", "Session", "SetUpCode", "User"]
