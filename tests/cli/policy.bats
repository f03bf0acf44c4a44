#!/usr/bin/env bats
# policy: against the truth of the samples, and over a change of policy that reporters notice one after the other.

load helper

# report ID REPORTER DOMAIN DAY MESSAGES DISPOSITION POLICY: a report of a day of 2026-03 about mail that fails.
report() {
	cat <<-XML
	<feedback><report_metadata><org_name>$2</org_name><email>a@$2</email><report_id>$1</report_id>
	<date_range><begin>$((1772323200 + $4 * 86400))</begin><end>$((1772409599 + $4 * 86400))</end></date_range></report_metadata>
	<policy_published><domain>$3</domain>$7</policy_published>
	<record><row><source_ip>192.0.2.1</source_ip><count>$5</count><policy_evaluated><disposition>$6</disposition>
	<dkim>fail</dkim><spf>fail</spf></policy_evaluated></row>
	<identifiers><header_from>$3</header_from></identifiers>
	<auth_results><spf><domain>$3</domain><result>fail</result></spf></auth_results></record></feedback>
	XML
}

setup_file() {
	: "${DMARCQ_TOP:=$(cd "$BATS_TEST_DIRNAME/../.." && pwd)}"
	: "${DMARCQ:=$DMARCQ_TOP/build/test/dmarcq}"
	local none="<p>none</p>" reject="<p>reject</p><sp>none</sp><pct>100</pct>" n=0 day
	cp -r "$DMARCQ_TOP/samples" "$BATS_FILE_TMPDIR/samples"
	cd "$BATS_FILE_TMPDIR" || exit
	"$DMARCQ" import --db samples.db samples/archive samples/files samples/maildir samples/mbox samples/odd || [ $? -eq 1 ]
	"$DMARCQ" db init --db empty.db
	mkdir made
	# example.com goes from none to reject on day 10 (2026-03-11). prompt sees it at once, slow three days later, stuck never;
	# wordy fills in what the record leaves out, which is no other policy; prompt is back at none on day 20.
	one() {
		n=$((n + 1))
		report "r$n" "$@" >"made/$n.xml"
	}
	for day in 8 9; do one prompt.example example.com $day 10 none "$none"; done
	for day in 10 11 12; do one prompt.example example.com $day 10 reject "$reject"; done
	one prompt.example example.com 20 10 none "$none"
	for day in 8 9 10 11 12; do one slow.example example.com $day 100 none "$none"; done
	one slow.example example.com 13 100 quarantine "$reject"
	one stuck.example example.com 9 1000 none "$none"
	one stuck.example example.com 15 1000 none "$none"
	one wordy.example example.com 8 1 none "<p>none</p><sp>none</sp><adkim>r</adkim><aspf>r</aspf><pct>100</pct>"
	one wordy.example example.com 10 1 reject "<p>reject</p><sp>none</sp><adkim>r</adkim><aspf>r</aspf><pct>100</pct>"
	one odd.example example.net 8 7 none "<p>discard</p>"
	"$DMARCQ" import --db made.db made
}

ask() {
	dmarcq policy --db "$BATS_FILE_TMPDIR/samples.db" "$@"
}

made() {
	dmarcq policy --db "$BATS_FILE_TMPDIR/made.db" --format csv "$@"
	tr -d '\r' <stdout >lines
	mv lines stdout
}

head="domain,p,sp,np,adkim,aspf,pct,fo,testing,discovery_method,reporter,first_day,last_day,next_day,late_reporters,late_days"
head+=",reports,reporters,messages,failing,quarantine,reject,acted_percent,expected"

@test "every policy of the samples is told as it is" {
	ask --format json
	assert_status 0
	assert_stderr
	assert_json query policy
	python3 - "$DMARCQ_TOP/samples/TRUTH.json" <<-'PYTHON' || fail "not the truth"
		import json, sys
		t = json.load(open(sys.argv[1], encoding='utf-8'))
		told = [{'domain': d, **row, 'reporters': len(row['reporters']),
		         'acted_percent': round(100 * (row['quarantine'] + row['reject']) / row['failing'], 4)}
		        for d in sorted(t['domains']) for row in t['domains'][d]['policies']]
		got = json.load(open('stdout', encoding='utf-8'))['rows']
		assert [{k: row[k] for k in told[0]} for row in got] == told, got
		assert all(row['reporter'] is None for row in got)
	PYTHON
}

