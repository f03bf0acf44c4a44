#!/usr/bin/env bats
# The manual page beside the program: the same commands, the same options, the same limits.

load helper

page=$DMARCQ_TOP/docs/dmarcq.1

# The commands that the program lists.
commands() {
	"$DMARCQ" help | sed -n 's/^  \(\(db \)\{0,1\}[a-z][a-z-]*\).*/\1/p'
}

# The synopsis of a command in the page: from its heading to the first paragraph.
synopsis() {
	sed -n "/^\.Ss dmarcq $1\$/,/^\.Pp/p" "$page"
}

@test "every command, and no other" {
	assert_equal "$(sed -n 's/^\.Ss dmarcq //p' "$page" | sort)" "$(commands | sort)"
}

@test "every option of every command, and no other" {
	local command
	[ "$(commands | wc -l)" -ge 11 ] || fail "no commands"
	while IFS= read -r command; do
		"$DMARCQ" help $command | sed -n 's/^  \(-\(.\), \|    \)--\([a-z-]*\) \{0,1\}.*/\2 \3/p' |
			grep -vE '^( db| limit|q quiet|v verbose|h help)$' | sort >program || true
		synopsis "$command" | sed -n 's/^\.Op Fl \(\([a-z]\) , Fl \)\{0,1\}-\([a-z-]*\).*/\2 \3/p' | sort >manual
		diff -u --label "manual: $command" --label "program: $command" manual program >&2 ||
			fail "the manual page differs about $command"
	done < <(commands)
}

@test "the words that an option takes" {
	local command option words seen=0
	while IFS= read -r command; do
		while read -r option words; do
			[ "$option" != --by ] || continue
			seen=$((seen + 1))
			synopsis "$command" | sed 's/ Ns | Ns Cm /|/g' | grep -qF "Fl -${option#--} Cm $words" ||
				fail "the manual page lacks $command $option $words"
		done < <("$DMARCQ" help $command | sed -n 's/^ *\(-., \)\{0,1\}\(--[a-z-]* [a-z]*|[a-z|-]*\).*/\2/p')
	done < <(commands)
	[ "$seen" -ge 7 ] || fail "only $seen options with words"
}

@test "every limit with its default, range and reason" {
	"$DMARCQ" help limits | python3 -c '
import re, sys
text = re.sub(r"\n {20,}", " ", sys.stdin.read())
for name, rest in re.findall(r"^  (\S+=\d+) +(.*)$", text, re.M):
    print(name, rest + ".")' >program
	python3 - "$page" >manual <<'PYTHON'
import re, sys
section = re.search(r'^\.Sh LIMITS\n(.*?)^\.Sh ', open(sys.argv[1], encoding='utf-8').read(), re.M | re.S).group(1)
for name, value, rest in re.findall(r'^\.It Cm (\S+) Ns = Ns (\d+)\n(.*)$', section, re.M):
    print(f'{name}={value}', rest)
PYTHON
	[ -s program ]
	diff -u --label manual --label program manual program >&2
}
