#!/usr/bin/env bats
# The questions over the samples, whose truth lies in samples/TRUTH.json, and over one report that means harm.

load helper

setup_file() {
	: "${DMARCQ_TOP:=$(cd "$BATS_TEST_DIRNAME/../.." && pwd)}"
	: "${DMARCQ:=$DMARCQ_TOP/build/test/dmarcq}"
	cp -r "$DMARCQ_TOP/samples" "$BATS_FILE_TMPDIR/samples"
	cd "$BATS_FILE_TMPDIR" || exit
	"$DMARCQ" import --db samples.db samples/archive samples/files samples/maildir samples/mbox samples/odd || [ $? -eq 1 ]
	mkdir empty
	"$DMARCQ" db init --db empty.db
	cat >hostile.xml <<-'XML'
	<feedback><report_metadata><org_name>=cmd|' /C calc'!A1</org_name><email>a@evil.example</email>
	<report_id>+1&#x9b;31m</report_id><date_range><begin>1767225600</begin><end>1767311999</end></date_range></report_metadata>
	<policy_published><domain>example.com</domain><p>none</p></policy_published>
	<record><row><source_ip>192.0.2.1</source_ip><count>3</count><policy_evaluated><disposition>none</disposition>
	<dkim>fail</dkim><spf>fail</spf><reason><type>other</type><comment>"&#x202e;live", yes
	no</comment></reason></policy_evaluated></row>
	<identifiers><header_from>example.com</header_from><envelope_from>@evil.example</envelope_from></identifiers>
	<auth_results><spf><domain>-evil.example</domain><result>softfail</result></spf></auth_results></record></feedback>
	XML
	"$DMARCQ" import --db hostile.db hostile.xml
}

ask() {
	dmarcq "$@" --db "$BATS_FILE_TMPDIR/samples.db"
}

# The truth beside the samples: truth EXPRESSION, a Python expression over t.
truth() {
	python3 -c '
import json, sys
t = json.load(open(sys.argv[1], encoding="utf-8"))
print(eval(sys.argv[2]))' "$DMARCQ_TOP/samples/TRUTH.json" "$1"
}

@test "status tells the truth about each domain" {
	ask status --format json
	assert_status 0
	assert_stderr
	assert_json format 1
	assert_json query status
	assert_json window.since 2026-04-02
	assert_json window.until 2026-06-30
	local i=0 domain
	for domain in example.com example.net example.org; do
		assert_json rows.$i.domain $domain
		assert_json rows.$i.reports "$(truth "t['domains']['$domain']['reports']")"
		assert_json rows.$i.messages "$(truth "t['domains']['$domain']['messages']")"
		assert_json rows.$i.reporters "$(truth "t['domains']['$domain']['reporters']")"
		assert_json rows.$i.missing_days "$(truth "t['domains']['$domain']['days_without_reports']")"
		assert_json rows.$i.pass_percent \
		    "$(truth "round(100 * t['domains']['$domain']['passed'] / t['domains']['$domain']['messages'], 4)")"
		i=$((i + 1))
	done
	assert_json rows.1.policy 'p=quarantine; sp=quarantine; np=reject; t=n'
	assert_json last_import.reports "$(truth "t['import']['reports']")"
	assert_json last_import.duplicates "$(truth "t['import']['duplicates']")"
	assert_json open_rejects "$(sqlite3 "$BATS_FILE_TMPDIR/samples.db" 'SELECT count(*) FROM reject WHERE retried IS NULL')"
}

@test "status of one domain as CSV" {
	ask status --domain EXAMPLE.org. --format csv
	assert_status 0
	assert_stdout "domain,reports,messages,pass_percent,reporters,first_day,last_day,missing_days,policy,authenticated,forged"$'\r'"
example.org,150,6874,74.9345,2,2026-04-02,2026-06-30,3,p=reject; sp=reject; pct=100,0,0"$'\r'
	assert_stderr
}

