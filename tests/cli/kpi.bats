#!/usr/bin/env bats
# Indicators and targets: the samples against their truth, small reports against what is plain to see.

load helper

setup_file() {
	: "${DMARCQ_TOP:=$(cd "$BATS_TEST_DIRNAME/../.." && pwd)}"
	: "${DMARCQ:=$DMARCQ_TOP/build/test/dmarcq}"
	cp -r "$DMARCQ_TOP/samples" "$BATS_FILE_TMPDIR/samples"
	cd "$BATS_FILE_TMPDIR" || exit
	"$DMARCQ" import -q --db samples.db samples/archive samples/files samples/maildir samples/mbox samples/odd || [ $? -eq 1 ]
}

ask() {
	dmarcq kpi --db "$BATS_FILE_TMPDIR/samples.db" "$@"
}

# targets NAME=VALUE...: a configuration with these, and none for all others.
targets() {
	local name
	printf '[kpi]\n' >targets.conf
	for name in spf-pass spf-aligned dkim-signed dkim-aligned dmarc-pass newest-week policy-acted forwarded days-reported silent-days; do
		[[ " $*" == *" $name="* ]] || printf '%s = none\n' "$name" >>targets.conf
	done
	[ $# -eq 0 ] || printf '%s\n' "$@" >>targets.conf
	export DMARCQ_CONFIG=targets.conf
}

# record COUNT DISPOSITION DKIM SPF [MORE]: a record with these verdicts; MORE stands behind them.
record() {
	printf '<record><row><source_ip>192.0.2.1</source_ip><count>%s</count><policy_evaluated><disposition>%s</disposition>' "$1" "$2"
	printf '<dkim>%s</dkim><spf>%s</spf>%s</policy_evaluated></row>' "$3" "$4" "${6:-}"
	printf '<identifiers><header_from>example.com</header_from></identifiers><auth_results>%s</auth_results></record>' "${5:-}"
}

# report DOMAIN DAY: a report whose records come from standard input.
report() {
	local begin=$((1767225600 + $2 * 86400))
	printf '<feedback><report_metadata><org_name>bigmail.example</org_name><report_id>%s-%s</report_id>' "$1" "$2"
	printf '<date_range><begin>%s</begin><end>%s</end></date_range></report_metadata>' "$begin" "$((begin + 86399))"
	printf '<policy_published><domain>%s</domain><p>none</p></policy_published>%s</feedback>' "$1" "$(cat)"
}

import() {
	dmarcq import -q --db "$db" "$@"
	assert_status 0
}

spf() {
	printf '<spf><domain>example.com</domain><result>%s</result></spf>' "$1"
}

dkim() {
	printf '<dkim><domain>example.com</domain><result>%s</result></dkim>' "$1"
}

@test "each indicator of each domain, and of all together, is that of the truth" {
	targets
	ask --format json
	assert_status 0
	assert_stderr
	python3 - "$DMARCQ_TOP/samples/TRUTH.json" <<'PYTHON'
import json, sys
truth = json.load(open(sys.argv[1], encoding='utf-8'))
rows = json.load(open('stdout', encoding='utf-8'))['rows']
assert [row['domain'] for row in rows] == ['example.com', 'example.net', 'example.org', '(all)'], rows
for row in rows:
    true = truth['all'] if row['domain'] == '(all)' else truth['domains'][row['domain']]
    wholes = {'policy_acted': true['failed'], 'days_reported': 90}
    assert row['messages'] == true['messages'], row
    assert row['result'] is None, row
    assert set(row) == {'domain', 'messages', 'result', 'silent_days', 'newest_week', *true['kpi']}, row
    assert row['silent_days'] == 0, row
    for name, part in true['kpi'].items():
        assert row[name] == round(100 * part / wholes.get(name, true['messages']), 4), (name, row, part)
PYTHON
}

@test "in a window: the same as the records say" {
	targets
	ask --since 2026-05-11 --until 2026-05-24 --domain example.org --format json
	assert_status 0
	cp stdout answer
	db=$BATS_FILE_TMPDIR/samples.db
	sql "SELECT sum(messages), sum(messages * (spf_results LIKE '%=pass%')), sum(messages * (spf_aligned = 'pass')),
	    sum(messages * (dkim_results NOT LIKE '%=none')), sum(messages * (dkim_aligned = 'pass')), sum(messages * (dmarc = 'pass')),
	    sum(messages * (dmarc = 'fail')), sum(messages * (dmarc = 'fail' AND disposition <> 'none')),
	    count(DISTINCT substr(begin_utc, 1, 10))
	    FROM v_records WHERE domain = 'example.org' AND begin_utc BETWEEN '2026-05-11' AND '2026-05-25'" >counts
	python3 - <<'PYTHON'
import json
row = json.load(open('answer', encoding='utf-8'))['rows'][0]
counts = [int(n or 0) for n in open('counts').read().split('|')]
names = 'spf_pass spf_aligned dkim_signed dkim_aligned dmarc_pass'.split()
assert row['messages'] == counts[0] > 0, (row, counts)
for name, part in zip(names, counts[1:6]):
    assert row[name] == round(100 * part / counts[0], 4), (name, row, counts)
assert row['policy_acted'] == round(100 * counts[7] / counts[6], 4), (row, counts)
assert row['days_reported'] == round(100 * counts[8] / 14, 4), (row, counts)
PYTHON
}

@test "targets that are missed: a message each and exit code 1" {
	unset DMARCQ_CONFIG
	DMARCQ_CONFIG=/dev/null ask --domain example.net --domain example.org --format csv
	assert_status 1
	assert_stdout "domain,messages,spf_pass,spf_aligned,dkim_signed,dkim_aligned,dmarc_pass,newest_week,policy_acted,forwarded,days_reported,silent_days,result"$'\r'"
example.net,70519,97.6517,53.4083,99.1548,94.0966,94.0966,73.9788,92.4333,0,100,0,\"missed: spf-pass, dkim-signed, dmarc-pass, newest-week\""$'\r'"
example.org,6874,69.6247,69.6247,74.9345,74.9345,74.9345,100,100,0,96.6667,0,\"missed: spf-pass, dkim-signed, dmarc-pass\""$'\r'"
(all),77393,95.1624,54.8486,97.0036,92.3947,92.3947,75.5578,94.6483,0,100,0,\"missed: spf-pass, dkim-signed, dmarc-pass, newest-week\""$'\r'
	assert_stderr "dmarcq: kpi: example.net: SPF pass 97.7 %, target 99.5 %
dmarcq: kpi: example.net: DKIM signed 99.2 %, target 100 %
dmarcq: kpi: example.net: DMARC pass 94.1 %, target 95 %
dmarcq: kpi: example.net: Pass of last 7 days 74 %, target 95 %
dmarcq: kpi: example.org: SPF pass 69.6 %, target 99.5 %
dmarcq: kpi: example.org: DKIM signed 74.9 %, target 100 %
dmarcq: kpi: example.org: DMARC pass 74.9 %, target 95 %
dmarcq: kpi: (all): SPF pass 95.2 %, target 99.5 %
dmarcq: kpi: (all): DKIM signed 97 %, target 100 %
dmarcq: kpi: (all): DMARC pass 92.4 %, target 95 %
dmarcq: kpi: (all): Pass of last 7 days 75.6 %, target 95 %"
	DMARCQ_CONFIG=/dev/null ask -q --domain example.net
	assert_status 1
	assert_stderr
}

@test "of many targets that are missed the first are told, the rest counted; -v tells all" {
	local i
	for i in {10..39}; do
		record 1 none fail fail | report "d$i.example" 0
	done >many.xml
	import many.xml
	targets dmarc-pass=50
	dmarcq kpi --db "$db" --format csv
	assert_status 1
	assert_equal "$(grep -c 'missed: dmarc-pass' stdout)" 31
	assert_equal "$(head -n 1 stderr)" "dmarcq: kpi: d10.example: DMARC pass 0 %, target 50 %"
	assert_equal "$(tail -n 2 stderr)" "dmarcq: kpi: d29.example: DMARC pass 0 %, target 50 %
dmarcq: ... and 11 more: -v tells all"
	assert_equal "$(wc -l <stderr)" 21
	dmarcq kpi --db "$db" --format csv -v
	assert_status 1
	assert_equal "$(wc -l <stderr)" 31
	assert_equal "$(tail -n 1 stderr)" "dmarcq: kpi: (all): DMARC pass 0 %, target 50 %"
	dmarcq kpi --db "$db" --domain 'd1*' --domain 'd2*' --format csv
	assert_equal "$(tail -n 1 stderr)" "dmarcq: ... and 1 more: -v tells all"
	dmarcq kpi --db "$db" -q
	assert_status 1
	assert_stderr
}

@test "targets from the configuration" {
	targets spf-pass=97 dmarc-pass=94.0965 days-reported=100 policy-acted=92.4 forwarded=0
	ask --domain example.net --format json
	assert_status 0
	assert_stderr
	assert_json rows.0.result ok
	assert_json targets.spf_pass 97
	assert_json targets.dmarc_pass 94.0965
	assert_json targets.dkim_signed null
	assert_json targets.forwarded 0
	targets spf-aligned=53.5 dkim-aligned=94.1 dmarc-pass=94.0967 policy-acted=93 forwarded=0.5 days-reported=100
	ask --format json
	assert_status 1
	assert_json rows.0.result "missed: spf-aligned, dkim-aligned, dmarc-pass, policy-acted, forwarded"
	assert_json rows.1.result "missed: spf-aligned, dkim-aligned, dmarc-pass, policy-acted"
	assert_json rows.2.result "missed: dkim-aligned, dmarc-pass, days-reported"
	assert_stderr_has "dmarcq: kpi: example.com: Forwarded 0.8 %, target at most 0.5 %"
	assert_stderr_has "dmarcq: kpi: example.com: Policy acted 0 %, target 93 %"
	assert_stderr_has "dmarcq: kpi: example.net: DMARC pass 94.0966 %, target 94.0967 %"
	assert_stderr_has "dmarcq: kpi: example.org: Days reported 96.7 %, target 100 %"
}

@test "a target that is met exactly is met, and a miss never looks like one" {
	{ record 9995 none pass pass && record 5 none fail fail; } | report example.com 0 >a.xml
	import a.xml
	targets dmarc-pass=99.95
	dmarcq kpi --db "$db"
	assert_status 0
	targets dmarc-pass=100
	dmarcq kpi --db "$db"
	assert_status 1
	assert_stderr "dmarcq: kpi: example.com: DMARC pass 99.95 %, target 100 %"
	record 99999999 none pass pass | report example.com 1 >b.xml
	import b.xml
	dmarcq kpi --db "$db"
	assert_status 1
	assert_stderr "dmarcq: kpi: example.com: DMARC pass 99.9999 %, target 100 %"
}

@test "what each indicator counts" {
	{
		record 1 none pass fail "$(dkim pass)"
		record 2 none fail pass "$(spf pass)"
		record 4 none fail fail "$(dkim none)$(spf softfail)"
		record 8 quarantine fail fail "$(dkim fail)$(spf pass)"
		record 16 reject fail fail "$(dkim temperror)"
		record 32 reject pass fail "$(dkim pass)" '<reason><type>forwarded</type></reason>'
		record 64 none fail fail '' '<reason><type>local_policy</type><comment>arc=pass as[1].d=x</comment></reason>'
		record 128 none fail fail '' '<reason><type>local_policy</type><comment>arc=fail</comment></reason>'
	} | report example.com 0 >a.xml
	report example.com 3 </dev/null >b.xml
	import a.xml
	targets
	dmarcq kpi --db "$db" --format json
	assert_status 0
	python3 - <<'PYTHON'
import json
row = json.load(open('stdout', encoding='utf-8'))['rows'][0]
parts = dict(spf_pass=2 + 8, spf_aligned=2, dkim_signed=1 + 8 + 16 + 32, dkim_aligned=1 + 32, dmarc_pass=1 + 2 + 32, forwarded=32 + 64)
assert row['messages'] == 255, row
for name, part in parts.items():
    assert row[name] == round(100 * part / 255, 4), (name, row)
assert row['policy_acted'] == round(100 * (8 + 16) / (4 + 8 + 16 + 64 + 128), 4), row
assert row['days_reported'] == 100, row
PYTHON
}

@test "a missing verdict is no pass, and no failure on which a policy could act" {
	record 1 reject '' '' | sed 's/<dkim><.dkim><spf><.spf>//' | report example.com 0 >a.xml
	import a.xml
	targets dmarc-pass=1 policy-acted=100
	dmarcq kpi --db "$db" --format json
	assert_status 1
	assert_json rows.0.dmarc_pass 0
	assert_json rows.0.policy_acted null
	assert_json rows.0.result "missed: dmarc-pass"
}

@test "reports without records: days, and nothing else is known" {
	report example.com 0 </dev/null >a.xml
	report example.com 3 </dev/null >b.xml
	import a.xml b.xml
	DMARCQ_CONFIG=/dev/null dmarcq kpi --db "$db" --format json
	assert_status 0
	assert_json rows.0.messages 0
	assert_json rows.0.spf_pass null
	assert_json rows.0.days_reported 50
	assert_json rows.0.result null
	assert_stderr
	targets days-reported=51
	dmarcq kpi --db "$db"
	assert_status 1
	assert_stderr "dmarcq: kpi: example.com: Days reported 50 %, target 51 %"
}

@test "a long good past does not hide a week that is broken" {
	local day
	for day in {0..99}; do
		record 100 none pass pass | report example.com "$day"
		record 100 none pass pass | report example.net "$day"
	done >past.xml
	for day in {100..104}; do
		{ record 30 none pass pass && record 70 none fail fail; } | report example.com "$day"
		record 100 none pass pass | report example.net "$day"
	done >week.xml
	import past.xml week.xml
	export DMARCQ_CONFIG=/dev/null
	dmarcq kpi --db "$db" --format json
	assert_status 1
	python3 - <<'PYTHON'
import json
rows = {row['domain']: row for row in json.load(open('stdout', encoding='utf-8'))['rows']}
assert rows['example.com']['dmarc_pass'] == 96.6667, rows
assert rows['example.com']['newest_week'] == 50, rows
assert 'newest-week' in rows['example.com']['result'], rows
assert rows['example.net']['newest_week'] == 100 and 'newest-week' not in rows['example.net']['result'], rows
assert rows['(all)']['newest_week'] == 75, rows
PYTHON
	assert_stderr_has "dmarcq: kpi: example.com: Pass of last 7 days 50 %, target 95 %"
	targets newest-week=50
	dmarcq kpi --db "$db" --since 30d
	assert_status 0
	targets newest-week=50.0001
	dmarcq kpi --db "$db" --since 30d --domain example.com
	assert_status 1
	# A window of a week is all judged by dmarc-pass; of a shorter one no day before it counts.
	dmarcq kpi --db "$db" --since 7d
	assert_status 0
	dmarcq kpi --db "$db" --since 5d --domain example.com --format json
	assert_json rows.0.newest_week 30
	# The week is the last of the window.
	dmarcq kpi --db "$db" --until 2026-04-09 --format json
	assert_status 0
	assert_json rows.0.newest_week 100
}

@test "a parked domain is judged by what its policy did alone, and its mail is in no share of all" {
	{ record 90 none pass pass "$(dkim pass)" && record 10 none fail fail "$(dkim none)"; } | report example.com 0 >a.xml
	{ record 30 none fail fail "$(dkim none)" && record 70 reject fail fail "$(dkim none)"; } | report example.net 0 >b.xml
	record 1 none pass pass | report parked.example.com 0 >c.xml
	import a.xml b.xml c.xml
	targets dmarc-pass=85 dkim-signed=85 forwarded=0 days-reported=100 silent-days=3
	dmarcq kpi --db "$db" --domain example.com --domain example.net
	assert_status 1
	assert_stderr_has "dmarcq: kpi: example.net: DMARC pass 0 %, target 85 %"
	assert_stderr_has "dmarcq: kpi: (all): DMARC pass 45 %, target 85 %"
	printf '[advice]\nparked = other.example\tEXAMPLE.net. com\n' >>targets.conf
	dmarcq kpi --db "$db" --domain example.com --domain example.net --format json
	assert_status 0
	assert_stderr
	assert_json rows.0.result ok
	assert_json rows.1.domain example.net
	assert_json rows.1.dmarc_pass 0
	assert_json rows.1.result null
	assert_json rows.2.messages 200
	assert_json rows.2.dmarc_pass 90
	assert_json rows.2.result ok
	# What it can have done about forgers is its policy.
	targets policy-acted=80
	printf '[advice]\nparked = example.net\n' >>targets.conf
	dmarcq kpi --db "$db" --domain example.net --format json
	assert_status 1
	assert_json rows.0.policy_acted 70
	assert_json rows.0.result "missed: policy-acted"
	targets policy-acted=70
	printf '[advice]\nparked = example.net example.com\n' >>targets.conf
	dmarcq kpi --db "$db" --domain example.net --domain example.com --format json
	assert_json rows.1.domain example.net
	assert_json rows.1.result ok
	assert_json rows.2.messages 200
	assert_json rows.2.dmarc_pass null
}

@test "as a table of 80 columns" {
	targets dkim-signed=99 dmarc-pass=95 forwarded=10
	COLUMNS=80 ask --domain example.net --domain example.org
	assert_status 1
	assert_stdout "2026-04-02 to 2026-06-30 (UTC days)

Domain       Messages  SPF pass  DKIM signed  DMARC pass
example.net    70,519     97.7%        99.2%       94.1%
    SPF aligned: 53.4%  DKIM aligned: 94.1%  Pass of last 7 days: 74.0%
    Policy acted: 92.4%  Forwarded: 0.0%  Days reported: 100.0%
    Targets: missed: dmarc-pass
example.org     6,874     69.6%        74.9%       74.9%
    SPF aligned: 69.6%  DKIM aligned: 74.9%  Pass of last 7 days: 100.0%
    Policy acted: 100.0%  Forwarded: 0.0%  Days reported: 96.7%
    Targets: missed: dkim-signed, dmarc-pass
(all)          77,393     95.2%        97.0%       92.4%
    SPF aligned: 54.8%  DKIM aligned: 92.4%  Pass of last 7 days: 75.6%
    Policy acted: 94.6%  Forwarded: 0.0%  Days reported: 100.0%
    Targets: missed: dkim-signed, dmarc-pass

Targets
  DKIM signed:        99.0%
  DMARC pass:         95.0%
  Forwarded, at most: 10.0%"
}

@test "as a table of 200 columns" {
	targets dmarc-pass=90
	COLUMNS=200 ask --domain example.net --domain example.org
	assert_status 1
	assert_stdout "2026-04-02 to 2026-06-30 (UTC days)

Domain       Messages  SPF pass  SPF aligned  DKIM signed  DKIM aligned  DMARC pass  Pass of last 7 days  Policy acted  Forwarded  Days reported  Silent days  Targets
example.net    70,519     97.7%        53.4%        99.2%         94.1%       94.1%                74.0%         92.4%       0.0%         100.0%            0  ok
example.org     6,874     69.6%        69.6%        74.9%         74.9%       74.9%               100.0%        100.0%       0.0%          96.7%            0  missed: dmarc-pass
(all)          77,393     95.2%        54.8%        97.0%         92.4%       92.4%                75.6%         94.6%       0.0%         100.0%            0  ok

Targets
  DMARC pass: 90.0%"
}

@test "in another order, without targets, of one domain" {
	targets
	ask --sort -dmarc_pass --format json
	assert_status 0
	assert_json rows.0.domain example.org
	assert_json rows.3.domain example.net
	ask --domain 'example.?om'
	assert_status 0
	assert_stderr
	assert_stdout_lacks "(all)"
	assert_stdout_lacks Targets:
}

@test "nothing to measure" {
	"$DMARCQ" db init -q --db empty.db
	dmarcq kpi --db empty.db
	assert_status 0
	assert_stderr 'dmarcq: there are no reports yet: `dmarcq import` reads them'
	ask --since 2027-01-01
	assert_status 0
	assert_stderr "dmarcq: no reports since 2027-01-01; there are some from 2026-04-02 to 2026-06-30"
	ask --domain other.example
	assert_status 65
	assert_stdout
	assert_stderr "dmarcq: no reports about other.example; there are some about example.com, example.net, example.org"
	ask --sort nothing
	assert_status 64
	ask x
	assert_status 64
	assert_stderr 'dmarcq: kpi: one argument too many: "x"'
}

@test "a terminal shows what is missed in the table, and says on standard error only how much" {
	cd "$BATS_FILE_TMPDIR" || exit
	cat >"$BATS_TEST_TMPDIR/run" <<-SH
	cd '$BATS_FILE_TMPDIR' && exec '$DMARCQ' kpi --db samples.db --domain example.net "\$@" 2>'$BATS_TEST_TMPDIR/missed'
	SH
	cd "$BATS_TEST_TMPDIR" || exit
	script -qec "TERM=xterm COLUMNS=80 bash run" /dev/null >stdout || :
	assert_stdout_has "Targets: missed:"
	[[ $(cat missed) =~ ^"dmarcq: kpi: "[0-9]+" target"("s are"|" is")" missed, in the column or line Targets: -v tells each"$ ]] || fail "$(cat missed)"
	script -qec "TERM=xterm COLUMNS=80 bash run -v" /dev/null >stdout || :
	grep -q "^dmarcq: kpi: example.net: .* %, target " missed || fail "$(cat missed)"
	script -qec "TERM=xterm COLUMNS=80 bash run --format csv" /dev/null >stdout || :
	grep -q "^dmarcq: kpi: example.net: .* %, target " missed || fail "$(cat missed)"
}
