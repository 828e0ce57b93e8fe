"""What each person is told, as plain values. Pure."""
