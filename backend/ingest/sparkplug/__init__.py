"""Sparkplug B: what industrial gateways speak, brought into the frames of our own contract.

Source: Eclipse Sparkplug Specification 3.0; the payload is Eclipse Tahu's `sparkplug_b.proto`.
"""
