#!/usr/bin/env bats
# Who sent a report, whether its mail proves it, and questions about authenticated reports alone.

load helper

# checked ID COUNT RESULTS: a mail of reporter.example with a report, checked by mx.example.org with these results.
checked() {
	cat <<-END
		Authentication-Results: mx.example.org; $3
		Received: from a.reporter.example by mx.example.org with ESMTPS; Tue, 2 Jun 2026 00:00:00 +0000
		From: Reports <dmarc@reporter.example>
		MIME-Version: 1.0
		Content-Type: text/xml

	END
	failing "$1" "$2"
}

# failing ID COUNT: a report of so many messages that fail.
failing() {
	report "$1" "$2" | sed 's|<dkim>pass|<dkim>fail|'
}

configured() {
	printf '[dmarcq]\ntrusted-authserv-id = mx.example.org\n' >dmarcq.conf
	export DMARCQ_CONFIG=$PWD/dmarcq.conf
}

# Three reports: 1 message authenticated, 10 forged, 100 unverified.
world() {
	configured
	checked good 1 "dmarc=pass header.from=reporter.example" >1.eml
	checked bad 10 "dmarc=fail header.from=reporter.example" >2.eml
	failing plain 100 >3.xml
	dmarcq import --db "$db" 1.eml 2.eml 3.xml
	assert_status 0
	assert_stderr
}

