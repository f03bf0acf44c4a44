#!/usr/bin/env bats
# Reports that come cut short, twice, or with other content; and what can't be read: the list, the bytes, another try.

load helper

# three ID [MESSAGES]: a report of three records from 192.0.2.1 to 3; the first has so many messages, the others 2 and 3.
three() {
	local n
	report "$1" | sed '/<record>/,$d'
	for n in "${2:-1}" 2 3; do
		report "$1" "$n" | sed -n '/<record>/,/<\/record>/p' | sed "s/192.0.2.1/192.0.2.$n/"
	done
	echo '</feedback>'
}

# cut ID: the same, cut in the middle of its third record.
cut() {
	three "$1" | sed '/192\.0\.2\.3/,$d'
}

@test "a report cut short: what is whole of it counts, and it is marked" {
	cut one >cut.xml
	dmarcq import --db "$db" cut.xml
	assert_status 0
	assert_summary "1 report, 2 records, 3 messages from 1 file in T s; 1 incomplete, 1 repaired"
	assert_stderr
	dmarcq reports --db "$db"
	assert_status 0
	assert_stderr
	assert_stdout "2026-01-01 to 2026-01-01 (UTC days)

ID  Domain       Reporter          Report ID  Begin (UTC)       End (UTC)         Records  Messages  Cut  Repairs  State    Authenticity
 1  example.com  reporter.example  one        2026-01-01 00:00  2026-01-01 23:59        2         3  yes        1  counted  unverified"
	dmarcq show 1 --db "$db" --format json
	assert_status 0
	assert_stderr
	assert_json report.incomplete true
	assert_json repairs.0.code cut-short
	assert_json repairs.0.times 1
	assert_json repairs.0.first "13:101"
	assert_json arrivals.0.kind first
	dmarcq db check --db "$db"
	assert_status 0
	assert_stdout "no problems found"
}

@test "the complete copy replaces it, and is not replaced by a cut one" {
	cut one >cut.xml
	three one >whole.xml
	cut one | sed 's/<feedback>/<feedback><version>1.0<\/version>/' >other-cut.xml
	dmarcq import --db "$db" cut.xml
	dmarcq import --db "$db" whole.xml
	assert_status 0
	# No new report, but a record more.
	assert_summary "0 reports, 1 record, 3 messages from 1 file in T s; 1 duplicate"
	assert_stderr
	dmarcq import --db "$db" other-cut.xml
	assert_status 0
	assert_summary "0 reports, 0 records, 0 messages from 1 file in T s; 1 incomplete, 1 duplicate"
	assert_stderr
	dmarcq reports --db "$db" --format json
	assert_status 0
	assert_json rows.0.records 3
	assert_json rows.0.messages 6
	assert_json rows.0.incomplete false
	assert_json rows.0.repaired 0
	local id
	id=$(json rows.0.id)
	[ "$(python3 -c 'import json; print(len(json.load(open("stdout"))["rows"]))')" = 1 ] || fail "not one report"
	dmarcq show "$id" --db "$db" --format json
	assert_status 0
	assert_json repairs '[]'
	assert_equal "$(python3 -c 'import json
for a in json.load(open("stdout"))["arrivals"]: print(a["kind"], a["where"].rsplit("/", 1)[1])' | sort)" \
		"$(printf 'cut other-cut.xml\nfirst whole.xml\nreplaced cut.xml')"
	dmarcq db check --db "$db"
	assert_status 0
	assert_stdout "no problems found"
}

@test "packing that is cut short" {
	three one >one.xml
	{
		sed '/<\/feedback>/d' one.xml
		echo "<extension>$(python3 -c 'import random; random.seed(1); print(random.randbytes(20000).hex())')</extension>"
		echo '</feedback>'
	} | gzip >one.gz
	head -c 9000 one.gz >cut.gz
	dmarcq import --db "$db" cut.gz
	assert_status 0
	assert_summary "1 report, 3 records, 6 messages from 1 file in T s; 1 incomplete, 1 repaired"
	assert_stderr
	dmarcq show 1 --db "$db" --format json
	assert_status 0
	assert_stderr
	assert_json report.incomplete true
	assert_json report.original_bytes 9000
	assert_stdout_has '{"code":"cut-short","times":1,"sentence":"the document ended too early; complete records were kept",'
	assert_stdout_has '{"code":"packing-cut-short","times":1,"sentence":"the compressed data ended too early","first":null}'
	dmarcq import --db "$db" one.gz
	assert_status 0
	assert_summary "0 reports, 0 records, 0 messages from 1 file in T s; 1 repaired, 1 duplicate"
	assert_stderr
	assert_equal "$(sql 'SELECT count(*), sum(state = 1), sum(incomplete), sum(records) FROM report')" "1|1|0|3"
}

