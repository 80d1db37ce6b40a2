"""`python -m bench <name> [options]`."""

import sys

from bench import inbox

BENCHMARKS = {"inbox": inbox.main}


def main() -> int:
    name, *options = sys.argv[1:] or [""]
    if name not in BENCHMARKS:
        print("Benchmarks:", ", ".join(BENCHMARKS))
        return 0 if not name else 2
    return BENCHMARKS[name](options)


sys.exit(main())
