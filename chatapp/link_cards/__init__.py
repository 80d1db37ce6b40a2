"""Cards: what the first link of a reply leads to, looked up by us and shown below it. Decision 0037.

Verbs: look up, show, forget. Everything it asks of strangers goes through `common.outbound_http`, in the lane of what
waits for machines of others. A message keeps what its card says; here lie the pictures, and what was looked up lately.
"""
