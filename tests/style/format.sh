#!/usr/bin/env bash
# .clang-format alone decides the layout of C.
set -euo pipefail
cd "${1:-$(dirname "$0")/../..}"
find src tests -name '*.[ch]' -print0 | sort -z | xargs -0 clang-format --dry-run -Werror --style=file
