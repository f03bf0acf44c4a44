#!/usr/bin/env bats
# What is handed over: each kind of export, its manifest, and how a file is checked against both.

load helper

setup_file() {
	: "${DMARCQ_TOP:=$(cd "$BATS_TEST_DIRNAME/../.." && pwd)}"
	: "${DMARCQ:=$DMARCQ_TOP/build/test/dmarcq}"
	cp -r "$DMARCQ_TOP/samples" "$BATS_FILE_TMPDIR/samples"
	cd "$BATS_FILE_TMPDIR" || exit
	"$DMARCQ" import --db samples.db samples/archive samples/files samples/maildir samples/mbox samples/odd || [ $? -eq 1 ]
	sqlite3 samples.db 'PRAGMA wal_checkpoint(TRUNCATE)' >/dev/null
	"$DMARCQ" db init --db empty.db
	sed "s/NAME/Jane Doe/" >addresses.xml <<-'XML'
	<feedback><report_metadata><org_name>bigmail.example</org_name><email>jane.doe@bigmail.example</email>
	<extra_contact_info>call joe@bigmail.example</extra_contact_info>
	<report_id>77@bigmail.example</report_id><date_range><begin>1767225600</begin><end>1767311999</end></date_range></report_metadata>
	<policy_published><domain>example.com</domain><p>none</p></policy_published>
	<record><row><source_ip>192.0.2.77</source_ip><count>3</count><policy_evaluated><disposition>none</disposition>
	<dkim>fail</dkim><spf>pass</spf><reason><type>other</type><comment>jane@example.com is behind 2001:db8:1:2:3::4</comment></reason></policy_evaluated></row>
	<identifiers><header_from>example.com</header_from><envelope_from>john@example.com</envelope_from></identifiers>
	<auth_results><spf><domain>example.com</domain><result>pass</result>
	<human_result>192.0.2.77 is permitted</human_result></spf></auth_results></record>
	<record><row><source_ip>2001:db8:1:2:3::4</source_ip><count>4</count><policy_evaluated><disposition>none</disposition>
	<dkim>fail</dkim><spf>fail</spf></policy_evaluated></row><identifiers><header_from>example.com</header_from></identifiers>
	<auth_results/></record></feedback>
	XML
	"$DMARCQ" import --db addresses.db addresses.xml
}

ask() {
	dmarcq "$@" --db "$BATS_FILE_TMPDIR/samples.db"
}

# Three days of example.net as a file, from a database of this test alone.
handed_over() {
	cp "$BATS_FILE_TMPDIR/samples.db" "$db"
	dmarcq export --db "$db" --domain example.net --since 2026-06-28 --until 2026-06-30 -o net.csv "$@"
	assert_status 0
	assert_stdout
	assert_stderr
}

verify() {
	dmarcq export --db "$db" --verify "${1:-net.csv}"
}

# Sum of the messages in a CSV file.
messages() {
	python3 -c 'import csv, sys; print(sum(int(r["messages"]) for r in csv.DictReader(open(sys.argv[1], newline="", encoding="utf-8"))))' "$1"
}

# manifest EXPRESSION: a Python expression over m.
manifest() {
	python3 -c 'import json, sys; m = json.load(open(sys.argv[1], encoding="utf-8")); print(eval(sys.argv[2]))' "${2:-net.csv}.manifest.json" "$1"
}

# Changes the manifest by a Python statement over m.
forge() {
	python3 - "$1" <<-'PYTHON'
	import json, sys
	m = json.load(open("net.csv.manifest.json", encoding="utf-8"))
	exec(sys.argv[1])
	json.dump(m, open("net.csv.manifest.json", "w", encoding="utf-8"))
	PYTHON
}

