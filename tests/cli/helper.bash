# What every command-line test stands on: a fresh folder per test, a home of its own, and asserts that print what
# differs. A test starts with `load helper`.

bats_require_minimum_version 1.5.0
: "${DMARCQ_TOP:=$(cd "$BATS_TEST_DIRNAME/../.." && pwd)}"
: "${DMARCQ:=$DMARCQ_TOP/build/test/dmarcq}"
# What lies in /etc is none of a test's business.
export DMARCQ DMARCQ_TOP DMARCQ_CONFIG=/dev/null
samples=$DMARCQ_TOP/samples

setup() {
	cd "$BATS_TEST_TMPDIR" || exit
	export HOME=$BATS_TEST_TMPDIR/home TMPDIR=$BATS_TEST_TMPDIR/tmp
	export XDG_DATA_HOME=$HOME/data XDG_CONFIG_HOME=$HOME/config
	mkdir -p "$HOME" "$TMPDIR"
	db=$BATS_TEST_TMPDIR/test.db
}

# dmarcq ARGS...: runs the program; its exit code is $status, its output lies in $out, its messages in $err (the
# files stdout and stderr in the test's folder). Standard input is what the caller gives.
out=stdout
err=stderr
dmarcq() {
	status=0
	"$DMARCQ" "$@" >"$out" 2>"$err" || status=$?
}

# Says what the last run gave and fails the test.
fail() {
	{
		printf '%s\n' "$1"
		printf 'exit code: %s\n' "${status:-none}"
		printf -- '--- stdout\n'
		head -c 4000 "$out"
		printf -- '--- stderr\n'
		head -c 4000 "$err"
	} >&2
	return 1
}

assert_status() {
	[ "$status" -eq "$1" ] || fail "exit code $status instead of $1"
}

# A file against a text, whole. Without a text the file must be empty; a last newline is added to the text.
same() {
	local expected=$BATS_TEST_TMPDIR/expected
	if [ $# -eq 1 ] || [ -z "$2" ]; then
		: >"$expected"
	else
		printf '%s\n' "$2" >"$expected"
	fi
	diff -u --label expected --label "$1" "$expected" "$1" >&2 || fail "$1 differs"
}

# assert_stdout TEXT, assert_stderr TEXT: exactly this. Without TEXT: nothing.
assert_stdout() {
	same "$out" "$@"
}

assert_stderr() {
	same "$err" "$@"
}

# assert_stdout_has TEXT, assert_stderr_has TEXT: this somewhere, taken literally.
assert_stdout_has() {
	grep -qF -e "$1" -- "$out" || fail "stdout has no: $1"
}

assert_stderr_has() {
	grep -qF -e "$1" -- "$err" || fail "stderr has no: $1"
}

assert_stdout_lacks() {
	! grep -qF -e "$1" -- "$out" || fail "stdout has: $1"
}

# assert_equal GOT EXPECTED
assert_equal() {
	[ "$1" = "$2" ] || fail "got: $1
expected: $2"
}

# json KEY: the value in the JSON object on stdout, texts bare and the rest as JSON. KEY is a path: rows.0.failing
json() {
	python3 - "$out" "$1" <<'PYTHON'
import json, sys
value = json.load(open(sys.argv[1], encoding='utf-8'))
for key in filter(None, sys.argv[2].split('.')):
    value = value[int(key)] if isinstance(value, list) else value[key]
print(value if isinstance(value, str) else json.dumps(value, ensure_ascii=False))
PYTHON
}

# assert_json KEY VALUE
assert_json() {
	local got
	got=$(json "$1") || fail "stdout has no JSON with $1"
	assert_equal "$1=$got" "$1=$2"
}

# sql STATEMENT: asks the test's database.
sql() {
	sqlite3 -readonly "$db" "$1"
}
