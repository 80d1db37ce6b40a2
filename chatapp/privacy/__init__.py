"""What a company owes to the people who write to it: their data as a file, its erasure with a receipt, and an end.

Verbs: export, erase, erase again after a restore, apply the rules of retention. Reads and deletes rows of the domains
below; they do not know it. Whoever gives contacts or conversations a new table lets its rows go with them (ON DELETE
CASCADE): the tests look for a canary in every table.
"""
