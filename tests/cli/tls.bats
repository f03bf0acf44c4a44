#!/usr/bin/env bats
# SMTP TLS reports: import, tls, show T..., status, export, prune, rebuild. The reports are those of docs/examples/tls, and small
# ones made here.

load helper

examples=$DMARCQ_TOP/docs/examples/tls

setup_file() {
	: "${DMARCQ_TOP:=$(cd "$BATS_TEST_DIRNAME/../.." && pwd)}"
	: "${DMARCQ:=$DMARCQ_TOP/build/test/dmarcq}"
	cd "$BATS_FILE_TMPDIR" || exit
	"$DMARCQ" import -q --db examples.db "$DMARCQ_TOP/docs/examples/tls"
}

ask() {
	dmarcq "$@" --db "$BATS_FILE_TMPDIR/examples.db"
}

# tls_report ID [DAY [FAILED [DETAILED [RESULT]]]]: a report of a day of January 2026, with one detail unless DETAILED is empty.
tls_report() {
	local day details=
	day=$(printf '2026-01-%02d' "${2:-1}")
	[ -z "${4-9}" ] || details=",\"failure-details\": [{\"result-type\": \"${5:-certificate-expired}\", \"receiving-mx-hostname\":
		\"mx.example.com\", \"failed-session-count\": ${4:-9}}]"
	cat <<-JSON
	{"organization-name": "Receiver Example", "contact-info": "tls@receiver.example", "report-id": "$1",
	 "date-range": {"start-datetime": "${day}T00:00:00Z", "end-datetime": "${day}T23:59:59Z"},
	 "policies": [{"policy": {"policy-type": "sts", "policy-domain": "example.com"},
	  "summary": {"total-successful-session-count": 812, "total-failure-session-count": ${3:-9}}$details}]}
	JSON
}

# Columns of the rows of a question, a line a row.
column() {
	dmarcq "$1" --db "${question_db:-$db}" --format csv "${@:3}"
	python3 -c '
import csv, sys
for row in csv.DictReader(open(sys.argv[1], newline="")):
    print(" ".join(row[name] or "-" for name in sys.argv[2].split(",")))' "$out" "$2"
}

clean() {
	dmarcq db check --db "$db"
	assert_stdout "no problems found"
	assert_status 0
}

@test "the import says how many there are" {
	tls_report one >one.json
	tls_report two | gzip -n >two.json.gz
	dmarcq import --db "$db" one.json two.json.gz
	assert_status 0
	assert_stderr
	assert_summary "0 reports, 0 records, 0 messages, 2 TLS reports from 2 files in T s"
	clean
	import two.json.gz
	assert_status 0
	numbers tls_reports=0 duplicates=0 unchanged=1
	tls_report two >copy.json
	import copy.json
	assert_status 0
	numbers tls_reports=0 duplicates=1 repaired=0
	clean
	assert_equal "$(sql 'SELECT tls_reports, duplicates FROM run')" "2|0
0|0
0|1"
}

@test "tls ranks result types, with what they mean and what to do" {
	COLUMNS=80 ask tls -n 1
	assert_status 0
	assert_stderr
	assert_stdout "2026-06-27 to 2026-06-30 (UTC days)

Result type          Failed  Share  Sessions  Fails  Reporters  Last day
certificate-expired   1,595  97.7%    16,618   9.6%          1  2026-06-30
    Means: the certificate's time is over
    To do: renew it, have the mail server load the new one, and watch the
    renewal from now on  MX hosts: 1  First day: 2026-06-28

In all
  TLS reports:                                     6
  Policies:                                        7
  Sessions:                                        16,618
  Failed:                                          1,630
  Share failed:                                    9.8%
  Failed by details:                               1,632
  Policies whose details add up to another number: 1"
	question_db=$BATS_FILE_TMPDIR/examples.db
	assert_equal "$(column tls source,failed,share,sessions,mx_hosts,reporters,result_type)" "certificate-expired 1595 97.7328 16618 1 1 -
starttls-not-supported 24 1.4706 16618 1 1 -
sts-policy-fetch-error 11 0.674 16618 0 1 -
tlsa-invalid 2 0.1225 16618 1 1 -"
	ask tls --format json -n 0
	assert_json rows.2.meaning "the MTA-STS policy could not be fetched"
	assert_json totals '{"reports": 6, "policies": 7, "sessions": 16618, "failed": 1630, "fail_share": 9.8086, "detailed": 1632, "differing": 1, "unknown": 0, "authenticated": 0, "forged": 0}'
}

