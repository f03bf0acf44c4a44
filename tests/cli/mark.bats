#!/usr/bin/env bats
# mark: what is decided about sources: what can be one, who decided what and why, what stands, and that it stays.

load helper

setup_file() {
	: "${DMARCQ_TOP:=$(cd "$BATS_TEST_DIRNAME/../.." && pwd)}"
	: "${DMARCQ:=$DMARCQ_TOP/build/test/dmarcq}"
	cp -r "$DMARCQ_TOP/samples" "$BATS_FILE_TMPDIR/samples"
	cd "$BATS_FILE_TMPDIR" || exit
	"$DMARCQ" import -q --db samples.db samples/archive samples/files || [ $? -eq 1 ]
	"$DMARCQ" db init --db empty.db
}

fresh() {
	cp "$BATS_FILE_TMPDIR/samples.db" "$db"
}

# What is said when a mark is for all of them: the samples are about three domains.
everywhere="dmarcq: no --domain: this is for all 3 domains, and for new ones"

# mark ARGS... : one that works; what it says is compared with the last argument.
mark() {
	dmarcq mark --db "$db" "${@:1:$#-1}"
	assert_status 0
	[[ " $* " = *" --domain "* ]] && assert_stderr || assert_stderr "$everywhere"
	assert_stdout "${*: -1}"
}

# refused CODE MESSAGE ARGS...
refused() {
	dmarcq mark --db "$db" "${@:3}"
	assert_status "$1"
	assert_stdout
	assert_stderr "dmarcq: $2"
}

# The decisions as lines, without the time.
decided() {
	sql 'SELECT who, kind, source, domain, verdict, note, until FROM decision ORDER BY id'
}

@test "a decision is kept with who, when, why and for how long" {
	fresh
	local before after
	before=$(date +%s)
	mark "Twilio SendGrid" ours --domain example.com --note "newsletter, asked marketing" --until 2026-12-31 --by jane \
		"Twilio SendGrid: ours for example.com"
	after=$(date +%s)
	assert_equal "$(decided)" "jane|source|Twilio SendGrid|example.com|ours|newsletter, asked marketing|20818"
	[ "$(sql 'SELECT at BETWEEN '"$before AND $after"' FROM decision')" = 1 ]
	mark 203.0.113.0/24 not-ours --note "forged in May" "203.0.113.0/24: not-ours for all domains"
	assert_equal "$(sql 'SELECT who, kind, source, domain IS NULL, until IS NULL FROM decision WHERE id = 2')" \
		"$(logname 2>/dev/null || id -un)|network|203.0.113.0/24|1|1"
	dmarcq mark -q --db "$db" 198.51.100.90 undecided --note "?" --by jane
	assert_status 0
	assert_stdout
	assert_stderr
}

@test "a source is named as the questions name it" {
	fresh
	mark "twilio SENDGRID" ours --note x "Twilio SendGrid: ours for all domains"
	mark hosting.EXAMPLE ours --note x "hosting.example: ours for all domains"
	mark bounces.sendgrid.net ours --note x "Twilio SendGrid: ours for all domains"
	mark apps.hosting.example ours --note x "hosting.example: ours for all domains"
	mark ::ffff:192.0.2.77 ours --note x "192.0.2.77: ours for all domains"
	mark 2001:DB8:BAD:1:0::/64 ours --note x "2001:db8:bad:1::/64: ours for all domains"
	assert_equal "$(sql 'SELECT group_concat(DISTINCT kind) FROM decision')" "source,address,network"
}

@test "a tenant at a provider is marked by its own name, not for all of the provider" {
	fresh
	mark contoso.onmicrosoft.com ours --domain example.com --note tenant "contoso.onmicrosoft.com: ours for example.com"
}

@test "a source from which no mail came yet, and what can be none" {
	fresh
	dmarcq mark --db "$db" new-esp.example ours --note "from May on"
	assert_status 0
	assert_stdout "new-esp.example: ours for all domains"
	assert_stderr "dmarcq: new-esp.example: no mail came from it yet
$everywhere"
	dmarcq mark -q --db "$db" fastmail ours --note x
	assert_equal "$(decided | tail -1 | cut -d'|' -f 3)" Fastmail
	refused 65 'no source is called "Twilio SendGird"; near it: Twilio SendGrid' "Twilio SendGird" ours --note x
	refused 65 'no source is called "300.1.2.3": `dmarcq top-failures` lists them' 300.1.2.3 ours --note x
	refused 65 'no source is called "nobody at all": `dmarcq top-failures` lists them' "nobody at all" ours --note x
	refused 64 'mark: an address, a network or the name of a source is needed' " " ours --note x
	refused 64 'mark: the address has bits behind /24; the network is 192.0.2.0/24' 192.0.2.7/24 ours --note x
	refused 64 'mark: not the prefix of an IPv4 network: "/7": /8 to /32' 192.0.0.0/7 ours --note x
	assert_equal "$(sql 'SELECT count(*) FROM decision')" 2
}