@test "the ranking fits 80 columns with everything in it" {
	COLUMNS=80 ask top-failures -n 2
	assert_status 0
	assert_stdout "2026-04-02 to 2026-06-30 (UTC days)

Source           Failing  Share  Messages   Fails  First day   Last day
203.0.113.0/24    37,429  45.1%    37,429  100.0%  2026-05-18  2026-05-24
    Why: SPF does not list the server; no DKIM signature  Holds for: 100.0%
    SPF: fail example.com  DKIM: none  No action: 35,706  Reject: 1,723
    Reporters: 7
Twilio SendGrid   25,725  31.0%    25,725  100.0%  2026-04-02  2026-06-30
    Why: each of SPF and DKIM passes for another domain  Holds for: 100.0%
    SPF: pass bounces.sendgrid.net (not aligned)
    DKIM: pass sendgrid.net (not aligned)  No action: 25,725  Reporters: 7
27 more sources fail 19,807 messages: -n 0 shows all"
	assert_stderr
}

@test "the ranking takes one line each on a wide terminal" {
	COLUMNS=275 ask top-failures -n 1 --domain example.net
	assert_status 0
	assert_stdout "2026-04-02 to 2026-06-30 (UTC days)

Source           Failing  Share  Messages  Fails  Why                                                          Holds for  SPF                                      DKIM              No action  Quarantine  Reject  Reporters  Domains  First day   Last day    Failure reports
hosting.example    3,567  85.7%    16,937  21.1%  SPF passes for another domain; the DKIM signature is broken     100.0%  pass apps.hosting.example (not aligned)  fail example.net          0       3,567       0          5        1  2026-06-12  2026-06-30                0
8 more sources fail 596 messages: -n 0 shows all"
}

@test "the head says what a row stands for" {
	local by
	for by in "source:Source" "ip:Source IP" "subnet:Network" "header-from:Header from" "envelope-from:Envelope from" \
	    "dkim-domain:DKIM domain" "spf-domain:SPF domain" "reporter:Reporter" "domain:Domain"; do
		ask top-failures --by "${by%%:*}" -n 1
		assert_status 0
		[[ $(sed -n 3p stdout) == "${by#*:} "* ]] || fail "not titled ${by#*:}"
	done
}

@test "no line of any table is wider than the terminal" {
	local columns query
	for columns in 80 100 132 200; do
		for query in status "top-failures -n 0" "reports -n 50" rejects "show 1"; do
			# shellcheck disable=SC2086
			COLUMNS=$columns ask $query
			assert_status 0
			python3 -c 'import sys
for line in open("stdout", encoding="utf-8"):
    assert len(line.rstrip("\n")) <= int(sys.argv[1]) or " " not in line.strip(), line' "$columns" ||
			    fail "$query is wider than $columns"
		done
	done
}

@test "all failing sources together are all failing messages" {
	ask top-failures -n 0 --format json
	assert_status 0
	[ "$(python3 -c 'import json; print(sum(r["failing"] for r in json.load(open("stdout"))["rows"]))')" = "$(truth "t['all']['failed']")" ] ||
	    fail "failing messages got lost"
	assert_json rows.0.source 203.0.113.0/24
	assert_json rows.0.why "SPF does not list the server; no DKIM signature"
	assert_json rows.0.why_share 100
	assert_json rows.0.spf "fail example.com"
	assert_json rows.0.dkim none
	assert_json rows.1.source "Twilio SendGrid"
	assert_json rows.1.failing "$(truth "t['sources'][1]['failing']")"
	assert_json rows.1.share "$(truth "round(100 * t['sources'][1]['failing'] / t['all']['failed'], 4)")"
	assert_json rows.1.fail_share 100
}

