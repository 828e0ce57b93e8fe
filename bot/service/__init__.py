"""Where and when runs happen."""
