"""What must be remembered between runs: runs, the ledger of entries, the outbox, people, and the audit."""
