#!/usr/bin/env bash
# mandoc finds nothing to say about the manual page.
set -euo pipefail
page=${1:-$(dirname "$0")/../../docs/dmarcq.1}
mandoc -T lint -W warning "$page"
