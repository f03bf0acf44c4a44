#!/usr/bin/env bats
# trend: against the truth of the samples, and over days made by hand: gaps, bounds of weeks and months, unknown days.

load helper

setup_file() {
	: "${DMARCQ_TOP:=$(cd "$BATS_TEST_DIRNAME/../.." && pwd)}"
	: "${DMARCQ:=$DMARCQ_TOP/build/test/dmarcq}"
	cp -r "$DMARCQ_TOP/samples" "$BATS_FILE_TMPDIR/samples"
	cd "$BATS_FILE_TMPDIR" || exit
	"$DMARCQ" import --db samples.db samples/archive samples/files samples/maildir samples/mbox samples/odd || [ $? -eq 1 ]
	"$DMARCQ" db init --db empty.db
	cp empty.db hand.db
	# 20454 is Thursday 2026-01-01. Columns: day, reporter, messages, passed, failed, quarantined, rejected
	sqlite3 hand.db "INSERT INTO name (id, text) VALUES (100, 'example.com'), (101, 'example.net'), (102, 'example.org');
	    INSERT INTO reporter (id, org) VALUES (1, 'a.example'), (2, 'b.example');
	    INSERT INTO day (domain, reports, day, reporter, messages, passed, failed, failed_quarantined, failed_rejected) VALUES
	    (100, 1, 20454, 1, 100, 60, 30, 5, 7), (100, 1, 20454, 2, 10, 10, 0, 0, 0), (100, 2, 20457, 1, 20, 0, 20, 20, 0),
	    (100, 1, 20458, 1, 1, 1, 0, 0, 0), (100, 1, 20484, 2, 8, 4, 4, 0, 0), (100, 1, 20485, 2, 16, 16, 0, 0, 0),
	    (100, 1, NULL, 2, 5, 2, 1, 0, 1), (101, 1, NULL, 1, 9, 9, 0, 0, 0),
	    (102, 1, -4, 1, 1, 1, 0, 0, 0), (102, 1, -3, 1, 2, 2, 0, 0, 0), (102, 1, 11016, 1, 4, 4, 0, 0, 0),
	    (102, 1, 11017, 1, 8, 8, 0, 0, 0)"
}

ask() {
	dmarcq trend --db "$BATS_FILE_TMPDIR/samples.db" "$@"
}

hand() {
	dmarcq trend --db "$BATS_FILE_TMPDIR/hand.db" --format csv "$@"
	tr -d '\r' <stdout >lines
	mv lines stdout
}

head="period,messages,passed,failing,unknown,pass_percent,no_action,quarantine,reject,reporters,days,partial"

# The rows on stdout are those of the truth: agrees EXPRESSION, a Python expression over t.
agrees() {
	python3 - "$DMARCQ_TOP/samples/TRUTH.json" "$1" <<'PYTHON' || fail "not the truth of $1"
import json, sys
t = json.load(open(sys.argv[1], encoding='utf-8'))
told = [{**row, 'pass_percent': round(100 * row['passed'] / row['messages'], 4),
         'no_action': row['failing'] - row['quarantine'] - row['reject']} for row in eval(sys.argv[2])]
got = [row for row in json.load(open('stdout', encoding='utf-8'))['rows'] if row['days']]
for row in got:
    del row['partial']
assert told and got == told, f'{got}\n{told}'
PYTHON
}

@test "weeks, days and months tell the truth" {
	ask --by week --format json
	assert_status 0
	assert_stderr
	assert_json query trend
	assert_json window.since 2026-04-02
	assert_json window.until 2026-06-30
	agrees "t['weeks']"
	local domain
	for domain in example.com example.net example.org; do
		ask --by week --domain $domain --format json
		agrees "t['domains']['$domain']['weeks']"
	done
	ask --by day --domain example.org --format json
	agrees "t['days of example.org']"
	ask --by month --domain example.org --format json
	agrees "t['months of example.org']"
}