@test "what is cut before its first element is rejected, not taken for something else" {
	local text
	for text in '<' '<f' '<feed' '<FEEDBACK' '<feedback xmlns="urn:'; do
		printf '<?xml version="1.0"?>\n%s' "$text" >cut.xml
		dmarcq import --db "$db" cut.xml
		assert_status 65
		assert_summary "0 reports, 0 records, 0 messages from 1 file in T s; 1 rejected"
		assert_equal "$(sed 's/: [0-9]*:[0-9]*:/: N:N:/' "$err")" \
			"dmarcq: $PWD/cut.xml: N:N: the document ends inside its first tag"
	done
	printf '<?xml version="1.0"?>\n<feeds/>' >other.xml
	dmarcq import --db "$db" other.xml
	assert_status 0
	assert_summary "0 reports, 0 records, 0 messages from 1 file in T s; 1 skipped"
	assert_stderr
}

@test "the same report again: in another file, mail or packing" {
	three one >one.xml
	gzip -c one.xml >one.gz
	mail one | sed '/^$/q' >one.eml
	base64 one.gz >>one.eml
	dmarcq import --db "$db" one.xml
	assert_summary "1 report, 3 records, 6 messages from 1 file in T s"
	dmarcq import --db "$db" one.gz one.eml
	assert_status 0
	assert_summary "0 reports, 0 records, 0 messages from 2 files with 1 mail in T s; 2 duplicates"
	assert_stderr
	dmarcq show 1 --db "$db" --format json
	assert_status 0
	assert_stderr
	assert_equal "$(json arrivals.0.kind) $(json arrivals.1.kind) $(json arrivals.2.kind)" "first duplicate duplicate"
	assert_json arrivals.2.mail_message_id "<one@reporter.example>"
	assert_equal "$(sql 'SELECT count(*), sum(messages) FROM record')" "3|6"
}

@test "the same report with other content: the first counts, the other is kept and shown" {
	three one >one.xml
	three one 9 >nine.xml
	dmarcq import --db "$db" one.xml
	dmarcq import --db "$db" nine.xml
	assert_status 0
	assert_summary "0 reports, 0 records, 0 messages from 1 file in T s; 1 conflict"
	assert_stderr
	dmarcq reports --db "$db" --format csv
	assert_status 0
	assert_stderr
	assert_stdout "$(printf '%s\r\n' id,domain,reporter,report_id,begin,end,records,messages,incomplete,repaired,state,authenticity \
		1,example.com,reporter.example,one,2026-01-01T00:00:00Z,2026-01-01T23:59:59Z,3,6,false,0,counted,unverified \
		2,example.com,reporter.example,one,2026-01-01T00:00:00Z,2026-01-01T23:59:59Z,3,14,false,0,conflict,unverified)"
	dmarcq show 1 --db "$db" --format json
	assert_json conflicts.0.id 2
	assert_json conflicts.0.state conflict
	assert_json conflicts.0.messages 14
	dmarcq status --db "$db" --format json
	assert_json rows.0.messages 6
	dmarcq export --db "$db"
	assert_status 0
	assert_equal "$(wc -l <"$out")" 4
	assert_stdout_lacks 192.0.2.9
	# Again it is neither: both are known.
	cp nine.xml again.xml
	dmarcq import --db "$db" again.xml
	assert_summary "0 reports, 0 records, 0 messages from 1 file in T s; 1 duplicate"
}

@test "what can't be read: the list, the bytes, another try" {
	three bad | sed 's/<feedback>/<!DOCTYPE feedback>&/' >bad.xml
	three good >good.xml
	dmarcq import --db "$db" bad.xml good.xml
	assert_status 1
	assert_summary "1 report, 3 records, 6 messages from 2 files in T s; 1 rejected"
	assert_stderr "dmarcq: $PWD/bad.xml: 2:19: DOCTYPE is not allowed"
	dmarcq rejects --db "$db" --format csv
	assert_status 0
	assert_stderr
	assert_equal "$(sed 's/^1,[0-9TZ:-]*,/1,T,/' "$out")" "$(printf '%s\r\n' id,at,where,status,reason,bytes \
		"1,T,$PWD/bad.xml,bad,2:19: DOCTYPE is not allowed,$(stat -c %s bad.xml)")"
	dmarcq rejects --bytes 1 --db "$db"
	assert_status 0
	assert_stderr
	cmp bad.xml "$out" || fail "other bytes"
	dmarcq rejects --retry --db "$db"
	assert_status 1
	assert_summary "0 reports, 0 records, 0 messages in T s; 1 rejected"
	assert_stderr "dmarcq: $PWD/bad.xml: 2:19: DOCTYPE is not allowed"
	dmarcq rejects --db "$db" -n 1 --format json
	assert_json rows.0.id 1
	assert_equal "$(sql 'SELECT count(*) FROM report')" 1
}

