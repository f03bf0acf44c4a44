#!/usr/bin/env bats
# Inputs that mean harm, made by scripts/make-hostile: each is refused with its reason or handled, and the good report
# of the same run is imported. tests/hostile_test.py measures their memory.

load helper

setup_file() {
	"${DMARCQ_TOP:-$(cd "$BATS_TEST_DIRNAME/../.." && pwd)}/scripts/make-hostile" "$BATS_FILE_TMPDIR"
}

# refused NAME REASON: it alone is 65, beside a good report 1; nothing of it is stored but the reject.
refused() {
	local refuse=$BATS_FILE_TMPDIR/refuse alone="0 reports, 0 records, 0 messages from 1 file" with=${3:-}
	[ -z "$with" ] || alone="0 reports, 0 records, 0 messages from 1 mail"
	rm -f alone.db* "$db"*
	dmarcq import --db alone.db "$refuse/$1"
	assert_status 65
	assert_summary "$alone in T s; 1 rejected"
	assert_stderr "dmarcq: $refuse/$1: $2"
	dmarcq import --db "$db" "$refuse/$1" "$BATS_FILE_TMPDIR/good/good-1.xml"
	assert_status 1
	assert_summary "1 report, 2 records, 8 messages from 2 files$with in T s; 1 rejected"
	assert_stderr "dmarcq: $refuse/$1: $2"
	assert_equal "$(sql 'SELECT count(*), sum(messages) FROM report')" "1|8"
	dmarcq rejects --db "$db" --format csv
	assert_status 0
	assert_stderr
	assert_equal "$(wc -l <"$out")" 2
	# A mail server does not send it back.
	rm -f alone.db*
	dmarcq import --db alone.db - <"$refuse/$1"
	assert_status 0
	assert_summary "$alone in T s; 1 rejected"
	assert_stderr "dmarcq: standard input: $2"
}

@test "billion laughs and other entities of its own" {
	refused billion-laughs.xml "2:20: DOCTYPE is not allowed"
	refused quadratic-entity.xml "2:20: DOCTYPE is not allowed"
}

@test "external entities: nothing is fetched" {
	refused external-entity-file.xml "2:20: DOCTYPE is not allowed"
	refused external-entity-http.xml "2:20: DOCTYPE is not allowed"
	refused external-dtd.xml "2:53: DOCTYPE is not allowed"
	refused parameter-entity.xml "2:20: DOCTYPE is not allowed"
}

@test "200,000 nested elements, a tag of 200,000 attributes, 2,000,000 names" {
	refused 200000-nested.xml "20:117: more than 32 nested elements (limit xml-depth)"
	refused 200000-attributes.xml "3:3: a tag or text of more than 65536 bytes (limit xml-tag-bytes)"
	refused 2000000-names.xml "20:114210: more than 262144 bytes of names (limit xml-names-bytes)"
}

@test "12 MB text nodes, a tag that does not end" {
	refused 12-mb-text.xml "5:81826: a text of more than 65536 bytes (limit xml-text-bytes)"
	refused 12-mb-cdata.xml "5:324: a tag or text of more than 65536 bytes (limit xml-tag-bytes)"
	refused open-tag.xml "3:3: a tag or text of more than 65536 bytes (limit xml-tag-bytes)"
}

@test "a gzip bomb: 1 MB that unpacks to 1 GiB, in the middle of a report, behind it, in a zip" {
	refused bomb-1-gib.xml.gz "21:81425: a text of more than 65536 bytes (limit xml-text-bytes)"
	refused bomb-in-zip.zip "r.xml.gz: 21:81425: a text of more than 65536 bytes (limit xml-text-bytes)"
	refused bomb-behind.xml.gz "more than 16777216 blanks between documents (limit xml-blanks)"
}

@test "what unpacks to more than the limits of unpacking" {
	{ printf '<feedback><version>' && head -c 3000000 /dev/zero | tr '\0' ' ' && echo; } | gzip -9 >bomb.gz
	dmarcq import --db "$db" --limit xml-text-bytes=16777216 --limit unpack-free=65536 bomb.gz
	assert_status 65
	assert_summary "0 reports, 0 records, 0 messages from 1 file in T s; 1 rejected"
	grep -qxE "dmarcq: $PWD/bomb.gz: .*\(limit unpack-ratio\)" "$err" || fail "another reason"
	dmarcq import --db other.db --limit xml-text-bytes=16777216 --limit unpacked-bytes=1000000 bomb.gz
	assert_status 65
	grep -qxE "dmarcq: $PWD/bomb.gz: .*\(limit unpacked-bytes\)" "$err" || fail "another reason"
}

@test "nested containers, and one that holds itself" {
	refused gzip-40-deep.gz "more than 8 containers inside each other (limit nesting)"
	refused gzip-of-itself.gz "more than 8 containers inside each other (limit nesting)"
	refused zip-40-deep.zip \
		"$(printf 'z.zip: %.0s' {1..9})more than 8 containers inside each other (limit nesting)"
}

@test "100,000 zip members, and zips of ten zips six levels deep" {
	refused zip-100000-members.zip "more than 2000 members (limit members)"
	local wide=$BATS_FILE_TMPDIR/handle/zip-10-wide-6-deep.zip
	dmarcq import --db wide.db "$wide" "$BATS_FILE_TMPDIR/good/good-1.xml"
	assert_status 1
	assert_summary "2 reports, 4 records, 16 messages from 2 files in T s; 1,797 duplicates, 5 rejected"
	assert_equal "$(tail -n 1 "$err")" "dmarcq: $wide: more than 2000 members (limit members)"
	assert_equal "$(wc -l <"$err")" 5
}

@test "a mail of 100,000 parts, with 5 MB of header, nested 500 and 100 deep" {
	refused mail-100000-parts.eml "more than 200 parts (limit mail-parts)"
	refused mail-5-mb-header.eml "more than 1048576 header bytes (limit mail-header-bytes)"
	refused mail-part-header.eml "more than 1048576 header bytes (limit mail-header-bytes)"
	refused mail-deep.eml "nested more than 16 levels deep (limit mail-depth)"
	refused mail-in-mail-100.eml "nested more than 16 levels deep (limit mail-depth)"
}

@test "names with ../ and escape sequences: nothing is written there, nothing reaches the terminal" {
	refused mail-escapes-bad.eml "part 1: ../../\\x1b[31m\\x1b]0;owned\\x07bad.xml.gz: gzip: incorrect data check" " with 1 mail"
	local names=$BATS_FILE_TMPDIR/handle/member-names.zip
	dmarcq import --db names.db "$names" "$BATS_FILE_TMPDIR/good/good-1.xml"
	assert_status 0
	assert_summary "2 reports, 4 records, 16 messages from 2 files in T s"
	assert_stderr
	[ ! -e $'/etc/cron.d/\e]0;title\a\e[2Ja.xml' ] || fail "a member was written"
	local up=../../../../../../../../../../../../../../../../../../../../etc/cron.d
	dmarcq show 1 --db names.db
	assert_status 0
	assert_stderr
	assert_stdout_has "$up/\\x1b]0;title\\x07\\x1b[2Ja.xml"
	! grep -q $'[\e\a]' "$out" || fail "an escape sequence came through"
	dmarcq show 1 --db names.db --format json
	assert_json arrivals.0.where "$names: $up/"$'\e]0;title\a\e[2J'"a.xml"
	! grep -q $'[\e\a]' "$out" || fail "an escape sequence came through"
}
