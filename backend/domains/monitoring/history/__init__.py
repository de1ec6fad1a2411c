"""History at load: roll-ups of hours, partitions made ahead, old days in files, and reading it all as one."""