@test "messages are conserved from records to roll-up to status" {
	local domain
	for domain in example.com example.net example.org; do
		ask export --domain $domain -o records.csv
		ask export --what rollup --domain $domain -o rollup.csv
		ask status --domain $domain --format json
		assert_equal "$(messages records.csv)" "$(json rows.0.messages)"
		assert_equal "$(messages rollup.csv)" "$(json rows.0.messages)"
		assert_equal "$(manifest 'm["file"]["messages"]' rollup.csv)" "$(json rows.0.messages)"
	done
	# A window that no report crosses, and the parts that --only takes out of it.
	ask export --domain example.net --since 2026-06-28 --until 2026-06-30 -o whole.csv
	ask export --what rollup --domain example.net --since 2026-06-28 --until 2026-06-30 -o rollup.csv
	assert_equal "$(messages whole.csv)" 1970
	assert_equal "$(messages rollup.csv)" 1970
	local what word sum
	for what in records rollup; do
		sum=0
		for word in failing passing unknown; do
			ask export --what $what --domain example.net --since 2026-06-28 --until 2026-06-30 --only $word -o part.csv
			assert_status 0
			[ "$(cut -d, -f"$(head -1 part.csv | tr , '\n' | grep -nx dmarc | cut -d: -f1)" part.csv | sed 1d | sort -u |
				tr '\n' ' ')" = "$(case $word in failing) echo 'fail ' ;; passing) echo 'pass ' ;; esac)" ] || fail "$word has others"
			sum=$((sum + $(messages part.csv)))
		done
		assert_equal "$sum" 1970
	done
}

@test "rollup: a row per day, domain, reporter, address and profile" {
	ask export --what rollup --domain example.net --since 2026-06-30 --until 2026-06-30 --only failing
	assert_status 0
	assert_stderr
	head -2 stdout | tr -d '\r' >first
	out=first assert_stdout "day,domain,reporter,source_ip,messages,disposition,dmarc,dkim_aligned,spf_aligned,header_from,envelope_from,envelope_to,dkim_results,spf_results,reasons
2026-06-30,example.net,bigmail.example,2001:db8:bad:12::25,4,quarantine,fail,fail,fail,example.net,,,,junk.example=none,"
}

@test "reports: everything but the records, counted or not" {
	ask export --what reports --format jsonl
	assert_status 0
	python3 - <<-'PYTHON' || fail "reports differ"
	import json
	rows = [json.loads(line) for line in open("stdout", encoding="utf-8")]
	assert len(rows) == 1050, len(rows)
	assert sum(r["state"] == "conflict" for r in rows) == 1
	assert sum(r["messages"] for r in rows if r["state"] == "counted") == 491361
	assert sum(r["arrivals"] - 1 for r in rows) == 15, sum(r["arrivals"] - 1 for r in rows)
	assert sum(r["incomplete"] for r in rows) == 1
	assert {r["p"] for r in rows} == {"none", "quarantine", "reject"}
	cut = [r for r in rows if r["repairs"] == "cut-short packing-cut-short"]
	assert len(cut) == 1 and len(cut[0]["original_sha256"]) == 64 and cut[0]["original_bytes"] > 0, cut
	PYTHON
}

@test "rejects: open ones and those that were read since" {
	ask export --what rejects --format jsonl
	assert_status 0
	python3 - <<-'PYTHON' || fail "rejects differ"
	import json
	row, = [json.loads(line) for line in open("stdout", encoding="utf-8")]
	assert row["where"].endswith("samples/odd/bigmail.example!example.org!1782777600!1782863999.xml.gz"), row
	assert (row["reject"], row["status"], row["reason"], row["retried"], row["original_bytes"]) == (1, "bad", "gzip: incorrect data check", None, 537), row
	assert row["original_sha256"] == "9a665e2698b2c6fe50c45b33117b09c7020e673622276f8b9ce80c9ceac5d650"
	PYTHON
	cp "$BATS_FILE_TMPDIR/samples.db" "$db"
	sqlite3 "$db" 'UPDATE reject SET retried = 1767225600'
	dmarcq export --what rejects --db "$db" --format jsonl
	assert_stdout_has '"retried":"2026-01-01T00:00:00Z"'
	dmarcq export --what rejects --db "$BATS_FILE_TMPDIR/empty.db"
	assert_status 0
	assert_stderr "dmarcq: nothing was ever rejected"
}

@test "filters that an export does not have are refused" {
	ask export --what rejects --domain example.com
	assert_status 64
	assert_stderr "dmarcq: export: --domain: does not go with --what rejects"
	ask export --what rejects --since 3d
	assert_status 64
	assert_stderr "dmarcq: export: --since: does not go with --what rejects"
	ask export --what reports --only failing
	assert_status 64
	assert_stderr "dmarcq: export: --only failing: does not go with --what reports"
	ask export --only good
	assert_status 64
	assert_stderr 'dmarcq: export: --only: not one of all|failing|passing|unknown|authenticated: "good"'
	ask export --verify net.csv --redact
	assert_status 64
	assert_stderr "dmarcq: export: --redact: does not go with --verify, which finds it in the manifest"
}

