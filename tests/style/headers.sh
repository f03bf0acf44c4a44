#!/usr/bin/env bash
# Every header of src/ compiles alone, and twice in a row.
set -euo pipefail
src=${1:-$(dirname "$0")/../../src}
cd "$src"
bad=0
read -ra flags < <(pkg-config --cflags libxml-2.0 libarchive sqlite3 zlib gmime-3.0 libcrypto jansson smartcols)
while IFS= read -r header; do
	if ! printf '#include "%s"\n#include "%s"\ntypedef int not_empty;\n' "$header" "$header" |
	    "${CC:-cc}" -std=c11 -D_GNU_SOURCE -Wall -Wextra -Wpedantic -Wstrict-prototypes -Werror -fsyntax-only -I. \
		"${flags[@]}" -x c -; then
		printf 'headers: %s does not compile alone\n' "$header" >&2
		bad=1
	fi
done < <(find . -name '*.h' | sed 's|^\./||' | sort)
exit "$bad"