@test "a mail cut inside its attachment: what is whole in it counts until the whole mail comes" {
	# Two records, so that the cut falls between them: as it is written into the attachment, without gzip.
	{
		mail whole | sed '/^$/q; s/application.gzip/application\/xml/; s/r.xml.gz/r.xml/; s/base64/8bit/'
		report whole 5 | sed '/<\/record>/{p;s/.*/ <record><row><source_ip>192.0.2.2<\/source_ip><count>7<\/count><\/row><\/record>/}'
	} >whole.eml
	head -c $(($(stat -c %s whole.eml) - 50)) whole.eml >cut.eml
	dmarcq import --db "$db" cut.eml
	assert_status 0
	assert_summary "1 report, 1 record, 5 messages from 1 mail in T s; 1 incomplete, 1 repaired"
	assert_stderr
	dmarcq reports --db "$db" --format json
	assert_json rows.0.messages 5
	assert_json rows.0.incomplete true
	dmarcq import --db "$db" whole.eml
	assert_status 0
	assert_summary "0 reports, 1 record, 7 messages from 1 mail in T s; 1 repaired, 1 duplicate"
	assert_stderr
	dmarcq reports --db "$db" --format json
	assert_json rows.0.messages 12
	assert_json rows.0.incomplete false
	dmarcq db check --db "$db"
	assert_status 0
}

@test "a reject of which not all bytes are kept can't be tried again" {
	three bad | sed 's/<feedback>/<!DOCTYPE feedback>&/' >bad.xml
	dmarcq import --db "$db" --limit reject-bytes=100 bad.xml
	assert_status 65
	assert_stderr "dmarcq: $PWD/bad.xml: 2:19: DOCTYPE is not allowed"
	dmarcq rejects --bytes 1 --db "$db"
	assert_status 1
	assert_stderr "dmarcq: only the first 100 of $(stat -c %s bad.xml) bytes were kept (limit reject-bytes)"
	head -c 100 bad.xml | cmp - "$out" || fail "other bytes"
	dmarcq rejects --retry --db "$db"
	assert_status 1
	assert_summary "0 reports, 0 records, 0 messages in T s; 1 rejected"
	assert_stderr "dmarcq: $PWD/bad.xml: 2:19: DOCTYPE is not allowed"
	# It is still open.
	dmarcq rejects --db "$db" --format json
	assert_json rows.0.id 1
}

@test "a retry says why the first ones still can't be read, or with -v all" {
	local i
	mkdir many
	for i in {10..31}; do
		three $i | sed 's/<feedback>/<!DOCTYPE feedback>&/' >many/$i.xml
	done
	dmarcq import -q --db "$db" many
	assert_status 65
	dmarcq rejects --retry --db "$db"
	assert_status 1
	assert_stderr "$(for i in {10..29}; do echo "dmarcq: $PWD/many/$i.xml: 2:19: DOCTYPE is not allowed"; done)
dmarcq: ... and 2 more: dmarcq rejects"
	dmarcq rejects --retry -v --db "$db"
	assert_stderr "$(for i in {10..31}; do echo "dmarcq: $PWD/many/$i.xml: 2:19: DOCTYPE is not allowed"; done)"
	dmarcq rejects --retry -q --db "$db"
	assert_status 1
	assert_stderr
}

@test "arguments of rejects that don't fit" {
	dmarcq db init --db "$db"
	local word
	for word in 0 -1 x 1.5 "" 99999999999999999999; do
		dmarcq rejects --db "$db" "--bytes=$word"
		assert_status 64
		assert_stdout
		assert_equal "$(wc -l <"$err")" 1
	done
	dmarcq rejects --db "$db" --bytes x
	assert_stderr 'dmarcq: rejects: --bytes: not a whole number from 1 to 9223372036854775807: "x"'
	dmarcq rejects --db "$db" --bytes 1 --retry
	assert_status 64
	assert_stdout
	assert_stderr "dmarcq: rejects: --bytes and --retry exclude each other"
	dmarcq rejects --db "$db" --bytes 1
	assert_status 65
	assert_stdout
	assert_stderr "dmarcq: there is no reject 1: \`dmarcq rejects\` lists them"
	dmarcq rejects --db "$db" --retry
	assert_status 0
	assert_summary "0 reports, 0 records, 0 messages in T s"
	assert_stderr
}
