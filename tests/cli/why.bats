#!/usr/bin/env bats
# why: the whole story of one sender, over the samples and over reports made for what they don't hold: strict policies, modes
# that change, verdicts that contradict themselves, texts that mean harm.

load helper

# report ORG DAY POLICY RECORDS: one report of example.com for a day of January 2026.
report() {
	local begin=$((1767225600 + ($2 - 1) * 86400))
	printf '<feedback><report_metadata><org_name>%s</org_name><email>a@b.example</email><report_id>%s-%s</report_id>' "$1" "$1" "$2"
	printf '<date_range><begin>%s</begin><end>%s</end></date_range></report_metadata>' $begin $((begin + 86399))
	printf '<policy_published><domain>example.com</domain>%s</policy_published>%s</feedback>\n' "$3" "$4"
}

# record IP COUNT DKIM SPF RESULTS [REASON]
record() {
	printf '<record><row><source_ip>%s</source_ip><count>%s</count><policy_evaluated><disposition>none</disposition>' "$1" "$2"
	[ "$3" = - ] || printf '<dkim>%s</dkim>' "$3"
	[ "$4" = - ] || printf '<spf>%s</spf>' "$4"
	printf '%s</policy_evaluated></row><identifiers><header_from>example.com</header_from></identifiers>' "${6-}"
	printf '<auth_results>%s</auth_results></record>' "$5"
}

dkim() {
	printf '<dkim><domain>%s</domain><selector>%s</selector><result>%s</result></dkim>' "$1" "$2" "$3"
}

spf() {
	printf '<spf><domain>%s</domain><scope>%s</scope><result>%s</result></spf>' "$1" "$2" "$3"
}

setup_file() {
	: "${DMARCQ_TOP:=$(cd "$BATS_TEST_DIRNAME/../.." && pwd)}"
	: "${DMARCQ:=$DMARCQ_TOP/build/test/dmarcq}"
	cp -r "$DMARCQ_TOP/samples" "$BATS_FILE_TMPDIR/samples"
	cd "$BATS_FILE_TMPDIR" || exit
	"$DMARCQ" import -q --db samples.db samples/{archive,files,maildir,mbox,odd} || [ $? -eq 1 ]
	"$DMARCQ" db init --db empty.db
	mkdir made
	# a signature of a subdomain: aligned while adkim is r, to the 5th; not any more under adkim=s
	report a.example 5 '<p>none</p><adkim>r</adkim>' "$(record 192.0.2.1 3 pass fail "$(dkim m.example.com s1 pass)")" >made/1.xml
	report a.example 6 '<p>none</p><adkim>s</adkim>' "$(record 192.0.2.1 4 fail fail "$(dkim m.example.com s1 pass)")" >made/2.xml
	# b.example still sees the old policy on the 6th
	report b.example 6 '<p>none</p>' "$(record 192.0.2.1 5 pass fail "$(dkim m.example.com s1 pass)")" >made/3.xml
	# verdicts against their own results, and one that is missing
	report a.example 7 '<p>none</p><adkim>s</adkim>' "$(record 192.0.2.2 7 fail fail "$(dkim example.com s1 pass)")$(
		record 192.0.2.2 2 fail pass "$(spf esp.example mfrom pass)")$(
		record 192.0.2.2 1 - - "$(spf example.com mfrom pass)")" >made/4.xml
	# what means harm
	report c.example 7 '<p>none</p><adkim>s</adkim>' "$(record 192.0.2.3 1 fail fail "$(dkim '=cmd|x' $'\u202es' pass)" \
		"<reason><type>other</type><comment>a$(printf '\302\233')b</comment></reason>")" >made/5.xml
	# a report of no day, with the strict policy
	report a.example 8 '<p>none</p><adkim>s</adkim>' "$(record 192.0.2.1 2 fail fail "$(dkim m.example.com s1 pass)")" |
		sed 's/<date_range>.*<.date_range>//' >made/6.xml
	"$DMARCQ" import -q --db made.db made
}

ask() {
	dmarcq why "$@" --db "$BATS_FILE_TMPDIR/samples.db"
}

ask_made() {
	dmarcq why "$@" --db "$BATS_FILE_TMPDIR/made.db"
}

