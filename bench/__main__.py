import sys

from bench.measuring.runner import main

sys.exit(main(sys.argv[1:]))
