#!/usr/bin/env bats
# Looking after a database: info, backup, vacuum, prune. The reports are two of each month of half a year, made here.

load helper

# report NAME DOMAIN ORG DAY COUNT [DAYS [VERDICT]]: a report of a day of 2023 (by number, from 0), or of more days.
report() {
	local begin=$((1672531200 + $4 * 86400)) days=${6:-1} verdict=${7:-fail}
	cat >"$1.xml" <<-XML
	<?xml version="1.0"?>
	<feedback><report_metadata><org_name>$3</org_name><email>dmarc@$3</email><report_id>$1</report_id>
	<date_range><begin>$begin</begin><end>$((begin + days * 86400 - 1))</end></date_range></report_metadata>
	<policy_published><domain>$2</domain><p>none</p></policy_published>
	<record><row><source_ip>192.0.2.$5</source_ip><count>$5</count><policy_evaluated><disposition>none</disposition>
	<dkim>$verdict</dkim><spf>fail</spf></policy_evaluated></row><identifiers><header_from>$2</header_from></identifiers>
	<auth_results><spf><domain>$1.example</domain><result>fail</result></spf></auth_results></record></feedback>
	XML
}

# Two domains, two reporters, a day a month, and one report of a week that ends on day 126.
make_world() {
	local month
	mkdir -p in
	cd in || exit
	for month in 0 1 2 3 4 5; do
		report "a$month" example.com one.example $((month * 30)) $((month + 1))
		report "b$month" example.net two.example $((month * 30 + 1)) $((month + 11)) 1 pass
	done
	report week example.com one.example 120 70 7
	cd ..
	dmarcq import -q --db "$db" in
	assert_status 0
}

column() {
	dmarcq "$1" --db "$db" --format csv "${@:3}"
	python3 -c '
import csv, sys
for row in csv.DictReader(open(sys.argv[1], newline="")):
    print(" ".join(row[name] for name in sys.argv[2].split(",")))' "$out" "$2"
}

clean() {
	dmarcq db check --db "$db"
	assert_stdout "no problems found"
	assert_status 0
}