# What the truth says of a key in one of its rankings: truth_of RANKING KEY.
truth_of() {
	python3 - "$DMARCQ_TOP/samples/TRUTH.json" "$1" "$2" <<'PYTHON'
import json, sys
t = json.load(open(sys.argv[1], encoding='utf-8'))
rows = t['sources'] if sys.argv[2] == 'source' else t['by'][sys.argv[2]]
rows = [r for r in rows if (r.get('service') or r['key']) == sys.argv[3]]
print(sum(r['messages'] for r in rows), sum(r['failing'] for r in rows))
PYTHON
}

# Sums of the sections against the sender's own totals.
assert_sums() {
	python3 - <<'PYTHON' || fail "sums differ"
import json
t = json.load(open('stdout', encoding='utf-8'))
sender = t['sender']
assert sender['messages'] == sender['passed'] + sender['failed'] + sender['unknown']
for name in ('rows', 'domains', 'weeks', 'reporters'):
    assert sum(r['messages'] for r in t[name]) == sender['messages'], name
for name in ('domains', 'weeks', 'reporters'):
    assert sum(r['failed'] for r in t[name]) == sender['failed'], name
for word, column in (('pass', 'passed'), ('fail', 'failed'), ('unknown', 'unknown')):
    assert sum(r['messages'] for r in t['rows'] if r['dmarc'] == word) == sender[column], word
assert sum(r['messages'] for r in t['dispositions']) == sender['failed']
if sender['kind'] != 'address':
    assert sum(r['messages'] for r in t['addresses']) == sender['messages']
    assert len(t['addresses']) == sender['addresses']
if sender['kind'] != 'source':
    assert sum(r['messages'] for r in t['sources']) == sender['messages']
assert min(r['first_day'] for r in t['rows']) == sender['first_day']
assert max(r['last_day'] for r in t['reporters']) == sender['last_day']
assert len(t['reporters']) == sender['reporters']
assert len({r['domain'] for r in t['domains']}) == sender['domains']
PYTHON
}

@test "addresses, networks and sources as the truth has them" {
	local kind key expected
	while read -r kind key; do
		ask "$key" -n 0 --format json
		assert_status 0
		assert_stderr
		assert_json query why
		expected=$(truth_of "$kind" "$key")
		[ "$expected" != "0 0" ] || fail "nothing true of $key"
		assert_equal "$key $(json sender.messages) $(json sender.failed)" "$key $expected"
		assert_json sender.kind "$(case $kind in ip) echo address ;; subnet) echo network ;; *) echo source ;; esac)"
		assert_sums
	done <<-'KEYS'
	ip 198.51.100.90
	ip 198.51.100.130
	ip 2001:db8:bad:1::8
	ip 203.0.113.25
	subnet 203.0.113.0/24
	subnet 2001:db8:bad:1::/64
	subnet 198.51.100.0/24
	source Twilio SendGrid
	source Mailchimp
	source hosting.example
	source community.example
	source example.com
	KEYS
}

@test "weeks, reporters and windows as SQL counts them" {
	local db=$BATS_FILE_TMPDIR/samples.db
	ask 198.51.100.0/24 -n 0 --format json --since 2026-05-11 --until 2026-06-24
	assert_status 0
	assert_json window.since 2026-05-11
	sqlite3 -readonly "$db" "
	    SELECT date(day.day * 86400, 'unixepoch', 'weekday 0', '-6 days'), sum(traffic.messages),
	        sum(iif(profile.dmarc = 1, traffic.messages, 0)), sum(iif(profile.dmarc = 0, traffic.messages, 0))
	    FROM day JOIN traffic ON traffic.day = day.id JOIN profile ON profile.id = traffic.profile JOIN ip ON ip.id = traffic.ip
	    WHERE ip.text LIKE '198.51.100.%' AND date(day.day * 86400, 'unixepoch') BETWEEN '2026-05-11' AND '2026-06-24'
	    GROUP BY 1 ORDER BY 1" >weeks
	assert_equal "$(python3 -c 'import json
for r in json.load(open("stdout"))["weeks"]: print(*r.values(), sep="|")')" "$(cat weeks)"
	[ "$(wc -l <weeks)" -eq 7 ] || fail "other weeks"
	sqlite3 -readonly "$db" "
	    SELECT reporter.org, sum(traffic.messages), sum(iif(profile.dmarc = 0, traffic.messages, 0)),
	        date(min(day.day) * 86400, 'unixepoch'), date(max(day.day) * 86400, 'unixepoch')
	    FROM day JOIN traffic ON traffic.day = day.id JOIN profile ON profile.id = traffic.profile JOIN ip ON ip.id = traffic.ip
	    JOIN reporter ON reporter.id = day.reporter
	    WHERE ip.text LIKE '198.51.100.%' AND date(day.day * 86400, 'unixepoch') BETWEEN '2026-05-11' AND '2026-06-24'
	    GROUP BY 1 ORDER BY 2 DESC" >reporters
	assert_equal "$(python3 -c 'import json
for r in json.load(open("stdout"))["reporters"]: print(*r.values(), sep="|")')" "$(cat reporters)"
}