@test "the manifest tells what the file is and what is behind it" {
	handed_over --only failing
	assert_equal "$(echo net.csv*)" "net.csv net.csv.manifest.json net.csv.originals.csv"
	assert_equal "$(manifest 'm["format"], m["export"], m["form"], m["program"]')" "(1, 'records', 'csv', '$("$DMARCQ" --version | sed 's/.* //')')"
	assert_equal "$(manifest 'm["window"]')" "{'since': '2026-06-28', 'until': '2026-06-30'}"
	assert_equal "$(manifest 'm["filters"]')" \
		"{'domain': ['example.net'], 'include_subdomains': False, 'since': '2026-06-28', 'until': '2026-06-30', 'only': 'failing', 'authenticated': False}"
	assert_equal "$(manifest 'm["domains"]')" "['example.net']"
	assert_equal "$(manifest 'm["redacted"]')" "{'local_parts': False, 'host_bits': False}"
	assert_equal "$(manifest 'm["file"]["sha256"]')" "$(sha256sum <net.csv | cut -d' ' -f1)"
	assert_equal "$(manifest 'm["file"]["bytes"]')" "$(stat -c %s net.csv)"
	assert_equal "$(manifest 'm["file"]["rows"]')" "$(($(wc -l <net.csv) - 1))"
	assert_equal "$(manifest 'm["file"]["messages"]')" "$(messages net.csv)"
	assert_equal "$(manifest 'm["originals"]["sha256"]')" "$(sha256sum <net.csv.originals.csv | cut -d' ' -f1)"
	assert_equal "$(manifest 'm["database"]["created"]')" \
		"$(sqlite3 "$db" "SELECT strftime('%Y-%m-%dT%H:%M:%SZ', value, 'unixepoch') FROM setting WHERE name = 'created'")"
	assert_equal "$(manifest 'm["database"]["schema"]')" "$(sqlite3 "$db" 'PRAGMA user_version')"
	# The originals are those of the rows, and each leads to its bytes.
	python3 - <<-'PYTHON' || fail "the originals are not those of the rows"
	import csv
	rows = {(r["original_sha256"], r["report"]) for r in csv.DictReader(open("net.csv", newline=""))}
	originals = {(r["original_sha256"], r["report"]) for r in csv.DictReader(open("net.csv.originals.csv", newline=""))}
	assert rows == originals and rows, (rows - originals, originals - rows)
	PYTHON
	local sha report
	while IFS=, read -r _ sha _ _ report; do
		"$DMARCQ" show --db "$db" --original "${report%$'\r'}" | sha256sum | grep -q "^$sha " || fail "report $report has other bytes"
	done < <(sed 1d net.csv.originals.csv)
	verify
	assert_status 0
	assert_stdout "net.csv: the same as its manifest and the database: $(manifest 'm["file"]["rows"]') rows, $(messages net.csv) messages, $(manifest 'm["originals"]["originals"]') originals"
}

@test "every export is the same as its manifest and the database" {
	local what form
	cp "$BATS_FILE_TMPDIR/samples.db" "$db"
	for what in records rollup reports rejects; do
		for form in csv jsonl; do
			dmarcq export --db "$db" --what $what --format $form -o $what.$form
			assert_status 0
			verify $what.$form
			assert_status 0
			assert_stderr
			assert_stdout_has "$what.$form: the same as its manifest and the database: "
		done
	done
	verify records.csv
	assert_stdout "records.csv: the same as its manifest and the database: 7,472 rows, 491,361 messages, 634 originals"
	dmarcq export -q --db "$db" --verify records.csv
	assert_status 0
	assert_stdout
}

@test "a length of time stays the days that it was" {
	cp "$BATS_FILE_TMPDIR/samples.db" "$db"
	dmarcq export --db "$db" --domain 'example.*' --domain example.net --since 3d -o net.csv
	assert_equal "$(manifest 'm["filters"]["since"], m["window"]["since"], m["window"]["until"]')" "('3d', '2026-06-28', '2026-06-30')"
	assert_equal "$(manifest 'm["filters"]["domain"], m["domains"]')" \
		"(['example.*', 'example.net'], ['example.com', 'example.net', 'example.org'])"
	dmarcq import --db "$db" "$BATS_FILE_TMPDIR/addresses.xml"
	sqlite3 "$db" "UPDATE day SET day = 21000 WHERE day = 20454" # newer than all others
	verify
	assert_status 0
	# Everything is another matter: there is more of it now.
	cp "$BATS_FILE_TMPDIR/samples.db" "$db"
	dmarcq export --db "$db" -o all.csv
	dmarcq import --db "$db" "$BATS_FILE_TMPDIR/addresses.xml"
	verify all.csv
	assert_status 1
	assert_stdout_has "all.csv: before row 1 a row of the database is missing: example.com,bigmail.example,77@bigmail.example,"
	assert_stdout_has "all.csv.originals.csv: before row 1050 a row of the database is missing: "
}

