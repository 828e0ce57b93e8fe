"""Microsoft Graph and its sign-in over HTTP, in front of a tenant."""
