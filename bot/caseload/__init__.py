"""What the council knows: its caseload, read into typed frames with every unreadable cell listed."""