@test "a week without mail is a week of none" {
	ask 192.0.2.77 --format json
	python3 - <<'PYTHON' || fail "weeks are missing"
import datetime, json
weeks = json.load(open('stdout'))['weeks']
days = [datetime.date.fromisoformat(w['week']) for w in weeks]
assert all(b - a == datetime.timedelta(7) for a, b in zip(days, days[1:])), days
assert sum(w['messages'] == 0 for w in weeks) == 7, weeks
PYTHON
}

@test "signatures, return paths, reasons and what receivers did" {
	ask 203.0.113.25 --format json -n 0
	assert_json signatures.0 '{"domain": "example.com", "selector": "s2026", "result": "fail", "messages": 1827}'
	assert_equal "$(python3 -c 'import json
t = json.load(open("stdout"))
print(sum(r["messages"] for r in t["envelopes"]), {r["spf_domain"] for r in t["envelopes"]}, {r["envelope_from"] for r in t["envelopes"]} - {None})')" \
	    "1827 {'lists.community.example'} {'lists.community.example'}"
	sqlite3 -readonly "$BATS_FILE_TMPDIR/samples.db" "
	    SELECT type.text, sum(traffic.messages) FROM traffic JOIN ip ON ip.id = traffic.ip JOIN profile ON profile.id = traffic.profile,
	        json_each(profile.details) AS j JOIN detail ON detail.id = j.value AND detail.kind = 0 JOIN name AS type ON type.id = detail.a
	    WHERE ip.text = '203.0.113.25' GROUP BY 1 ORDER BY 1" >reasons
	[ -s reasons ]
	assert_equal "$(python3 -c 'import json
s = {}
for r in json.load(open("stdout"))["overrides"]: s[r["type"]] = s.get(r["type"], 0) + r["messages"]
for k in sorted(s): print(k, s[k], sep="|")')" "$(cat reasons)"
	assert_json dispositions.0 '{"disposition": "none", "messages": 1827, "share": 100}'
	ask 198.51.100.90 --format json
	assert_json dispositions.0 '{"disposition": "quarantine", "messages": 3567, "share": 100}'
}

@test "a known service, and how to align it" {
	ask 198.51.100.61 --format json
	assert_json sender.service "Twilio SendGrid"
	assert_json sender.category esp
	[[ $(json sender.hint) == *"Authenticate Your Domain"* ]] || fail "no hint"
	ask 203.0.113.70 --format json
	assert_json sender.service null
	assert_json sender.hint null
	# A network is not one sender; what passes needs no advice.
	ask 198.51.100.0/24 --format json
	assert_json sender.service null
	assert_json sender.hint null
	ask 198.51.100.0/24 --only passing --format json
	assert_json sender.hint null
}

