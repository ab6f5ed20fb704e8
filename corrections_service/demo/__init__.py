"""A newspaper and a mailbox to try the service with."""
