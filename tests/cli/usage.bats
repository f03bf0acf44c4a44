#!/usr/bin/env bats
# The command line as a whole: what is said about a wrong one, help, version, exit codes, broken outputs.

load helper

usage_error() {
	local expected=$1
	shift
	dmarcq "$@" </dev/null
	assert_status 64
	assert_stdout
	assert_stderr "dmarcq: $expected"
}

@test "no command" {
	usage_error "a command is missing: dmarcq help lists them"
}

@test "an unknown command, and the one that was meant" {
	usage_error 'no such command: "frobnicate"; see dmarcq help' frobnicate
	usage_error 'no such command: "imprt"; did you mean import?' imprt source
	usage_error 'no such command: "stauts"; did you mean status?' stauts
	usage_error 'no such command: "top-failure"; did you mean top-failures?' top-failure
}

@test "a hostile word reaches the terminal escaped" {
	usage_error 'no such command: "\x1b[31mred\x0a"; see dmarcq help' $'\e[31mred\n'
}

@test "half a command" {
	usage_error "db: which one: init, check, rebuild, info, backup, prune, vacuum?" db
	usage_error 'db: no such command: "chekc"; there are init, check, rebuild, info, backup, prune, vacuum' db chekc
}

@test "options stand behind the command" {
	usage_error 'options stand behind the command: "--db"' --db x import
}

@test "an unknown option, and the one that was meant" {
	usage_error "import: --jbos: no such option; did you mean --jobs?" import --jbos 3 x
	usage_error "status: --wxyz: no such option" status --wxyz
	usage_error "status: -z: no such option" status -z
	usage_error "db check: --format: no such option" db check --format json
	usage_error "help: --db: no such option" help --db x
}

@test "values that don't fit" {
	usage_error 'import: --jobs: not a whole number from 1 to 64: "x"' import --jobs x y
	usage_error 'import: --jobs: not a whole number from 1 to 64: "0"' import --jobs=0 y
	usage_error 'import: -j: not a whole number from 1 to 64: "65"' import -j65 y
	usage_error 'import: --format: not one of table|csv|json: "xml"' import --format xml y
	usage_error 'import: --db: PATH is empty' import --db= y
	usage_error "import: --jobs: N is missing" import y --jobs
	usage_error "import: --jobs: given twice" import --jobs 1 --jobs 2 y
	usage_error "import: --delete: takes no value" import --delete=no y
}

@test "arguments too few and too many" {
	usage_error "import: SOURCE is missing, and the configuration has no [mailbox NAME]" import
	usage_error "show: ID is missing" show
	usage_error 'show: one argument too many: "2"' show 1 2
	usage_error 'db check: one argument too many: "x"' db check x
	usage_error 'help: one argument too many: "x"' help status x
	usage_error 'help: one argument too many: "extra"' help limits extra
}

@test "arguments of questions that don't fit" {
	local query
	for query in status top-failures reports export; do
		usage_error "$query: one argument too many: \"x\"" $query x
	done
	for query in status top-failures reports "show 1" rejects; do
		# shellcheck disable=SC2086
		usage_error "${query% 1}: --format: not one of table|csv|json: \"xml\"" $query --format xml
	done
	usage_error 'export: --format: not one of csv|jsonl: "table"' export --format table
	for query in top-failures reports rejects; do
		usage_error "$query: -n: not a whole number from 0 to 2147483647: \"-1\"" $query -n -1
	done
	usage_error "reports: --domain: D is missing" reports --domain
}

@test "limits that don't fit" {
	usage_error 'import: --limit: no such limit: "depth"; dmarcq help limits lists them' import --limit depth=3 x
	usage_error 'import: --limit: no such limit: "nestin"; did you mean nesting?' import --limit nestin=3 x
	usage_error 'import: --limit: not NAME=VALUE: "nesting"' import --limit nesting x
	usage_error 'import: --limit: nesting must be a whole number of levels from 1 to 64: "0"' \
		import --limit nesting=0 x
}

@test "options that exclude each other" {
	mkdir done
	usage_error "import: --delete and --move-to exclude each other" import --delete --move-to done x
	usage_error "import: --move-to: missing: No such file or directory" import --move-to missing x
	touch file
	usage_error "import: --move-to: file: not a folder" import --move-to file x
	[ ! -e "$XDG_DATA_HOME" ]
}

