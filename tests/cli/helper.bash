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

# report ID [MESSAGES]: a small report with one record.
report() {
	cat <<XML
<?xml version="1.0"?>
<feedback>
 <report_metadata><org_name>reporter.example</org_name><email>dmarc@reporter.example</email><report_id>$1</report_id>
  <date_range><begin>1767225600</begin><end>1767311999</end></date_range></report_metadata>
 <policy_published><domain>example.com</domain><adkim>r</adkim><aspf>r</aspf><p>none</p><pct>100</pct></policy_published>
 <record><row><source_ip>192.0.2.1</source_ip><count>${2:-1}</count>
   <policy_evaluated><disposition>none</disposition><dkim>pass</dkim><spf>fail</spf></policy_evaluated></row>
  <identifiers><header_from>example.com</header_from></identifiers>
  <auth_results><spf><domain>example.com</domain><result>fail</result></spf></auth_results></record>
</feedback>
XML
}

# mail ID: a mail with a gzip report attached.
mail() {
	cat <<MAIL
From: dmarc@reporter.example
To: reports@example.com
Subject: Report domain: example.com
Message-ID: <$1@reporter.example>
MIME-Version: 1.0
Content-Type: application/gzip; name="r.xml.gz"
Content-Transfer-Encoding: base64
Content-Disposition: attachment; filename="r.xml.gz"

$(report "$1" | gzip -n | base64)
MAIL
}

# letter: a mail without a report.
letter() {
	printf 'From: someone@example.org\nTo: reports@example.com\nSubject: lunch\n\nAt noon?\n'
}

# import SOURCE...: into the test's database, with the whole numbers as JSON.
import() {
	dmarcq import --db "$db" --format json "$@"
}

# numbers KEY=VALUE...: of the JSON object on stdout
numbers() {
	local pair
	for pair in "$@"; do
		assert_json "${pair%%=*}" "${pair#*=}"
	done
}

# assert_summary TEXT: the one line on stdout, with T for the seconds.
assert_summary() {
	assert_equal "$(sed -E 's/ in [0-9]+\.[0-9] s/ in T s/' "$out")" "$1"
}

# lay_down: what takes that privilege away stands in front of a command as "${ordinarily[@]}"; nothing for other users.
lay_down() {
	ordinarily=()
	if [ "$(id -u)" -eq 0 ]; then
		ordinarily=(setpriv --bounding-set=-dac_override,-dac_read_search --inh-caps=-dac_override,-dac_read_search)
		"${ordinarily[@]}" true || skip "root can't lay down its privilege here"
	fi
}

# ordinary ARGS...: dmarcq without root's privilege to read and write whatever it likes.
ordinary() {
	lay_down
	status=0
	"${ordinarily[@]}" "$DMARCQ" "$@" >"$out" 2>"$err" || status=$?
}
