#!/usr/bin/env bats
# advise: the command line, the exit codes, what settings and decisions do. The verdicts themselves are for advise_test.py.

load helper

setup_file() {
	: "${DMARCQ_TOP:=$(cd "$BATS_TEST_DIRNAME/../.." && pwd)}"
	: "${DMARCQ:=$DMARCQ_TOP/build/test/dmarcq}"
	export DMARCQ DMARCQ_TOP DMARCQ_CONFIG=/dev/null
	cd "$BATS_FILE_TMPDIR" || return 1
	"$DMARCQ" import -q --db advice.db "$DMARCQ_TOP"/samples/advice/*.gz
}

advise() {
	COLUMNS=80 dmarcq advise --db "$BATS_FILE_TMPDIR/advice.db" "$@"
}

@test "the exit code is that of the worst domain" {
	advise ready.example
	assert_status 0
	advise lists.example
	assert_status 0
	advise ready.example shop.example
	assert_status 1
	advise ready.example shop.example back.example
	assert_status 2
	assert_stderr
}

@test "many domains: a line each, what has to be looked at first comes first" {
	advise
	assert_status 2
	assert_stderr
	assert_equal "$(sed -n '1p' stdout | tr -s ' ')" "Verdict Domain Step Legitimate Failing"
	assert_equal "$(sed -n '2p' stdout | cut -c 1-24)" "STEP BACK  back.example "
	assert_equal "$(sed -n '3p' stdout)" "    In the way: SOURCE hosting.example, and 2 more"
	assert_stdout_has "    Earliest: 2026-07-28  In the way: SOURCE Twilio SendGrid, and 1 more"
	assert_equal "$(grep -c '^[A-Z][A-Z ]*  [a-z]*\.example' stdout)" 14
	assert_equal "$(awk 'length > 80' stdout)" ""
	assert_equal "$(tail -n 1 stdout)" "1 STEP BACK, 4 READY, 8 NOT YET, 1 KEEP"
	advise -n 2
	assert_status 2
	assert_equal "$(tail -n 1 stdout)" "1 STEP BACK, 4 READY, 8 NOT YET, 1 KEEP; 12 more domains: -n 0 shows all"
}

@test "-v tells everything of each" {
	advise -v --domain "k*.example" --domain ready.example
	assert_status 1
	assert_equal "$(grep -c '^Gates$' stdout)" 2
}

@test "domains as arguments and as options" {
	advise key.example
	cp stdout once
	advise --domain key.example
	same stdout "$(cat once)"
	advise KEY.example. --domain key.example
	same stdout "$(cat once)"
	advise nope.example
	assert_status 65
	assert_stdout
	assert_stderr_has "dmarcq: no reports about nope.example"
}

@test "a name below that is not ready: what to do, and where to look" {
	local evidence
	advise family.example
	assert_status 0
	assert_stdout_has "    Fix: Settings > Sender Authentication"
	assert_stdout_has "    See: dmarcq why 'Twilio SendGrid' --domain family.example"
	advise family.example --format json
	assert_json domains.0.below.0.code SOURCE
	evidence=$(json domains.0.below.0.evidence)
	eval "$evidence --db '$BATS_FILE_TMPDIR/advice.db' --format json"
	assert_json sender.failed 1065
	advise app.family.example
	assert_status 65
	assert_stderr "dmarcq: no reports about app.family.example; those about family.example tell of its mail, if any"
}

@test "what is refused" {
	advise --parked
	assert_status 64
	assert_stderr "dmarcq: advise: --parked: which domain?"
	advise --include-subdomains
	assert_status 64
	assert_stderr "dmarcq: advise: --include-subdomains: the subdomains of which domain?"
	advise --format json -n 3
	assert_status 64
	assert_stderr "dmarcq: advise: --number: JSON has all"
	advise --format table
	assert_status 64
	assert_stderr 'dmarcq: advise: --format: not one of text|json: "table"'
	advise shop.example --what-if "Twilio SendGrid=mended"
	assert_status 64
	assert_stderr 'dmarcq: advise: --what-if: not SOURCE=fixed, SOURCE=ours, SOURCE=not-ours or SOURCE=forwarder: "Twilio SendGrid=mended"'
	advise shop.example --what-if=fixed
	assert_status 64
	advise shop.example --what-if "no such source=fixed"
	assert_status 65
	assert_stderr_has 'no source is called "no such source"'
	assert_stdout
	advise --since 2026-07-01 --until 2026-06-01
	assert_status 64
}

@test "the command behind See shows the messages that are told" {
	local domain args command failing
	for domain in shop.example key.example poisoned.example; do
		for args in "" "--until 2026-06-25" "--until 2d" "--since 20d"; do
			advise "$domain" --format json $args
			failing=$(json domains.0.refusals.0.messages)
			command=$(json domains.0.refusals.0.evidence)
			eval "$command --db '$BATS_FILE_TMPDIR/advice.db' --format json"
			assert_status 0
			assert_json sender.failed "$failing"
		done
	done
	advise shop.example --until 2026-05-31
	assert_stdout_has "dmarcq sources --domain shop.example --until 2026-05-31"
	advise billing.example # the mail is older than the window
	assert_stdout_has "See: dmarcq why 'Amazon SES' --domain billing.example"
	assert_stdout_lacks "billing.example --since"
}

@test "without reports" {
	dmarcq db init --db "$db"
	dmarcq advise --db "$db"
	assert_status 1
	assert_stdout
	assert_stderr "dmarcq: there are no reports yet: \`dmarcq import\` reads them"
	dmarcq advise --db "$db" --format json
	assert_status 1
	assert_json format 1
	assert_json domains "[]"
}

@test "nothing in the window" {
	advise ready.example --until 2020-01-01
	assert_status 1
	assert_stdout "NO DATA  ready.example (no policy seen)

Notes
  - there are no reports about it of the last 100 days"
	advise ready.example --only authenticated --format json
	assert_status 1
	assert_stderr "dmarcq: --only authenticated leaves out 66,216 messages in all, of reports that are not"
	assert_json domains.0.as_of 2026-06-30
	assert_json domains.0.notes '["there are no authenticated reports about it of the last 100 days"]'
}

@test "a since behind the newest report is an empty answer" {
	for args in shop.example "" -v; do
		advise $args --since 2027-06-20
		assert_status 1
		assert_stdout
		assert_stderr "dmarcq: no reports since 2027-06-20; there are some from 2026-03-23 to 2026-06-30"
	done
	advise shop.example --since 2027-06-20 --format json
	assert_status 1
	assert_json domains "[]"
	assert_stderr "dmarcq: no reports since 2027-06-20; there are some from 2026-03-23 to 2026-06-30"
	advise shop.example --since 2026-06-30
	assert_status 1
	assert_equal "$(grep -c ' 1 days' stdout)" 0
}

@test "what if: the crowd has a name" {
	advise ready.example --what-if Crowd=not-ours --format json
	assert_status 0
	assert_json domains.0.what_if '[{"source": "crowd", "to": "not-ours"}]'
	assert_json domains.0.notes '["there is no crowd of small senders that nobody knows: that changes nothing"]'
}

@test "what if: one source, several, and the fewest" {
	advise shop.example --what-if "twilio sendgrid=fixed" --format json
	assert_json domains.0.what_if.0.source "Twilio SendGrid"
	assert_json domains.0.what_if.0.to fixed
	assert_json domains.0.window.failing 0
	advise shop.example --what-if sendgrid.net=fixed 198.51.100.60=not-ours --format json
	assert_json domains.0.what_if.0.source "Twilio SendGrid"
	assert_json domains.0.what_if.1.source 198.51.100.60
	assert_json domains.0.domain shop.example
	advise --what-if shop.example
	assert_status 1
	assert_stdout_has "The fewest repairs
  Twilio SendGrid = fixed
  then nothing but time stands in the way"
	advise --what-if shop.example --format json
	assert_json domains.0.repairs '[{"source": "Twilio SendGrid", "to": "fixed", "asks": false}]'
	assert_json domains.0.repairs_enough true
	advise --what-if partner.example
	assert_stdout_has "  survey.example = fixed if it is yours, else not-ours"
	advise --what-if partner.example --format json
	assert_json domains.0.repairs '[{"source": "survey.example", "to": "fixed", "asks": true}]'
}

@test "what is supposed of a source counts as when it is marked" {
	local case domain source decision
	export DMARCQ_DB="$db"
	for case in "shop.example Twilio SendGrid" "partner.example survey.example" "key.example hosting.example" \
		"shop.example 203.0.113.64" "spoofed.example 203.0.113.0/24" "family.example 192.0.2.10"; do
		domain=${case%% *} source=${case#* }
		for decision in ours not-ours; do
			cp "$BATS_FILE_TMPDIR/advice.db" "$db"
			dmarcq advise "$domain" --what-if "$source=$decision" --format json
			assert_json domains.0.what_if.0.to "$decision"
			sed -z 's/"what_if":.*//' stdout >supposed
			dmarcq mark "$source" "$decision" --domain "$domain" --note x
			assert_status 0
			dmarcq advise "$domain" --format json
			sed -z 's/"what_if":.*//' stdout >marked
			diff supposed marked
		done
	done
}

