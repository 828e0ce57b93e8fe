"""What must be remembered between runs."""
