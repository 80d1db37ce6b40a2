"""Merge, split, move; each can be taken back while nothing else has happened."""

from chatapp.reshaping.services.contacts import MOVED, move, take_back_move
from chatapp.reshaping.services.merging import MERGED, merge, take_back_merge
from chatapp.reshaping.services.splitting import SPLIT, split, take_back_split

__all__ = ["MERGED", "MOVED", "SPLIT", "merge", "move", "split", "take_back_merge", "take_back_move", "take_back_split"]
