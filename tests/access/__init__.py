"""Who reaches what: every operation, asked over HTTP by everybody there is."""
