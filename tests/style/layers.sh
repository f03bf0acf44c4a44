#!/usr/bin/env bash
# The layers of src/LAYERS: every folder is a layer, names only layers above it, and includes only what it names;
# every third-party header is known to at most two files of src/.
set -euo pipefail
src=${1:-$(dirname "$0")/../../src}
cd "$src"
bad=0
complain() {
	printf 'layers: %s\n' "$1" >&2
	bad=1
}

declare -A uses
seen=" "
while IFS=: read -r layer rest; do
	for use in $rest; do
		[[ $seen == *" $use "* ]] || complain "LAYERS: $layer names $use, which is not above it"
	done
	[ -d "$layer" ] || complain "LAYERS: $layer is no folder"
	uses[$layer]=" $layer $rest "
	seen+="$layer "
done < <(grep -v '^#' LAYERS)

for folder in */; do
	[ -n "${uses[${folder%/}]:-}" ] || complain "$folder is not in LAYERS"
done

while IFS=: read -r file line text; do
	layer=${file%%/*}
	[[ $text =~ \#[[:space:]]*include[[:space:]]*\"([^\"]+)\" ]] || continue
	header=${BASH_REMATCH[1]}
	if [[ $header != */* ]]; then
		complain "$file:$line: \"$header\" names no layer: write \"$layer/$header\""
	elif [[ ${uses[$layer]:-} != *" ${header%%/*} "* ]]; then
		complain "$file:$line: $layer may not use $header (src/LAYERS)"
	fi
done < <(grep -rn --include='*.[ch]' '^[[:space:]]*#[[:space:]]*include[[:space:]]*"' . | sed 's|^\./||')

# Headers of C11, POSIX and the C library's own; what is not in here is third-party.
system=" assert complex ctype errno fenv float inttypes iso646 limits locale math setjmp signal stdalign stdarg
 stdatomic stdbool stddef stdint stdio stdlib stdnoreturn string tgmath threads time uchar wchar wctype
 dirent fcntl fnmatch ftw getopt glob grp iconv langinfo netdb poll pthread pwd regex sched search semaphore spawn
 strings sysexits syslog termios unistd utime wordexp arpa/inet net/if netinet/in netinet/tcp
 endian byteswap sys/eventfd sys/file sys/ioctl sys/mman sys/random sys/resource sys/select sys/sendfile sys/socket
 sys/stat sys/statvfs sys/sysinfo sys/time sys/types sys/uio sys/un sys/utsname sys/wait sys/xattr linux/falloc "
system=$(tr -s '[:space:]' ' ' <<<"$system")
declare -A users
while IFS=: read -r file _ text; do
	[[ $text =~ \<([^\>]+)\.h\> ]] || continue
	header=${BASH_REMATCH[1]}
	[[ $system == *" $header "* ]] && continue
	# One library has one folder of headers: libxml/parser.h and libxml/tree.h count as one.
	[[ ${users[${header%%/*}]:-} == *" $file "* ]] || users[${header%%/*}]+=" $file "
done < <(grep -rn --include='*.[ch]' '^[[:space:]]*#[[:space:]]*include[[:space:]]*<' . | sed 's|^\./||')
for header in "${!users[@]}"; do
	[ "$(wc -w <<<"${users[$header]}")" -le 2 ] ||
		complain "<$header...> is included by more than two files:${users[$header]}"
done
exit "$bad"