@test "all rows together are all messages, whatever the period" {
	local by
	for by in auto day week month; do
		ask --by $by --format json
		assert_status 0
		python3 - "$DMARCQ_TOP/samples/TRUTH.json" <<-'PYTHON' || fail "messages got lost by $by"
			import json, sys
			t = json.load(open(sys.argv[1], encoding='utf-8'))['all']
			rows = json.load(open('stdout'))['rows']
			for name, truth in ('messages', 'messages'), ('passed', 'passed'), ('failing', 'failed'), ('unknown', 'unknown'):
			    assert sum(r[name] or 0 for r in rows) == t[truth], name
		PYTHON
	done
}

@test "a table at 80 columns" {
	LC_ALL=C.UTF-8 COLUMNS=80 ask --since 2026-05-04
	assert_status 0
	assert_stderr
	assert_stdout "2026-05-04 to 2026-06-30 (UTC days)

Week from   Messages  Failing   Pass  Reporters  Days  Partial  █ pass  ░ fail
2026-05-04    32,418    2,478  92.3%          7     7           █████░
2026-05-11    35,017    2,580  92.6%          7     7           ██████░
2026-05-18    83,102   50,575  39.1%          7     7           ██████░░░░░░░░░░
2026-05-25    35,370    2,347  93.4%          7     7           ██████░
2026-06-01    34,316    2,339  93.2%          7     7           ██████░
2026-06-08    34,336    3,011  91.2%          7     7           ██████░
2026-06-15    33,671    3,749  88.9%          7     7           █████░
2026-06-22    34,806    3,716  89.3%          8     7           ██████░
2026-06-29    15,153    1,201  92.1%          7     2  yes      ██░
Not shown at this width: passed, unknown, no_action, quarantine, reject."
}

@test "a table at 200 columns, with a day that nobody reported, by signs where the terminal knows no blocks" {
	LC_ALL=C COLUMNS=200 ask --domain example.org --since 2026-06-12 --until 2026-06-16
	assert_status 0
	assert_stderr
	assert_stdout "2026-06-12 to 2026-06-16 (UTC days)

Day         Messages  Passing  Failing  Unknown    Pass  Not acted  Quarantine  Reject  Reporters  Days  # pass  - fail
2026-06-12        78       78        0        0  100.0%          0           0       0          2     1  ########################################
2026-06-13        12       12        0        0  100.0%          0           0       0          1     1  ######
2026-06-14         -        -        -        -       -          -           -       -          0     0
2026-06-15        78       78        0        0  100.0%          0           0       0          2     1  ########################################
2026-06-16        65       65        0        0  100.0%          0           0       0          2     1  #################################"
}

@test "blocks are drawn where the locale is UTF-8, whichever variable says so" {
	local form
	for form in "LC_ALL=de_DE.UTF-8 LANG=C:█" "LC_ALL= LC_CTYPE=en_US.utf8 LANG=C:█" "LC_ALL= LC_CTYPE= LANG=C.UTF-8:█" \
	    "LC_ALL=C LANG=C.UTF-8:#" "LC_ALL= LC_CTYPE=POSIX LANG=C.UTF-8:#" "LC_ALL= LC_CTYPE= LANG=:#"; do
		status=0
		# shellcheck disable=SC2086
		env ${form%%:*} COLUMNS=100 "$DMARCQ" trend --db "$BATS_FILE_TMPDIR/samples.db" -n 1 >stdout 2>stderr || status=$?
		assert_status 0
		assert_stdout_has "${form##*:} pass"
	done
}

@test "no line is wider than the terminal, and the bar takes what is left up to 40 columns" {
	local columns
	for columns in 66 80 96 120 160 300; do
		LC_ALL=C COLUMNS=$columns ask
		assert_status 0
		awk -v most="$columns" 'length($0) > most { exit 1 }' stdout || fail "wider than $columns"
	done
	grep -qE ' #+-{2,}$' stdout
	assert_equal "$(grep -oE '[#-]+$' stdout | awk 'length > m { m = length } END { print m }')" 40
	LC_ALL=C COLUMNS=60 ask -n 1
	assert_stdout_lacks '#'
	assert_stdout_lacks 'bar'
}

