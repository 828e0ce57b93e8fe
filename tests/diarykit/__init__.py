"""What the tests of the diary share: makers of entries, and a mailbox that fails as the real one does."""
