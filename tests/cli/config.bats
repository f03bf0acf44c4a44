#!/usr/bin/env bats
# The configuration: where it is looked for, what wins over what, every mistake at once, and its example.

load helper

write() {
	printf '%s\n' "$@" >dmarcq.conf
}

# setting SECTION NAME: its value and where that comes from, as `config show` has it.
setting() {
	python3 - "$out" "$1" "$2" <<'PYTHON'
import json, sys
for row in json.load(open(sys.argv[1], encoding='utf-8'))['rows']:
    if [row['section'], row['setting']] == sys.argv[2:]:
        print(row['value'], row['from'])
PYTHON
}

# As somebody who is not root and has a home of their own.
as_user() {
	status=0
	setpriv --reuid=65534 --clear-groups "$DMARCQ" "$@" >"$out" 2>"$err" || status=$?
}

mistakes="dmarcq.conf:1: db: stands before any [section]
dmarcq.conf:3: [limits] nestin: no such setting; did you mean nesting?
dmarcq.conf:4: [limits] members: not a whole number of members from 1 to 1000000: \"0\"
dmarcq.conf:5: [kip]: no such section; did you mean [kpi]?
dmarcq.conf:8: [kpi] spf-pass: not a percentage from 0 to 100, nor none: \"\\x1b[31m\"
dmarcq.conf:9: [kpi] forwarded: nothing stands behind the ="

write_mistakes() {
	write 'db = /x.db' '[limits]' 'nestin = 3' 'members = 0' '[kip]' 'spf-pass = 1' '[kpi]' \
	    $'spf-pass = \e[31m' 'forwarded ='
}

@test "check tells every mistake, each with its line" {
	write_mistakes
	dmarcq config check dmarcq.conf
	assert_status 78
	assert_stdout "$mistakes"
	assert_stderr
}

@test "a command tells every mistake too, and does nothing" {
	write_mistakes
	dmarcq db init --db test.db --config dmarcq.conf
	assert_status 78
	assert_stdout
	assert_stderr "$(sed 's/^/dmarcq: /' <<<"$mistakes")"
	[ ! -e test.db ]
	dmarcq config show --config dmarcq.conf
	assert_status 78
	assert_stdout
}

@test "check without mistakes" {
	write '[dmarcq]' 'db = /var/lib/x.db' '[kpi]' 'dmarc-pass = 97.5 %' '[limits]' 'nesting = 5'
	dmarcq config check dmarcq.conf
	assert_status 0
	assert_stdout "no problems found"
	assert_stderr
	dmarcq config check -q dmarcq.conf
	assert_status 0
	assert_stdout
}

@test "check without a file takes the one that holds" {
	write '[x]'
	dmarcq config check --config dmarcq.conf
	assert_status 78
	assert_stdout "dmarcq.conf:1: [x]: no such section; there are [dmarcq], [kpi], [advice], [limits], [mailbox]"
	DMARCQ_CONFIG=dmarcq.conf dmarcq config check
	assert_status 78
	write '[kpi]'
	DMARCQ_CONFIG=dmarcq.conf dmarcq config check
	assert_status 0
	assert_stdout "no problems found"
}

@test "a file that was named and is not there" {
	local command
	for command in "config check" "config show" "status" "db init" "import x.xml"; do
		# shellcheck disable=SC2086
		dmarcq $command --config none.conf </dev/null
		assert_status 78
		assert_stdout
		assert_stderr "dmarcq: none.conf: No such file or directory"
	done
	dmarcq config check none.conf
	assert_status 78
	assert_stderr "dmarcq: none.conf: No such file or directory"
	DMARCQ_CONFIG=none.conf dmarcq status
	assert_status 78
	assert_stderr "dmarcq: none.conf: No such file or directory"
	dmarcq config check .
	assert_status 78
	assert_stderr "dmarcq: .: cannot read the configuration: Is a directory"
}

@test "a delivery with a wrong configuration is to be tried again" {
	dmarcq import - --config none.conf </dev/null
	assert_status 75
	assert_stderr "dmarcq: none.conf: No such file or directory"
	write_mistakes
	dmarcq import --config dmarcq.conf --db test.db - </dev/null
	assert_status 75
	assert_stderr "$(sed 's/^/dmarcq: /' <<<"$mistakes")"
	[ ! -e test.db ]
}