@test "the story reads well at 80 columns" {
	LC_ALL=C.UTF-8 COLUMNS=80 ask hosting.example
	assert_status 0
	assert_stderr
	assert_stdout "2026-04-02 to 2026-06-30 (UTC days)

Sender
  Sender:    hosting.example
  Kind:      source
  Messages:  16,937
  Pass:      13,370
  Fail:      3,567
  Pass rate: 78.9%
  First day: 2026-04-02
  Last day:  2026-06-30
  Addresses: 1
  Domains:   1
  Reporters: 5

Alignment, step by step (RFC 7489 s. 3.1, RFC 9989 s. 4.4)
Messages  Share  DMARC  Header from      First day   Last day
  13,370  78.9%  pass   app.example.net  2026-04-02  2026-06-11
    SPF: pass for apps.hosting.example (return path): not aligned, another
        organisation
    DKIM: pass for d=example.net s=app2024: aligned, the same organisation
        (adkim=r)
    Verdict: passes by DKIM alone (d=example.net)
   3,567  21.1%  fail   app.example.net  2026-06-12  2026-06-30
    SPF: pass for apps.hosting.example (return path): not aligned, another
        organisation
    DKIM: fail for d=example.net s=app2024: would be aligned, the same
        organisation (adkim=r)
    Verdict: fails, since SPF passes for another domain; the DKIM signature is
        broken

What receivers did with the failing mail
Disposition  Messages   Share
quarantine      3,567  100.0%

Domains
Domain       Header from      Messages    Pass   Fail  Pass rate
example.net  app.example.net    16,937  13,370  3,567      78.9%
    First day: 2026-04-02  Last day: 2026-06-30

Weeks, from Monday
Week of     Messages   Pass   Fail  █ pass  ░ fail
2026-03-30       801    801      0  ███████████████████████
2026-04-06     1,300  1,300      0  █████████████████████████████████████
2026-04-13     1,258  1,258      0  ████████████████████████████████████
2026-04-20     1,360  1,360      0  ███████████████████████████████████████
2026-04-27     1,263  1,263      0  ████████████████████████████████████
2026-05-04     1,376  1,376      0  ███████████████████████████████████████
2026-05-11     1,258  1,258      0  ████████████████████████████████████
2026-05-18     1,178  1,178      0  ██████████████████████████████████
2026-05-25     1,402  1,402      0  ████████████████████████████████████████
2026-06-01     1,349  1,349      0  ██████████████████████████████████████
2026-06-08     1,371    825    546  ████████████████████████░░░░░░░░░░░░░░░
2026-06-15     1,264      0  1,264  ░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░
2026-06-22     1,353      0  1,353  ░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░
2026-06-29       404      0    404  ░░░░░░░░░░░░

Addresses
Source IP      Messages    Pass   Fail  First day   Last day
198.51.100.90    16,937  13,370  3,567  2026-04-02  2026-06-30

DKIM signatures
d=           Selector  Result  Messages
example.net  app2024   pass      13,370
example.net  app2024   fail       3,567

Return paths
Envelope from         SPF domain            Scope  Result  Messages
-                     apps.hosting.example  -      pass       9,890
apps.hosting.example  apps.hosting.example  mfrom  pass       7,047

Reporters
Reporter           Messages   Fail  First day   Last day
bigmail.example       9,890  1,990  2026-04-02  2026-06-30
enterprise mail       5,781  1,258  2026-04-02  2026-06-30
freepost.example        994    185  2026-04-03  2026-06-29
relaysafe.example       152     14  2026-04-08  2026-06-17
clockwork.example       120    120  2026-06-23  2026-06-30"
}

@test "the steps stand below their outcome at 200 columns too, and in a pipe" {
	local steps="Messages   Share  DMARC  Header from  First day   Last day
  25,725  100.0%  fail   example.com  2026-04-02  2026-06-30
    SPF: pass for bounces.sendgrid.net (return path): not aligned, another organisation
    DKIM: pass for d=sendgrid.net s=smtpapi: not aligned, another organisation
    Verdict: fails, since each of SPF and DKIM passes for another domain"
	COLUMNS=200 ask "Twilio SendGrid"
	assert_status 0
	assert_equal "$(sed -n '/^Messages /,/Verdict/p' stdout)" "$steps"
	assert_stdout_has "  To align it: Settings > Sender Authentication > Authenticate Your Domain: 3 CNAMEs (em<n>, s1._domainkey, s2._domainkey) give aligned SPF and DKIM."
	assert_stdout_has "Domain       Header from  Messages  Pass    Fail  Pass rate  First day   Last day"
	ask "Twilio SendGrid"
	assert_equal "$(sed -n '/^Messages /,/Verdict/p' stdout)" "$steps"
}