@test "impact: as a table and as JSON" {
	advise shop.example --impact
	assert_stdout_has "What quarantine or reject would have done"
	assert_stdout_has "Twilio SendGrid  service  yes"
	advise shop.example --impact --format json
	assert_json domains.0.impact.0.source "Twilio SendGrid"
	assert_json domains.0.impact.0.legitimate true
	assert_equal "$(json domains.0.impact.0.hit_by_p)" "$(json domains.0.impact.0.messages)"
}

@test "parked: what no report is about is told, and what it is near" {
	printf '[advice]\nparked = parked.exmaple nothing.example.net. Parked.Example.\n' >dmarcq.conf
	advise --config dmarcq.conf
	assert_stderr "dmarcq: [advice] parked: parked.exmaple: no reports about it; near it: parked.example
dmarcq: [advice] parked: nothing.example.net: no reports about it"
	advise --config dmarcq.conf --format json
	assert_stderr_has "dmarcq: [advice] parked: parked.exmaple: no reports about it; near it: parked.example"
	advise -q --config dmarcq.conf
	assert_stderr
	# Of one domain it is no matter.
	advise shop.example --config dmarcq.conf
	assert_stderr
}

@test "parked: by option and by the configuration" {
	advise parked.example --parked
	assert_status 0
	assert_stdout_has "  v=DMARC1; p=reject; sp=reject; np=reject; adkim=s; aspf=s"
	printf '[advice]\nparked = other.example Parked.Example.\n' >dmarcq.conf
	advise parked.example --config dmarcq.conf
	assert_status 0
	advise shop.example --config dmarcq.conf
	assert_status 1
	advise parked.example
	assert_status 1
	assert_stdout_has "PARKED"
}