@test "by reporter, the rows of a policy add up to it" {
	ask --format json
	mv stdout policies
	ask --by reporter --format json
	assert_status 0
	python3 - "$DMARCQ_TOP/samples/TRUTH.json" <<-'PYTHON' || fail "not the sum"
		import json, sys
		TAGS = 'domain p sp np adkim aspf pct fo testing discovery_method'.split()
		t = json.load(open(sys.argv[1], encoding='utf-8'))
		rows = json.load(open('stdout', encoding='utf-8'))['rows']
		for policy in json.load(open('policies'))['rows']:
		    mine = [r for r in rows if all(r[tag] == policy[tag] for tag in TAGS)]
		    assert len(mine) == policy['reporters']
		    for name in 'reports messages failing quarantine reject'.split():
		        assert sum(r[name] for r in mine) == policy[name], name
		    assert min(r['first_day'] for r in mine) == policy['first_day']
		    assert max(r['last_day'] for r in mine) == policy['last_day']
		    truth = next(p for p in t['domains'][policy['domain']]['policies'] if all(p[tag] == policy[tag] for tag in TAGS[1:]))
		    assert [r['reporter'] for r in mine] == truth['reporters']
	PYTHON
}

@test "a change shows when it took effect and who lags" {
	made --domain example.com
	assert_status 0
	assert_stderr
	assert_stdout "$head
example.com,none,,,,,,,,,,2026-03-09,2026-03-21,2026-03-11,2,5,10,3,2530,2530,0,0,0,none
example.com,none,none,,r,r,100,,,,,2026-03-09,2026-03-09,2026-03-11,0,0,1,1,1,1,0,0,0,none
example.com,reject,none,,,,100,,,,,2026-03-11,2026-03-14,,,,4,2,130,130,100,30,100,reject; subdomains: none
example.com,reject,none,,r,r,100,,,,,2026-03-11,2026-03-11,,,,1,1,1,1,0,1,100,reject; subdomains: none"
	made --domain example.com --by reporter
	assert_stdout "$head
example.com,none,,,,,,,,,prompt.example,2026-03-09,2026-03-21,2026-03-11,,0,3,,30,30,0,0,0,none
example.com,none,,,,,,,,,slow.example,2026-03-09,2026-03-13,2026-03-11,,2,5,,500,500,0,0,0,none
example.com,none,,,,,,,,,stuck.example,2026-03-10,2026-03-16,2026-03-11,,5,2,,2000,2000,0,0,0,none
example.com,none,none,,r,r,100,,,,wordy.example,2026-03-09,2026-03-09,2026-03-11,,0,1,,1,1,0,0,0,none
example.com,reject,none,,,,100,,,,prompt.example,2026-03-11,2026-03-13,,,,3,,30,30,0,30,100,reject; subdomains: none
example.com,reject,none,,,,100,,,,slow.example,2026-03-14,2026-03-14,,,,1,,100,100,100,0,100,reject; subdomains: none
example.com,reject,none,,r,r,100,,,,wordy.example,2026-03-11,2026-03-11,,,,1,,1,1,0,1,100,reject; subdomains: none"
}

@test "a window holds the reports whose days touch it" {
	made --domain example.com --since 2026-03-12 --until 2026-03-14
	assert_status 0
	assert_stdout "$head
example.com,none,,,,,,,,,,2026-03-12,2026-03-13,,,,2,1,200,200,0,0,0,none
example.com,reject,none,,,,100,,,,,2026-03-12,2026-03-14,,,,3,2,120,120,100,20,100,reject; subdomains: none"
}

@test "a word that is no policy is told as it came, and nothing is expected of it" {
	made --domain example.net
	assert_status 0
	assert_stdout "$head
example.net,discard,,,,,,,,,,2026-03-09,2026-03-09,,,,1,1,7,7,0,0,0,"
}

@test "a table at 80 columns" {
	COLUMNS=80 ask --domain example.net --since 2026-05-10 --until 2026-05-20
	assert_status 0
	assert_stderr
	assert_stdout "$(cat "$BATS_TEST_DIRNAME/golden/policy-80.txt")"
}

@test "a table at 200 columns, without tags that no row knows" {
	COLUMNS=200 ask --domain example.net --by reporter
	assert_status 0
	assert_stdout "$(cat "$BATS_TEST_DIRNAME/golden/policy-200.txt")"
	COLUMNS=200 ask --domain example.org
	assert_stdout_lacks Reporter" "
	assert_stdout_lacks " t "
	assert_stdout_lacks "Next from"
}

