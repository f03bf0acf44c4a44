#!/usr/bin/env bats
# sources: who sends as a domain, of which class, what was decided, what to fix; and that spoofing drowns nobody.

load helper

setup_file() {
	: "${DMARCQ_TOP:=$(cd "$BATS_TEST_DIRNAME/../.." && pwd)}"
	: "${DMARCQ:=$DMARCQ_TOP/build/test/dmarcq}"
	cp -r "$DMARCQ_TOP/samples" "$BATS_FILE_TMPDIR/samples"
	cd "$BATS_FILE_TMPDIR" || exit
	"$DMARCQ" import -q --db samples.db samples/archive samples/files samples/maildir samples/mbox samples/odd || [ $? -eq 1 ]
	"$DMARCQ" db init --db empty.db
}

fresh() {
	cp "$BATS_FILE_TMPDIR/samples.db" "$db"
}

ask() {
	dmarcq sources --db "$db" "$@"
}

mark() {
	dmarcq mark -q --db "$db" "$@" --note x --by jane
	assert_status 0
}

# rows EXPRESSION: a Python expression over each row r of the JSON on stdout, one a line.
rows() {
	python3 - "$1" <<'PYTHON'
import json, sys
for r in json.load(open('stdout', encoding='utf-8'))['rows']:
    print(eval(sys.argv[1]))
PYTHON
}

@test "each source has its class, share, trend, and what to fix; what only spoofs is one line" {
	fresh
	COLUMNS=80 ask --domain example.com
	assert_status 0
	assert_stderr
	assert_stdout "2026-03-23 to 2026-06-30 (UTC days)

Source                 Class      Messages  Passes  Trend   Last day
Mailchimp              dkim-only   176,466  100.0%  steady  2026-06-30
example.com            full        152,431  100.0%  steady  2026-06-30
    Also: 8,646 spf-only
    Why: SPF passes for invoices.example.com; no DKIM signature
    Fix: Have it sign with DKIM as d=example.com: SPF alone is lost when mail is
        forwarded.
Twilio SendGrid        service      25,725    0.0%  steady  2026-06-30
    Why: SPF and DKIM pass for sendgrid.net, neither aligned with example.com
    Fix: Settings > Sender Authentication > Authenticate Your Domain: 3 CNAMEs
        (em<n>, s1._domainkey, s2._domainkey) give aligned SPF and DKIM.
198.51.100.0/24        forwarded     5,099  100.0%  steady  2026-06-30
community.example      list          3,484    0.0%  steady  2026-06-30
    Why: the receiver says that it came through a list or forwarder; DKIM
        example.com/s2026 fails
forwarder.example      forwarded     2,873  100.0%  steady  2026-06-30
92 spoofing addresses  spoofed      47,890    0.0%  -       2026-06-30"
}

@test "programs get each source, and the sum is all there is" {
	fresh
	ask --domain example.com --format json
	assert_status 0
	assert_stderr
	assert_json query sources
	assert_json window.since 2026-03-23
	sources=$(rows "r['messages']" | python3 -c 'import sys; print(sum(map(int, sys.stdin)))')
	dmarcq status --db "$db" --domain example.com --format json
	assert_equal "$sources" "$(rows "r['messages']")"
	ask --domain example.com --format json
	assert_equal "$(rows "r['class']" | sort | uniq -c | sort -rn | head -1 | sed 's/ *//')" "$(rows "r['class']" | grep -c spoofed) spoofed"
	assert_equal "$(rows "r['source'] if r['class'] == 'service' else ''" | tr -d '\n')" "Twilio SendGrid"
}

@test "-n 0 and --class show each spoofing network, -n bounds the others alone" {
	fresh
	ask --domain example.com -n 2 --format csv
	assert_status 0
	assert_equal "$(cut -d , -f 1,3,4 stdout | tr -d '\r')" "source,class,messages
Mailchimp,dkim-only,176466
example.com,full,152431
92 spoofing addresses,spoofed,47890"
	ask --domain example.com -n 2
	assert_equal "$(tail -1 stdout)" "4 more sources: -n 0 shows all"
	ask --domain example.com -n 0 --format csv
	assert_equal "$(grep -c ,spoofed, stdout)" "$(ask --domain example.com --class spoofed -n 0 --format csv; grep -c ,spoofed, stdout)"
	ask --domain example.com --class spoofed
	assert_equal "$(sed -n 4p stdout | tr -s ' ' | cut -d ' ' -f 1-3)" "203.0.113.0/24 spoofed 35,706"
}