@test "every --by finds its truth" {
	local by key
	for by in ip header-from; do
		key="by $by"
		ask top-failures --by $by --domain example.com -n 1 --format json
		assert_status 0
		assert_json rows.0.source "$(truth "t['domains']['example.com']['$key'][0]['key']")"
		assert_json rows.0.failing "$(truth "t['domains']['example.com']['$key'][0]['failing']")"
		assert_json rows.0.messages "$(truth "t['domains']['example.com']['$key'][0]['messages']")"
	done
	ask top-failures --by reporter --domain example.com -n 2 --format json
	assert_json rows.0.source bigmail.example
	assert_json rows.0.failing "$(truth "t['domains']['example.com']['by reporter'][0]['failing']")"
	assert_json rows.1.source "enterprise mail"
	ask top-failures --by domain -n 0 --format json
	assert_json rows.0.source example.com
	assert_json rows.0.failing "$(truth "t['domains']['example.com']['failed']")"
	assert_json rows.2.source example.org
	assert_json rows.2.failing "$(truth "t['domains']['example.org']['failed']")"
	ask top-failures --by subnet -n 1 --format json
	assert_json rows.0.source 203.0.113.0/24
	ask top-failures --by dkim-domain -n 1 --format json
	assert_json rows.0.source null
	ask top-failures --by spf-domain -n 2 --format json
	assert_json rows.0.source example.com
	assert_json rows.1.source bounces.sendgrid.net
	ask top-failures --by envelope-from --domain example.net -n 2 --format json
	assert_json rows.0.source null
	assert_json rows.1.source apps.hosting.example
}

@test "windows count back from the newest report" {
	ask top-failures --since 30d --format json
	assert_json window.since 2026-06-01
	assert_json window.until 2026-06-30
	ask top-failures --since 2w --until 2026-05-24 --format json
	assert_json window.since 2026-05-11
	assert_json window.until 2026-05-24
	ask top-failures --until 7d --format json
	assert_json window.since 2026-04-02
	assert_json window.until 2026-06-23
	ask top-failures --domain example.net --since 2026-06-12 --format json
	assert_json rows.0.source hosting.example
	assert_json rows.0.first_day 2026-06-12
	ask top-failures --domain example.net --until 2026-06-11 --format json
	assert_stdout_lacks hosting.example
	assert_stderr
}

@test "a window without reports says which days have some" {
	ask top-failures --since 2020-01-01 --until 2020-12-31 --format csv
	assert_status 0
	assert_stdout "source,failing,share,messages,fail_share,why,why_share,spf,dkim,none,quarantine,reject,reporters,domains,first_day,last_day,failure_reports"$'\r'
	assert_stderr "dmarcq: no reports from 2020-01-01 to 2020-12-31; there are some from 2026-04-02 to 2026-06-30"
	local query
	for query in top-failures reports export; do
		ask $query --since 2026-07-01
		assert_status 0
		assert_stderr "dmarcq: no reports since 2026-07-01; there are some from 2026-04-02 to 2026-06-30"
	done
	dmarcq top-failures --since 2026-07-01 --db "$BATS_FILE_TMPDIR/empty.db"
	assert_status 0
	assert_stderr "dmarcq: there are no reports yet: \`dmarcq import\` reads them"
}

@test "an unknown domain names those that are known" {
	ask top-failures --domain nowhere.example
	assert_status 65
	assert_stdout
	assert_stderr "dmarcq: no reports about nowhere.example; there are some about example.com, example.net, example.org"
}

@test "a day that is none is a usage error" {
	local when
	for when in yesterday 2026-02-30 30x 1e3d -5d 2026-01; do
		ask reports --since="$when"
		assert_status 64
		assert_stdout
		assert_stderr "dmarcq: reports: --since: not a day: \"$when\": write 2026-01-31, or 30d or 12w to count back from the newest report"
	done
	ask reports --since 2026-05-02 --until 2026-05-01
	assert_status 64
	assert_stderr 'dmarcq: reports: --since: the window would begin after its end: "2026-05-02"'
}

@test "an empty database answers with nothing and says why" {
	local query
	for query in status top-failures reports export; do
		dmarcq $query --db "$BATS_FILE_TMPDIR/empty.db"
		assert_status 0
		assert_stderr "dmarcq: there are no reports yet: \`dmarcq import\` reads them"
	done
	dmarcq status --db "$BATS_FILE_TMPDIR/empty.db" --format json
	assert_json rows '[]'
	assert_json last_import null
	assert_json window.since null
	dmarcq rejects --db "$BATS_FILE_TMPDIR/empty.db"
	assert_status 0
	assert_stdout
	assert_stderr "dmarcq: nothing is rejected"
	dmarcq status --domain example.com --db "$BATS_FILE_TMPDIR/empty.db"
	assert_status 65
	assert_stderr "dmarcq: no reports about example.com: there are none at all yet, \`dmarcq import\` reads them"
}