@test "CSV has the outcomes" {
	ask 198.51.100.90 --format csv
	assert_status 0
	assert_stdout "messages,share,dmarc,header_from,first_day,last_day,spf,dkim,verdict,contradiction"$'\r'"
13370,78.9396,pass,app.example.net,2026-04-02,2026-06-11,\"pass for apps.hosting.example (return path): not aligned, another organisation\",\"pass for d=example.net s=app2024: aligned, the same organisation (adkim=r)\",passes by DKIM alone (d=example.net),"$'\r'"
3567,21.0604,fail,app.example.net,2026-06-12,2026-06-30,\"pass for apps.hosting.example (return path): not aligned, another organisation\",\"fail for d=example.net s=app2024: would be aligned, the same organisation (adkim=r)\",\"fails, since SPF passes for another domain; the DKIM signature is broken\","$'\r'
}

@test "JSON has each result by itself" {
	ask 198.51.100.20 --format json
	assert_json rows.0.spf '[{"domain": "mail20.mcsv.net", "scope": "mfrom", "result": "pass", "aligned": "no", "rule": "relaxed"}]'
	assert_json rows.0.dkim '[{"domain": "example.com", "selector": "k2", "result": "pass", "aligned": "yes", "rule": "relaxed"}, {"domain": "mailchimpapp.net", "selector": "k1", "result": "pass", "aligned": "no", "rule": "relaxed"}]'
	ask 192.0.2.30 --format json
	assert_json rows.0.dkim '[{"domain": "example.org", "selector": "mail", "result": "pass", "aligned": "yes", "rule": "strict"}]'
}

@test "the mode of alignment is that of the policy which the reporter saw on that day" {
	ask_made 192.0.2.1 --format json
	assert_status 0
	assert_json sender.messages 14
	assert_json sender.contradicted 0
	assert_json rows.0.messages 8
	assert_json rows.0.dkim '[{"domain": "m.example.com", "selector": "s1", "result": "pass", "aligned": "yes", "rule": "relaxed"}]'
	assert_json rows.0.verdict "passes by DKIM alone (d=m.example.com)"
	assert_json rows.1.messages 6
	assert_json rows.1.dkim '[{"domain": "m.example.com", "selector": "s1", "result": "pass", "aligned": "no", "rule": "strict"}]'
	assert_json rows.1.verdict "fails, since no SPF result; DKIM passes for a domain of the same organisation that is not aligned"
}

@test "what is of no day counts when no window is asked for" {
	ask_made 192.0.2.1 --format json
	assert_equal "$(python3 -c 'import json; print(sum(w["messages"] for w in json.load(open("stdout"))["weeks"]))')" 12
	ask_made 192.0.2.1 --since 2026-01-05 --format json
	assert_json sender.messages 12
	assert_json rows.1.messages 4
}

@test "the same story with flow as without" {
	local name sender
	for name in made samples; do
		sqlite3 "$BATS_FILE_TMPDIR/$name.db" ".backup $name-with.db"
		sqlite3 "$BATS_FILE_TMPDIR/$name.db" ".backup $name-without.db"
		sqlite3 $name-with.db "DELETE FROM flow; DELETE FROM flow_domain; INSERT INTO flow_domain SELECT DISTINCT domain FROM day;
		    INSERT INTO flow (domain, profile, ip, reporter, authentic, messages, first_day, last_day)
		    SELECT day.domain, traffic.profile, traffic.ip, day.reporter, day.authentic, sum(traffic.messages), min(day.day), max(day.day)
		    FROM traffic JOIN day ON day.id = traffic.day GROUP BY 1, 2, 3, 4, 5"
		sqlite3 $name-without.db "DELETE FROM flow; DELETE FROM flow_domain"
	done
	for sender in 192.0.2.1 192.0.2.0/24; do
		for name in with without; do
			dmarcq why $sender -n 0 --format json --db made-$name.db
			assert_status 0
			mv stdout $name
		done
		cmp with without || fail "$sender differs"
	done
	for sender in 198.51.100.130 2001:db8:bad::/48 Mailchimp; do
		for args in '' '--only failing' '--since 2026-05-01 --until 2026-06-01'; do
			for name in with without; do
				dmarcq why $sender -n 0 --format json $args --db samples-$name.db
				assert_status 0
				mv stdout $name
			done
			cmp with without || fail "$sender $args differs"
		done
	done
}