@test "a domain from which no mail came: which one it is near" {
	fresh
	dmarcq mark --db "$db" hosting.exmple ours --note x
	assert_status 0
	assert_stdout "hosting.exmple: ours for all domains"
	assert_stderr "dmarcq: hosting.exmple: no mail came from it yet; near it: hosting.example
$everywhere"
	dmarcq mark --db "$db" apps.hostnig.example ours --note x
	assert_stderr "dmarcq: hostnig.example: no mail came from it yet; near it: hosting.example
$everywhere"
}

@test "several sources at once, or none of them" {
	fresh
	dmarcq mark --db "$db" bounces.sendgrid.net hosting.example 192.0.2.0/24 not-ours --domain example.com --note x --by a
	assert_status 0
	assert_stdout "Twilio SendGrid: not-ours for example.com
hosting.example: not-ours for example.com
192.0.2.0/24: not-ours for example.com"
	assert_equal "$(cut -d: -f 1,2 stderr)" "dmarcq: 192.0.2.0/24"
	assert_equal "$(sql 'SELECT group_concat(source) FROM decision')" "Twilio SendGrid,hosting.example,192.0.2.0/24"
	refused 65 'no source is called "Twilio SendGird"; near it: Twilio SendGrid' 192.0.2.1 "Twilio SendGird" ours --note x
	refused 64 'mark: not the prefix of an IPv4 network: "/7": /8 to /32' 192.0.2.1 192.0.0.0/7 ours --note x
	refused 64 'mark: not one of ours|not-ours|forwarder|undecided: "192.0.2.2"' 192.0.2.1 192.0.2.2 --note x
	refused 64 'mark: one argument too many: "192.0.2.2"' 192.0.2.1 ours 192.0.2.2 --note x
	refused 64 'mark: one argument too many: "forwarder"' 192.0.2.1 ours forwarder --note x
	assert_equal "$(sql 'SELECT count(*) FROM decision')" 3
	dmarcq mark --db "$db" hosting.example Hosting.example undecided --note x --by a
	assert_status 0
	assert_equal "$(sql 'SELECT count(*) FROM decision')" 4
}

@test "an address or a network from which no mail came yet" {
	fresh
	local source
	for source in 192.0.2.254 2001:db8:ffff::1 192.0.3.0/24 2001:db8:ffff::/48; do
		dmarcq mark --db "$db" $source ours --domain example.com --note "from May on"
		assert_status 0
		assert_stdout "$source: ours for example.com"
		assert_stderr "dmarcq: $source: no mail came from it yet"
	done
	mark 203.0.113.0/24 not-ours --domain example.com --note x "203.0.113.0/24: not-ours for example.com"
	mark 198.51.100.90 undecided --domain example.com --note x "198.51.100.90: undecided for example.com"
	dmarcq mark -q --db "$db" 192.0.2.254 ours --note x
	assert_stderr
}

@test "domains: one, several, by wildcard, and one that is not there" {
	fresh
	mark 192.0.2.77 forwarder --domain example.org --note x "192.0.2.77: forwarder for example.org"
	mark 192.0.2.77 forwarder --domain example.org --domain 'example.*' --note x "192.0.2.77: forwarder for 3 domains"
	assert_equal "$(sql 'SELECT group_concat(domain) FROM decision')" "example.org,example.com,example.net,example.org"
	refused 65 "no reports about example.edu; there are some about example.com, example.net, example.org" \
		192.0.2.77 ours --domain example.edu --note x
	refused 64 "mark: --include-subdomains: the subdomains of which --domain?" 192.0.2.77 ours --include-subdomains --note x
	assert_equal "$(sql 'SELECT count(*) FROM decision')" 4
}

