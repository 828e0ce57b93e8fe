"""What the tests of keeping share: a council in memory, its Microsoft 365, and a bot that can be stopped."""