@test "a changed file: which rows differ" {
	handed_over
	python3 - <<-'PYTHON'
	rows = open("net.csv", newline="").read().split("\r\n")
	rows[2] = rows[2].replace(",96,none,", ",9600,none,")
	del rows[17]
	rows.insert(40, rows[3].replace("example", "exbmple"))
	open("net.csv", "w", newline="").write("\r\n".join(rows))
	PYTHON
	verify
	assert_status 1
	assert_stderr
	grep -v ': SHA-256: \|: bytes: ' stdout | sed 's/\(: [^,]*,[^,]*\),.*/\1/' >short
	out=short assert_stdout 'net.csv: row 2: messages: the file has "9600", the database "96"
net.csv: before row 17 a row of the database is missing: example.net,clockwork.example
net.csv: row 40 is not in the database: exbmple.net,bigmail.exbmple
net.csv: messages: 11,601'
	assert_stdout_has "net.csv: SHA-256: $(sha256sum <net.csv | cut -d' ' -f1), and $(manifest 'm["file"]["sha256"]') in the manifest"
}

@test "a changed file: only the first rows are told, the others counted" {
	handed_over --format jsonl
	sed -i 's/"p":"quarantine"/"p":"none"/' net.csv
	verify
	assert_status 1
	assert_equal "$(grep -c ': p: the file has "none", the database "quarantine"$' stdout)" 10
	assert_stdout_has "net.csv: and $(($(wc -l <net.csv) - 10)) more"
	head -c -20 net.csv >cut && mv cut net.csv
	verify
	assert_status 1
	: >net.csv
	verify
	assert_status 1
	assert_stdout_has "net.csv: rows: 0, and 151 in the manifest"
}

@test "a file that is damaged in its form is told too" {
	handed_over
	# A quote that is never closed makes one long row of the rest.
	sed -i '3s/^/"/' net.csv
	verify
	assert_status 1
	assert_stdout_has "net.csv: row 2: the file has "
	handed_over
	sed -i '3s/\r$//' net.csv
	verify
	assert_status 1
	assert_stdout_has "net.csv: row 2: it ends in another way"
	handed_over
	printf '\377\001x,y\r\n' >>net.csv
	verify
	assert_status 1
	assert_stdout_has 'net.csv: row 152 is not in the database: \xff\x01x,y'
}

@test "a changed manifest" {
	handed_over
	forge 'm["file"]["messages"] += 1'
	verify
	assert_status 1
	assert_stdout "net.csv: messages: 1,970, and 1,971 in the manifest"
	handed_over
	forge 'm["file"]["rows"] = 7; m["file"]["sha256"] = "0" * 64; m["originals"]["bytes"] = 1'
	verify
	assert_status 1
	assert_stdout "net.csv: SHA-256: $(sha256sum <net.csv | cut -d' ' -f1), and $(printf '0%.0s' {1..64}) in the manifest
net.csv: rows: 151, and 7 in the manifest
net.csv.originals.csv: bytes: 6,611, and 1 in the manifest"
	# Another question is another file.
	handed_over
	forge 'm["filters"]["only"] = "failing"'
	verify
	assert_status 1
	assert_stdout_has "net.csv: row 1 is not in the database: "
}