@test "a column that can only be one is not there; a report without failures is shown without a message" {
	question_db=$BATS_FILE_TMPDIR/examples.db
	ask tls --by mx
	assert_stdout_lacks "MX hosts"
	for by in reporter report; do
		ask tls --by $by
		assert_stdout_lacks Reporters
	done
	ask tls --by report --domain example.net --format json
	assert_json totals.failed 0
	ask show "$(json rows.0.source)"
	assert_status 0
	assert_stdout_has "TLS report"
	assert_stderr
}

@test "tls --by mx, reporter, policy and report" {
	question_db=$BATS_FILE_TMPDIR/examples.db
	assert_equal "$(column tls source,failed,sessions,result_type,reporters --by mx)" "mx2.example.com 1595 - certificate-expired 1
mx1.example.com 26 - starttls-not-supported 2
- 11 - sts-policy-fetch-error 1"
	assert_equal "$(column tls source,failed,sessions,mx_hosts --by reporter)" "bigmail 1619 16227 2
portal 9 319 0
smallmail 2 72 1"
	assert_equal "$(column tls source,failed,sessions --by policy)" "example.com: sts (enforce) 1619 16227
example.com: sts 9 319
example.com: tlsa 2 20
example.net: no-policy-found 0 52"
	assert_equal "$(column tls source,failed,sessions --by report -n 2)" "T3 1604 4015
T2 12 3999"
	assert_equal "$(column tls source --by reporter --sort -sessions)" "smallmail
portal
bigmail"
}

@test "tls of a domain and a window; what is not there is said" {
	question_db=$BATS_FILE_TMPDIR/examples.db
	assert_equal "$(column tls source,failed --domain example.com --since 2026-06-30 --until 2026-06-30)" "certificate-expired 3
tlsa-invalid 2"
	ask tls --domain example.net
	assert_status 0
	assert_stderr "dmarcq: no session failed"
	assert_stdout_has "Sessions:          52"
	ask tls --since 2026-07-03
	assert_status 0
	assert_stderr "dmarcq: no TLS reports since 2026-07-03; there are some from 2026-06-27 to 2026-06-30"
	ask tls --domain example.con
	assert_status 65
	assert_stderr "dmarcq: no TLS reports about example.con; there are some about example.com, example.net"
	ask tls --by colour
	assert_status 64
	dmarcq db init --db "$db"
	dmarcq tls --db "$db"
	assert_status 0
	assert_stdout
	assert_stderr "dmarcq: there are no TLS reports yet: \`dmarcq import\` reads them"
}

