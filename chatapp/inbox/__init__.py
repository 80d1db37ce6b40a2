"""The inbox: three panes composed from conversations and messages, and the socket that keeps them true."""