@test "reports tells of each what its mail proves" {
	world
	dmarcq reports --db "$db" --format csv
	assert_status 0
	[ "$(cut -d, -f 4,8,12 stdout | tr -d '\r')" = "report_id,messages,authenticity
bad,10,forged?
good,1,authenticated
plain,100,unverified" ] || fail "other reports"
	for word in authenticated:good forged:bad unverified:plain; do
		dmarcq reports --db "$db" --only "${word%:*}" --format csv
		assert_status 0
		[ "$(tail -n +2 stdout | cut -d, -f 4)" = "${word#*:}" ] || fail "$word"
	done
	dmarcq reports --db "$db" --only authenticated --only repaired --format csv
	assert_status 0
	[ "$(wc -l <stdout)" -eq 1 ]
	dmarcq reports --db "$db" --only repaired --only counted
	assert_status 64
	assert_stderr "dmarcq: reports: --only: repaired and counted exclude each other"
}

@test "status counts them" {
	world
	dmarcq status --db "$db" --format json
	assert_status 0
	assert_json rows.0.reports 3
	assert_json rows.0.authenticated 1
	assert_json rows.0.forged 1
	dmarcq status --db "$db" --only authenticated --format json
	assert_json rows.0.reports 1
	assert_json rows.0.messages 1
}

@test "show tells the evidence in words" {
	world
	dmarcq show 1 --db "$db" --format json
	assert_status 0
	assert_json report.authenticity authenticated
	assert_json report.evidence "the mail is from reporter.example; mx.example.org says dmarc=pass for reporter.example; the report names dmarc@reporter.example"
	dmarcq show 2 --db "$db" --format json
	assert_json report.authenticity "forged?"
	dmarcq show 3 --db "$db" --format json
	assert_json report.authenticity unverified
	assert_json report.evidence "it came as a file, no mail says who sent it"
}

@test "every question about authenticated reports counts them alone" {
	world
	dmarcq top-failures --db "$db" --only authenticated --format json
	assert_json rows.0.messages 1
	dmarcq top-failures --db "$db" --format json
	assert_json rows.0.messages 111
	dmarcq trend --db "$db" --only authenticated --format json
	assert_json rows.0.messages 1
	dmarcq trend --db "$db" --domain example.com --only authenticated --format json
	assert_json rows.0.messages 1
	dmarcq kpi --db "$db" --only authenticated --format json
	assert_json rows.0.messages 1
	dmarcq policy --db "$db" --only authenticated --format json
	assert_json rows.0.reports 1
	dmarcq policy --db "$db" --domain example.com --only authenticated --format json
	assert_json rows.0.messages 1
	dmarcq reporters --db "$db" --only authenticated --format json
	assert_json rows.0.reports 1
	assert_json rows.0.messages 1
	dmarcq why 192.0.2.1 --db "$db" --only authenticated --format json
	assert_json sender.messages 1
	dmarcq why 192.0.2.1 --db "$db" --only authenticated --only passing --format json
	assert_status 0
	assert_json rows "[]"
	for what in records rollup reports; do
		dmarcq export --what "$what" --db "$db" --only authenticated
		assert_status 0
		[ "$(wc -l <stdout)" -eq 2 ] || fail "$what"
	done
	dmarcq export --what reports --db "$db" --only failing
	assert_status 64
	dmarcq export --what decisions --db "$db" --only authenticated
	assert_status 64
	dmarcq export --what rejects --db "$db" --only authenticated
	assert_status 64
}

# checked_tls ID SESSIONS RESULTS: a mail of reporter.example with a TLS report of so many sessions that failed.
checked_tls() {
	cat <<-END
		Authentication-Results: mx.example.org; $3
		Received: from a.reporter.example by mx.example.org with ESMTPS; Tue, 2 Jun 2026 00:00:00 +0000
		From: Reports <tls@reporter.example>
		MIME-Version: 1.0
		Content-Type: application/tlsrpt+json

		{"organization-name": "Reporter", "contact-info": "tls@reporter.example", "report-id": "$1",
		"date-range": {"start-datetime": "2026-06-01T00:00:00Z", "end-datetime": "2026-06-01T23:59:59Z"},
		"policies": [{"policy": {"policy-type": "sts", "policy-domain": "example.com"},
		"summary": {"total-successful-session-count": 0, "total-failure-session-count": $2}}]}
	END
}

# checked_failure ID RESULTS: the same with a failure report.
checked_failure() {
	cat <<-END
		Authentication-Results: mx.example.org; $2
		Received: from a.reporter.example by mx.example.org with ESMTPS; Tue, 2 Jun 2026 00:00:00 +0000
		From: Reports <ruf@reporter.example>
		Message-ID: <$1@reporter.example>
		MIME-Version: 1.0
		Content-Type: multipart/report; report-type=feedback-report; boundary=b

		--b
		Content-Type: message/feedback-report

		Feedback-Type: auth-failure
		User-Agent: test/1
		Version: 1
		Auth-Failure: dmarc
		Reported-Domain: example.com
		Source-IP: 192.0.2.$1
		Arrival-Date: Mon, 1 Jun 2026 10:00:00 +0000

		--b--
	END
}

# Three TLS reports of 1, 10 and 100 failed sessions and three failure reports: authenticated, forged, unverified.
others() {
	local n=1 results
	configured
	for results in "dmarc=pass header.from=reporter.example" "dmarc=fail header.from=reporter.example" "dkim=none"; do
		checked_tls "$n" "$((10 ** (n - 1)))" "$results" >"tls$n.eml"
		checked_failure "$n" "$results" >"failure$n.eml"
		n=$((n + 1))
	done
	dmarcq import --db "$db" tls*.eml failure*.eml
	assert_status 0
	assert_stderr
}

@test "TLS reports are judged as aggregate reports are" {
	others
	dmarcq tls --db "$db" --format json
	assert_status 0
	assert_json totals.failed 111
	assert_json totals.authenticated 1
	assert_json totals.forged 1
	dmarcq tls --db "$db" --only authenticated --format json
	assert_status 0
	assert_json totals.failed 1
	assert_json rows.0.failed 1
	for id in T1:authenticated "T2:forged?" T3:unverified; do
		dmarcq show "${id%%:*}" --db "$db" --format json
		assert_status 0
		assert_json report.authenticity "${id#*:}"
	done
	dmarcq show T1 --db "$db" --format json
	assert_json report.evidence "the mail is from reporter.example; mx.example.org says dmarc=pass for reporter.example; the report names tls@reporter.example"
	dmarcq status --db "$db" --format json
	assert_json tls.reports 3
	assert_json tls.authenticated 1
	assert_json tls.forged 1
	dmarcq status --db "$db" --only authenticated --format json
	assert_json tls.reports 1
	dmarcq export --what tls --db "$db" --only authenticated
	assert_status 0
	[ "$(wc -l <stdout)" -eq 2 ]
	sqlite3 "$db" "UPDATE tls_report SET authentic = 0"
	dmarcq tls --db "$db" --only authenticated
	assert_status 0
	assert_stderr "dmarcq: none of the TLS reports is authenticated; \`dmarcq show\` tells what each is (trusted-authserv-id in the configuration)"
}

@test "failure reports are judged as aggregate reports are" {
	others
	dmarcq failures --db "$db" --format csv
	assert_status 0
	[ "$(cut -d, -f 1,4,14 stdout | tr -d '\r' | sort)" = "F1,192.0.2.1,authenticated
F2,192.0.2.2,forged?
F3,192.0.2.3,unverified
id,source_ip,authenticity" ] || fail "other reports"
	dmarcq failures --db "$db" --only authenticated --format csv
	[ "$(cut -d, -f 1 stdout | tail -n +2)" = F1 ]
	dmarcq failures --db "$db" --only authenticated --type all --by domain --format json
	assert_json rows.0.reports 1
	dmarcq failures --db "$db" --by domain --format json
	assert_json rows.0.reports 3
	assert_json rows.0.authenticated 1
	dmarcq show F2 --db "$db" --format json
	assert_json failure.authenticity "forged?"
	assert_json failure.evidence "the mail is from reporter.example; mx.example.org says dmarc=fail for reporter.example; the report names reporter.example"
	dmarcq export --what failures --db "$db" --only authenticated
	assert_status 0
	[ "$(wc -l <stdout)" -eq 2 ]
	checked good 1 "dmarc=pass header.from=reporter.example" >1.eml
	dmarcq import --db "$db" 1.eml
	dmarcq top-failures --db "$db" --by domain --format json
	assert_json rows.0.failure_reports 3
	dmarcq top-failures --db "$db" --by domain --only authenticated --format json
	assert_json rows.0.failure_reports 1
	dmarcq why 192.0.2.1 --db "$db" --only authenticated --format json
	assert_json failures.0.reports 1
	sqlite3 "$db" "UPDATE failure SET authentic = 0"
	dmarcq why 192.0.2.1 --db "$db" --only authenticated --format json
	assert_json failures "[]"
	dmarcq failures --db "$db" --only authenticated
	assert_status 0
	assert_stderr "dmarcq: none of the failure reports is authenticated; \`dmarcq failures\` tells what each is (trusted-authserv-id in the configuration)"
	dmarcq db check --db "$db"
	assert_status 0
}

@test "the same from flow, where it is kept" {
	world
	sqlite3 "$db" "INSERT INTO flow_domain SELECT id FROM name WHERE text = 'example.com';
		INSERT INTO flow SELECT domain, profile, ip, reporter, authentic, sum(traffic.messages), min(day.day), max(day.day)
		FROM day JOIN traffic ON traffic.day = day.id GROUP BY 1, 2, 3, 4, 5"
	dmarcq db check --db "$db"
	assert_status 0
	dmarcq top-failures --db "$db" --only authenticated --format json
	assert_json rows.0.messages 1
	dmarcq kpi --db "$db" --only authenticated --format json
	assert_json rows.0.messages 1
	dmarcq why 192.0.2.1 --db "$db" --only authenticated --format json
	assert_json sender.messages 1
	dmarcq why 192.0.2.1 --db "$db" --since 2020-01-01 --only authenticated --format json
	assert_json sender.messages 1
	dmarcq why 192.0.2.1 --db "$db" --since 2020-01-01 --format json
	assert_json sender.messages 111
}

@test "an export of authenticated reports is verified as such" {
	world
	dmarcq export --db "$db" --only authenticated -o good.csv
	assert_status 0
	grep -q '"authenticated": true' good.csv.manifest.json
	dmarcq export --db "$db" --verify good.csv
	assert_status 0
	checked late 1000 "dmarc=pass header.from=reporter.example" >4.eml
	dmarcq import --db "$db" 4.eml
	dmarcq export --db "$db" --verify good.csv
	assert_status 1
}

@test "without a trusted server nothing is authenticated, and that is said" {
	checked good 1 "dmarc=pass header.from=reporter.example" >1.eml
	dmarcq import --db "$db" 1.eml
	dmarcq top-failures --db "$db" --only authenticated
	assert_status 0
	assert_stderr "dmarcq: none of the reports is authenticated; \`dmarcq reports\` tells what each is (trusted-authserv-id in the configuration)"
}

@test "a rebuild gives the same, whatever the configuration says now" {
	world
	dmarcq reports --db "$db" --format csv
	mv stdout before
	export DMARCQ_CONFIG=/dev/null
	dmarcq db rebuild --db "$db"
	assert_status 0
	dmarcq reports --db "$db" --format csv
	diff before stdout
}

@test "tables say how much --only authenticated leaves out" {
	local question
	others
	checked good 1 "dmarc=pass header.from=reporter.example" >1.eml
	checked bad 10 "dmarc=fail header.from=reporter.example" >2.eml
	failing plain 1000 >3.xml
	dmarcq import --db "$db" 1.eml 2.eml 3.xml
	for question in reports top-failures trend kpi policy reporters status "why 192.0.2.1"; do
		# shellcheck disable=SC2086
		dmarcq $question --db "$db" --only authenticated
		assert_stdout_has "--only authenticated leaves out 1,010 messages in all, of reports that are not"
		# shellcheck disable=SC2086
		dmarcq $question --db "$db"
		assert_stdout_lacks "leaves out"
		# shellcheck disable=SC2086
		dmarcq $question --db "$db" --only authenticated --format json
		assert_stdout_lacks "leaves out"
	done
	dmarcq tls --db "$db" --only authenticated
	assert_stdout_has "--only authenticated leaves out 2 TLS reports"
	dmarcq failures --db "$db" --only authenticated
	assert_stdout_has "--only authenticated leaves out 2 failure reports in all"
	dmarcq failures --db "$db" --only authenticated --by domain
	assert_stdout_has "--only authenticated leaves out 2 failure reports in all"
}

# verdicts: what stands of each report, in one line.
verdicts() {
	sql "SELECT group_concat(x, ' ') FROM (SELECT report_id || '=' || authentic AS x FROM report ORDER BY report_id, state)"
}

@test "a copy in a mail that proves its sender raises the report, one that proves less takes nothing away" {
	local good="dmarc=pass header.from=reporter.example" bad="dmarc=fail header.from=reporter.example"
	configured
	failing file 1 >1.xml
	checked forged 10 "$bad" >2.eml
	checked proved 100 "$good" >3.eml
	failing conflict 1000 >4.xml
	checked conflict 1001 "$bad" >5.eml
	checked conflict 1000 "$bad" >6.eml
	dmarcq import --db "$db" 1.xml 2.eml 3.eml 4.xml 5.eml 6.eml
	assert_status 0
	assert_equal "$(verdicts)" "conflict=0 conflict=2 file=0 forged=2 proved=1"
	sqlite3 "$db" "INSERT INTO flow_domain SELECT id FROM name WHERE text = 'example.com';
		INSERT INTO flow SELECT domain, profile, ip, reporter, authentic, sum(traffic.messages), min(day.day), max(day.day)
		FROM day JOIN traffic ON traffic.day = day.id GROUP BY 1, 2, 3, 4, 5"
	checked file 1 "$good" >7.eml
	checked forged 10 "$good" >8.eml
	failing proved 100 >9.xml
	checked conflict 1001 "$good" >10.eml
	dmarcq import --db "$db" 7.eml 8.eml 9.xml 10.eml
	assert_status 0
	assert_equal "$(verdicts)" "conflict=0 conflict=1 file=1 forged=1 proved=1"
	dmarcq top-failures --db "$db" --only authenticated --format json
	assert_json rows.0.messages 111
	dmarcq top-failures --db "$db" --format json
	assert_json rows.0.messages 1111
	dmarcq db check --db "$db"
	assert_status 0
	sqlite3 "$db" .dump | grep -v flow >before
	dmarcq db rebuild --db "$db"
	assert_status 0
	sqlite3 "$db" .dump | grep -v flow | diff before -
	dmarcq db check --db "$db"
	assert_status 0
}

@test "so it is with a report that is longer than what is written at once" {
	local good="dmarc=pass header.from=reporter.example"
	configured
	python3 - "$(failing long 1)" >long.xml <<-'END'
		import re, sys
		record = re.search('<record>.*</record>', sys.argv[1], re.S)[0]
		print(sys.argv[1].replace(record, ''.join(record.replace('192.0.2.1<', f'192.0.{n // 250}.{n % 250}<') for n in range(20000))))
	END
	dmarcq import --db "$db" long.xml
	assert_status 0
	(checked long 1 "$good" | sed '/^$/q'; cat long.xml) >long.eml
	dmarcq import --db "$db" --format json long.eml
	assert_status 0
	numbers duplicates=1 reports=0
	assert_equal "$(verdicts)" long=1
	dmarcq kpi --db "$db" --only authenticated --format json
	assert_json rows.0.messages 20000
	dmarcq db check --db "$db"
	assert_status 0
	assert_stderr
}

@test "so it is with TLS and failure reports" {
	others
	sed -i 's/dmarc=fail/dmarc=pass/; s/dkim=none/dmarc=pass header.from=reporter.example/' ./*2.eml ./*3.eml
	sed -i 's/dmarc=pass/dmarc=fail/' ./*1.eml
	printf '[dmarcq]\ntrusted-authserv-id = mx.example.org\nkeep-personal-data = yes\n' >dmarcq.conf
	dmarcq import --db "$db" ./*.eml
	assert_status 0
	dmarcq tls --db "$db" --format json
	assert_json totals.authenticated 3
	dmarcq failures --db "$db" --format csv
	assert_equal "$(grep -c ,authenticated "$out")" 3
	dmarcq db check --db "$db"
	assert_status 0
	dmarcq db rebuild --db "$db"
	assert_status 0
	assert_equal "$(sql "SELECT (SELECT sum(authentic = 1) FROM tls_report) || ' ' || (SELECT sum(authentic = 1) FROM failure)")" "3 3"
}

@test "a setting that is no list of names is a mistake" {
	printf '[dmarcq]\ntrusted-authserv-id = "mx.example.org", b\n' >bad.conf
	dmarcq config check bad.conf
	assert_status 78
	assert_stdout "bad.conf:2: [dmarcq] trusted-authserv-id: words stand with blanks between, without quotes and commas: \"\"mx.example.org\", b\""
}
