"""What realtime counted in this process, for /metrics."""

from collections import Counter

counters: Counter[str] = Counter()
