#!/usr/bin/env bats
# Completion: what `dmarcq complete` offers for the last word of a command line, and that bash, zsh and fish make of it what they should.

load helper

setup_file() {
	: "${DMARCQ_TOP:=$(cd "$BATS_TEST_DIRNAME/../.." && pwd)}"
	: "${DMARCQ:=$DMARCQ_TOP/build/test/dmarcq}"
	cp -r "$DMARCQ_TOP/samples" "$BATS_FILE_TMPDIR/samples"
	cd "$BATS_FILE_TMPDIR" || exit
	"$DMARCQ" import --db samples.db samples/archive samples/files || [ $? -eq 1 ]
	# What a report can bring along: no shell may get to see the last domain and the signature of the first one.
	report() {
		cat >"$1.xml" <<-XML
		<feedback><report_metadata><org_name>o</org_name><email>a@b.example</email><report_id>$1</report_id>
		<date_range><begin>1767225600</begin><end>1767311999</end></date_range></report_metadata>
		<policy_published><domain>$2</domain><p>none</p></policy_published>
		<record><row><source_ip>192.0.2.1</source_ip><count>3</count><policy_evaluated><disposition>none</disposition>
		<dkim>fail</dkim><spf>fail</spf></policy_evaluated></row><identifiers><header_from>example.com</header_from></identifiers>
		<auth_results><dkim><domain>$3</domain><result>pass</result></dkim></auth_results></record></feedback>
		XML
	}
	report 1 example.com '$(touch hacked).example'
	report 2 '-rf.example' 'mail.esp.example'
	report 3 '$(touch hacked).example' 'bounces.sendgrid.net'
	"$DMARCQ" import -q --db hostile.db 1.xml 2.xml 3.xml
	mkdir bin
	ln -s "$DMARCQ" bin/dmarcq
}

# offers WORD... : what stands on standard output must be the lines of $expected.
offers() {
	dmarcq complete -- "$@"
	assert_status 0
	assert_stderr
	cut -f 1 stdout >names
	diff -u --label expected --label "complete -- $*" <(printf '%s' "$expected") names >&2
}

