"""What the people of the demo city do on a day: plans that follow from the seed, for the past and for today alike."""

from backend.simulator.routines.answers import Answer, answer_to
from backend.simulator.routines.mornings import Morning, morning_of, signature_of
from backend.simulator.routines.works import PlannedWork, works_of

__all__ = ["Answer", "Morning", "PlannedWork", "answer_to", "morning_of", "signature_of", "works_of"]
