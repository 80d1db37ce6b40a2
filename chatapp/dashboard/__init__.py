"""Pages that belong to no single domain: the landing page, a workspace's home, probes, and what only developers see."""
