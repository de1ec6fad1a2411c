"""A city that behaves: plant dynamics, people, incidents. It speaks only MQTT and the public API."""

# The names are here, and what they do in `incidents`, so that a command line can offer them without loading arrays.
SCENARIO_NAMES = ("overfill", "leak", "runaway", "flapping", "gateway-loss")