@test "db info tells of every table, and the numbers are right" {
	make_world
	dmarcq db info --db "$db" --format json
	assert_status 0
	assert_stderr
	assert_json query "db info"
	assert_json database.schema 3
	assert_json database.oldest_day 2023-01-01
	assert_json database.newest_day 2023-06-01
	assert_json database.reports 13
	assert_json database.pruned_reports 0
	assert_json database.records 13
	assert_json database.messages 172
	assert_json database.originals 13
	assert_json database.original_bytes "$(cat in/*.xml | wc -c)"
	assert_json database.kept_bytes "$(sql 'SELECT sum(length(data)) FROM original_chunk')"
	assert_json database.file_bytes "$(stat -c %s "$db")"
	assert_json database.created_by "$("$DMARCQ" --version | grep -oE '[0-9]+\.[0-9]+\.[0-9]+')"
	# Each table, with its rows and what it takes; nothing is left out.
	python3 - "$out" "$db" <<-'PYTHON' || fail "tables"
	import json, sqlite3, sys
	rows = {row["table"]: row for row in json.load(open(sys.argv[1]))["rows"]}
	db = sqlite3.connect(f"file:{sys.argv[2]}?mode=ro", uri=True)
	names = {name for name, in db.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")}
	assert set(rows) == names, names ^ set(rows)
	for name, row in rows.items():
	    assert row["rows"] == db.execute(f"SELECT count(*) FROM {name}").fetchone()[0], row
	    assert row["bytes"] >= 4096 and 0 <= row["index_bytes"] < row["bytes"], row
	taken, = db.execute("SELECT sum(pgsize) FROM dbstat WHERE aggregate = 1 AND name <> 'sqlite_schema'").fetchone()
	assert sum(row["bytes"] for row in rows.values()) == taken, taken
	PYTHON
	COLUMNS=80 dmarcq db info --db "$db"
	assert_stdout_has "  Newest day:       2023-06-01"
	grep -qE '^Table +Rows +Bytes +Share +Indexes$' "$out" || fail "no head"
	[ "$(wc -L <"$out")" -le 80 ] || fail "too wide"
	dmarcq db info --db none.db
	assert_status 78
	assert_stderr "dmarcq: none.db: there is no database yet: \`dmarcq import\` makes it"
}

@test "db info and db prune: reports, records and messages are of the same reports, those in conflict beside them" {
	report one example.com one.example 0 5
	sed 's/<count>5</<count>2997</' one.xml >other.xml
	report two example.com one.example 200 7
	dmarcq import -q --db "$db" one.xml other.xml two.xml
	assert_status 0
	dmarcq db info --db "$db" --format json
	assert_json database.reports 2
	assert_json database.records 2
	assert_json database.messages 12
	assert_json database.conflicts 1
	dmarcq db prune --db "$db" --keep 30d --dry-run --format json
	cp stdout plan
	assert_json rows.0.reports 1
	assert_json rows.0.records 1
	assert_json rows.0.messages 5
	assert_json rows.0.conflicts 1
	dmarcq db prune --db "$db" --keep 30d --format json
	cmp plan stdout
	dmarcq db info --db "$db" --format json
	assert_json database.reports 1
	assert_json database.records 1
	assert_json database.messages 7
	assert_json database.conflicts 0
	clean
}

@test "db backup copies a database; the copy is checked and answers the same" {
	make_world
	dmarcq db backup --db "$db" copy.db
	assert_status 0
	assert_stdout copy.db
	assert_stderr
	assert_equal "$(stat -c '%a' copy.db)" 600
	dmarcq db check --db copy.db
	assert_status 0
	assert_stdout "no problems found"
	"$DMARCQ" export --db "$db" >one
	"$DMARCQ" export --db copy.db >two
	cmp one two
	[ -z "$(find . -name 'copy.db.*')" ] || fail "a temporary file was left"
	# Again, over the one of yesterday, and quietly.
	dmarcq import -q --db "$db" "$DMARCQ_TOP/tests/fixtures/forms/bom.xml"
	dmarcq db backup -q --db "$db" copy.db
	assert_status 0
	assert_stdout
	[ "$("$DMARCQ" export --db copy.db | wc -l)" -gt "$(wc -l <one)" ] || fail "the copy is the old one"
	# An empty file, as mktemp makes it, is as good as none.
	: >empty.db
	dmarcq db backup -q --db "$db" empty.db
	assert_status 0
	cmp empty.db copy.db
}

@test "db backup leaves alone what is no backup" {
	make_world
	echo precious >letter
	dmarcq db backup --db "$db" letter
	assert_status 74
	assert_stdout
	assert_stderr "dmarcq: letter: there is a file of that name that is no dmarcq database: nothing was changed"
	assert_equal "$(cat letter)" precious
	dmarcq db backup --db "$db" "$db"
	assert_status 74
	assert_stderr "dmarcq: $db: there is a database of that name that is written to (it has a -turn file): nothing was changed"
	mkdir folder
	dmarcq db backup --db "$db" folder
	assert_status 74
	assert_stderr "dmarcq: folder: not a file: nothing was changed"
	dmarcq db backup --db "$db" no/such/copy.db
	assert_status 74
	assert_stderr "dmarcq: no/such/copy.db: cannot write: No such file or directory"
	dmarcq db backup --db letter copy.db
	assert_status 78
	[ ! -e copy.db ] || fail "a copy of something else"
	dmarcq db backup --db "$db"
	assert_status 64
	sqlite3 other.db "CREATE TABLE t (a)"
	dmarcq db backup --db other.db copy.db
	assert_status 78
	assert_stderr "dmarcq: other.db: this is not a dmarcq database: nothing was changed; --db or \$DMARCQ_DB names another"
	[ -z "$(find . -name 'copy.db*')" ] || fail "a file was left"
	(ulimit -f 16; "$DMARCQ" db backup --db "$db" full.db >"$out" 2>"$err") || status=$?
	assert_status 74
	[ -z "$(find . -name 'full.db*')" ] || fail "half a copy was left"
}

@test "db backup to a file that may grow no more names that one and leaves nothing" {
	make_world
	# Enough for what SQLite writes beside the database that it reads.
	(ulimit -f 64; "$DMARCQ" db backup --db "$db" full.db >"$out" 2>"$err") || status=$?
	assert_status 74
	assert_stdout
	assert_stderr "dmarcq: full.db: File too large"
	[ -z "$(find . -name 'full.db*')" ] || fail "half a copy was left"
}

@test "db backup to a full disk names that one and leaves nothing" {
	make_world
	mkdir disk
	mount -t tmpfs -o size=40k tmpfs disk || skip "mounting is not allowed here"
	dmarcq db backup --db "$db" disk/copy.db
	local left
	left=$(ls -A disk)
	umount disk
	assert_status 74
	assert_stdout
	assert_stderr "dmarcq: disk/copy.db: the disk is full"
	assert_equal "$left" ""
}

@test "db vacuum gives back what a prune left, and says how much" {
	make_world
	dmarcq db prune --db "$db" --keep 30d
	assert_status 0
	before=$(stat -c %s "$db")
	dmarcq db vacuum --db "$db" --format json
	assert_status 0
	assert_stderr
	assert_json query "db vacuum"
	after=$(stat -c %s "$db")
	[ "$after" -lt "$before" ] || fail "$before, then $after bytes"
	assert_json rows.0.after_bytes "$after"
	clean
	dmarcq db vacuum --db "$db"
	grep -qE '^Bytes before  Bytes after  Given back$' "$out" || fail "no head"
	dmarcq db vacuum --db none.db
	assert_status 78
	if (ulimit -f 8; "$DMARCQ" db vacuum --db "$db" >"$out" 2>"$err"); then fail "no limit"; else status=$?; fi
	assert_status 74
	assert_stderr_has "dmarcq: "
	clean
}

@test "db prune takes away what is older, counted from the newest report" {
	make_world
	# 152 days from day 0 to day 151; 62 stay, from day 90 on.
	dmarcq db prune --db "$db" --keep 62d --dry-run
	assert_status 0
	assert_stderr "dmarcq: this would go; nothing was changed"
	cp "$out" planned
	assert_equal "$(sql 'SELECT count(*) FROM report')" 13
	dmarcq db prune --db "$db" --keep 62d
	assert_status 0
	assert_stderr
	assert_stdout "$(cat planned)"
	assert_stdout_has "Before      Reports  Records  Messages  Rejects  Originals"
	assert_stdout_has "2023-04-01        6        6        42        0          6"
	clean
	assert_equal "$(column reports report_id --sort -begin)" "a3
b3
a4
week
b4
a5
b5"
	assert_equal "$(column status domain,reports,messages,first_day)" "example.com 4 85 2023-04-01
example.net 3 45 2023-04-02"
	assert_equal "$(sql 'SELECT count(*) FROM arrival')" 7
	assert_equal "$(sql 'SELECT count(*) FROM original')" 7
	assert_equal "$(sql 'SELECT count(*) FROM original_chunk')" 7
	assert_equal "$(sql "SELECT count(*) FROM name WHERE text IN ('a0.example', 'b2.example')")" 0
	assert_equal "$(sql "SELECT count(*) FROM ip WHERE text = '192.0.2.1'")" 0
	# The files are still known, so the same folder brings nothing back.
	dmarcq import --db "$db" in --format json
	assert_json unchanged 13
	assert_json reports 0
	dmarcq db prune --db "$db" --keep 62d --format json
	assert_json rows.0.before 2023-04-01
	assert_json rows.0.reports 0
	dmarcq db rebuild --db "$db"
	assert_status 0
	clean
	assert_equal "$(column status domain,reports,messages)" "example.com 4 85
example.net 3 45"
}

@test "a report of the future does not move the end" {
	make_world
	cd in || exit
	report future example.com one.example 36500 9
	cd ..
	dmarcq import -q --db "$db" in
	dmarcq db prune --db "$db" --keep 400d --format json
	assert_status 0
	assert_json rows.0.reports 0
	assert_json rows.0.before 2022-04-28
}

@test "a report that reaches into what stays, stays whole" {
	make_world
	# From day 123 on: the week began on day 120.
	dmarcq db prune --db "$db" --keep 29d
	assert_status 64
	assert_stderr "dmarcq: db prune: --keep: 29d is less than 30 days (limit keep-days)"
	dmarcq db prune --db "$db" --keep 29d --limit keep-days=1 --format json
	assert_status 0
	assert_json rows.0.before 2023-05-04
	assert_equal "$(column reports report_id --sort -begin)" "week
a5
b5"
	clean
}

@test "db prune --keep-rollup: questions from the roll-up are as before, a copy that comes again is known" {
	make_world
	for question in "status --format csv" "top-failures -n 0 --format json" "top-failures -n 0 --by ip --format json"; do
		"$DMARCQ" $question --db "$db"
	done >before
	dmarcq db prune --db "$db" --keep 62d --keep-rollup --dry-run --format csv
	cp "$out" planned
	dmarcq db prune --db "$db" --keep 62d --keep-rollup --format csv
	assert_status 0
	cmp "$out" planned
	clean
	for question in "status --format csv" "top-failures -n 0 --format json" "top-failures -n 0 --by ip --format json"; do
		"$DMARCQ" $question --db "$db"
	done >after
	cmp before after
	assert_equal "$(column reports report_id,records,messages,state --only pruned --sort -begin)" "a0 1 1 pruned
b0 1 11 pruned
a1 1 2 pruned
b1 1 12 pruned
a2 1 3 pruned
b2 1 13 pruned"
	assert_equal "$(column export report_id,state,arrivals,original_sha256 --what reports | sed -n '1p;6p;7p' | cut -c 1-20)" "a0 pruned 0 
b2 pruned 0 
a3 counted 1 $(sqlite3 -readonly "$db" "SELECT lower(substr(hex(original.sha256), 1, 7)) FROM report JOIN arrival ON arrival.id = arrival JOIN original ON original.id = original WHERE report_id = 'a3'")"
	dmarcq reports --db "$db" --only counted --sort -begin --format json
	assert_json rows.0.report_id a3
	id=$(sql "SELECT id FROM report WHERE report_id = 'a0'")
	dmarcq show "$id" --db "$db" --format json
	assert_status 0
	assert_stderr "dmarcq: its records were pruned; what they said stays in the daily totals"
	assert_json report.state pruned
	assert_json report.messages 1
	assert_json report.original_sha256 null
	assert_json rows "[]"
	dmarcq show "$id" --original --db "$db"
	assert_status 65
	assert_stdout
	assert_stderr "dmarcq: the original of report $id was pruned"
	dmarcq export --db "$db"
	assert_status 0
	assert_stderr "dmarcq: left out: 6 records of 6 reports that were pruned"
	assert_equal "$(wc -l <"$out")" 8
	dmarcq export --db "$db" --since 2023-04-01
	assert_stderr
	# The same report again, and another one under its name.
	mkdir again
	cp in/a0.xml again/copy.xml
	sed 's/<count>2</<count>222</' in/a1.xml >again/other.xml
	dmarcq import --db "$db" again --format json
	assert_json reports 0
	assert_json duplicates 1
	assert_json conflicts 1
	assert_json messages 0
	clean
	"$DMARCQ" status --db "$db" --format csv >after
	cmp <(head -3 before) after
	# The next prune takes the copies away, too.
	dmarcq db prune --db "$db" --keep 62d --keep-rollup --format json
	assert_json rows.0.reports 0
	assert_json rows.0.conflicts 1
	assert_json rows.0.originals 2
	clean
	assert_equal "$(sql 'SELECT count(*) FROM repeat')" 0
	dmarcq db rebuild --db "$db"
	assert_status 0
	clean
	"$DMARCQ" status --db "$db" --format csv >after
	cmp <(head -3 before) after
	# Then the roll-up, too.
	dmarcq db prune --db "$db" --keep 62d --format json
	assert_json rows.0.reports 6
	assert_json rows.0.records 0
	assert_json rows.0.messages 42
	clean
	assert_equal "$(column status domain,reports,messages,first_day)" "example.com 4 85 2023-04-01
example.net 3 45 2023-04-02"
}

@test "db prune --originals takes only the bytes" {
	make_world
	"$DMARCQ" export --db "$db" >before
	dmarcq db prune --db "$db" --keep 62d --originals --dry-run --format csv
	cp "$out" planned
	dmarcq db prune --db "$db" --keep 62d --originals --format csv
	assert_status 0
	cmp "$out" planned
	assert_equal "$(cut -d, -f1-6 "$out" | tr -d '\r')" "before,reports,records,messages,rejects,originals
2023-04-01,0,0,0,0,6"
	clean
	"$DMARCQ" export --db "$db" >after
	cmp before after
	id=$(sql "SELECT id FROM report WHERE report_id = 'a0'")
	dmarcq show "$id" --original --db "$db"
	assert_status 1
	assert_stdout
	assert_stderr_has "were not kept"
	dmarcq db rebuild --db "$db"
	assert_status 65
	assert_stderr "dmarcq: 6 reports came from originals whose bytes are not kept (--no-originals, \`db prune --originals\`): nothing was changed"
	clean
	"$DMARCQ" export --db "$db" >after
	cmp before after
	dmarcq db prune --db "$db" --keep 62d --originals --format json
	assert_json rows.0.originals 0
}

@test "db prune: what is wrong on the command line changes nothing" {
	make_world
	dmarcq db prune --db "$db"
	assert_status 64
	assert_stderr "dmarcq: db prune: how much stays? --keep 400d"
	for length in 400 x 4y d -5d 1.5w 2026-01-01 99999d; do
		dmarcq db prune --db "$db" --keep="$length"
		assert_status 64
		assert_stderr "dmarcq: db prune: --keep: not a length of time: \"$length\": write 400d or 57w"
	done
	dmarcq db prune --db "$db" --keep 4w
	assert_status 64
	assert_stderr "dmarcq: db prune: --keep: 4w is less than 30 days (limit keep-days)"
	dmarcq db prune --db "$db" --keep 57w --originals --keep-rollup
	assert_status 64
	assert_stderr "dmarcq: db prune: --keep-rollup and --originals exclude each other"
	dmarcq db prune --db none.db --keep 400d
	assert_status 78
	assert_equal "$(sql 'SELECT count(*) FROM report')" 13
	dmarcq db init -q --db empty.db
	dmarcq db prune --db empty.db --keep 400d --format json
	assert_status 0
	assert_json rows.0.before null
	assert_json rows.0.reports 0
}