@test "what is wrong on the command line" {
	fresh
	refused 64 "mark: SOURCE is missing"
	refused 64 "mark: ours|not-ours|forwarder|undecided is missing" 192.0.2.77
	refused 64 'mark: not one of ours|not-ours|forwarder|undecided: "mine"' 192.0.2.77 mine --note x
	refused 64 'mark: not one of ours|not-ours|forwarder|undecided: "our"' 192.0.2.77 our --note x
	refused 64 'mark: not one of ours|not-ours|forwarder|undecided: "ours|not-ours"' 192.0.2.77 "ours|not-ours" --note x
	refused 64 'mark: one argument too many: "x"' 192.0.2.77 ours x --note x
	refused 64 "mark: why? --note TEXT" 192.0.2.77 ours
	refused 64 "mark: --note: it says nothing" 192.0.2.77 ours --note "  "
	refused 64 'mark: --note: not one line of text: "a\x0ab"' 192.0.2.77 ours --note $'a\nb'
	refused 64 'mark: --note: not one line of text: "\xff"' 192.0.2.77 ours --note $'\xff'
	refused 64 "mark: --note: longer than 1000 bytes" 192.0.2.77 ours --note "$(printf '%1001s' x)"
	refused 64 'mark: --by: not one line of text: "\x1b[31m"' 192.0.2.77 ours --note x --by $'\e[31m'
	refused 64 'mark: --until: not a day: "2026-02-30": write 2026-12-31' 192.0.2.77 ours --note x --until 2026-02-30
	refused 64 'mark: --until: not a day: "30d": write 2026-12-31' 192.0.2.77 ours --note x --until 30d
	refused 64 "mark: --all: only with --list" 192.0.2.77 ours --note x --all
	refused 64 "mark: --format: only with --list" 192.0.2.77 ours --note x --format csv
	refused 64 "mark: --note: does not go with --list" --list --note x
	refused 64 'mark: --list: one argument too many: "192.0.2.77"' --list 192.0.2.77
	assert_equal "$(sql 'SELECT count(*) FROM decision')" 0
	dmarcq mark --db none.db 192.0.2.77 ours --note x
	assert_status 78
	assert_stdout
	assert_stderr "dmarcq: none.db: there is no database yet: \`dmarcq import\` makes it"
}

@test "--until before the newest report: that it has ended is said" {
	fresh
	dmarcq mark --db "$db" 192.0.2.77 ours --note x --by a --until 2026-06-29
	assert_status 0
	assert_stdout "192.0.2.77: ours for all domains"
	assert_stderr "dmarcq: --until 2026-06-29 is before the newest report: the decision has ended already
$everywhere"
	mark 192.0.2.77 ours --note x --by a --until 2026-06-30 "192.0.2.77: ours for all domains"
	dmarcq db init --db new.db
	dmarcq mark --db new.db 192.0.2.77 ours --note x --by a --until 2020-01-01
	assert_stdout "192.0.2.77: ours for all domains"
	assert_stderr
}

@test "not-ours about mail that passes: how much is said" {
	fresh
	assert_equal "$(sql "SELECT sum(messages) FROM v_records WHERE source_ip = '192.0.2.10' AND dmarc = 'pass'")" 18592
	dmarcq mark --db "$db" 192.0.2.10 not-ours --domain example.com --note x --by a
	assert_status 0
	assert_stdout "192.0.2.10: not-ours for example.com"
	assert_stderr "dmarcq: 192.0.2.10: 18,592 messages of it passed in the last 90 days: \`dmarcq why\` shows them"
	dmarcq mark --db "$db" 192.0.2.0/24 not-ours --domain example.com --note x --by a
	assert_status 0
	assert_stdout "192.0.2.0/24: not-ours for example.com"
	assert_stderr "dmarcq: 192.0.2.0/24: 38,956 messages of it passed in the last 90 days, and those of an address that passes by SPF stay yours: \`dmarcq why\` shows them"
	dmarcq mark --db "$db" hosting.example not-ours --note x --by a
	assert_stderr "dmarcq: hosting.example: 809 messages of it passed in the last 90 days: \`dmarcq why\` shows them
$everywhere"
	mark 192.0.2.0/24 forwarder --note x --by a "192.0.2.0/24: forwarder for all domains"
	mark "Twilio SendGrid" not-ours --domain example.com --note x --by a "Twilio SendGrid: not-ours for example.com"
}