# From words to the lines that offers compares with.
expect() {
	expected=
	[ $# -eq 0 ] || expected=$(printf '%s\n' "$@")$'\n'
}

@test "commands, which help has too, and what they mean" {
	expect $("$DMARCQ" help | sed -n '/^commands:/,/^$/s/^  \([a-z][a-z-]*\).*/\1/p' | uniq)
	offers ""
	[ "$(wc -l <names)" -ge 9 ]
	expect status
	offers st
	assert_stdout_has $'status\tdomains, reporters, coverage'
	expect doctor db
	offers d
	assert_stdout_has $'db\tinit, check, rebuild'
}

@test "several sources, and what is decided about them" {
	DMARCQ_DB=$BATS_FILE_TMPDIR/samples.db
	export DMARCQ_DB
	expect not-ours
	offers mark 192.0.2.1 not
	expect "Twilio SendGrid"
	offers mark "Tw"
	offers mark 192.0.2.1 "Tw"
	expect undecided
	offers mark 192.0.2.1 192.0.2.2 un
}

@test "the second word of a command" {
	expect $("$DMARCQ" help | sed -n 's/^  db \([a-z-]*\).*/\1/p')
	offers db ""
	expect check
	offers db c
	expect
	offers db check ""
}

@test "what help is about" {
	expect check
	offers help db ch
	expect limits
	offers help li
	expect
	offers help status ""
}

@test "options: all of a command, and none twice unless it may be given twice" {
	expect $("$DMARCQ" help status | sed -n 's/^  \(-., \|    \)\(--[a-z-]*\).*/\2/p')
	offers status -
	expect --domain --db
	dmarcq complete -- status --d
	assert_stdout_has $'--domain\tonly this policy domain'
	expect --domain
	offers status --domain example.com --do
	expect --format
	offers status --fo
	expect
	offers status --format json --fo
	offers import -j4 --jo
	offers status -- -
	offers help --x
}

@test "the words that an option takes, with and without =" {
	expect table csv json
	offers top-failures --format ""
	expect source subnet spf-domain
	offers top-failures --by s
	expect --format=csv
	offers top-failures --format=c
	expect
	offers top-failures --quiet=
	offers top-failures --bogus=
	offers top-failures -n ""
	offers import -qj ""
}

@test "limits, windows and columns" {
	expect nesting=
	offers import --limit n
	expect 30d 365d
	offers top-failures --since 3
	expect reports reporters
	offers status --sort r
}

@test "files and folders are left to the shell" {
	expect :files
	offers import ""
	printf '[mailbox %s]\nurl = imaps://d@mail.example.com\n' reports '$(touch hacked)' 'the other' >mailboxes.conf
	expect reports "the other" :files
	offers import --config mailboxes.conf ""
	expect reports :files
	offers import --config mailboxes.conf x re
	expect reports "the other"
	offers doctor --config mailboxes.conf ""
	expect :files
	offers import a b/c
	offers status --db ""
	offers status --db=
	offers status --config ""
	offers config check ""
	expect :folders
	offers import --move-to ""
}

@test "policy domains from the database, wherever it is said to be" {
	local samples=$BATS_FILE_TMPDIR/samples.db
	expect example.com example.net example.org
	offers status --db "$samples" --domain ""
	offers status --db="$samples" --domain ""
	expect example.org
	DMARCQ_DB=$samples offers status --domain example.o
	printf '[dmarcq]\ndb = %s\n' "$samples" >here.conf
	offers status --config here.conf --domain example.o
	offers status --config=here.conf --domain example.o
	DMARCQ_CONFIG=here.conf offers status --domain example.o
	expect --domain=example.net
	DMARCQ_DB=$samples offers export --domain=example.n
}

@test "no database, none of ours, a damaged one: nothing is offered, said or made" {
	expect
	offers status --db nowhere.db --domain ""
	[ ! -e nowhere.db ]
	echo text >text.db
	offers status --db text.db --domain ""
	head -c 20000 "$BATS_FILE_TMPDIR/samples.db" >cut.db
	offers status --db cut.db --domain ""
	offers status --config nowhere.conf --domain ""
	unset HOME XDG_DATA_HOME
	[ "$(id -u)" = 0 ] || offers status --domain ""
}

@test "text from reports that a shell could act on is not offered" {
	expect example.com
	offers status --db "$BATS_FILE_TMPDIR/hostile.db" --domain ""
}

@test "a database that only root may change is read" {
	cp "$BATS_FILE_TMPDIR/samples.db" here.db
	sum=$(sha256sum here.db)
	chmod 444 here.db
	expect example.org
	offers status --db here.db --domain example.o
	assert_equal "$(sha256sum here.db)" "$sum"
}

@test "words that lead nowhere" {
	expect
	offers bogus ""
	offers db bogus ""
	dmarcq complete --
	assert_status 0
	assert_stdout
	dmarcq complete
	assert_status 0
	assert_stdout
}

@test "help does not tell of it" {
	dmarcq help
	assert_stdout_lacks complete
	dmarcq complet
	assert_status 64
	assert_stderr 'dmarcq: no such command: "complet"; see dmarcq help'
}

# What bash would have to choose from: bash_offers LINE WORD..., the words as bash cuts the line.
bash_offers() {
	PATH=$BATS_FILE_TMPDIR/bin:$PATH DMARCQ_DB=$BATS_FILE_TMPDIR/samples.db bash --norc -c '
		source "$DMARCQ_TOP/scripts/completion/dmarcq.bash"
		compopt() { printf "compopt %s\n" "$*"; }
		COMP_LINE=$1 COMP_POINT=${#1} COMP_WORDS=("${@:2}") COMP_CWORD=$(($# - 2))
		_dmarcq
		[ ${#COMPREPLY[@]} = 0 ] || printf "%s\n" "${COMPREPLY[@]}"' bash "$@" >stdout 2>stderr
	assert_stderr
	diff -u <(printf '%s' "$expected") stdout >&2
}

@test "bash" {
	expect status
	bash_offers "dmarcq st" dmarcq st
	expect example.com example.net example.org
	bash_offers "dmarcq status --domain=" dmarcq status --domain =
	bash_offers "dmarcq status --domain=exa" dmarcq status --domain = exa
	bash_offers "dmarcq status --domain exa" dmarcq status --domain exa
	bash_offers "dmarcq status  --domain  'exa" dmarcq status --domain "'exa"
	expect "compopt -o nospace" nesting=
	bash_offers "dmarcq import --limit ne" dmarcq import --limit ne
	expect "compopt -o default"
	bash_offers "dmarcq import --db=/x -q " dmarcq import --db = /x -q ""
	bash_offers "dmarcq import " dmarcq import ""
	expect "compopt -o dirnames"
	bash_offers "dmarcq import --move-to " dmarcq import --move-to ""
}

@test "fish" {
	command -v fish >/dev/null || skip "no fish"
	export PATH=$BATS_FILE_TMPDIR/bin:$PATH DMARCQ_DB=$BATS_FILE_TMPDIR/samples.db
	fish -n "$DMARCQ_TOP/scripts/completion/dmarcq.fish"
	mkdir folder
	touch "a file.xml"
	fish_offers() {
		fish --no-config -c 'source $argv[1]; complete -C $argv[2]' "$DMARCQ_TOP/scripts/completion/dmarcq.fish" "$1" 2>stderr |
			cut -f 1 >names
		assert_stderr
		diff -u <(printf '%s' "$expected") names >&2
	}
	expect status
	fish_offers "dmarcq st"
	expect example.com example.net example.org
	fish_offers "dmarcq status --domain "
	expect --domain=example.org
	fish_offers "dmarcq status --domain=example.o"
	expect "a file.xml"
	fish_offers "dmarcq import a"
	expect folder/
	fish_offers "dmarcq import --move-to f"
	expect --move-to=folder/
	fish_offers "dmarcq import --move-to=f"
	expect
	fish_offers "dmarcq import nothing-like-it"
}

# Types a line and a tab into zsh, and gives the line that comes of it.
zsh_line() {
	zsh -f -c '
		zmodload zsh/zpty
		zpty shell zsh -f -i
		zpty -w shell "PS1=; fpath=($1 \$fpath); autoload -U compinit; compinit -u -D; zstyle \":completion:*\" list-prompt \"\""
		zpty -w shell "show() { zle -I; print -r -- \"LINE<\$BUFFER>\" }; zle -N show; bindkey ^X show; bindkey ^I complete-word; print LOA\"\"DED"
		zpty -r shell out "*LOADED*"
		zpty -w -n shell "$2"$'"'\t\x18'"'
		zpty -r shell out "*LINE<*>*"
		print -r -- "${${out##*LINE<}%%>*}"' zsh "$DMARCQ_TOP/scripts/completion" "$1"
}

@test "zsh" {
	command -v zsh >/dev/null || skip "no zsh"
	export PATH=$BATS_FILE_TMPDIR/bin:$PATH DMARCQ_DB=$BATS_FILE_TMPDIR/samples.db
	zsh -n "$DMARCQ_TOP/scripts/completion/_dmarcq"
	mkdir folder
	touch "a file.xml"
	assert_equal "$(zsh_line "dmarcq expo")" "dmarcq export "
	assert_equal "$(zsh_line "dmarcq status --domain example.o")" "dmarcq status --domain example.org "
	assert_equal "$(zsh_line "dmarcq status --domain=example.o")" "dmarcq status --domain=example.org "
	assert_equal "$(zsh_line "dmarcq import --limit nest")" "dmarcq import --limit nesting="
	assert_equal "$(zsh_line "dmarcq import a")" 'dmarcq import a\ file.xml '
	assert_equal "$(zsh_line "dmarcq import --move-to=f")" "dmarcq import --move-to=folder/"
}
