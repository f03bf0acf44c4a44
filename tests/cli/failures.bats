#!/usr/bin/env bats
# failures: failure reports listed and grouped, shown, counted beside aggregate ones, exported, pruned; over the fixtures.

load helper

setup_file() {
	: "${DMARCQ_TOP:=$(cd "$BATS_TEST_DIRNAME/../.." && pwd)}"
	: "${DMARCQ:=$DMARCQ_TOP/build/test/dmarcq}"
	cp -r "$DMARCQ_TOP/tests/fixtures/failures" "$BATS_FILE_TMPDIR/failures"
	cd "$BATS_FILE_TMPDIR" || exit
	"$DMARCQ" import -q --jobs 1 --db ruf.db failures 2>/dev/null || [ $? -eq 1 ]
	"$DMARCQ" db init -q --db empty.db
}

fixtures() {
	db=$BATS_FILE_TMPDIR/ruf.db
}

# A small aggregate report of mail from 192.0.2.25 for example.com, of the day of the fixtures.
aggregate() {
	cat <<-XML
	<feedback><report_metadata><org_name>receiver.example</org_name><email>a@receiver.example</email><report_id>1</report_id>
	<date_range><begin>1780358400</begin><end>1780444799</end></date_range></report_metadata>
	<policy_published><domain>example.com</domain><p>none</p></policy_published>
	<record><row><source_ip>192.0.2.25</source_ip><count>7</count><policy_evaluated><disposition>none</disposition><dkim>fail</dkim>
	<spf>fail</spf></policy_evaluated></row><identifiers><header_from>example.com</header_from></identifiers>
	<auth_results><spf><domain>bounce.example.com</domain><result>fail</result></spf></auth_results></record></feedback>
	XML
}

@test "the list: reports about DMARC alone, the newest first" {
	fixtures
	COLUMNS=80 dmarcq failures --db "$db" -n 2
	assert_status 0
	assert_stderr
	assert_stdout "2026-06-02 to 2026-06-02 (UTC days)

ID   At (UTC)          Domain       Source IP   Source        Failed  Delivery
F4   2026-06-02 09:15  example.com  192.0.2.26  192.0.2.0/24  dmarc   -
    Header from: example.com  Type: auth-failure  Incidents: 1
    Reporter: host.receiver.example
F14  2026-06-02 08:15  example.com  192.0.2.25  192.0.2.0/24  dmarc   reject
    Header from: example.com  Type: auth-failure  SPF: fail bounce.example.com
    DKIM: fail example.com  Incidents: 3  Reporter: receiver.example"
	dmarcq failures --db "$db" --format json
	assert_json rows.11.type auth-failure
	assert_equal "$(grep -c '"id"' "$out")" 13
}

@test "--type: each of its words, and none is counted as a failure of DMARC" {
	fixtures
	for type in auth-failure:12 abuse:1 opt-out:1 fraud:0 virus:0 not-spam:0 other:0 all:14; do
		dmarcq failures --db "$db" --type "${type%:*}" --format csv
		assert_status 0
		assert_equal "$type $(($(wc -l <"$out") - 1))" "$type ${type#*:}"
	done
	dmarcq failures --db "$db" --type fraud
	assert_stdout "2026-06-02 to 2026-06-02 (UTC days)"
	assert_stderr "dmarcq: no failure report is so"
}

@test "--source: an address, a network; nothing else" {
	fixtures
	dmarcq failures --db "$db" --source 192.0.2.26 --format csv
	assert_equal "$(wc -l <"$out")" 2
	dmarcq failures --db "$db" --source 192.0.2.0/24 --format csv
	assert_equal "$(wc -l <"$out")" 13
	dmarcq failures --db "$db" --source 198.51.100.0/24 --format csv
	assert_equal "$(wc -l <"$out")" 1
	dmarcq failures --db "$db" --source Mailchimp
	assert_status 64
	assert_stderr 'dmarcq: failures: --source: neither an address nor a network: "Mailchimp"'
	dmarcq failures --db "$db" --source 192.0.2.1/24
	assert_status 64
	assert_stderr "dmarcq: failures: the address has bits behind /24; the network is 192.0.2.0/24"
}

@test "--by: every word" {
	fixtures
	for by in source ip subnet domain header-from dkim-domain spf-domain reporter type auth-failure delivery day; do
		dmarcq failures --db "$db" --by "$by" --format json
		assert_status 0
		assert_json query failures-by
	done
	dmarcq failures --db "$db" --by delivery --format csv
	assert_stdout "$(printf '%s\r\n' source,reports,incidents,addresses,domains,reporters,first_day,last_day,authenticated \
		reject,10,30,1,1,1,2026-06-02,2026-06-02,0 ,1,1,1,1,1,2026-06-02,2026-06-02,0 \
		smg-policy-action,1,3,1,1,1,2026-06-02,2026-06-02,0)"
}