@test "the list: the latest of each source and domain, or all" {
	fresh
	mark 192.0.2.77 ours --note "one" --by a "192.0.2.77: ours for all domains"
	dmarcq mark --db "$db" 192.0.2.77 not-ours --domain example.com --note "two" --by b --until 2026-06-29
	assert_status 0
	mark 192.0.2.77 forwarder --note "three" --by c "192.0.2.77: forwarder for all domains"
	mark hosting.example ours --domain example.net --note "four" --by d --until 2026-06-30 "hosting.example: ours for example.net"
	dmarcq mark --db "$db" --list --format json
	assert_status 0
	assert_stderr
	assert_json query mark
	assert_json window null
	numbers rows.0.source=192.0.2.77 'rows.0.domain=*' rows.0.verdict=forwarder rows.0.until=null rows.0.state=holds rows.0.who=c \
		rows.0.note=three rows.1.domain=example.com rows.1.verdict=not-ours rows.1.until=2026-06-29 rows.1.state=ended \
		rows.2.source=hosting.example rows.2.state=holds rows.2.until=2026-06-30
	assert_equal "$(json rows | python3 -c 'import json, sys; print(len(json.load(sys.stdin)))')" 3
	assert_json rows.0.at "$(sql "SELECT strftime('%Y-%m-%dT%H:%M:%SZ', at, 'unixepoch') FROM decision WHERE id = 3")"
	dmarcq mark --db "$db" --list --all --format csv
	assert_status 0
	assert_stderr
	cut -d, -f 1-6,8 stdout | tr -d '\r' >short
	out=short assert_stdout 'source,domain,verdict,until,state,who,note
192.0.2.77,*,ours,,replaced,a,one
192.0.2.77,*,forwarder,,holds,c,three
192.0.2.77,example.com,not-ours,2026-06-29,ended,b,two
hosting.example,example.net,ours,2026-06-30,holds,d,four'
	dmarcq mark --db "$db" --list --domain example.net --format csv
	assert_equal "$(cut -d, -f 1-3 stdout | sed 1d | tr '\n' ' ')" "192.0.2.77,*,forwarder hosting.example,example.net,ours "
	dmarcq mark --db "$db" --list -n 1 --sort -source --format csv
	assert_equal "$(sed 1d stdout | cut -d, -f 1)" hosting.example
	dmarcq mark --db "$db" --list --sort bogus
	assert_status 64
}

@test "the list as a table: a note is never cut" {
	fresh
	local note="the appliance in the branch office, which signs with the key of the year before; replaced in autumn"
	mark "Twilio SendGrid" ours --domain example.com --note "$note" --by jane "Twilio SendGrid: ours for example.com"
	for COLUMNS in 80 200; do
		export COLUMNS
		dmarcq mark --db "$db" --list
		assert_status 0
		assert_stderr
		[ "$(wc -L <"$out")" -le $COLUMNS ] || fail "too wide"
		assert_stdout_has "Source           Domain       Decision  State"
		assert_equal "$(tr -s ' \n' ' ' <"$out" | grep -o "Note: .*[a-z]")" "Note: $note"
	done
}

@test "nothing was decided" {
	dmarcq mark --list --db "$BATS_FILE_TMPDIR/samples.db" --format csv
	assert_status 0
	assert_stdout $'source,domain,verdict,until,state,who,at,note\r'
	assert_stderr 'dmarcq: nothing was decided: `dmarcq mark` does that'
	cp "$BATS_FILE_TMPDIR/empty.db" "$db"
	dmarcq mark --list --db "$db"
	assert_status 0
	assert_stderr 'dmarcq: nothing was decided: `dmarcq mark` does that'
	# A database without reports takes decisions for all domains.
	dmarcq mark --db "$db" 192.0.2.77 ours --note x
	assert_status 0
	assert_stdout "192.0.2.77: ours for all domains"
	assert_stderr
}

