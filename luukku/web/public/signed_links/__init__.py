"""Pages behind signed links: whoever holds the link may do the one thing that it is for."""
