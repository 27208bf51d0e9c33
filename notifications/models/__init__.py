from notifications.models.dispatch import Delivery, DeliveryEvent, Dispatch
from notifications.models.report import Filing, RegulatorReport
from notifications.models.wording import Approval, ApprovalRequest, Wording, WordingVersion

__all__ = [
    "Approval",
    "ApprovalRequest",
    "Delivery",
    "DeliveryEvent",
    "Dispatch",
    "Filing",
    "RegulatorReport",
    "Wording",
    "WordingVersion",
]