@test "domains and windows are those of failure reports" {
	fixtures
	dmarcq failures --db "$db" --domain example.com --since 1d --format csv
	assert_equal "$(wc -l <"$out")" 13
	dmarcq failures --db "$db" --domain example.net
	assert_status 65
	assert_stderr "dmarcq: no failure reports about example.net; there are some about example.com"
	dmarcq failures --db "$db" --since 2026-06-03
	assert_status 0
	assert_stderr "dmarcq: no failure reports since 2026-06-03; there are some from 2026-06-02 to 2026-06-02"
	dmarcq failures --db "$BATS_FILE_TMPDIR/empty.db"
	assert_status 0
	assert_stderr "dmarcq: there are no failure reports yet: \`dmarcq import\` reads them"
}

@test "show: F and a number is a failure report, a number alone never" {
	fixtures
	dmarcq show --db "$db" F2 --format json
	assert_status 0
	assert_json query 'show failure'
	assert_json failure.id F2
	assert_json failure.dkim_aligned fail
	assert_json failure.spf_aligned fail
	assert_json failure.identity_alignment none
	assert_json failure.subject null
	assert_json failure.personal false
	assert_json results.1.method spf
	assert_json results.2.of message
	assert_json fields.2.text example.com
	dmarcq show --db "$db" 2
	assert_status 65
	assert_stderr "dmarcq: there is no report 2: there are none yet, \`dmarcq import\` reads them"
	dmarcq show --db "$db" F15
	assert_status 65
	assert_stderr "dmarcq: there is no failure report F15: \`dmarcq failures\` lists them"
	dmarcq show --db "$db" F
	assert_status 64
	assert_stderr 'dmarcq: show: not an id: ""'
	dmarcq show --db "$db" --original F2
	assert_stderr "dmarcq: the bytes of original 2 were not kept"
	assert_stdout
}

@test "only failure reports: questions about aggregate ones say so" {
	dmarcq import -q --db "$db" "$DMARCQ_TOP/tests/fixtures/failures/arf.eml"
	for question in reports top-failures trend kpi; do
		dmarcq $question --db "$db"
		assert_status 0
		assert_stderr "dmarcq: there are no aggregate reports yet, only failure reports: \`dmarcq failures\`"
	done
}

@test "one on standard input that can't be read is left to the mail server, because its bytes are not kept" {
	sed "s/^Feedback-Type: .*/Feedback-Type: auth-failure\nX-Long: $(printf %05000d 0)/" "$DMARCQ_TOP/tests/fixtures/failures/arf.eml" >long.eml
	dmarcq import -q --limit feedback-bytes=4096 --db "$db" - <long.eml
	assert_status 75
	assert_stdout
	dmarcq import --limit feedback-bytes=4096 --db "$db" - <long.eml
	assert_status 75
	assert_stderr_has "dmarcq: standard input: it can't be read, and its bytes are not kept here: the mail server is to keep it"
	printf '[dmarcq]\nkeep-personal-data = yes\n' >keep.conf
	dmarcq import --config keep.conf --limit feedback-bytes=4096 --db "$db" - <long.eml
	assert_status 0
	dmarcq rejects --bytes 3 --db "$db"
	assert_status 0
	cmp long.eml "$out"
	dmarcq import --db "$db" - <long.eml
	assert_status 0
	dmarcq db check --db "$db"
	assert_status 0
}

@test "names of what lies beside a failure report tell of nobody" {
	python3 - "$DMARCQ_TOP/tests/fixtures/failures/arf.eml" "$(report 1)" <<-'END'
		import sys, zipfile
		with zipfile.ZipFile('mixed.zip', 'w') as out:
		    out.writestr('to jane.roe@example.org.xml', sys.argv[2])
		    out.writestr('again jane.roe@example.org.xml', sys.argv[2])
		    out.writestr('broken jane.roe@example.org.xml', '<feedback>')
		    out.write(sys.argv[1], 'f.eml')
	END
	import mixed.zip
	numbers reports=1 duplicates=1 rejected=1 failures=1
	for table in report repeat reject; do
		assert_equal "$table $(sql "SELECT count(*) FROM $table WHERE place LIKE '%.xml' OR place GLOB '????????????????*'")" "$table 1"
	done
	! grep -q jane.roe "$db" "$db"-wal || fail "she is in the database"
	dmarcq db check --db "$db"
	assert_status 0
	printf '[dmarcq]\nkeep-personal-data = yes\n' >keep.conf
	dmarcq import --config keep.conf --db kept.db mixed.zip
	grep -q jane.roe kept.db
	dmarcq db prune --personal --db kept.db
	assert_status 0
	! grep -q jane.roe kept.db kept.db-wal || fail "she is in the database still"
}

