"""Frames over HTTP, for gateways that cannot speak MQTT: kept as rows until ingest has judged and stored them."""