@test "the manual page has every target and limit with its default, and its examples are right" {
	local page=$DMARCQ_TOP/docs/man/dmarcq.conf.5
	sed -n '/^\.Ss \[kpi\]/,/^\.Ss \[limits\]/s/^\.It Cm \(.*\) No = Cm \(.*\)/\1,\2/p' "$page" >manual
	dmarcq config show --format csv
	tr -d '\r' <stdout | sed -nE '/^(kpi|advice),.+,.+,default$/s/^(kpi|advice),(.*),default$/\2/p' >program
	[ "$(wc -l <program)" -eq $((10 + $(grep -c '^RULE' "$DMARCQ_TOP/src/base/advice_rules.def") + 3)) ]
	diff -u manual program >&2
	sed -n '/^\.Bd/,/^\.Ed/{/^\.[BE]d/!p}' "$page" >dmarcq.conf
	dmarcq config check dmarcq.conf
	assert_stdout "no problems found"
	sed -n 's/^    //p' "$DMARCQ_TOP/docs/configuration.md" | sed -n '/^# Reports/,/^unpacked-bytes/p' >from-docs.conf
	sed '/^unpacked-bytes/q' dmarcq.conf | diff -uB - from-docs.conf >&2
	grep -q '^\[mailbox reports\]$' dmarcq.conf
}

@test "usage" {
	dmarcq config
	assert_status 64
	assert_stderr "dmarcq: config: which one: check, show?"
	dmarcq config check a b
	assert_status 64
	assert_stderr 'dmarcq: config check: one argument too many: "b"'
	dmarcq config show x
	assert_status 64
	assert_stderr 'dmarcq: config show: one argument too many: "x"'
	dmarcq status --config ''
	assert_status 64
	assert_stderr "dmarcq: status: --config: FILE is empty"
}

@test "the default file of a user" {
	[ "$(id -u)" -eq 0 ] || skip "only root can be somebody else"
	command -v setpriv >/dev/null || skip "no setpriv"
	unset DMARCQ_CONFIG DMARCQ_DB XDG_CONFIG_HOME XDG_DATA_HOME
	HOME=$(mktemp -d /tmp/dmarcq-home-XXXXXX)
	chmod 755 "$HOME"
	local xdg=$HOME/xdg/dmarcq file=$HOME/.config/dmarcq/dmarcq.conf
	mkdir -p "$xdg" "${file%/*}"
	as_user config check
	[ "$status" -ne 126 ] && [ "$status" -ne 127 ] || skip "the program can't be run by others"
	assert_status 0
	assert_stdout "no configuration: there is no $file"
	as_user config show --format json
	assert_status 0
	assert_json file null
	assert_equal "$(setting dmarcq db)" "$HOME/.local/share/dmarcq/dmarcq.db default"
	printf '[dmarcq]\ndb = ~/mine.db\n' >"$file"
	as_user config show --format json
	assert_status 0
	assert_json file "$file"
	assert_equal "$(setting dmarcq db)" "$HOME/mine.db $file:2"
	chmod 600 "$file"
	as_user config show
	assert_status 78
	assert_stderr "dmarcq: $file: cannot read the configuration: Permission denied"
	printf '[limits]\nnesting = 3\n' >"$xdg/dmarcq.conf"
	XDG_CONFIG_HOME=$HOME/xdg as_user config show --format json
	assert_status 0
	assert_equal "$(setting limits nesting)" "3 $xdg/dmarcq.conf:2"
	HOME='' as_user config check
	assert_status 0
	assert_stdout "no configuration: no home folder is known"
	rm -r "$HOME"
}

@test "command line before environment before file before default" {
	write '[dmarcq]' 'db = /file.db' '[limits]' 'nesting = 3' 'members = 4'
	export DMARCQ_CONFIG=dmarcq.conf
	dmarcq config show --format json
	assert_equal "$(setting dmarcq db)" "/file.db dmarcq.conf:2"
	assert_equal "$(setting limits nesting)" "3 dmarcq.conf:4"
	assert_equal "$(setting limits mail-parts)" "200 default"
	DMARCQ_DB=env.db dmarcq config show --limit nesting=5 --limit nesting=6 --format json
	assert_equal "$(setting dmarcq db)" "env.db environment DMARCQ_DB"
	assert_equal "$(setting limits nesting)" "6 option --limit"
	assert_equal "$(setting limits members)" "4 dmarcq.conf:5"
	DMARCQ_DB=env.db dmarcq config show --db option.db --format json
	assert_equal "$(setting dmarcq db)" "option.db option --db"
	write '[limits]' 'nesting = 7'
	cp dmarcq.conf other.conf
	write '[limits]' 'nesting = 8'
	dmarcq config show --config other.conf --format json
	assert_equal "$(setting limits nesting)" "7 other.conf:2"
	assert_equal "$(json file)" other.conf
}

