"""The only door to Microsoft 365."""