@test "alignment comes from results and From, whatever Identity-Alignment says" {
	sed -e 's/header.d=example.com header.i/header.d=news.example.com header.i/; s/dkim=fail (bad signature)/dkim=pass/' \
		-e 's/^Identity-Alignment: none/Identity-Alignment: dkim/' "$DMARCQ_TOP/tests/fixtures/failures/arf.eml" >aligned.eml
	sed -e 's/header.d=example.com/header.d=example.net/; s/dkim=fail (bad signature)/dkim=pass/' \
		"$DMARCQ_TOP/tests/fixtures/failures/arf.eml" >other.eml
	dmarcq import -q --db "$db" aligned.eml other.eml
	dmarcq show --db "$db" F1 --format json
	assert_json failure.dkim_aligned pass
	assert_json failure.identity_alignment dkim
	dmarcq show --db "$db" F2 --format json
	assert_json failure.dkim_aligned fail
}

@test "why and top-failures tell how many there are, and count none of them" {
	aggregate >aggregate.xml
	dmarcq import -q --db "$db" aggregate.xml "$DMARCQ_TOP/tests/fixtures/failures"
	dmarcq why --db "$db" 192.0.2.25 --format json
	assert_json sender.messages 7
	assert_json sender.failure_reports 11
	assert_json failures.0.reports 11
	assert_json failures.0.incidents 33
	dmarcq why --db "$db" 192.0.2.26 --format json
	assert_status 0
	assert_json sender null
	assert_json failures.0.reports 1
	dmarcq why --db "$db" 192.0.2.0/24 --format json
	assert_json sender.failure_reports 12
	for by in source:12 ip:11 subnet:12 header-from:12 domain:12 spf-domain:11 reporter:null; do
		dmarcq top-failures --db "$db" --by "${by%:*}" --format json
		assert_json rows.0.failing 7
		assert_equal "$by $(json rows.0.failure_reports)" "$by ${by#*:}"
	done
	dmarcq top-failures --db "$db" --since 2026-06-03 --format json
	assert_json rows "[]"
	dmarcq status --db "$db" --format json
	assert_json rows.0.messages 7
	assert_json last_import.failures 12
	assert_json last_import.feedback 2
}

@test "export: CSV and JSON lines, with a manifest that holds" {
	fixtures
	dmarcq export --db "$db" --what failures -o failures.csv
	assert_status 0
	assert_equal "$(wc -l <failures.csv)" 15
	assert_equal "$(head -n 3 failures.csv | tail -n 1 | cut -d, -f 1-9)" \
		"F2,example.com,2026-06-02T08:15:00Z,2026-06-02T08:16:00Z,auth-failure,192.0.2.25,40125,192.0.2.0/24,example.com"
	dmarcq export --db "$db" --verify failures.csv
	assert_status 0
	assert_stdout "failures.csv: the same as its manifest and the database: 14 rows, 0 originals"
	dmarcq export --db "$db" --what failures --format jsonl --domain example.com --since 2026-06-02
	assert_equal "$(wc -l <"$out")" 13
	python3 -c 'import json, sys; [json.loads(line) for line in sys.stdin]' <"$out"
	dmarcq export --db "$db" --what failures --only failing
	assert_status 64
	assert_stderr "dmarcq: export: --only failing: does not go with --what failures"
	dmarcq export --db "$db" --what failures --only authenticated
	assert_status 0
	assert_equal "$(wc -l <"$out")" 1
}

@test "keep-personal-data: yes keeps it, db prune --personal takes it, other words are a mistake" {
	printf '[dmarcq]\nkeep-personal-data = yes\n' >keep.conf
	dmarcq import -q --config keep.conf --db "$db" "$DMARCQ_TOP/tests/fixtures/failures/arf.eml"
	assert_status 0
	dmarcq show --db "$db" F1 --format json
	assert_json failure.from alice.secret@example.com
	assert_json failure.subject "Quarterly salaries"
	dmarcq show --db "$db" F1 --original
	cmp "$out" "$DMARCQ_TOP/tests/fixtures/failures/arf.eml"
	dmarcq db prune --db "$db" --personal --format csv
	assert_status 0
	assert_stdout "$(printf 'before,reports,records,messages,rejects,originals,bytes,tls_reports,failures,conflicts\r\n,0,0,0,0,1,%s,0,1,0\r' \
		"$(tail -n 1 "$out" | cut -d, -f 7)")"
	run ! grep -qaF alice.secret "$db"
	for also in '--keep 90d' --keep-rollup --originals; do
		dmarcq db prune --db "$db" --personal $also
		assert_status 64
	done
	printf '[dmarcq]\nkeep-personal-data = maybe\n' >wrong.conf
	dmarcq config check wrong.conf
	assert_status 78
	assert_stdout 'wrong.conf:2: [dmarcq] keep-personal-data: neither yes nor no: "maybe"'
}