@test "bars are in tables alone" {
	ask --format csv -n 1
	assert_stdout "$head"$'\r'"
2026-06-29,15153,13951,1201,1,92.0676,784,417,0,7,2,true"$'\r'
	ask --format json -n 1
	assert_json columns.0.type day
	assert_json columns.11.name partial
	assert_json columns.11.type flag
	assert_equal "$(json columns | grep -c bar)" 0
	assert_equal "$(json rows.0 | grep -c bar)" 0
}

@test "gaps are rows without numbers, and a week begins on Monday" {
	hand --domain example.com --by week
	assert_status 0
	assert_stderr
	assert_stdout "$head
2025-12-29,130,70,50,10,53.8462,18,25,7,2,2,true
2026-01-05,1,1,0,0,100,0,0,0,1,1,false
2026-01-12,,,,,,,,,0,0,false
2026-01-19,,,,,,,,,0,0,false
2026-01-26,24,20,4,0,83.3333,4,0,0,1,2,false
,5,2,1,2,40,0,0,1,1,0,"
}

@test "months, with the days outside the window left out" {
	hand --domain example.com --by month --since 2025-11-15 --until 2026-02-28
	assert_status 0
	assert_stdout "$head
2025-11-01,,,,,,,,,0,0,true
2025-12-01,,,,,,,,,0,0,false
2026-01-01,139,75,54,10,53.9568,22,25,7,2,4,false
2026-02-01,16,16,0,0,100,0,0,0,1,1,false"
	hand --domain example.com --by month --since 2026-01-31 --until 2026-02-27
	assert_stdout "$head
2026-01-01,8,4,4,0,50,4,0,0,1,1,true
2026-02-01,16,16,0,0,100,0,0,0,1,1,true"
}

@test "days before 1970, leap days, and a gap of thirty years, of which the first and last period are shown" {
	hand --domain example.org --by week
	assert_status 0
	assert_stdout "$head
1969-12-22,1,1,0,0,100,0,0,0,1,1,true
1969-12-29,2,2,0,0,100,0,0,0,1,1,false
1970-01-05,,,,,,,,,0,0,false
2000-02-21,,,,,,,,,0,0,false
2000-02-28,12,12,0,0,100,0,0,0,1,2,true"
	hand --domain example.org --by month
	assert_stdout "$head
1969-12-01,3,3,0,0,100,0,0,0,1,2,true
1970-01-01,,,,,,,,,0,0,false
2000-01-01,,,,,,,,,0,0,false
2000-02-01,4,4,0,0,100,0,0,0,1,1,false
2000-03-01,8,8,0,0,100,0,0,0,1,1,true"
	hand --domain example.org --by day --until 2000-02-28
	assert_stdout "$head
1969-12-28,1,1,0,0,100,0,0,0,1,1,false
1969-12-29,2,2,0,0,100,0,0,0,1,1,false
1969-12-30,,,,,,,,,0,0,false
2000-02-28,,,,,,,,,0,0,false"
}

@test "a hundred silent days in a row are shown, one more is not" {
	hand --domain example.com --by day --since 2026-02-01 --until 2026-05-12
	assert_equal "$(grep -c ',,,,,,,,,0,0,false' stdout)" 100
	hand --domain example.com --by day --since 2026-02-01 --until 2026-05-13
	assert_equal "$(grep -c ',,,,,,,,,0,0,false' stdout)" 2
	assert_stdout "$head
2026-02-01,16,16,0,0,100,0,0,0,1,1,false
2026-02-02,,,,,,,,,0,0,false
2026-05-13,,,,,,,,,0,0,false"
}

@test "reports of no known day stand in the last row, and in no window" {
	hand --domain example.net
	assert_status 0
	assert_stderr
	assert_stdout "$head
,9,9,0,0,100,0,0,0,1,0,"
	hand --domain example.com --by week --since 2025-12-29
	assert_equal "$(grep -c '^,' stdout)" 0
	hand --domain example.net --since 2026-01-01 --until 2026-01-31
	assert_status 0
	assert_stdout "$head"
	assert_stderr "dmarcq: no report says of which day it is: leave --since and --until out"
}

