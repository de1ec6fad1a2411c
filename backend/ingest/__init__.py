"""The hot path: MQTT link, decoding, judging, storing. Calls domains and is never called by them."""
