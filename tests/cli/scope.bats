#!/usr/bin/env bats
# Which domains a question is about, and in which order it answers. The reports stand here: their numbers are easy.

load helper

# report DOMAIN FAILING PASSING NUMBER: an aggregate report.
report() {
	cat <<-XML
	<feedback><report_metadata><org_name>reporter.example</org_name><email>a@reporter.example</email><report_id>$4</report_id>
	<date_range><begin>1767225600</begin><end>1767311999</end></date_range></report_metadata>
	<policy_published><domain>$1</domain><p>none</p></policy_published>
	<record><row><source_ip>192.0.2.$4</source_ip><count>$2</count><policy_evaluated><disposition>none</disposition>
	<dkim>fail</dkim><spf>fail</spf></policy_evaluated></row><identifiers><header_from>$1</header_from></identifiers>
	<auth_results/></record>
	<record><row><source_ip>192.0.2.$4</source_ip><count>$3</count><policy_evaluated><disposition>none</disposition>
	<dkim>pass</dkim><spf>fail</spf></policy_evaluated></row><identifiers><header_from>$1</header_from></identifiers>
	<auth_results/></record></feedback>
	XML
}

setup_file() {
	: "${DMARCQ_TOP:=$(cd "$BATS_TEST_DIRNAME/../.." && pwd)}"
	: "${DMARCQ:=$DMARCQ_TOP/build/test/dmarcq}"
	cd "$BATS_FILE_TMPDIR" || exit
	report example.com 10 90 1 >1.xml
	report news.example.com 40 10 2 >2.xml
	report shop.news.example.com 5 1 3 >3.xml
	report notexample.com 7 700 4 >4.xml
	report example.net 20 5 5 >5.xml
	"$DMARCQ" import --db all.db -q ./*.xml
}

# domains ARGS...: the domains of `dmarcq status ARGS`, in order, on one line.
domains() {
	dmarcq status --db "$BATS_FILE_TMPDIR/all.db" --format csv "$@"
	assert_status 0
	assert_stderr
	tail -n +2 "$out" | cut -d, -f1 | paste -sd' '
}

@test "several domains" {
	assert_equal "$(domains --domain example.net --domain EXAMPLE.com. --domain example.net)" 'example.com example.net'
}

@test "wildcards" {
	assert_equal "$(domains --domain '*.example.com')" 'news.example.com shop.news.example.com'
	assert_equal "$(domains --domain 'Example.???')" 'example.com example.net'
	assert_equal "$(domains --domain '*')" 'notexample.com example.com news.example.com example.net shop.news.example.com'
}

@test "the domains below" {
	assert_equal "$(domains --domain example.com --include-subdomains)" 'example.com news.example.com shop.news.example.com'
	assert_equal "$(domains --domain news.example.com --include-subdomains)" 'news.example.com shop.news.example.com'
	dmarcq status --db "$BATS_FILE_TMPDIR/all.db" --include-subdomains
	assert_status 64
	assert_stdout
	assert_stderr 'dmarcq: status: --include-subdomains: the subdomains of which --domain?'
}

@test "a domain that no report is about" {
	local known='there are some about example.com, example.net, news.example.com, notexample.com, shop.news.example.com'
	dmarcq status --db "$BATS_FILE_TMPDIR/all.db" --domain example.com --domain 'x*'
	assert_status 65
	assert_stdout
	assert_stderr "dmarcq: no reports about x*; $known"
	dmarcq export --db "$BATS_FILE_TMPDIR/all.db" --domain com --include-subdomains --domain xyz.test
	assert_status 65
	assert_stdout
	assert_stderr "dmarcq: no reports about xyz.test; $known"
	# Where they are too many to be listed, the one that was meant.
	for number in {10..40}; do
		report "domain$number.example" 1 1 "$number"
	done >many.xml
	dmarcq import --db many.db -q many.xml
	dmarcq status --db many.db --domain domian37.example
	assert_status 65
	assert_stdout
	assert_stderr 'dmarcq: no reports about domian37.example; did you mean domain37.example?'
}

@test "the rankings and the export keep to the domains" {
	dmarcq top-failures --db "$BATS_FILE_TMPDIR/all.db" --by domain --domain 'example.*' --format csv
	assert_status 0
	assert_stderr
	assert_equal "$(cut -d, -f1-4 "$out" | tail -n +2 | paste -sd' ')" 'example.net,20,66.6667,25 example.com,10,33.3333,100'
	dmarcq export --db "$BATS_FILE_TMPDIR/all.db" --domain example.com --include-subdomains
	assert_status 0
	assert_stderr
	assert_equal "$(cut -d, -f1 "$out" | tail -n +2 | sort | uniq -c | paste -sd' ' | tr -s ' ')" \
	    ' 2 example.com 2 news.example.com 2 shop.news.example.com'
}

@test "an order of one's own" {
	assert_equal "$(domains --sort domain)" 'example.com example.net news.example.com notexample.com shop.news.example.com'
	assert_equal "$(domains --sort -domain)" 'shop.news.example.com notexample.com news.example.com example.net example.com'
	assert_equal "$(domains --sort messages)" 'notexample.com example.com news.example.com example.net shop.news.example.com'
	assert_equal "$(domains --sort -messages)" 'shop.news.example.com example.net news.example.com example.com notexample.com'
	# 98.9 %, 90 %, 20 %, 20 %, 16.7 %; equal ones by name
	assert_equal "$(domains --sort pass_percent)" 'notexample.com example.com example.net news.example.com shop.news.example.com'
	# The number of rows is that of the order asked for.
	dmarcq top-failures --db "$BATS_FILE_TMPDIR/all.db" --by domain --sort messages -n 2 --format csv
	assert_status 0
	assert_stderr
	assert_equal "$(cut -d, -f1 "$out" | tail -n +2 | paste -sd' ')" 'notexample.com example.com'
}

@test "an order by what is no column" {
	dmarcq reports --db "$BATS_FILE_TMPDIR/all.db" --sort size
	assert_status 64
	assert_stdout
	assert_stderr 'dmarcq: reports: --sort: no such column: "size"; there are id, domain, reporter, report_id, begin, end, records, messages, incomplete, repaired, state, authenticity'
}

@test "reports of one kind" {
	cd "$BATS_FILE_TMPDIR" || return
	sed 's/<count>10</<count>11</' 1.xml >conflict.xml
	head -c 750 5.xml | sed 's/>5<\/report_id>/>9<\/report_id>/' >cut.xml
	dmarcq import --db kinds.db -q 1.xml conflict.xml cut.xml
	assert_status 0
	local kind
	for kind in all:1,1,9 counted:1,9 conflict:1 incomplete:9 repaired:9; do
		dmarcq reports --db kinds.db --only "${kind%:*}" --format csv
		assert_status 0
		assert_stderr
		assert_equal "${kind%:*}:$(tail -n +2 "$out" | cut -d, -f4 | paste -sd,)" "$kind"
	done
	dmarcq reports --db kinds.db --only cut
	assert_status 64
	assert_stdout
	assert_stderr 'dmarcq: reports: --only: not one of all|counted|conflict|pruned|incomplete|repaired|authenticated|unverified|forged: "cut"'
}

@test "a list has no order" {
	dmarcq why 192.0.2.1 --db "$BATS_FILE_TMPDIR/all.db" --sort dkim
	assert_status 64
	assert_stdout
	assert_stderr_has 'dmarcq: why: --sort: no such column: "dkim"; there are '
}

@test "a domain that is named twice counts once" {
	local question
	for question in status top-failures trend kpi policy reporters reports 'why 192.0.2.1'; do
		# shellcheck disable=SC2086
		dmarcq $question --db "$BATS_FILE_TMPDIR/all.db" --domain example.com --format csv
		cp "$out" once
		# shellcheck disable=SC2086
		dmarcq $question --db "$BATS_FILE_TMPDIR/all.db" --domain example.com --domain 'example.c*' --format csv
		diff once "$out" || fail "$question differs"
	done
}

@test "a window of no day" {
	dmarcq trend --db "$BATS_FILE_TMPDIR/all.db" --since 0d
	assert_status 64
	assert_stdout
	assert_stderr 'dmarcq: trend: --since: no day at all: "0d": 1d is the last one alone'
}

# many: a database of 25 domains, d01 with 1 message to d25 with 25, a day apart; d25 is the newest.
many() {
	python3 - >many.xml <<-'PYTHON'
	for n in range(1, 26):
	    begin = 1767225600 + n * 86400
	    print("<feedback><report_metadata><org_name>reporter.example</org_name><email>a@reporter.example</email>"
	          f"<report_id>{n}</report_id><date_range><begin>{begin}</begin><end>{begin + 86399}</end></date_range></report_metadata>"
	          f"<policy_published><domain>d{n:02}.example</domain><p>none</p></policy_published><record><row><source_ip>192.0.2.1</source_ip>"
	          f"<count>{n}</count><policy_evaluated><disposition>none</disposition><dkim>fail</dkim><spf>fail</spf></policy_evaluated></row>"
	          f"<identifiers><header_from>d{n:02}.example</header_from></identifiers><auth_results/></record></feedback>")
	PYTHON
	dmarcq import -q --db many.db many.xml
	assert_status 0
}

# shown QUESTION ARGS...: how many of the domains a table has.
shown() {
	COLUMNS=200 dmarcq "$1" --db many.db "${@:2}"
	grep -c '\bd[0-9][0-9]\.example' stdout
}

@test "a long table stops after 20 rows and says how many more there are" {
	local q rows
	many
	for q in status kpi policy reports; do
		rows=row
		case $q in status | kpi) rows=domain ;; reports) rows=report ;; esac
		assert_equal "$(shown $q)" 20
		assert_stdout_has "5 more ${rows}s: -n 0 shows all"
		assert_equal "$(shown $q -n 24)" 24
		assert_stdout_has "1 more $rows: -n 0 shows all"
		assert_equal "$(shown $q -n 25)" 25
		assert_stdout_lacks " more "
		assert_equal "$(shown $q -n 0)" 25
		assert_stdout_lacks " more "
		assert_equal "$(shown $q --format csv)" 25
		assert_equal "$(shown $q --format csv -n 3)" 3
		assert_equal "$(shown $q --format json -n 3)" 3
		assert_stdout_lacks " more "
		assert_equal "$(shown $q -n 3 --sort domain)" 3
		assert_stdout_has "d03.example"
		assert_stdout_has "22 more ${rows}s: -n 0 shows all"
	done
}

@test "kpi: all domains together and the exit code don't depend on -n" {
	many
	printf '[kpi]\nspf-pass = none\ndkim-signed = none\ndmarc-pass = none\nforwarded = none\ndays-reported = 3\n' >kpi.conf
	dmarcq kpi --db many.db --config kpi.conf --format csv -n 2
	assert_equal "$(cut -d, -f1,2 stdout | tr -d '\r' | paste -sd' ')" "domain,messages d25.example,25 d24.example,24 (all),325"
	printf '[kpi]\nspf-pass = none\ndkim-signed = none\ndmarc-pass = none\ndays-reported = 5\n' >kpi.conf
	dmarcq kpi --db many.db --config kpi.conf --format csv -n 2 -v
	assert_status 1
	assert_stderr_has "kpi: d01.example: Days reported 4 %, target 5 %"
	dmarcq kpi --db many.db --only failing
	assert_status 64
}

@test "reports: the newest first, and the old ones with --sort -begin" {
	many
	dmarcq reports --db many.db --format csv -n 3
	assert_equal "$(tail -n +2 stdout | cut -d, -f2 | paste -sd' ')" "d25.example d24.example d23.example"
	dmarcq reports --db many.db --format csv -n 3 --sort -begin
	assert_equal "$(tail -n +2 stdout | cut -d, -f2 | paste -sd' ')" "d01.example d02.example d03.example"
	COLUMNS=200 dmarcq reports --db many.db --only conflict
	assert_stdout_lacks " more "
	COLUMNS=200 dmarcq reports --db many.db --only counted -n 1 --since 4d
	assert_stdout_has "3 more reports: -n 0 shows all"
}

@test "what all rows say stands once where there is no room" {
	many
	COLUMNS=80 dmarcq policy --db many.db -n 12
	assert_equal "$(grep -c '^d.* none' stdout)" 0
	assert_stdout_has "In all 12 rows above:  p: none"
	assert_stdout_has "13 more rows: -n 0 shows all"
	# enough room, or few rows
	COLUMNS=250 dmarcq policy --db many.db -n 12
	assert_stdout_lacks "In all"
	COLUMNS=40 dmarcq policy --db many.db -n 10
	assert_stdout_lacks "In all"
}

@test "a report of days to come moves no window and no last day of silence" {
	cd "$BATS_TEST_TMPDIR" || exit
	local question
	report example.com 10 90 1 >1.xml
	report example.com 3 0 2 | sed 's/1767225600/4070908800/; s/1767311999/4070995199/; s/<p>none/<p>reject/' >2.xml
	dmarcq import -q --db future.db 1.xml 2.xml
	assert_status 0
	for question in top-failures trend kpi reports reporters; do
		dmarcq $question --since 7d --db future.db --format json
		[ $question = kpi ] || assert_stderr
		assert_json window.since 2025-12-26
		assert_json window.until 2026-01-01
	done
	dmarcq top-failures --since 7d --db future.db --format json
	assert_json rows.0.failing 10
	# They count, and can be asked for.
	dmarcq top-failures --db future.db --format json
	assert_json window.until 2099-01-01
	assert_json rows.0.failing 13
	dmarcq top-failures --since 2099-01-01 --db future.db --format json
	assert_json rows.0.failing 3
	dmarcq status --db future.db --format json
	assert_json rows.0.messages 103
	assert_json rows.0.last_day 2026-01-01
	assert_json rows.0.missing_days 0
	assert_json rows.0.policy 'p=none'
	dmarcq kpi --db future.db --format json
	assert_json rows.0.days_reported 100
	dmarcq reporters --db future.db --format json
	assert_json rows.0.silent_days 0
	# Where there are no other days they are the newest.
	dmarcq import -q --db only.db 2.xml
	dmarcq trend --since 7d --db only.db --format json
	assert_json window.until 2099-01-01
}