@test "no manifest, and things that are none" {
	local statement
	handed_over
	rm net.csv.manifest.json
	verify
	assert_status 65
	assert_stdout
	assert_stderr "dmarcq: net.csv.manifest.json: no manifest: No such file or directory"
	echo '{"format": 1' >net.csv.manifest.json
	verify
	assert_status 65
	assert_stderr_has "dmarcq: net.csv.manifest.json: not a manifest of an export: "
	handed_over
	forge 'm["format"] = 2'
	verify
	assert_status 65
	assert_stderr "dmarcq: net.csv.manifest.json: format 2 of manifests is not known here"
	for statement in 'm.clear()' 'del m["file"]' 'm["export"] = "secrets"' 'm["export"] = "x" * 99' 'm["form"] = "table"' \
	    'm["file"]["rows"] = -1' 'm["file"]["rows"] = "7"' 'm["file"]["sha256"] = "x"' 'm["filters"]["domain"] = "example.net"' \
	    'm["filters"]["domain"] = [1]' 'm["filters"]["since"] = 1' 'm["filters"]["only"] = "good"' 'm["window"]["since"] = "2026"' \
	    'm["window"]["since"] = "0123456789"' 'm["redacted"] = []' 'm["originals"] = 1'; do
		handed_over
		forge "$statement"
		verify
		assert_status 65
		assert_stdout
		assert_stderr_has "dmarcq: net.csv.manifest.json: "
	done
	mkdir folder.manifest.json
	verify folder
	assert_status 65
}

@test "a file of an export that is not there" {
	handed_over
	mv net.csv.originals.csv other
	verify
	assert_status 74
	assert_stderr "dmarcq: net.csv.originals.csv: cannot read: No such file or directory"
	mv other net.csv.originals.csv
	rm net.csv
	verify
	assert_status 74
	assert_stderr "dmarcq: net.csv: cannot read: No such file or directory"
}

@test "a changed database" {
	handed_over
	sqlite3 "$db" "UPDATE record SET messages = messages + 1 WHERE id = (SELECT max(first_record) FROM report JOIN name ON name.id = domain
		WHERE text = 'example.net' AND begin BETWEEN 1782604800 AND 1782863999)"
	verify
	assert_status 1
	assert_equal "$(wc -l <stdout)" 1
	assert_stdout_has ': messages: the file has "'
	# An original that was changed, and one whose bytes are gone.
	handed_over
	local first last
	first=$(sed -n 2p net.csv.originals.csv | cut -d, -f1)
	last=$(tail -1 net.csv.originals.csv | cut -d, -f1)
	sqlite3 "$db" "UPDATE original SET deflated = 0 WHERE id = $first; UPDATE original_chunk SET data = x'00' WHERE id / 65536 = $first"
	verify
	assert_status 1
	assert_stdout "database: original $(sed -n 2p net.csv.originals.csv | cut -d, -f2): its bytes are not those that arrived"
	handed_over
	sqlite3 "$db" "UPDATE original SET missing = size WHERE id = $last"
	verify
	assert_status 1
	assert_stdout_has "net.csv.originals.csv: row $(($(wc -l <net.csv.originals.csv) - 1)): kept: the file has \"true\", the database \"false\""
	assert_stdout_has "database: original $(tail -1 net.csv.originals.csv | cut -d, -f2): the bytes of original $last were not kept"
}

@test "redacted: no local part and no host bits are left, and the rest stays" {
	local all="--db $BATS_FILE_TMPDIR/addresses.db" what form
	db=$BATS_FILE_TMPDIR/addresses.db
	# shellcheck disable=SC2086
	dmarcq export $all --redact --format jsonl
	assert_status 0
	assert_equal "$(grep -o '[^ ",]*@[^ ",)]*' stdout | sort -u | tr '\n' ' ')" "*@bigmail.example *@example.com 77@bigmail.example "
	assert_stdout_has '"source_ip":"192.0.2.77"'
	assert_stdout_has '"envelope_from":"*@example.com"'
	# shellcheck disable=SC2086
	dmarcq export $all --redact --redact-ip
	assert_status 0
	sed 1d stdout | cut -d, -f1-7,21- | tr -d '\r' >short
	out=short assert_stdout 'example.com,bigmail.example,77@bigmail.example,2026-01-01T00:00:00Z,2026-01-01T23:59:59Z,*@bigmail.example,bigmail.example,192.0.2.0/24,3,none,pass,fail,pass,example.com,*@example.com,,,example.com=pass (192.0.2.0/24 is permitted),other (*@example.com is behind 2001:db8:1:2::/64)
example.com,bigmail.example,77@bigmail.example,2026-01-01T00:00:00Z,2026-01-01T23:59:59Z,*@bigmail.example,bigmail.example,2001:db8:1:2::/64,4,none,fail,fail,fail,example.com,,,,,'
	# shellcheck disable=SC2086
	dmarcq export $all --what reports --redact --format jsonl
	assert_stdout_has '"email":"*@bigmail.example","contact":"call *@bigmail.example","report_id":"77@bigmail.example"'
	for what in records rollup reports; do
		for form in csv jsonl; do
			# shellcheck disable=SC2086
			dmarcq export $all --what $what --format $form --redact --redact-ip -o red.$form
			assert_equal "$(manifest 'm["redacted"]' red.$form)" "{'local_parts': True, 'host_bits': True}"
			verify red.$form
			assert_status 0
			grep -qE 'jane|joe@|john|192\.0\.2\.77|3::4' red.$form && fail "$what as $form lets something through"
			true
		done
	done
}

