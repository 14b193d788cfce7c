"""Vector drawings of what hands did: for pages, players and paper alike."""