@test "verdicts that contradict their own results are told" {
	ask_made 192.0.2.2 --format json
	assert_json sender.contradicted 9
	assert_json rows.0.contradiction "the reporter says dkim=fail, but d=example.com passes and is aligned"
	assert_json rows.0.verdict "fails by the reporter's word alone"
	assert_json rows.1.contradiction "the reporter says spf=pass, but no SPF result that it lists passes and is aligned"
	assert_json rows.2.dmarc unknown
	assert_json rows.2.contradiction null
	ask_made 192.0.2.2
	assert_stdout_has "    Contradiction: the reporter says dkim=fail, but d=example.com passes and is aligned"
	assert_stdout_has "  Contradicted: 9"
}

@test "texts that mean harm stay texts" {
	ask_made 192.0.2.3
	assert_status 0
	assert_stdout_has '    DKIM: pass for d==cmd|x s=\u202es: not aligned, another organisation'
	assert_stdout_has 'a\u009bb'
	ask_made 192.0.2.3 --format json
	assert_stdout_has '"selector":"\u202es"'
	assert_json signatures.0.domain '=cmd|x'
	local escape=$'\e[31m'
	ask "$escape"
	assert_status 65
	assert_stderr 'dmarcq: no source is called "\x1b[31m": `dmarcq top-failures` lists them'
}

@test "an address in any spelling" {
	local spelling
	for spelling in 2001:db8:bad:1::8 2001:DB8:BAD:1:0:0:0:8 2001:0db8:0bad:0001:0000:0000:0000:0008; do
		ask $spelling --format json
		assert_json sender.sender 2001:db8:bad:1::8
		assert_json sender.messages "$(truth_of ip 2001:db8:bad:1::8 | cut -d' ' -f1)"
	done
	ask ::ffff:198.51.100.90 --format json
	assert_json sender.sender 198.51.100.90
	ask ::ffff:198.51.100.0/120 --format json
	assert_json sender.sender 198.51.100.0/24
	assert_json sender.kind network
	assert_json sender.messages "$(truth_of subnet 198.51.100.0/24 | cut -d' ' -f1)"
}

@test "a network has the addresses between its ends" {
	ask 198.51.100.60/31 --format json
	assert_json sender.addresses 2
	assert_equal "$(json addresses.0.ip) $(json addresses.1.ip)" "198.51.100.60 198.51.100.61"
	ask 198.51.100.61/32 --format json
	assert_json addresses.0.ip 198.51.100.61
	ask 198.0.0.0/8 --format json
	assert_json sender.messages "$(truth_of subnet 198.51.100.0/24 | cut -d' ' -f1)"
	ask 2001:db8:bad::/48 --format json
	assert_json sender.messages "$(python3 -c '
import json, sys
t = json.load(open(sys.argv[1]))
print(sum(r["messages"] for r in t["by"]["ip"] if r["key"].startswith("2001:db8:bad:")))' "$DMARCQ_TOP/samples/TRUTH.json")"
}

@test "a network that is none names the right one" {
	ask 203.0.113.5/24
	assert_status 64
	assert_stdout
	assert_stderr "dmarcq: why: the address has bits behind /24; the network is 203.0.113.0/24"
	ask 2001:db8:bad:1::/48
	assert_status 64
	assert_stderr "dmarcq: why: the address has bits behind /48; the network is 2001:db8:bad::/48"
	local prefix
	for prefix in 33 7 0 -1 +8 8x ''; do
		ask "203.0.113.0/$prefix"
		assert_status 64
		assert_stderr "dmarcq: why: not the prefix of an IPv4 network: \"/$prefix\": /8 to /32"
	done
	ask 2001:db8::/129
	assert_status 64
	assert_stderr 'dmarcq: why: not the prefix of an IPv6 network: "/129": /16 to /128'
	ask ''
	assert_status 64
	assert_stderr "dmarcq: why: an address, a network or the name of a source is needed"
	ask
	assert_status 64
	ask 192.0.2.1 192.0.2.2
	assert_status 64
}

