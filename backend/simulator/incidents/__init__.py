"""Named incidents: overfill, leak, runaway, flapping, gateway-loss."""

from backend.simulator.incidents.course import Bend, Course, Stage, UnknownTarget
from backend.simulator.incidents.scenarios import SCENARIOS, Incident, plan_incident

__all__ = ["SCENARIOS", "Bend", "Course", "Incident", "Stage", "UnknownTarget", "plan_incident"]
