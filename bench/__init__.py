"""Figures: what the system does on this machine, each beside a baseline of the same run."""
