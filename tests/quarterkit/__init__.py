"""A team whose caseload changes every day for a quarter, and a second reckoning of who is told of what."""