@test "a source in any case, and near names for one that isn't there" {
	ask "twilio SENDGRID" --format json
	assert_status 0
	assert_json sender.sender "Twilio SendGrid"
	assert_json sender.messages 25725
	ask sendgrid
	assert_status 65
	assert_stdout
	assert_stderr 'dmarcq: no source is called "sendgrid"; near it: Twilio SendGrid'
	ask Mailchmp
	assert_status 65
	assert_stderr 'dmarcq: no source is called "Mailchmp"; near it: Mailchimp'
	ask xyzzy.example
	assert_status 65
	assert_stderr 'dmarcq: no source is called "xyzzy.example": `dmarcq top-failures` lists them'
}

@test "no mail is an answer, with the days that have some" {
	ask 192.0.2.99
	assert_status 0
	assert_stdout "2026-04-02 to 2026-06-30 (UTC days)"
	assert_stderr "dmarcq: no mail from 192.0.2.99"
	ask 203.0.113.70 --since 7d
	assert_status 0
	assert_stderr "dmarcq: no mail from 203.0.113.70 from 2026-06-24 to 2026-06-30; there is some from 2026-05-18 to 2026-05-24"
	ask 203.0.113.70 --only passing
	assert_stderr "dmarcq: no passing mail from 203.0.113.70"
	ask 198.51.100.90 --since 7d --only passing
	assert_stderr "dmarcq: no passing mail from 198.51.100.90 from 2026-06-24 to 2026-06-30; there is some from 2026-04-02 to 2026-06-11"
	ask 198.51.100.90 --domain example.org --format json
	assert_status 0
	assert_json sender null
	assert_json rows '[]'
	assert_stderr "dmarcq: no mail from 198.51.100.90"
	ask 198.51.100.90 --since 2026-07-05
	assert_stderr "dmarcq: no reports since 2026-07-05; there are some from 2026-04-02 to 2026-06-30"
	dmarcq why 192.0.2.1 --db "$BATS_FILE_TMPDIR/empty.db"
	assert_status 0
	assert_stderr "dmarcq: there are no reports yet: \`dmarcq import\` reads them"
}

@test "--only takes a part of the mail" {
	local word column sum=0
	ask 2001:db8::/32 --format json
	local all failed
	all=$(json sender.messages)
	for word in failing passing unknown; do
		column=$(case $word in failing) echo failed ;; passing) echo passed ;; *) echo unknown ;; esac)
		ask 2001:db8::/32 --format json
		failed=$(json sender.$column)
		ask 2001:db8::/32 --format json -n 0 --only $word
		[ "$failed" -gt 0 ] || fail "none is $word"
		assert_json sender.messages "$failed"
		assert_json sender.$column "$failed"
		assert_sums
		sum=$((sum + failed))
	done
	assert_equal "$sum" "$all"
	ask 198.51.100.0/24 --only some
	assert_status 64
}

@test "--domain and --include-subdomains" {
	ask 198.51.100.130 --domain example.org --format json
	assert_json sender.domains 1
	assert_json domains.0.domain example.org
	assert_json sender.messages "$(sqlite3 -readonly "$BATS_FILE_TMPDIR/samples.db" "SELECT sum(t.messages) FROM traffic AS t
	    JOIN day ON day.id = t.day JOIN name ON name.id = day.domain JOIN ip ON ip.id = t.ip
	    WHERE ip.text = '198.51.100.130' AND name.text = 'example.org'")"
	ask 198.51.100.130 --domain 'example.*' --format json
	assert_json sender.domains 3
	ask 198.51.100.130 --domain org --include-subdomains --format json
	assert_json sender.domains 1
	ask 198.51.100.130 --domain nowhere.example
	assert_status 65
	ask 198.51.100.130 --since tomorrow
	assert_status 64
}

