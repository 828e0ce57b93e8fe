"""The visit bot: statutory visits in social workers' Outlook calendars, coloured and explained."""

__version__ = "0.1.0"