@test "no line is wider than the terminal" {
	local columns
	for columns in 80 96 120 160 200; do
		COLUMNS=$columns ask --by reporter
		assert_status 0
		python3 -c 'import sys
assert max(len(line.rstrip("\n")) for line in open("stdout", encoding="utf-8")) <= int(sys.argv[1])' "$columns" ||
		    fail "wider than $columns"
	done
}

@test "-n and --sort" {
	made -n 2
	assert_equal "$(wc -l <stdout)" 3
	made --sort messages -n 1
	assert_equal "$(sed -n 2p stdout | cut -d, -f1,2,19)" "example.com,none,2530"
	made -n 0
	assert_equal "$(wc -l <stdout)" 6
}

@test "a domain with more policies than anyone publishes is listed without comparing each with each" {
	cp "$BATS_FILE_TMPDIR/empty.db" "$db"
	sqlite3 "$db" "INSERT INTO name (id, text) VALUES (100, 'example.com'); INSERT INTO reporter VALUES (1, 'a.example');
	    INSERT INTO author (id, hash) VALUES (1, 1);
	    INSERT INTO run (id, started, program) VALUES (1, 1, 'test'); INSERT INTO folder VALUES (1, 'x');
	    INSERT INTO file VALUES (1, 1, 'x', 1, 1, 1, 1); INSERT INTO original (id, sha256, size, missing, deflated) VALUES (1, x'ab', 1, 0, 0);
	    INSERT INTO arrival (id, run, after, file, original) VALUES (1, 1, 1, 1, 1);
	    INSERT INTO day (domain, day, reporter, reports, messages, passed, failed) VALUES (100, 1, 1, 250, 250, 0, 0)"
	more() {
		sqlite3 "$db" "WITH RECURSIVE n(i) AS (SELECT $1 UNION ALL SELECT i + 1 FROM n WHERE i < $2)
		    INSERT INTO policy (id, hash, domain, p, fo) SELECT i, i, 100, 'none', 'x' || i FROM n;
		    INSERT INTO report (hash, state, reporter, domain, report_id, begin, end, author, policy, arrival, incomplete, repaired,
		        records, messages, content, first_record)
		    SELECT id, 1, 1, 100, id, 86400 * id, 86400 * id + 86399, 1, id, 1, 0, 0, 1, 1, id, 1 FROM policy WHERE id >= $1"
	}
	more 1 250
	dmarcq policy --db "$db" --format csv
	assert_status 0
	assert_equal "$(sed -n 2p stdout | cut -d, -f12-16)" 1970-01-02,1970-01-02,1970-01-03,0,0
	assert_equal "$(wc -l <stdout)" 251
	more 251 251
	dmarcq policy --db "$db" --format csv
	assert_equal "$(sed -n 2p stdout | cut -d, -f12-16)" 1970-01-02,1970-01-02,,,
	assert_equal "$(wc -l <stdout)" 252
}

@test "reports of no known day count without a window only" {
	report x1 late.example example.org 1 3 none "<p>none</p>" | sed 's/<begin>.*<\/end>//' >x.xml
	dmarcq import --db "$db" x.xml
	dmarcq policy --db "$db" --format csv
	assert_status 0
	assert_stdout "$head"$'\r'"
example.org,none,,,,,,,,,,,,,,,1,1,3,3,0,0,0,none"$'\r'
	dmarcq policy --db "$db" --format csv --since 2026-01-01 --until 2026-12-31
	assert_status 0
	assert_stdout "$head"$'\r'
	assert_stderr "dmarcq: no report says of which day it is: leave --since and --until out"
}

@test "usage errors name what is wrong" {
	ask --by domain
	assert_status 64
	assert_stdout
	assert_stderr 'dmarcq: policy: --by: not one of policy|reporter: "domain"'
	ask --sort size
	assert_status 64
	assert_stderr "dmarcq: policy: --sort: no such column: \"size\"; there are ${head//,/, }"
	ask --since never
	assert_status 64
	ask example.com
	assert_status 64
	ask --domain example.edu
	assert_status 65
	assert_stderr "dmarcq: no reports about example.edu; there are some about example.com, example.net, example.org"
}

@test "no data is said in words" {
	dmarcq policy --db "$BATS_FILE_TMPDIR/empty.db"
	assert_status 0
	assert_stdout
	assert_stderr "dmarcq: there are no reports yet: \`dmarcq import\` reads them"
	ask --since 2026-07-15
	assert_status 0
	assert_stderr "dmarcq: no reports since 2026-07-15; there are some from 2026-04-02 to 2026-06-30"
}
