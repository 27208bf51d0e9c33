from incidents.models.data_subject import DataSubject, Unreadable
from incidents.models.decision import Advice, Awareness, Decision, Question
from incidents.models.evidence import EvidenceItem, Reading
from incidents.models.incident import Incident, Membership, ReferenceCount, Statement
from incidents.models.involvement import Attribution, Involvement
from incidents.models.measure import Measure
from incidents.models.obligation import Obligation

__all__ = [
    "Advice",
    "Attribution",
    "Awareness",
    "DataSubject",
    "Decision",
    "EvidenceItem",
    "Incident",
    "Involvement",
    "Measure",
    "Membership",
    "Obligation",
    "Question",
    "Reading",
    "ReferenceCount",
    "Statement",
    "Unreadable",
]