@test "each list of a table has ten rows unless asked for another number, and says how many more there are" {
	ask 203.0.113.0/24 --format json
	assert_json sender.addresses 61
	assert_equal "$(python3 -c 'import json; print(len(json.load(open("stdout"))["addresses"]))')" 61
	ask 203.0.113.0/24 --format json -n 3
	assert_equal "$(python3 -c 'import json
t = json.load(open("stdout"))
print(*(len(t[k]) for k in ("rows", "addresses", "reporters", "envelopes", "overrides")))')" "3 3 3 3 3"
	assert_json addresses.0.ip 203.0.113.66
	assert_stdout_lacks "more"
	ask 203.0.113.0/24
	assert_status 0
	assert_stderr
	assert_equal "$(grep -c '^203\.0\.113\.[0-9]* ' stdout)" 10
	assert_equal "$(grep -c ' more ' stdout)" 1
	assert_stdout_has "51 more addresses: -n 0 shows all"
	ask 203.0.113.0/24 -n 60
	assert_stdout_has "1 more address: -n 0 shows all"
	ask 203.0.113.0/24 -n 0
	assert_equal "$(grep -c '^203\.0\.113\.[0-9]* ' stdout)" 61
	assert_stdout_lacks " more "
	ask 203.0.113.0/24 -n 1 --format csv
	assert_equal "$(wc -l <stdout)" 2
}

@test "a network says how much of its failing mail is ranked under it" {
	ask 203.0.113.0/24
	assert_stdout_has "what names no organisation: 37,429 of the 39,256 messages that fail."
	dmarcq top-failures --db "$BATS_FILE_TMPDIR/samples.db" --format csv
	assert_stdout_has "203.0.113.0/24,37429,"
	# none of it is an organisation's
	ask 2001:db8:bad:1::/64
	assert_stdout_lacks "top-failures"
	ask 198.51.100.90
	assert_stdout_lacks "top-failures"
	ask 203.0.113.0/24 --format json
	assert_stdout_lacks "top-failures"
}

@test "--sort orders the outcomes" {
	ask 203.0.113.0/24 --sort -messages -n 1 --format json
	local least
	least=$(json rows.0.messages)
	ask 203.0.113.0/24 -n 0 --format json
	assert_equal "$least" "$(python3 -c 'import json; print(min(r["messages"] for r in json.load(open("stdout"))["rows"]))')"
	ask 203.0.113.0/24 --sort nothing
	assert_status 64
}

@test "a day before 1970 lies in the week of its Monday" {
	report a.example -20457 '<p>none</p>' "$(record 192.0.2.1 3 fail fail '')" >old.xml
	grep -q '<begin>-345600</begin>' old.xml || fail "$(cat old.xml)"
	dmarcq import -q --db "$db" old.xml
	assert_status 0
	dmarcq why 192.0.2.1 --db "$db" --format json
	assert_status 0
	assert_stdout_has 1969-12-22
}

@test "a domain of a service or organisation stands for it" {
	ask 'Twilio SendGrid' --format json
	assert_status 0
	cp stdout named
	local domain
	for domain in sendgrid.net bounces.sendgrid.net BOUNCES.SendGrid.net.; do
		ask "$domain" --format json
		assert_status 0
		assert_stderr
		cmp stdout named || fail "$domain: another answer"
	done
	ask apps.hosting.example --format json
	assert_status 0
	assert_json sender.sender hosting.example
	# A service from which nothing came is named as what it is.
	ask amazonses.com
	assert_status 65
	assert_stdout
	assert_stderr 'dmarcq: no source is called "Amazon SES": `dmarcq top-failures` lists them'
}

@test "a tenant at a provider stands for itself, not for the provider" {
	mkdir tenants
	report a.example 5 '<p>none</p>' "$(record 192.0.2.1 3 fail fail "$(dkim evil.onmicrosoft.com s1 pass)")$(
		record 192.0.2.1 4 fail fail "$(dkim good.onmicrosoft.com s1 pass)")$(
		record 192.0.2.2 5 fail fail "$(dkim other.example s1 pass)")" >tenants/1.xml
	"$DMARCQ" import -q --db tenants.db tenants
	local name
	for name in evil.onmicrosoft.com Evil.OnMicrosoft.com.; do
		dmarcq why "$name" --db tenants.db --format json
		assert_status 0
		assert_stderr
		assert_json sender.sender evil.onmicrosoft.com
		assert_json sender.kind source
		assert_json sender.service 'Microsoft 365'
		assert_json sender.messages 3
	done
	dmarcq why 'Microsoft 365' --db tenants.db --format json
	assert_status 0
	assert_json sender.messages 7
	dmarcq why contoso.onmicrosoft.com --db tenants.db
	assert_status 65
	assert_stdout
	assert_stderr 'dmarcq: no source is called "contoso.onmicrosoft.com": `dmarcq top-failures` lists them'
}
