"""A city that behaves: plant dynamics, people, incidents. It speaks only MQTT and the public API."""
