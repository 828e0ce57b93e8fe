"""What nobody may learn from a subject, a first line or a log, or from what leaves the council's staff."""
