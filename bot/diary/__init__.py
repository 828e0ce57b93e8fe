"""What each calendar should say, and the smallest safe change that makes it so. Pure."""