@test "what can't be written leaves the files of before, and nothing else" {
	handed_over
	sha256sum net.csv net.csv.* >before
	# The disk is full at each of several places.
	local blocks
	for blocks in 64 1000 2700; do
		status=0
		(ulimit -f $blocks && exec "$DMARCQ" export --db "$BATS_FILE_TMPDIR/samples.db" -o net.csv) >stdout 2>stderr || status=$?
		assert_status 74
		assert_stderr "dmarcq: net.csv: cannot write: File too large"
		sha256sum --quiet -c before || fail "the old files are gone"
		assert_equal "$(echo net.csv*)" "net.csv net.csv.manifest.json net.csv.originals.csv"
	done
	ask export -o missing/net.csv
	assert_status 74
	assert_stderr "dmarcq: missing/net.csv: cannot write: No such file or directory"
	# The name of one of the three is taken by what is no file.
	rm net.csv.originals.csv
	mkfifo net.csv.originals.csv
	ask export -o net.csv
	assert_status 74
	assert_stderr "dmarcq: net.csv.originals.csv: cannot write: not a plain file"
	grep -v originals before | sha256sum --quiet -c || fail "the old files are gone"
	assert_equal "$(echo net.csv*)" "net.csv net.csv.manifest.json net.csv.originals.csv"
}

@test "a place without permission" {
	[ "$(id -u)" -ne 0 ] || skip "root may write anywhere"
	mkdir closed
	chmod 500 closed
	ask export -o closed/net.csv
	assert_status 77
	assert_stderr "dmarcq: closed/net.csv: cannot write: Permission denied"
}

@test "an export of nothing has a manifest too" {
	dmarcq export --db "$BATS_FILE_TMPDIR/empty.db" -o none.csv
	assert_status 0
	assert_stderr "dmarcq: there are no reports yet: \`dmarcq import\` reads them"
	assert_equal "$(manifest 'm["window"], m["file"]["rows"], m["originals"]["rows"]' none.csv)" "({'since': None, 'until': None}, 0, 0)"
	db=$BATS_FILE_TMPDIR/empty.db
	verify none.csv
	assert_status 0
	assert_stdout "none.csv: the same as its manifest and the database: 0 rows, 0 messages, 0 originals"
}

@test "authors that are too long to be all remembered are each told whole" {
	python3 - <<-'PYTHON'
	with open("long.xml", "w") as out:
	    for turn in range(2):
	        for i in range(90):
	            out.write(f"<feedback><report_metadata><org_name>{i}{'o' * 60000}</org_name><email>{i}@b.example</email><report_id>{turn}-{i}</report_id>"
	                      f"<date_range><begin>{1767225600 + turn * 86400}</begin><end>{1767311999 + turn * 86400}</end></date_range></report_metadata>"
	                      f"<policy_published><domain>d{i}.example</domain><p>none</p></policy_published><record><row><source_ip>192.0.2.{i}</source_ip>"
	                      "<count>1</count><policy_evaluated><disposition>none</disposition><dkim>pass</dkim><spf>pass</spf></policy_evaluated></row>"
	                      f"<identifiers><header_from>d{i}.example</header_from></identifiers><auth_results/></record></feedback>\n")
	PYTHON
	dmarcq import -q --db "$db" long.xml
	assert_status 0
	dmarcq export --db "$db"
	assert_status 0
	assert_stderr
	python3 - <<-'PYTHON' || fail "rows differ"
	import csv
	csv.field_size_limit(100000)
	rows = list(csv.DictReader(open("stdout", newline="")))
	told = [(r["report_id"], r["domain"], r["org_name"], r["email"], r["source_ip"], r["p"]) for r in rows]
	assert sorted(told) == sorted((f"{t}-{i}", f"d{i}.example", f"{i}" + "o" * 60000, f"{i}@b.example", f"192.0.2.{i}", "none")
	                              for t in range(2) for i in range(90))
	PYTHON
}