@test "limits of the configuration hold" {
	printf '[advice]\nhistory-days = 120\n' >dmarcq.conf
	advise ready.example --config dmarcq.conf
	assert_status 1
	assert_stdout_has "HISTORY"
	printf '[advice]\nfailing = 90 90\nsource-aligned = 0\nsource-part = 100\ntrend-points = 100\n' >dmarcq.conf
	advise shop.example --config dmarcq.conf --format json
	assert_equal "$(python3 -c 'import json; print([g["limit"] for g in json.load(open("stdout"))["domains"][0]["gates"] if g["code"] == "BOUND"])')" "[0.9]"
}

@test "lists are accepted by option and by the configuration" {
	advise lists.example --accept-lists
	assert_status 0
	assert_equal "$(head -n 1 stdout)" "READY  lists.example (p=quarantine -> p=reject)"
	printf '[advice]\naccept-lists = yes\n' >dmarcq.conf
	advise lists.example --config dmarcq.conf
	assert_equal "$(head -n 1 stdout)" "READY  lists.example (p=quarantine -> p=reject)"
}

@test "decisions are followed" {
	cp "$BATS_FILE_TMPDIR/advice.db" "$db"
	dmarcq mark --db "$db" small.example ours --domain small.example --note "our two servers" --by me
	assert_status 0
	COLUMNS=80 dmarcq advise --db "$db" small.example
	assert_status 0
	assert_stdout_has "  a small sample: this rests on your own review of its senders"
	assert_stdout_has "Fix: every sender is decided: no failure in 100 days is"
	dmarcq mark --db "$db" survey.example not-ours --domain partner.example --note "never heard of" --by me
	dmarcq advise --db "$db" partner.example
	assert_status 0
}

