"""Replaying recorded files through the broker."""
