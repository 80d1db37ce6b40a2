"""What can be asked about conversations and contacts, and how each answer is found."""