@test "several domains are added up, a domain named twice counts once" {
	hand --domain example.com --domain example.net --domain 'EXAMPLE.c?m' --by month -n 2
	assert_status 0
	assert_stdout "$head
2026-02-01,16,16,0,0,100,0,0,0,1,1,true
,14,11,1,2,78.5714,0,0,1,2,0,"
	hand --by month --since 2026-01-01 --until 2026-01-31
	assert_stdout "$head
2026-01-01,139,75,54,10,53.9568,22,25,7,2,4,false"
}

@test "auto: 31 days by day, 26 weeks by week, more by month" {
	ask --since 31d --format csv
	assert_equal "$(sed -n 2p stdout | cut -d, -f1)" 2026-05-31
	assert_equal "$(wc -l <stdout)" 32
	ask --since 32d --format csv --by auto
	assert_equal "$(sed -n 2,3p stdout | cut -d, -f1 | tr '\n' ' ')" "2026-05-25 2026-06-01 "
	ask --since 2026-01-01 --until 2026-07-01 --format csv
	assert_equal "$(sed -n 2,3p stdout | cut -d, -f1 | tr '\n' ' ')" "2025-12-29 2026-01-05 "
	ask --since 2026-01-01 --until 2026-07-02 --format csv
	assert_equal "$(sed -n 2,3p stdout | cut -d, -f1 | tr '\n' ' ')" "2026-01-01 2026-02-01 "
}

@test "the head says what a row stands for" {
	local by
	for by in "day:Day" "week:Week from" "month:Month from"; do
		COLUMNS=100 ask --by "${by%%:*}" -n 1
		assert_status 0
		[[ $(sed -n 3p stdout) == "${by#*:} "* ]] || fail "not titled ${by#*:}"
	done
}

@test "-n keeps the newest, --sort gives another order" {
	ask --by week -n 2 --format csv
	assert_equal "$(sed 1d stdout | cut -d, -f1 | tr '\n' ' ')" "2026-06-22 2026-06-29 "
	ask --by week -n 0 --format csv
	assert_equal "$(wc -l <stdout)" 15
	ask --by week -n 2 --sort failing --format csv
	assert_equal "$(sed 1d stdout | cut -d, -f1 | tr '\n' ' ')" "2026-05-18 2026-06-15 "
	ask --by week -n 1 --sort -pass_percent --format csv
	assert_equal "$(sed 1d stdout | cut -d, -f1)" 2026-05-18
}

@test "usage errors name what is wrong" {
	ask --by year
	assert_status 64
	assert_stdout
	assert_stderr 'dmarcq: trend: --by: not one of auto|day|week|month: "year"'
	ask --sort bar
	assert_status 64
	assert_stderr "dmarcq: trend: --sort: no such column: \"bar\"; there are ${head//,/, }"
	ask -n x
	assert_status 64
	assert_stderr 'dmarcq: trend: -n: not a whole number from 0 to 2147483647: "x"'
	ask --since 2026-06-30 --until 2026-06-01
	assert_status 64
	assert_stderr 'dmarcq: trend: --since: the window would begin after its end: "2026-06-30"'
	ask week
	assert_status 64
	ask --domain example.edu
	assert_status 65
	assert_stdout
	assert_stderr "dmarcq: no reports about example.edu; there are some about example.com, example.net, example.org"
}

@test "no data is said in words" {
	dmarcq trend --db "$BATS_FILE_TMPDIR/empty.db"
	assert_status 0
	assert_stdout
	assert_stderr "dmarcq: there are no reports yet: \`dmarcq import\` reads them"
	ask --since 2026-07-15 --format csv
	assert_status 0
	assert_stdout "$head"$'\r'
	assert_stderr "dmarcq: no reports since 2026-07-15; there are some from 2026-04-02 to 2026-06-30"
}