@test "reports lists every report once, the conflict too" {
	ask reports --format json
	assert_status 0
	[ "$(python3 -c 'import json
rows = json.load(open("stdout"))["rows"]
counted = [r for r in rows if r["state"] == "counted"]
print(len(counted), sum(r["messages"] for r in counted), len(rows) - len(counted))')" = \
	    "$(truth "t['all']['reports'], t['all']['messages'], t['import']['conflicts']" | tr -d '(),')" ] || fail "other reports"
	ask reports -n 3 --format csv
	[ "$(wc -l <stdout)" -eq 4 ] || fail "not three reports"
}

@test "show gives everything of a report" {
	local id
	id=$(sqlite3 "$BATS_FILE_TMPDIR/samples.db" "SELECT report FROM report_repair WHERE code = 'no-verdict' LIMIT 1")
	ask show "$id" --format json
	assert_status 0
	assert_stderr
	assert_json query show
	assert_json report.id "$id"
	assert_json report.reporter "courrier général"
	assert_json policy.domain example.com
	assert_json arrivals.0.kind first
	assert_stdout_has '{"code":"no-verdict","times":'
	assert_stdout_has '"sentence":"a verdict is missing; it is unknown"'
	[ "$(json report.records)" -eq "$(python3 -c 'import json; print(len(json.load(open("stdout"))["rows"]))')" ] || fail "records"
	[ "$(json report.messages)" -eq "$(python3 -c 'import json; print(sum(r["messages"] for r in json.load(open("stdout"))["rows"]))')" ] ||
	    fail "messages"
	local sha256
	sha256=$(json report.original_sha256)
	ask show "$id" --original
	assert_status 0
	assert_equal "$(sha256sum <stdout)" "$sha256  -"
}

@test "sentences are never cut: on a narrow terminal they stand below" {
	sed 's/<p>none/<surprise>x<\/surprise><p>none/' <(report odd) >odd.xml
	printf '%s' '<feedback><report_metadata>' >hollow.xml
	import odd.xml hollow.xml
	COLUMNS=60 dmarcq show 1 --db "$db"
	assert_status 0
	tr -s '\n ' ' ' <"$out" >flat
	out=flat assert_stdout_has "an element that the format doesn't know was left out"
	COLUMNS=60 dmarcq rejects --db "$db"
	assert_status 0
	tr -s '\n ' ' ' <"$out" >flat
	out=flat assert_stdout_has "the report is cut short before its policy domain and its first record"
}

@test "show tells conflicts and repeats" {
	local id
	id=$(sqlite3 "$BATS_FILE_TMPDIR/samples.db" "SELECT id FROM report WHERE state = 2")
	ask show "$id" --format json
	assert_json report.state conflict
	assert_json conflicts.0.state counted
	local other
	other=$(json conflicts.0.id)
	ask show "$other" --format json
	assert_json conflicts.0.id "$id"
	id=$(sqlite3 "$BATS_FILE_TMPDIR/samples.db" "SELECT report FROM repeat WHERE kind = 'duplicate' LIMIT 1")
	ask show "$id" --format json
	assert_json arrivals.1.kind duplicate
}

@test "an id that is none" {
	ask show 999999
	assert_status 65
	assert_stdout
	assert_stderr "dmarcq: there is no report 999999: \`dmarcq reports\` lists them"
	ask show 999999 --original
	assert_status 65
	ask show 0
	assert_status 64
	assert_stderr 'dmarcq: show: not an id: "0"'
	ask rejects --bytes 999999
	assert_status 65
	assert_stderr "dmarcq: there is no reject 999999: \`dmarcq rejects\` lists them"
}

@test "rejects lists what could not be read and gives its bytes back" {
	ask rejects --format json
	assert_status 0
	local i
	i=$(python3 -c 'import json
print([i for i, r in enumerate(json.load(open("stdout"))["rows"]) if "/odd/" in r["where"]][0])')
	assert_json "rows.$i.status" bad
	assert_json "rows.$i.reason" "gzip: incorrect data check"
	local id where
	id=$(json "rows.$i.id")
	where=$(json "rows.$i.where")
	ask rejects --bytes "$id"
	assert_status 0
	cmp stdout "$where" || fail "other bytes"
}

@test "what a limit rejected is read by a retry without it" {
	local file
	file=$(find "$DMARCQ_TOP/samples/files" -type f | sort | head -n 1)
	dmarcq import --db test.db --format json "$file"
	cp stdout whole
	dmarcq import --db limited.db --limit records=2 "$file"
	assert_status 65
	dmarcq rejects --db limited.db --format json
	assert_json rows.0.status limit
	assert_json rows.0.where "$file"
	assert_stdout_has ": more than 2 records (limit records)\""
	dmarcq rejects --retry --db limited.db --limit records=2
	assert_status 1
	[[ $(cat stdout) == "0 reports, 0 records, 0 messages in "*" s; 1 rejected" ]] || fail "another summary"
	assert_stderr_has "dmarcq: $file: "
	assert_stderr_has ": more than 2 records (limit records)"
	dmarcq rejects --retry --db limited.db --format json
	assert_status 0
	assert_stderr
	local name
	for name in reports records messages; do
		assert_json $name "$(out=whole json $name)"
	done
	assert_json rejected 0
	dmarcq rejects --db limited.db
	assert_stdout
	assert_stderr "dmarcq: nothing is rejected"
	dmarcq show 1 --db limited.db --original
	cmp stdout "$file" || fail "other bytes"
	dmarcq show 1 --db limited.db --format json
	assert_json arrivals.0.where "$file"
	dmarcq db check --db limited.db
	assert_status 0
	dmarcq rejects --retry --db limited.db --format csv
	assert_status 0
	[[ $(sed -n 2p stdout) == 0,0,0,* ]] || fail "something was read twice"
}

@test "questions for one thing say when there is nothing at all yet" {
	dmarcq show 1 --db "$BATS_FILE_TMPDIR/empty.db"
	assert_status 65
	assert_stdout
	assert_stderr 'dmarcq: there is no report 1: there are none yet, `dmarcq import` reads them'
	dmarcq why foo --db "$BATS_FILE_TMPDIR/empty.db"
	assert_status 65
	assert_stdout
	assert_stderr 'dmarcq: no source is called "foo": there are no reports yet, `dmarcq import` reads them'
	ask show 99999
	assert_status 65
	assert_stderr 'dmarcq: there is no report 99999: `dmarcq reports` lists them'
}

@test "bytes have no format" {
	ask show 1 --original --format json
	assert_status 64
	assert_stdout
	assert_stderr "dmarcq: show: --original gives bytes: --format does not go with it"
}

@test "a column that was meant" {
	ask status --sort repotrs
	assert_status 64
	assert_stdout
	assert_stderr 'dmarcq: status: --sort: no such column: "repotrs"; did you mean reports?'
}

@test "show cuts no domain: what has no room stands below its row" {
	report one | sed 's/example.com/recovery-department.example.com/g; s,</header_from>,&<envelope_from>bounce.recovery-department.example.com</envelope_from>,' >one.xml
	import one.xml
	COLUMNS=80 dmarcq show 1 --db "$db"
	grep -qE "^192.0.2.1 +1  none +pass  fail  recovery-department.example.com$" "$out" || fail "the domain has left its row"
	assert_stdout_has "    Envelope from: bounce.recovery-department.example.com"
	assert_stdout_lacks ".."
	# Where even the first has no room, it stands below too.
	COLUMNS=60 dmarcq show 1 --db "$db"
	assert_stdout_has "    Header from: recovery-department.example.com"
	assert_stdout_lacks ".."
}

@test "a place is told whole at any width" {
	local where
	ask rejects --format json
	where=$(json rows.0.where)
	for COLUMNS in 40 80 200; do
		COLUMNS=$COLUMNS ask rejects
		tr -d '\n' <stdout >joined
		[[ $(cat joined) == *"${where##*/}"* ]] || fail "the place is cut at $COLUMNS"
	done
}

@test "export holds every record of the truth" {
	ask export
	assert_status 0
	assert_stderr
	python3 "$DMARCQ_TOP/scripts/make-samples" --records >truth.tsv
	python3 - <<-'PYTHON' || fail "records differ"
	import csv, datetime
	def seconds(text):
	    return str(int(datetime.datetime.strptime(text, "%Y-%m-%dT%H:%M:%S%z").timestamp()))
	want = [line.rstrip("\n").split("\t") for line in open("truth.tsv", encoding="utf-8")]
	head, want = want[0], sorted(want[1:])
	got = []
	rows = list(csv.DictReader(open("stdout", encoding="utf-8", newline="")))
	for row in rows:
	    row["begin"], row["end"] = seconds(row["begin"]), seconds(row["end"])
	    got.append([row[name] for name in head])
	assert sorted(got) == want, [pair for pair in zip(sorted(got), want) if pair[0] != pair[1]][:3]
	order = [(int(r["begin"]), r["domain"].encode(), r["reporter"].encode(), r["report_id"].encode()) for r in rows]
	assert order == sorted(order)
	PYTHON
	cp stdout first.csv
	ask export -o second.csv
	assert_status 0
	assert_stdout
	cmp first.csv second.csv || fail "not the same twice"
	[ "$(head -c 31 first.csv)" = "domain,org_name,report_id,begin" ] || fail "another head"
	[ "$(grep -c $'\r$' first.csv)" -eq 7473 ] || fail "not all lines end with CR LF"
}

@test "export as JSON lines agrees with CSV" {
	ask export --since 2026-06-30 --domain example.org --format jsonl -o records.jsonl
	assert_status 0
	ask export --since 2026-06-30 --domain example.org
	python3 - <<-'PYTHON' || fail "they differ"
	import csv, json
	lines = [json.loads(line) for line in open("records.jsonl", encoding="utf-8")]
	rows = list(csv.DictReader(open("stdout", encoding="utf-8", newline="")))
	assert len(rows) == len(lines) > 0
	for line, row in zip(lines, rows):
	    assert list(line) == list(row)
	    for name in ("domain", "report_id", "begin", "source_ip", "header_from", "original_sha256"):
	        assert line[name] == row[name], name
	    assert line["messages"] == int(row["messages"])
	    words = "; ".join(d["domain"] + ("/" + d["selector"] if d["selector"] else "") + "=" + d["result"] for d in line["dkim_results"])
	    assert row["dkim_results"].startswith(words)
	PYTHON
}

@test "a file that can't be written leaves the old one" {
	ask export -o missing/file.csv
	assert_status 74
	assert_stdout
	assert_stderr "dmarcq: missing/file.csv: cannot write: No such file or directory"
	echo old >old.csv
	status=0
	(ulimit -f 64 && trap '' XFSZ && "$DMARCQ" export --db "$BATS_FILE_TMPDIR/samples.db" -o old.csv) >stdout 2>stderr || status=$?
	assert_status 74
	assert_stderr "dmarcq: old.csv: cannot write: File too large"
	assert_equal "$(cat old.csv)" old
	assert_equal "$(echo old.csv*)" old.csv
}

@test "a full disk is exit code 74" {
	local query
	for query in "status" "reports --format json" "export" "export --format jsonl" "show 1" "show 1 --original"; do
		status=0
		# shellcheck disable=SC2086
		"$DMARCQ" $query --db "$BATS_FILE_TMPDIR/samples.db" >/dev/full 2>stderr || status=$?
		assert_status 74
		assert_stderr_has "cannot write: No space left on device"
	done
}

@test "nothing of a report reaches a terminal or a spreadsheet unescaped" {
	dmarcq export --db "$BATS_FILE_TMPDIR/hostile.db"
	assert_status 0
	assert_stdout_has ",\"'=cmd|' /C calc'!A1\","
	assert_stdout_has ",\"'@evil.example\","
	assert_stdout_has ",\"'-evil.example=softfail\","
	assert_stdout_has '\u202elive'
	local query
	for query in "export" "export --format jsonl" "reports" "show 1" "show 1 --format json" "top-failures --by envelope-from" \
	    "top-failures --format csv --by reporter" status; do
		# shellcheck disable=SC2086
		COLUMNS=80 dmarcq $query --db "$BATS_FILE_TMPDIR/hostile.db"
		assert_status 0
		python3 - <<-'PYTHON' || fail "$query lets something through"
		text = open("stdout", encoding="utf-8", newline="").read()
		bad = [c for c in text if ord(c) < 32 and c not in "\r\n" or 0x7f <= ord(c) < 0xa0 or 0x202a <= ord(c) <= 0x202e]
		assert not bad, bad
		PYTHON
	done
	COLUMNS=80 dmarcq show 1 --db "$BATS_FILE_TMPDIR/hostile.db"
	assert_stdout_has 'u202elive'
	dmarcq show 1 --format json --db "$BATS_FILE_TMPDIR/hostile.db"
	assert_json report.org_name "=cmd|' /C calc'!A1"
}

@test "colours only for terminals" {
	ask top-failures
	assert_stdout_lacks $'\033'
	script -qec "TERM=xterm COLUMNS=80 '$DMARCQ' top-failures -n 1 --db '$BATS_FILE_TMPDIR/samples.db'" /dev/null >stdout
	assert_stdout_has $'\033[1m'
	script -qec "TERM=xterm NO_COLOR=1 COLUMNS=80 '$DMARCQ' top-failures -n 1 --db '$BATS_FILE_TMPDIR/samples.db'" /dev/null >stdout
	assert_stdout_lacks $'\033['
	assert_stdout_has 203.0.113.0/24
}

@test "top-failures: -n takes the first of equal ones by name, whatever the group is" {
	python3 - >ties.xml <<'PYTHON'
names = ['b', 'a', 'ab', 'b0', 'ä', 'a-b', 'z', None, 'c', 'aa']
for number, name in enumerate(names + ['more', 'less']):
    count = {'more': 9, 'less': 1}.get(name, 4)
    host = f'{name or number}.example'
    sender = f'<envelope_from>{host}</envelope_from>' if name else ''
    result = f'<dkim><domain>{host}</domain><result>pass</result></dkim><spf><domain>{host}</domain><result>fail</result></spf>' if name else ''
    print(f'<feedback><report_metadata><org_name>{host}</org_name><email>a@b.example</email><report_id>{number}</report_id>'
          '<date_range><begin>1767225600</begin><end>1767311999</end></date_range></report_metadata>'
          f'<policy_published><domain>{name or number}.example.com</domain><p>none</p></policy_published><record><row>'
          f'<source_ip>198.51.{99 - number}.{number}</source_ip><count>{count}</count><policy_evaluated><disposition>none</disposition>'
          '<dkim>fail</dkim><spf>fail</spf></policy_evaluated></row><identifiers>'
          f'<header_from>{name or number}.example.com</header_from>{sender}</identifiers>'
          f'<auth_results>{result}</auth_results></record></feedback>')
PYTHON
	dmarcq import -q --db "$db" ties.xml
	assert_status 0
	local by n
	for by in source ip subnet header-from envelope-from dkim-domain spf-domain reporter domain; do
		dmarcq top-failures --db "$db" --by $by -n 0 --format csv
		cp stdout all
		assert_equal "$by $(wc -l <all)" "$by 13"
		for n in 1 2 3 6 10 11 12 13; do
			dmarcq top-failures --db "$db" --by $by -n $n --format csv
			assert_equal "$by $n $(cat stdout)" "$by $n $(head -n $((n + 1)) all)"
		done
	done
	dmarcq top-failures --db "$db" --by envelope-from -n 4 --format csv
	assert_equal "$(cut -d, -f1,2 stdout | tail -n 4)" "more.example,9
,4
a-b.example,4
a.example,4"
}

@test "top-failures: the last line of a table says what is left out, and how many domains a source hurts" {
	python3 - >more.xml <<-'PYTHON'
	for number, (domain, ip) in enumerate([("a", 1), ("b", 1), ("c", 1), ("a", 1), ("a", 2), ("b", 3)]):
	    print("<feedback><report_metadata><org_name>r.example</org_name><email>a@b.example</email>"
	          f"<report_id>{number}</report_id><date_range><begin>1767225600</begin><end>1767311999</end></date_range></report_metadata>"
	          f"<policy_published><domain>{domain}.example</domain><p>none</p></policy_published><record><row>"
	          f"<source_ip>2001:db8:1234:567{ip}:89ab:cdef:123:4567</source_ip><count>{1000 * (5 - ip) if ip < 3 else 1}</count><policy_evaluated>"
	          "<disposition>none</disposition><dkim>fail</dkim><spf>fail</spf></policy_evaluated></row><identifiers>"
	          f"<header_from>{domain}.example</header_from></identifiers><auth_results/></record></feedback>")
	PYTHON
	dmarcq import -q --db "$db" more.xml
	dmarcq top-failures --db "$db" --format json
	numbers rows.0.domains=3 rows.1.domains=1 rows.2.domains=1
	tail_of() {
		COLUMNS=80 dmarcq top-failures --db "$db" "$@"
		assert_status 0
		assert_stderr
		tail -n 1 stdout
	}
	assert_equal "$(tail_of -n 1)" "2 more sources fail 3,001 messages: -n 0 shows all"
	assert_equal "$(tail_of -n 2)" "1 more source fails 1 message: -n 0 shows all"
	assert_equal "$(tail_of -n 1 --by ip)" "2 more addresses fail 3,001 messages: -n 0 shows all"
	assert_equal "$(tail_of -n 1 --by domain)" "2 more domains fail 8,001 messages: -n 0 shows all"
	assert_equal "$(tail_of -n 1 --by header-from --domain a.example --domain b.example)" "1 more From domain fails 4,001 messages: -n 0 shows all"
	assert_equal "$(tail_of -n 1 --sort messages)" "2 more sources: -n 0 shows all"
	tail_of -n 3 >/dev/null
	assert_stdout_lacks "more"
	tail_of -n 0 >/dev/null
	assert_stdout_lacks "more"
	assert_stdout_lacks "Domains"
	COLUMNS=250 dmarcq top-failures --db "$db"
	assert_stdout_has " Reporters  Domains  First day "
	# The address is whole, whatever else has to go below.
	tail_of -n 1 --by ip >/dev/null
	assert_stdout_has "2001:db8:1234:5671:89ab:cdef:123:4567 "
	COLUMNS=60 dmarcq top-failures --db "$db" --by ip
	assert_stdout_has "2001:db8:1234:5671:89ab:cdef:123:4567 "
	dmarcq top-failures --db "$db" -n 1 --format csv
	assert_equal "$(wc -l <stdout)" 2
	dmarcq top-failures --db "$db" -n 1 --format json
	assert_equal "$(python3 -c 'import json; print(sorted(json.load(open("stdout"))))')" "['columns', 'format', 'query', 'rows', 'window']"
}

@test "no action is disposition none or pass; for trend all that was not acted on" {
	local word
	for word in none:1 pass:2 quarantine:4 reject:8 other:16; do
		report "$word" "${word#*:}" | sed "s|<disposition>none|<disposition>${word%:*}|; s|<dkim>pass|<dkim>fail|; s|<p>none|<p>reject|"
	done >words.xml
	dmarcq import -q --db "$db" words.xml
	dmarcq top-failures --db "$db" --format json
	assert_equal "$(json rows.0.failing) $(json rows.0.none) $(json rows.0.quarantine) $(json rows.0.reject)" "31 3 4 8"
	dmarcq reporters --db "$db" --format json
	assert_equal "$(json rows.0.asked) $(json rows.0.let_through)" "15 3"
	dmarcq trend --db "$db" --format json
	assert_equal "$(json rows.0.no_action) $(json rows.0.quarantine) $(json rows.0.reject)" "19 4 8"
}
