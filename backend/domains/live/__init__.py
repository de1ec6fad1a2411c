"""The stream of events for open pages: what the bell rings, told to each as far as they may see it."""