@test "version" {
	dmarcq --version
	assert_status 0
	grep -qxE 'dmarcq [0-9]+\.[0-9]+\.[0-9]+' "$out" || fail "not a version"
	assert_stderr
	cp "$out" first
	dmarcq help version
	assert_status 0
	cmp "$out" first
}

@test "help lists every command, however it is asked for" {
	dmarcq help
	assert_status 0
	assert_stderr
	for command in import rejects status top-failures reports show export "db init" "db check" "db rebuild" "db info" "db backup" "db prune" "db vacuum" help; do
		grep -qE "^  $command( |$)" "$out" || fail "help lacks $command"
	done
	cp "$out" first
	dmarcq --help
	assert_status 0
	cmp "$out" first
	dmarcq -h
	assert_status 0
	cmp "$out" first
}

@test "help about one command needs neither database nor arguments" {
	dmarcq help db check
	assert_status 0
	assert_stderr
	assert_stdout "usage: dmarcq db check [OPTION]...

proves the database: integrity, conservation of counts, digests of originals

options:
      --db PATH           the database
      --config FILE       the configuration
      --limit NAME=VALUE  sets a limit (dmarcq help limits)
  -q, --quiet             no messages but the last one of a failure
  -v, --verbose           more messages
  -h, --help              tells about this command"
	cp "$out" first
	dmarcq db check --help
	assert_status 0
	cmp "$out" first
	dmarcq help db
	assert_status 0
	assert_equal "$(grep -c '^usage:' "$out")" 7
}

@test "help about a group of commands is asked for as that about one" {
	local group word
	for group in db config; do
		dmarcq help $group
		mv "$out" expected.help
		for word in --help -h; do
			dmarcq $group $word
			assert_status 0
			assert_stderr
			diff -u expected.help "$out" || fail "$group $word"
		done
	done
	usage_error 'no such command: "frobnicate"; see dmarcq help' frobnicate --help
	usage_error "db: which one: init, check, rebuild, info, backup, prune, vacuum?" db --help x
}

@test "help about limits" {
	dmarcq help limits
	assert_status 0
	assert_stderr
	assert_stdout_has "  nesting=8               levels, 1 to 64: "
	assert_equal "$(grep -c '^  [a-z]' "$out")" "$(grep -c '^LIMIT(' "$DMARCQ_TOP/src/base/limits.def")"
}

@test "output that can't be written" {
	[ -w /dev/full ] || skip "no /dev/full"
	out=/dev/full
	dmarcq help
	out=stdout
	: >"$out"
	assert_status 74
	assert_stderr "dmarcq: standard output: cannot write: No space left on device"
}

@test "a reader that goes away ends the program quietly, as SIGPIPE does" {
	mkfifo pipe
	true <pipe &
	exec 7>pipe
	wait $!
	status=0
	"$DMARCQ" help limits >&7 2>"$err" || status=$?
	exec 7>&-
	: >"$out"
	assert_status 141
	assert_stderr
}

@test "the database: --db before DMARCQ_DB, and what is made is private" {
	DMARCQ_DB=$PWD/one.db dmarcq db init
	assert_status 0
	assert_stdout "$PWD/one.db"
	assert_stderr
	assert_equal "$(stat -c %a one.db)" 600
	DMARCQ_DB=$PWD/two.db dmarcq db init --db "$PWD/folder/three.db"
	assert_status 0
	assert_stdout "$PWD/folder/three.db"
	assert_equal "$(stat -c %a folder)" 700
	[ ! -e two.db ]
}

@test "the database: home of an ordinary user" {
	[ "$(id -u)" -ne 0 ] || skip "root has its own place"
	unset DMARCQ_DB
	dmarcq db init
	assert_status 0
	assert_stdout "$XDG_DATA_HOME/dmarcq/dmarcq.db"
	unset XDG_DATA_HOME
	dmarcq db init
	assert_status 0
	assert_stdout "$HOME/.local/share/dmarcq/dmarcq.db"
	unset HOME
	dmarcq db init
	assert_status 78
	assert_stdout
	assert_stderr "dmarcq: no home folder is known: name the database with --db"
}

@test "db check of an empty database" {
	dmarcq db init --db "$db"
	dmarcq db check --db "$db"
	assert_status 0
	assert_stdout "no problems found"
	assert_stderr
	dmarcq db check -q --db "$db"
	assert_status 0
	assert_stdout
}
