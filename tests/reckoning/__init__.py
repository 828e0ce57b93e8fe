"""A second, plain reckoning of the dues, written from the policies alone."""
