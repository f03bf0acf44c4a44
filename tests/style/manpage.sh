#!/usr/bin/env bash
# mandoc finds nothing to say about the manual pages.
set -euo pipefail
cd "$(dirname "$0")/../../docs/man"
mandoc -T lint -W warning -- *.[1-9]