@test "a class is counted alone" {
	fresh
	ask --class broken --format csv
	assert_status 0
	assert_stderr
	assert_equal "$(cut -d , -f 1-5,15 stdout | tr -d '\r')" "source,domain,class,messages,aligned,fix
hosting.example,example.net,broken,3567,0,\"Compare the key in DNS with the one that signs"
	ask --class tenant
	assert_status 0
	assert_stdout "2026-03-23 to 2026-06-30 (UTC days)"
	assert_stderr "dmarcq: no mail of that class"
	ask --class bad
	assert_status 64
	assert_stdout
	ask --sort last_day --format csv -n 1 --domain example.net
	assert_status 0
	ask --sort colour
	assert_status 64
}

# worded N: what is said of hosting.example, with N messages that are broken beside 13,370 that pass.
worded() {
	fresh
	sqlite3 "$db" "CREATE TEMP TABLE broken AS SELECT day, traffic.profile AS profile, traffic.ip AS ip FROM traffic
	        JOIN profile ON profile.id = traffic.profile JOIN ip ON ip.id = traffic.ip
	    WHERE profile.dmarc = 0 AND ip.text = '198.51.100.90';
	    UPDATE traffic SET messages = 0 WHERE (day, profile, ip) IN (SELECT day, profile, ip FROM broken);
	    UPDATE traffic SET messages = $1 WHERE (day, profile, ip) IN (SELECT day, profile, ip FROM broken LIMIT 1)"
	ask --domain example.net --format json
	assert_status 0
	rows "f\"{r['also']}: {r['fix'] is not None}\" if r['source'] == 'hosting.example' else ''" | grep .
}

@test "next to nothing of a source asks for no repair" {
	assert_equal "$(worded 100)" "100 broken: True"
	assert_equal "$(worded 13)" "13 broken: False"
	assert_equal "$(worded 14)" "14 broken: True"
}

@test "decisions count: of a name, a network, an address, for one domain, and as long as they hold" {
	fresh
	mark "Twilio SendGrid" not-ours
	mark community.example forwarder --domain example.com
	mark 203.0.113.0/24 ours --domain example.org
	mark hosting.example ours --domain example.net --until 2026-06-29
	mark forwarder.example ours
	mark forwarder.example undecided --domain example.com
	ask --format json
	assert_status 0
	assert_equal "$(rows "f\"{r['source']} {r['domain']} {r['class']} {r['decision']}\" if r['decision'] or r['source'] == 'hosting.example' else ''" | grep . | sort)" \
"203.0.113.0/24 example.org broken ours
Twilio SendGrid example.com spoofed not-ours
community.example example.com list forwarder
hosting.example example.net dkim-only None"
	ask --format json --until 2026-06-29
	assert_equal "$(rows "r['decision'] if r['source'] == 'hosting.example' else ''" | grep .)" ours
	# what was decided is never folded
	ask --domain example.com
	assert_equal "$(grep -c 'not-ours' stdout)" 1
}

@test "an address that is decided otherwise than its organisation stands for itself" {
	fresh
	local ip
	ip=$(sql "SELECT ip.text FROM traffic JOIN ip ON ip.id = traffic.ip JOIN profile ON profile.id = traffic.profile
	    WHERE profile.details IN (SELECT details FROM profile) AND ip.text LIKE '192.0.2.%' ORDER BY 1 LIMIT 1")
	mark "$ip" not-ours --domain example.com
	ask --domain example.com --format json
	assert_equal "$(rows "r['decision'] if r['source'] == '$ip' else ''" | grep .)" not-ours
}

@test "a forged date does not move the window, and --only asks authenticated reports alone" {
	fresh
	sqlite3 "$db" "INSERT INTO day (id, domain, day, reporter, reports, messages, passed, failed)
	    SELECT 999999, id, 47482, 1, 1, 1, 1, 0 FROM name WHERE text = 'example.com'"
	ask --domain example.com -n 1
	assert_equal "$(head -1 stdout)" "2026-03-23 to 2026-06-30 (UTC days)"
	ask --only authenticated --domain example.com
	assert_status 0
	assert_equal "$(grep -c spoofed stdout)" 0
}

@test "without reports, and without a database, it says so" {
	cp "$BATS_FILE_TMPDIR/empty.db" "$db"
	ask
	assert_status 0
	assert_stdout
	assert_stderr "dmarcq: there are no reports yet: \`dmarcq import\` reads them"
	fresh
	ask --domain example.com --since 2026-08-01
	assert_status 0
	assert_stdout "2026-08-01 to 2026-08-01 (UTC days)"
}

@test "--sort fix puts what is to be mended first" {
	dmarcq sources --db "$BATS_FILE_TMPDIR/samples.db" --sort fix --format csv -n 0
	assert_status 0
	python3 - <<-'PYTHON' || fail "order"
	import csv
	fixes = [row['fix'] != '' for row in csv.DictReader(open('stdout', newline='', encoding='utf-8'))]
	assert fixes == sorted(fixes, reverse=True) and True in fixes and False in fixes, fixes
	PYTHON
}