@test "decisions are only added: rebuild, prune, retry and SQL leave them alone" {
	fresh
	mark 192.0.2.77 ours --domain example.com --note x --by a "192.0.2.77: ours for example.com"
	mark hosting.example ours --note y --by b "hosting.example: ours for all domains"
	local before
	before=$(sql 'SELECT * FROM decision')
	dmarcq db rebuild -q --db "$db"
	assert_status 0
	dmarcq db prune --keep 30d --db "$db"
	assert_status 0
	dmarcq rejects --retry -q --db "$db"
	dmarcq db vacuum --db "$db"
	assert_status 0
	assert_equal "$(sql 'SELECT * FROM decision')" "$before"
	dmarcq db backup -q --db "$db" copy.db
	assert_status 0
	assert_equal "$(sqlite3 copy.db 'SELECT * FROM decision')" "$before"
	run ! sqlite3 "$db" "UPDATE decision SET verdict = 'not-ours'"
	[[ $output == *"a decision is never changed"* ]]
	run ! sqlite3 "$db" "DELETE FROM decision WHERE id = 1"
	[[ $output == *"a decision is never deleted"* ]]
	assert_equal "$(sql 'SELECT * FROM decision')" "$before"
	dmarcq db check --db "$db"
	assert_status 0
	assert_stdout "no problems found"
}

@test "export --what decisions, with manifest and check" {
	fresh
	mark 203.0.113.100 ours --note "ask joe@example.com" --by a "203.0.113.100: ours for all domains"
	mark 203.0.113.100 not-ours --domain example.com --note "=cmd|x" --by b --until 2026-12-31 "203.0.113.100: not-ours for example.com"
	mark 203.0.113.100 forwarder --note three --by c "203.0.113.100: forwarder for all domains"
	mark 203.0.113.100 ours --domain example.net --note four --by c "203.0.113.100: ours for example.net"
	dmarcq export --db "$db" --what decisions
	assert_status 0
	assert_stderr
	sed -E 's/[0-9-]{10}T[0-9:]{8}Z/T/; s/\r//' stdout >short
	out=short assert_stdout "decision,at,who,source,kind,domain,verdict,note,until
1,T,a,203.0.113.100,address,*,ours,ask joe@example.com,
2,T,b,203.0.113.100,address,example.com,not-ours,\"'=cmd|x\",2026-12-31
3,T,c,203.0.113.100,address,*,forwarder,three,
4,T,c,203.0.113.100,address,example.net,ours,four,"
	dmarcq export --db "$db" --what decisions --domain example.net --redact --format jsonl
	assert_equal "$(python3 -c 'import json, sys; print([(r["decision"], r["note"]) for r in map(json.loads, sys.stdin)])' <stdout)" \
		"[(1, 'ask *@example.com'), (3, 'three'), (4, 'four')]"
	for form in csv jsonl; do
		dmarcq export --db "$db" --what decisions --domain example.com --format $form -o decisions.$form
		assert_status 0
		assert_stdout
		assert_stderr
		assert_equal "$(python3 -c 'import json, sys; m = json.load(open(sys.argv[1])); print(m["export"], m["window"], m["domains"],
			m["file"]["rows"], m["originals"]["rows"])' decisions.$form.manifest.json | tr -s '\t\n' ' ')" "decisions None ['example.com'] 3 0 "
		dmarcq export --db "$db" --verify decisions.$form
		assert_status 0
		assert_stderr
		assert_stdout "decisions.$form: the same as its manifest and the database: 3 rows, 0 originals"
	done
	mark 203.0.113.100 ours --domain example.com --note "later" --by d "203.0.113.100: ours for example.com"
	dmarcq export --db "$db" --what decisions --domain example.net -o before.csv
	mark 203.0.113.100 ours --domain example.org --note "another" --by d "203.0.113.100: ours for example.org"
	dmarcq export --db "$db" --verify before.csv
	assert_status 0
	for option in --since=1d --until=1d --only=failing; do
		dmarcq export --db "$db" --what decisions $option
		assert_status 64
		assert_stdout
		assert_stderr_has "dmarcq: export: ${option%=*}"
		assert_stderr_has ": does not go with --what decisions"
	done
	dmarcq export --db "$BATS_FILE_TMPDIR/samples.db" --what decisions
	assert_status 0
	assert_stdout $'decision,at,who,source,kind,domain,verdict,note,until\r'
	assert_stderr 'dmarcq: nothing was decided: `dmarcq mark` does that'
}

@test "completion: sources, then what may be decided" {
	dmarcq complete -- mark --db "$BATS_FILE_TMPDIR/samples.db" "Twi"
	assert_stdout "Twilio SendGrid"
	dmarcq complete -- mark 203.0.113.100 ""
	assert_stdout "ours
not-ours
forwarder
undecided"
	dmarcq complete -- mark --list --sort ver
	assert_stdout $'verdict\tDecision'
}