@test "the summary and its details are both told" {
	tls_report less 1 9 4 >less.json
	tls_report more 2 9 40 >more.json
	tls_report none 3 9 '' >none.json
	tls_report null 4 null 5 >null.json
	tls_report lost 5 9 null >lost.json
	dmarcq import -q --db "$db" ./*.json
	dmarcq tls --db "$db" --format json
	assert_json totals '{"reports": 5, "policies": 5, "sessions": 4096, "failed": 36, "fail_share": 0.8789, "detailed": 49, "differing": 2, "unknown": 1, "authenticated": 0, "forged": 0}'
	assert_equal "$(column tls source,failed)" "certificate-expired 49
- 23"
	assert_equal "$(column tls source,failed,sessions --by report)" "T1 9 821
T2 9 821
T3 9 821
T4 9 821
T5 5 817"
	COLUMNS=100 dmarcq tls --db "$db"
	assert_stdout_has "Policies whose details add up to another number: 2"
	assert_stdout_has "Policies that leave a number out:                1"
}

@test "numbers that would overflow a sum don't stop the question" {
	local i
	for i in $(seq 1 30); do
		tls_report "forged$i" "$i" 9007199254740992 9007199254740992 >"$i.json"
	done
	cat ./*.json >all.txt
	for i in $(seq 1 40); do
		sed "s/forged/forged$i-/" all.txt
	done >many.json
	rm ./[0-9]*.json
	import many.json
	numbers tls_reports=1200 rejected=0
	dmarcq tls --db "$db" --by reporter --format csv
	assert_status 0
	assert_stdout_has "receiver example,9223372036854775807,"
	dmarcq status --db "$db"
	assert_status 0
	clean
}

@test "show T12 tells everything of one report" {
	COLUMNS=100 ask show T5
	assert_status 0
	assert_stderr
	assert_stdout_has "  ID:           T5"
	assert_stdout_has "     5  example.com  sts          310       9          11"
	assert_stdout_has "     5  sts-policy-fetch-error         4  -        -           -             HTTP 404"
	ask show t3 --format json
	assert_json report.report_id 2026-06-29_example.com
	assert_json policies.0.strings "version: STSv1; mode: enforce; mx: *.example.com; max_age: 604800"
	assert_json rows.1.result_type starttls-not-supported
	assert_json rows.1.sending_mta_ip 192.0.2.42
	assert_json repairs "[]"
	ask show T5 --original
	cmp "$out" "$examples/portal.example!example.com!1782691200!1782777599.json"
	ask show T7
	assert_status 65
	assert_stderr "dmarcq: there is no TLS report T7: \`dmarcq tls --by report\` lists them"
	ask show 5
	assert_status 65
	assert_stderr "dmarcq: there is no report 5: there are none yet, \`dmarcq import\` reads them"
	ask show T
	assert_status 64
	ask show X5
	assert_status 64
	assert_stderr 'dmarcq: show: not an id: "X5"'
}

@test "repairs, a repetition and a conflict are shown" {
	tls_report one 1 '"9"' -4 certificate-was-eaten >a.json
	tls_report one 1 '"9"' -4 certificate-was-eaten | gzip -n >b.gz
	tls_report one 1 10 >c.json
	tls_report one 1 10 >d.txt
	import --jobs 1 a.json b.gz c.json d.txt
	assert_status 0
	numbers tls_reports=1 duplicates=2 conflicts=1 repaired=1
	clean
	dmarcq show T1 --db "$db" --format json
	assert_json repairs '[{"code": "count-form", "times": 1, "sentence": "a count was not a plain whole number; its whole value was taken", "first": "policies[0].summary.total-failure-session-count: \"9\""}, {"code": "negative-sessions", "times": 1, "sentence": "a number of sessions is negative; it is unknown", "first": "policies[0].failure-details[0].failed-session-count: -4"}, {"code": "unknown-word", "times": 1, "sentence": "a word that the format doesn'"'"'t know was kept as it came", "first": "policies[0].failure-details[0].result-type: \"certificate-was-eaten\""}]'
	assert_json arrivals.1.kind duplicate
	assert_json conflicts.0.id T2
	assert_json rows.0.sessions null
	assert_json rows.0.meaning null
	dmarcq show T2 --db "$db" --format json
	assert_json report.state conflict
	assert_json arrivals.1.kind duplicate
	assert_equal "$(column tls source,failed --by report)" "T1 9"
}

@test "what can't be read is rejected with line and column, other JSON is left alone" {
	tls_report one | head -c 200 >cut.json
	printf '{"a": 1,\n "b": }\n' | gzip -n >claims.json.gz
	printf '{"a": 1,\n "b": }\n' >'r.example!example.com!1!2.json'
	printf '{"a": 1,\n "b": }\n' >nothing.json
	printf '{"policies": [], "name": "x"}\n' >other.json
	import ./*.json ./*.gz
	assert_status 1
	numbers rejected=3 skipped=2 tls_reports=0
	assert_stderr_has "/cut.json: 2:98: not JSON: string or '}' expected near end of file"
	assert_stderr_has "/claims.json.gz: 2:7: not JSON: unexpected token near '}'"
	assert_stderr_has "/r.example!example.com!1!2.json: 2:7: not JSON: unexpected token near '}'"
	dmarcq rejects --db "$db" --retry
	assert_equal "$(sql 'SELECT count(*) FROM reject WHERE retried IS NULL')" 3
	clean
}

@test "limits: what passes one is rejected, and read with another" {
	tls_report one >one.json
	import --limit json-bytes=1024 --limit json-values=100 --limit tls-policies=1 one.json
	numbers tls_reports=1
	tls_report two >two.json
	head -c 2000 /dev/zero | tr '\0' ' ' >>two.json
	import --limit json-bytes=1024 two.json
	assert_status 65
	assert_stderr_has "/two.json: more than 1024 bytes (limit json-bytes)"
	dmarcq rejects --retry --db "$db"
	assert_status 0
	assert_summary "0 reports, 0 records, 0 messages, 1 TLS report in T s"
	tls_report three | sed 's/"policies"/"x": [[[[[[[[[[]]]]]]]]]], "policies"/' >three.json
	import --limit json-depth=8 three.json
	assert_status 65
	assert_stderr_has "more than 8 levels (limit json-depth)"
	clean
}

@test "a text that means harm harms neither terminal nor spreadsheet" {
	tls_report $'=1+1\\u001b[31m' 1 9 9 $'=cmd|x\\u001b]0;' >harm.json
	import harm.json
	numbers tls_reports=1
	dmarcq tls --db "$db"
	assert_stdout_lacks $'\e'
	dmarcq export --what tls --db "$db"
	assert_stdout_lacks $'\e'
	assert_stdout_has "'=cmd|x"
	assert_stdout_has "'=1+1"
}

@test "status tells of TLS reports where there are some" {
	report one 5 >one.xml
	import one.xml
	dmarcq status --db "$db"
	assert_stdout_lacks TLS
	tls_report one >one.json
	import one.json
	dmarcq status --db "$db"
	assert_equal "$(grep -A 5 "^TLS reports" "$out")" "TLS reports
  Reports:      1
  Sessions:     821
  Failed:       9
  Share failed: 1.1%
  Last day:     2026-01-01"
	dmarcq status --db "$db" --format json
	assert_json tls '{"reports": 1, "sessions": 821, "failed": 9, "fail_share": 1.0962, "last_day": "2026-01-01", "authenticated": 0, "forged": 0}'
	assert_json last_import.tls_reports 1
	ask status
	assert_status 0
	assert_stderr "dmarcq: there are no aggregate reports yet, only TLS reports: \`dmarcq tls\`"
}

@test "export --what tls: sums are right, the manifest can be checked" {
	ask export --what tls -o tls.csv
	assert_status 0
	python3 - <<-'PYTHON'
	import csv
	rows = list(csv.DictReader(open('tls.csv', newline='', encoding='utf-8')))
	number = lambda name, kind: sum(int(row[name]) for row in rows if row['row'] == kind and row[name])
	assert number('successful', 'policy') == 14988 and number('failed', 'policy') == 1630, rows
	assert number('failed_sessions', 'failure') == 1632
	assert not any(row['failed'] or row['successful'] for row in rows if row['row'] == 'failure')
	assert [row['begin'] for row in rows] == sorted(row['begin'] for row in rows)
	assert len({row['original_sha256'] for row in rows}) == 6
	originals = list(csv.DictReader(open('tls.csv.originals.csv', newline='', encoding='utf-8')))
	assert sorted(row['report'] for row in originals) == ['T1', 'T2', 'T3', 'T4', 'T5', 'T6']
	PYTHON
	ask export --verify tls.csv
	assert_status 0
	assert_stdout "tls.csv: the same as its manifest and the database: 14 rows, 6 originals"
	ask export --what tls --format jsonl --domain example.net
	assert_equal "$(wc -l <"$out")" 1
	assert_json policy_type no-policy-found
	ask export --what tls --redact --redact-ip
	assert_stdout_lacks postmaster@
	assert_stdout_lacks 192.0.2.41
	assert_stdout_has "*@portal.example"
	ask export --what tls --only failing
	assert_status 64
	ask export --what tls --only authenticated
	assert_status 0
	assert_equal "$(wc -l <"$out")" 1
}

@test "db prune takes old TLS reports away, whole, and keeps what others need" {
	local i
	for i in 1 5 9; do
		tls_report "r$i" "$i" | sed 's/2026-01/2025-01/g' >"old$i.json"
		tls_report "r$i" "$i" >"new$i.json"
	done
	cat old5.json new5.json >both.json
	dmarcq import -q --db "$db" --jobs 1 old1.json new1.json both.json new9.json old9.json
	dmarcq db prune --db "$db" --keep 100d --dry-run --format json
	assert_json rows.0.tls_reports 3
	dmarcq db prune --db "$db" --keep 100d --format json
	assert_json rows.0.tls_reports 3
	assert_json rows.0.originals 2
	clean
	assert_equal "$(sql 'SELECT group_concat(report_id) FROM tls_report')" r1,r5,r9
	assert_equal "$(sql 'SELECT count(*) FROM original')" 3
	assert_equal "$(sql 'SELECT count(*) FROM tls_failure') $(sql 'SELECT count(*) FROM tls_policy')" "3 3"
	dmarcq db rebuild --db "$db"
	assert_status 0
	clean
	assert_equal "$(sql 'SELECT group_concat(report_id || begin) FROM tls_report')" r11767225600,r51767571200,r91767916800
	dmarcq db prune --db "$db" --keep 100d --originals --format json
	assert_json rows.0.originals 0
}

@test "db prune --originals and --keep-rollup" {
	tls_report old 1 | sed 's/2026-01/2025-01/g' >old.json
	tls_report new 1 >new.json
	dmarcq import -q --db "$db" old.json new.json
	dmarcq db prune --db "$db" --keep 100d --originals --format json
	assert_json rows.0.originals 1
	assert_json rows.0.tls_reports 0
	assert_equal "$(sql 'SELECT count(*) FROM tls_report')" 2
	dmarcq db rebuild --db "$db"
	assert_status 65
	clean
	dmarcq db prune --db "$db" --keep 100d --keep-rollup --format json
	assert_json rows.0.tls_reports 1
	assert_equal "$(sql 'SELECT report_id FROM tls_report')" new
	clean
}

@test "db check finds what is wrong with TLS reports" {
	tls_report one >one.json
	tls_report two 2 >two.json
	dmarcq import -q --db "$db" --jobs 1 one.json two.json
	sqlite3 "$db" "UPDATE tls_report SET policies = 2 WHERE id = 1; UPDATE tls_policy SET type = 9999 WHERE id = 2;
		UPDATE tls_failure SET policy = 77 WHERE id = 2; INSERT INTO tls_repeat (report, arrival) VALUES (9, 1);"
	dmarcq db check --db "$db"
	assert_status 1
	assert_stdout_has "TLS report T1: it says 2 policies, there are 1"
	assert_stdout_has "TLS policy 2: its report or a text is missing"
	assert_stdout_has "TLS failure 2: its policy, an address or a text is missing"
	assert_stdout_has "TLS repetition 1: its report or arrival is missing"
}