@test "every mark command can be pasted as it stands" {
	cp "$BATS_FILE_TMPDIR/advice.db" "$db"
	export DMARCQ_DB="$db"
	advise -v
	sed -n 's/^ *If [a-z ]*yours: //p; /^ *If [a-z ]*yours:$/{n;s/^ *//p;}' stdout >narrow
	advise --format json
	python3 -c 'import json; print(*[c for d in json.load(open("stdout"))["domains"] for r in d["refusals"] for c in r["commands"]], sep="\n")' >commands
	assert_equal "$(wc -l <commands)" 10
	assert_equal "$(sort narrow)" "$(sort commands)"
	assert_equal "$(grep -c -v '^dmarcq mark .* \(not-\)*ours --domain [a-z]*.example --note WHY$' commands)" 0
	python3 -c 'import json; print(*[r["command"] for d in json.load(open("stdout"))["domains"] for r in d["refusals"] if r["command"]], sep="\n")' >first
	assert_equal "$(sed -n 's/^dmarcq mark \(.*\) --domain.*/\1/p' first | sort)" "'Amazon SES' ours
'Twilio SendGrid' ours
hosting.example ours
hosting.example ours
survey.example not-ours"
	while read -r command; do
		eval "$command"
		assert_status 0
	done <commands
}

@test "the same advice on an earlier day, whatever came since" {
	dmarcq import -q --db "$db" "$DMARCQ_TOP/samples/advice/key.example.xml.gz"
	dmarcq advise --db "$db" key.example --until 2026-06-11 --format json
	cp stdout before
	report future 7 | sed 's/example.com/key.example/; s/1767225600/4070908800/; s/1767311999/4070995199/' >future.xml
	dmarcq import -q --db "$db" future.xml
	dmarcq advise --db "$db" key.example --until 2026-06-11 --format json
	same stdout "$(cat before)"
	dmarcq advise --db "$db" key.example --format json
	assert_json domains.0.as_of 2026-06-30
	dmarcq advise --db "$db" key.example --since 2099-01-01
	assert_status 1
	assert_stderr "dmarcq: no reports since 2099-01-01 but of days that had not come when they were imported"
}

@test "a domain of which nobody tells any more has no data, while others are told of" {
	report one 7 >one.xml
	dmarcq import -q --db "$db" one.xml
	dmarcq advise --db "$db" example.com --format json
	assert_status 1
	assert_json domains.0.verdict "NOT YET"
	assert_json domains.0.as_of 2026-01-01
	cp stdout before
	dmarcq import -q --db "$db" "$DMARCQ_TOP/samples/advice/key.example.xml.gz"
	dmarcq advise --db "$db" example.com --format json
	assert_status 1
	assert_json domains.0.verdict "NO DATA"
	dmarcq advise --db "$db" example.com --until 2026-01-01 --format json
	same stdout "$(cat before)"
}