@test "what the file says is done" {
	write '[dmarcq]' "db = $PWD/here.db" '[limits]' 'xml-text-bytes = 256'
	dmarcq db init --config dmarcq.conf
	assert_status 0
	assert_stdout "$PWD/here.db"
	[ -s here.db ]
	{
		printf '<feedback><report_metadata><org_name>%s</org_name>' "$(printf 'x%.0s' {1..300})"
		printf '<report_id>1</report_id><date_range><begin>1767225600</begin><end>1767311999</end></date_range>'
		printf '</report_metadata><policy_published><domain>example.com</domain></policy_published></feedback>'
	} >long.xml
	dmarcq import --config dmarcq.conf long.xml
	assert_status 65
	assert_stderr_has xml-text-bytes
	dmarcq import --config dmarcq.conf --db other.db --limit xml-text-bytes=1000 long.xml
	assert_status 0
	[ -s other.db ]
}

@test "show as a table" {
	write '[dmarcq]' 'db = /var/lib/reports.db' '[kpi]' 'dmarc-pass = 97.50' 'dkim-signed = none'
	COLUMNS=80 dmarcq config show --config dmarcq.conf
	assert_status 0
	assert_stderr
	head -n 12 stdout >top
	out=top same top "Section  Setting              Value                From
dmarcq   db                   /var/lib/reports.db  dmarcq.conf:2
dmarcq   trusted-authserv-id  -                    default
dmarcq   keep-personal-data   no                   default
kpi      spf-pass             99.5                 default
kpi      spf-aligned          none                 default
kpi      dkim-signed          none                 dmarcq.conf:5
kpi      dkim-aligned         none                 default
kpi      dmarc-pass           97.5                 dmarcq.conf:4
kpi      policy-acted         none                 default
kpi      forwarded            none                 default
kpi      days-reported        none                 default"
	assert_equal "$(tail -n 1 stdout)" "Configuration: dmarcq.conf"
	assert_equal "$(grep -c '^limits ' stdout)" "$("$DMARCQ" help limits | grep -c '^  [a-z-]*=')"
}

@test "show as CSV and JSON" {
	write '[kpi]' 'forwarded = 5'
	dmarcq config show --config dmarcq.conf --format csv --db x.db
	assert_status 0
	assert_equal "$(head -n 5 stdout | tr -d '\r')" "section,setting,value,from
dmarcq,db,x.db,option --db
dmarcq,trusted-authserv-id,,default
dmarcq,keep-personal-data,no,default
kpi,spf-pass,99.5,default"
	dmarcq config show --config dmarcq.conf --format json --db x.db
	assert_status 0
	assert_json query "config show"
	assert_json window null
	assert_json rows.9.setting forwarded
	assert_json rows.9.value 5
	assert_json rows.9.from dmarcq.conf:2
	assert_json file dmarcq.conf
}

@test "the example is right and names every setting with its default" {
	local example=$DMARCQ_TOP/docs/dmarcq.conf
	dmarcq config check "$example"
	assert_status 0
	assert_stdout "no problems found"
	sed 's/^#\([a-z]\)/\1/' "$example" >all.conf
	dmarcq config check all.conf
	assert_status 0
	assert_stdout "no problems found"
	dmarcq config show --config all.conf --format json
	assert_status 0
	python3 - >got <<'PYTHON'
import json
for row in json.load(open('stdout', encoding='utf-8'))['rows']:
    assert row['from'].startswith('all.conf:'), row
    has_default = row['setting'] not in ('trusted-authserv-id', 'parked')
    print(row['section'], row['setting'], row['value'] if has_default else None)
PYTHON
	dmarcq config show --format json --db /var/lib/dmarcq/dmarcq.db
	python3 - >expected <<'PYTHON'
import json
for row in json.load(open('stdout', encoding='utf-8'))['rows']:
    print(row['section'], row['setting'], row['value'])
PYTHON
	diff -u expected got >&2
}

@test "show without a file: the settings alone" {
	[ ! -e /etc/dmarcq.conf ] || skip "this machine has a configuration"
	unset DMARCQ_CONFIG
	dmarcq config show --db x.db
	assert_status 0
	[ -n "$(tail -n 1 stdout)" ] || fail "an empty line at the end"
}
