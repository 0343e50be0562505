"""Who is told of what: notices on screen, letters by mail, digests of many."""
